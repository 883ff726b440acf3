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
const FIELD: &str = "hours-day";

/// Days on which nobody is there, to be added and taken away.
#[component]
pub fn ClosedDays(
    /// Which.
    closed: RwSignal<BTreeSet<Day>>,
    /// Where one is chosen that is not among them yet.
    field: NodeRef<html::Input>,
) -> impl IntoView {
    let words = words();
    let is_empty = RwSignal::new(true);
    let has_room = move || closed.with(|closed| closed.len() < OpeningHours::MOST_CLOSED);
    let add = move || {
        add_chosen(closed, field);
        is_empty.set(field.get_untracked().is_none_or(|field| field.value().is_empty()));
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
                    node_ref=field
                    type="date"
                    id=FIELD
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
                    aria-disabled=move || (is_empty.get() || !has_room()).to_string()
                    on:click=move |_| add()
                >
                    {t("hours.add_day")}
                </button>
            </div>
        </fieldset>
    }
}

/// Adds the day that is chosen, if one is.
pub(super) fn add_chosen(closed: RwSignal<BTreeSet<Day>>, field: NodeRef<html::Input>) {
    let Some(field) = field.get_untracked() else { return };
    let has_room = closed.with_untracked(|closed| closed.len() < OpeningHours::MOST_CLOSED);
    if let Some(day) = field.value().parse::<Day>().ok().filter(|_| has_room) {
        closed.update(|closed| _ = closed.insert(day));
        field.set_value("");
    }
}

/// A day as the reader's language writes it.
fn written(words: Words, day: Day) -> String {
    let noon = Millis(u64::from(day.since_epoch()) * Millis::DAY + Millis::DAY / 2);
    words.date(noon, &[("dateStyle", "full"), ("timeZone", "UTC")])
}
