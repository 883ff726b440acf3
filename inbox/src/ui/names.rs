//! Check boxes for what has names of its own, not the interface's.

use std::hash::Hash;

use leptos::prelude::*;

/// Check boxes, of which any number is chosen.
#[component]
pub fn Names<T: Clone + Eq + Hash + Send + Sync + 'static>(
    /// What can be, and what each is called.
    #[prop(into)]
    options: Signal<Vec<(T, String)>>,
    /// What is chosen.
    #[prop(into)]
    chosen: Signal<Vec<T>>,
    /// Called when one is chosen, or not any more.
    on_change: Callback<(T, bool)>,
) -> impl IntoView {
    let option = move |(value, name): (T, String)| {
        let of_box = value.clone();
        view! {
            <label class="choice">
                <input
                    type="checkbox"
                    prop:checked=move || chosen.with(|chosen| chosen.contains(&value))
                    on:change=move |event| on_change.run((of_box.clone(), event_target_checked(&event)))
                />
                <span dir="auto">{name}</span>
            </label>
        }
    };
    view! {
        <div class="names">
            <For each=move || options.get() key=|option| option.clone() children=option/>
        </div>
    }
}

/// Puts something into what is chosen, or takes it out.
pub fn choose<T: PartialEq>(chosen: &mut Vec<T>, one: T, is_chosen: bool) {
    chosen.retain(|other| *other != one);
    if is_chosen {
        chosen.push(one);
    }
}
