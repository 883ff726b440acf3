//! A switch: what it turns on is so at once.

use leptos::prelude::*;

use crate::words::t;

/// A switch.
#[component]
pub fn Switch(
    /// Its id.
    id: &'static str,
    /// The key of what it turns on.
    label: &'static str,
    /// Whether that is on.
    #[prop(into)]
    is_on: Signal<bool>,
    /// Called when it is pressed.
    #[prop(into)]
    on_flip: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            role="switch"
            class="switch"
            id=id
            aria-checked=move || is_on.get().to_string()
            on:click=move |_| on_flip.run(())
        >
            {t(label)}
        </button>
    }
}
