//! Text from people, in which links are the only markup.

use deskbell_shared::text::links::{Segment, split};
use leptos::prelude::*;

/// Text from people: everything is shown as it was written, and what is a link can be followed.
#[component]
pub fn Linked(
    /// The text.
    text: String,
) -> impl IntoView {
    let segment = |segment: Segment<'_>| match segment {
        Segment::Text(text) => text.to_owned().into_any(),
        Segment::Link { label, href } => {
            let label = label.into_owned();
            view! { <a href=href target="_blank" rel="noopener noreferrer nofollow">{label}</a> }.into_any()
        }
    };
    split(&text).into_iter().map(segment).collect_view()
}
