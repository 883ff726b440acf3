//! One of a few: radio buttons under what they decide.

use leptos::prelude::*;

use crate::words::t;

/// Radio buttons, one of which is chosen.
#[component]
pub fn Choices<T: Clone + PartialEq + Send + Sync + 'static>(
    /// Their name in the form.
    name: &'static str,
    /// The key of what they decide.
    label: &'static str,
    /// What is chosen.
    chosen: RwSignal<T>,
    /// What can be, and the key of its label.
    options: impl IntoIterator<Item = (T, &'static str)>,
    /// Whether they stand side by side where there is room.
    #[prop(optional)]
    in_a_row: bool,
    /// What follows from the choice.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let before = chosen.get_untracked();
    let option = move |(value, label): (T, &'static str)| {
        let checked = value == before;
        view! {
            <label class="choice">
                <input type="radio" name=name checked=checked on:change=move |_| chosen.set(value.clone())/>
                <span>{t(label)}</span>
            </label>
        }
    };
    view! {
        <fieldset class=in_a_row.then_some("spans")>
            <legend>{t(label)}</legend>
            {options.into_iter().map(option).collect_view()}
            {children.map(|children| children())}
        </fieldset>
    }
}
