//! The title of what has come in the place of something else: whoever goes by keyboard goes on from there.

use leptos::{html, prelude::*};

use crate::words::t;

/// A title that takes the focus.
#[component]
pub fn Title(
    /// The key of its text.
    label: &'static str,
) -> impl IntoView {
    let node = NodeRef::<html::H3>::new();
    node.on_load(|title| {
        request_animation_frame(move || {
            // A page that is not looked at may refuse the focus: then there is nobody to miss it.
            let _ = title.focus();
        });
    });
    view! { <h3 node_ref=node tabindex="-1">{t(label)}</h3> }
}
