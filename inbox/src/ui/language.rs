//! The switch of language.

use leptos::prelude::*;

use crate::words::{SPOKEN, t, words};

/// The switch of language, each named in itself.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let words = words();
    let option = |(tag, name): (&'static str, &'static str)| {
        view! { <option value=tag lang=tag selected=move || words.language() == tag>{name}</option> }
    };
    view! {
        <select
            class="language"
            aria-label=t("language")
            on:change=move |event| words.choose(&event_target_value(&event))
        >
            {SPOKEN.map(option).collect_view()}
        </select>
    }
}
