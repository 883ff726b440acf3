//! A dialogue over everything else. The browser's own `dialog` keeps the focus inside, closes on Escape and
//! gives the focus back.

use leptos::{html, prelude::*};

use crate::words::t;

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
    let shown = StoredValue::new(false);
    node.on_load(move |dialog| {
        // It is refused only for a dialogue that is open already or not in the page yet.
        request_animation_frame(move || {
            if dialog.is_connected() && !dialog.open() {
                shown.try_set_value(dialog.show_modal().is_ok());
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
            on:close=move |_| {
                // One dialogue after another may be the same element: that the first was closed is told the second, before it
                // is shown or when it is open.
                let Some(dialog) = node.try_get_untracked().flatten() else { return };
                if shown.try_get_value() != Some(true) || dialog.open() {
                    return;
                }
                if !dismissable && dialog.is_connected() {
                    // Some browsers close it all the same, when it is asked of them twice.
                    shown.set_value(dialog.show_modal().is_ok());
                } else {
                    on_close.try_run(());
                }
            }
            on:cancel=move |event: leptos::ev::Event| {
                if !dismissable {
                    event.prevent_default();
                }
            }
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

/// The end of a form in a dialogue: giving it up, and sending it.
#[component]
pub fn FormFoot(
    /// The key of what sending it is called.
    #[prop(default = "guard.save")]
    go: &'static str,
    /// How the button looks that sends it.
    #[prop(default = "button primary")]
    class: &'static str,
    /// Whether it is on its way.
    #[prop(into)]
    busy: Signal<bool>,
    /// Called when it is given up.
    on_close: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="dialog-foot">
            <button type="button" class="button" on:click=move |_| on_close.run(())>{t("dialog.cancel")}</button>
            <button type="submit" class=class aria-busy=move || busy.get().to_string()>{t(go)}</button>
        </div>
    }
}
