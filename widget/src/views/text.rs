//! Text with its links. Links are the only markup; everything else stays what was typed.

use deskbell_shared::text::links::{self, Segment};
use leptos::prelude::*;

use super::change::all;

/// The text, its links made links.
pub(super) fn text(text: &str) -> AnyView {
    all(links::split(text).into_iter().map(|segment| match segment {
        Segment::Text(text) => text.to_owned().into_any(),
        Segment::Link { label, href } => view! {
            <a href=href target="_blank" rel="noopener noreferrer nofollow">
                {label.into_owned()}
            </a>
        }
        .into_any(),
    }))
}
