//! Days on which nobody is there.

use std::collections::BTreeSet;

use deskbell_shared::wire::{Day, Millis, OpeningHours};
use leptos::{html, prelude::*};

use crate::{
    ui::{
        field::focus,
        icons::{Glyph, Icon},
    },
    words::{Words, t, words},
};

/// The id of the field in which a day is chosen.
pub(super) const FIELD: &str = "hours-day";

/// Days on which nobody is there, to be added and taken away.
#[component]
pub fn ClosedDays(
    /// Which.
    closed: RwSignal<BTreeSet<Day>>,
    /// Where one is chosen that is not among them yet.
    chosen: ChosenDay,
) -> impl IntoView {
    let words = words();
    let add = move || {
        chosen.add_to(closed);
        focus(document().get_element_by_id(FIELD));
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
                    on:click=move |_| {
                        closed.update(|closed| _ = closed.remove(&day));
                        focus(document().get_element_by_id(FIELD));
                    }
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
                    node_ref=chosen.field
                    type="date"
                    id=FIELD
                    aria-label=t("hours.day")
                    on:input=move |event| chosen.is_there.set(!event_target_value(&event).is_empty())
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
                    aria-disabled=move || (!chosen.is_there.get() || closed.with(is_full)).to_string()
                    on:click=move |_| add()
                >
                    {t("hours.add_day")}
                </button>
            </div>
        </fieldset>
    }
}

/// A day that is chosen, and not among the others yet.
#[derive(Clone, Copy)]
pub struct ChosenDay {
    field: NodeRef<html::Input>,
    is_there: RwSignal<bool>,
}

impl ChosenDay {
    /// None.
    pub fn none() -> Self {
        Self { field: NodeRef::new(), is_there: RwSignal::new(false) }
    }

    /// Adds it, if one is chosen; false when there is no room for it.
    pub fn add_to(self, closed: RwSignal<BTreeSet<Day>>) -> bool {
        let Some(field) = self.field.get_untracked() else { return true };
        let Ok(day) = field.value().parse::<Day>() else { return true };
        if closed.with_untracked(is_full) {
            return false;
        }
        closed.update(|closed| _ = closed.insert(day));
        field.set_value("");
        self.is_there.set(false);
        true
    }
}

fn is_full(closed: &BTreeSet<Day>) -> bool {
    closed.len() >= OpeningHours::MOST_CLOSED
}

/// A day as the reader's language writes it.
fn written(words: Words, day: Day) -> String {
    let noon = Millis(u64::from(day.since_epoch()) * Millis::DAY + Millis::DAY / 2);
    words.date(noon, &[("dateStyle", "full"), ("timeZone", "UTC")])
}
