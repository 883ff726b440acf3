//! A dialogue over everything else. The browser's own `dialog` keeps the focus inside, closes on Escape and
//! gives the focus back.

use leptos::{html, prelude::*};

/// A dialogue that is open for as long as it is in the page.
#[component]
pub fn Dialog(
    /// The id of the heading that names it.
    labelled_by: &'static str,
    /// Whether Escape closes it; what has to be decided first does not.
    #[prop(default = true)]
    dismissable: bool,
    /// Called when it has been closed.
    #[prop(into)]
    on_close: Callback<()>,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    node.on_load(|dialog| {
        // It is refused only for a dialogue that is open already or not in the page yet.
        request_animation_frame(move || {
            if dialog.is_connected() && !dialog.open() {
                let _ = dialog.show_modal();
            }
        });
    });
    // Closed before it leaves the page, it gives the focus back to where it came from.
    on_cleanup(move || {
        if let Some(dialog) = node.try_get_untracked().flatten() {
            dialog.close();
        }
    });
    view! {
        <dialog
            node_ref=node
            class="dialog"
            aria-labelledby=labelled_by
            on:close=move |_| _ = on_close.try_run(())
            on:keydown=move |event| {
                if !dismissable && event.key() == "Escape" {
                    event.prevent_default();
                }
            }
        >
            {children()}
        </dialog>
    }
}
