//! When people are there on a day of the week.

use deskbell_shared::wire::{Millis, OpeningHours, Span};
use leptos::prelude::*;

use crate::{
    ui::{
        field::focus,
        icons::{Glyph, Icon},
    },
    words::{Words, t, words},
};

/// The first Monday there was, in milliseconds.
const A_MONDAY_MS: u64 = 4 * Millis::DAY;
/// What stands in hours that are added to a day that had none.
const FIRST: (&str, &str) = ("09:00", "17:00");

/// From when to when, as typed, with a name for the list.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Typed {
    name: usize,
    from: RwSignal<String>,
    to: RwSignal<String>,
}

/// The times of a day, as typed.
#[derive(Clone, Copy)]
pub struct Times(RwSignal<Vec<Typed>>);

impl Times {
    /// Those in force.
    pub fn of(spans: &[Span]) -> Self {
        let texts: Vec<_> = spans.iter().map(ToString::to_string).collect();
        Self::at_first(&texts.iter().filter_map(|text| text.split_once('-')).collect::<Vec<_>>())
    }

    /// These, as they are written.
    pub fn at_first(times: &[(&str, &str)]) -> Self {
        let typed = times.iter().enumerate().map(|(name, times)| Typed::new(name, *times));
        Self(RwSignal::new(typed.collect()))
    }

    /// Whether nobody is there all day.
    pub fn is_empty(&self) -> bool {
        self.0.with(Vec::is_empty)
    }

    /// As they are kept; `None` while they are none, or do not follow each other.
    pub fn read(&self) -> Option<Vec<Span>> {
        let spans = self.0.with(|times| times.iter().map(Typed::read).collect::<Option<Vec<_>>>())?;
        spans.windows(2).all(|pair| pair[0].to() <= pair[1].from()).then_some(spans)
    }
}

impl Typed {
    fn new(name: usize, (from, to): (&str, &str)) -> Self {
        // A field for a time has no end of the day, only the beginning of the next one.
        let to = if to == "24:00" { "00:00" } else { to };
        Self { name, from: RwSignal::new(from.to_owned()), to: RwSignal::new(to.to_owned()) }
    }

    fn read(&self) -> Option<Span> {
        let (from, to) = (self.from.get(), self.to.get());
        Span::new(&from, if to == "00:00" { "24:00" } else { &to }).ok()
    }
}

/// When people are there on a day of the week.
#[component]
pub fn DayRow(
    /// Which: 0 for Monday.
    place: usize,
    /// From when to when.
    times: Times,
    /// Whether it has been tried to save it.
    tried: RwSignal<bool>,
) -> impl IntoView {
    let words = words();
    let Times(list) = times;
    let day = move || weekday(words, place);
    let is_wrong = Signal::derive(move || tried.get() && times.read().is_none());
    let invalid = move || is_wrong.get().then_some("true");
    let add = move |_| {
        list.update(|list| {
            let name = list.iter().map(|typed| typed.name + 1).max().unwrap_or(0);
            list.push(Typed::new(name, if list.is_empty() { FIRST } else { ("", "") }));
        });
        focus_in(place, ".times:last-of-type input");
    };
    let row = move |typed: Typed| {
        let field = move |value: RwSignal<String>, label: &'static str| {
            view! {
                <input
                    type="time"
                    required
                    aria-label=move || words.fill(label, &[("day", &day())])
                    aria-invalid=invalid
                    value=value.get_untracked()
                    on:input=move |event| value.set(event_target_value(&event))
                />
            }
        };
        let remove = move |_| {
            list.update(|list| list.retain(|other| *other != typed));
            focus_in(place, ".link");
        };
        view! {
            <div class="times">
                {field(typed.from, "hours.from")}
                <span aria-hidden="true">"–"</span>
                {field(typed.to, "hours.to")}
                <button
                    type="button"
                    class="button quiet"
                    aria-label=move || words.fill("hours.remove", &[("day", &day())])
                    on:click=remove
                >
                    <Glyph icon=Icon::Close/>
                </button>
            </div>
        }
    };
    let has_room = move || list.with(Vec::len) < OpeningHours::MOST_SPANS;
    view! {
        <div class="weekday" role="group" aria-label=day data-day=place.to_string()>
            <span class="weekday-name" aria-hidden="true">{day}</span>
            <div class="weekday-times">
                <For each=move || list.get() key=|typed| typed.name children=row/>
                <Show when=move || times.is_empty()>
                    <span class="hint">{t("hours.closed_day")}</span>
                </Show>
                {move || is_wrong.get().then(|| view! { <p class="fault">{t("hours.fault")}</p> })}
            </div>
            <Show when=has_room>
                <button
                    type="button"
                    class="link"
                    aria-label=move || words.fill("hours.add_to", &[("day", &day())])
                    on:click=add
                >
                    {t("hours.add")}
                </button>
            </Show>
        </div>
    }
}

/// Gives the focus to what was added to a day, or to where more can be, once it is there.
fn focus_in(place: usize, what: &str) {
    let selector = format!("[data-day='{place}'] {what}");
    request_animation_frame(move || focus(document().query_selector(&selector).ok().flatten()));
}

/// The name of a day of the week.
fn weekday(words: Words, place: usize) -> String {
    let noon = Millis(A_MONDAY_MS + place as u64 * Millis::DAY + Millis::DAY / 2);
    words.date(noon, &[("weekday", "long"), ("timeZone", "UTC")])
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn only_times_that_follow_each_other_are_kept() {
        let owner = Owner::new();
        owner.with(|| {
            let read = |times: &[(&str, &str)]| {
                let spans = Times::at_first(times).read()?;
                Some(spans.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
            };
            assert_eq!(read(&[]).as_deref(), Some(""));
            let split = [("09:00", "12:00"), ("13:00", "24:00")];
            assert_eq!(read(&split).as_deref(), Some("09:00-12:00 13:00-24:00"));
            assert_eq!(read(&[("09:00", "12:00"), ("11:00", "13:00")]), None);
            assert_eq!(read(&[("12:00", "09:00")]), None);
            assert_eq!(read(&[("", "09:00")]), None);
        });
    }
}
