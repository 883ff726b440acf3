//! Check boxes: some of a few, under what they decide, and one by itself.

use leptos::prelude::*;

use super::names::choose;
use crate::words::t;

/// Check boxes, of which any number is chosen.
#[component]
pub fn Checks<T: Copy + PartialEq + Send + Sync + 'static>(
    /// Their name in the form.
    name: &'static str,
    /// The key of what they decide.
    label: &'static str,
    /// What is chosen.
    chosen: RwSignal<Vec<T>>,
    /// What can be, and the key of its label.
    options: impl IntoIterator<Item = (T, &'static str)>,
    /// What is wrong with the choice.
    #[prop(optional, into)]
    fault: Signal<Option<String>>,
) -> impl IntoView {
    let change = move |value: T, is_chosen: bool| chosen.update(|chosen| choose(chosen, value, is_chosen));
    let fault_id = format!("{name}-fault");
    let described = fault_id.clone();
    let option = move |(value, label): (T, &'static str)| {
        let described = described.clone();
        view! {
            <label class="choice">
                <input
                    type="checkbox"
                    name=name
                    checked=chosen.with_untracked(|chosen| chosen.contains(&value))
                    aria-invalid=move || fault.with(Option::is_some).then_some("true")
                    aria-describedby=move || fault.with(Option::is_some).then(|| described.clone())
                    on:change=move |event| change(value, event_target_checked(&event))
                />
                <span>{t(label)}</span>
            </label>
        }
    };
    view! {
        <fieldset>
            <legend>{t(label)}</legend>
            {options.into_iter().map(option).collect_view()}
            {move || fault.get().map(|fault| view! { <p class="fault" id=fault_id.clone()>{fault}</p> })}
        </fieldset>
    }
}

/// A check box by itself.
#[component]
pub fn Check(
    /// Its id.
    id: &'static str,
    /// The key of what it decides.
    label: &'static str,
    /// The key of what that means.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// Whether it is on.
    is_on: RwSignal<bool>,
) -> impl IntoView {
    let hint_id = hint.map(|_| format!("{id}-hint"));
    view! {
        <label class="choice">
            <input
                type="checkbox"
                id=id
                aria-describedby=hint_id.clone()
                checked=is_on.get_untracked()
                on:change=move |event| is_on.set(event_target_checked(&event))
            />
            <span>{t(label)}</span>
        </label>
        {hint.map(|hint| view! { <p class="hint" id=hint_id>{t(hint)}</p> })}
    }
}
