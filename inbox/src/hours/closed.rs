//! Days on which nobody is there.

use std::collections::BTreeSet;

use deskbell_shared::wire::{Day, Millis, OpeningHours};
use leptos::{html, prelude::*};

use crate::{
    ui::icons::{Glyph, Icon},
    words::{Words, t, words},
};

/// Days on which nobody is there, to be added and taken away.
#[component]
pub fn ClosedDays(
    /// Which.
    closed: RwSignal<BTreeSet<Day>>,
) -> impl IntoView {
    let words = words();
    let field = NodeRef::<html::Input>::new();
    let is_empty = RwSignal::new(true);
    let add = move || {
        let Some(field) = field.get_untracked() else { return };
        let day = field.value().parse::<Day>().ok();
        let has_room = closed.with_untracked(|closed| closed.len() < OpeningHours::MOST_CLOSED);
        if let Some(day) = day.filter(|_| has_room) {
            closed.update(|closed| _ = closed.insert(day));
            field.set_value("");
            is_empty.set(true);
        }
        // A page that is not looked at may refuse the focus: then there is nobody to miss it.
        let _ = field.focus();
    };
    let row = move |day: Day| {
        let name = move || written(words, day);
        view! {
            <li data-closed=day.to_string()>
                <span>{name}</span>
                <button
                    type="button"
                    class="button quiet"
                    aria-label=move || words.fill("hours.remove_day", &[("day", &name())])
                    on:click=move |_| closed.update(|closed| _ = closed.remove(&day))
                >
                    <Glyph icon=Icon::Close/>
                </button>
            </li>
        }
    };
    view! {
        <fieldset class="closed-days">
            <legend>{t("hours.days")}</legend>
            <p class="hint">{t("hours.days_hint")}</p>
            <ul>
                <For each=move || closed.get() key=|day| *day children=row/>
            </ul>
            <div class="times">
                <input
                    node_ref=field
                    type="date"
                    id="hours-day"
                    aria-label=t("hours.day")
                    on:input=move |event| is_empty.set(event_target_value(&event).is_empty())
                    on:keydown=move |event| {
                        // Here Enter adds, and saves nothing that is half done.
                        if event.key() == "Enter" {
                            event.prevent_default();
                            add();
                        }
                    }
                />
                <button
                    type="button"
                    class="button"
                    id="hours-add-day"
                    aria-disabled=move || is_empty.get().to_string()
                    on:click=move |_| add()
                >
                    {t("hours.add_day")}
                </button>
            </div>
        </fieldset>
    }
}

/// A day as the reader's language writes it.
fn written(words: Words, day: Day) -> String {
    let noon = Millis(u64::from(day.since_epoch()) * Millis::DAY + Millis::DAY / 2);
    words.date(noon, &[("dateStyle", "full"), ("timeZone", "UTC")])
}
