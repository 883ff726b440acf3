//! When people are there, to be set.

pub mod closed;
pub mod day;

use std::collections::BTreeSet;

use deskbell_browser::{http::Failure, intl};
use deskbell_shared::wire::{Day, Hours, HoursRequest, OpeningHours, ZoneName};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use self::{
    closed::{ChosenDay, ClosedDays},
    day::{DayRow, Times},
};
use crate::{
    session::session,
    ui::{
        checks::Check,
        field::{focus, focus_first_fault},
        refusal::{Refusal, Retry},
    },
    words::{Words, t, words},
};

/// What stands there at first: an office's hours.
const AT_FIRST: [&[(&str, &str)]; 7] = {
    let day: &[_] = &[("09:00", "17:00")];
    [day, day, day, day, day, &[], &[]]
};
/// A moment, in full.
const MOMENT: [(&str, &str); 5] =
    [("weekday", "long"), ("day", "numeric"), ("month", "long"), ("hour", "numeric"), ("minute", "2-digit")];

/// When people are there, to be set.
#[component]
pub fn HoursSection() -> impl IntoView {
    let session = session();
    let held = RwSignal::new(None::<Hours>);
    let failure = RwSignal::new(None::<Failure>);
    let load = move || {
        failure.set(None);
        spawn_local(async move {
            match session.api().hours().await {
                Ok(hours) => _ = held.try_set(Some(hours)),
                Err(why) => _ = failure.try_set(Some(session.heed(why))),
            }
        });
    };
    load();
    view! {
        <section id="hours">
            <h2>{t("hours.title")}</h2>
            <p class="hint">{t("hours.about")}</p>
            {move || failure.get().map(|failure| view! { <Retry failure on_retry=move |()| load()/> })}
            {move || held.get().map(|hours| view! { <HoursForm hours/> })}
        </section>
    }
}

/// What can be set, once it is known what is in force.
#[component]
fn HoursForm(
    /// What is in force.
    hours: Hours,
) -> impl IntoView {
    let (session, words) = (session(), words());
    let told = RwSignal::new(hours.clone());
    let on = RwSignal::new(hours.hours.is_some());
    let zone = RwSignal::new(match &hours.hours {
        Some(hours) => hours.zone.as_str().to_owned(),
        None => intl::own_time_zone(),
    });
    let week: [Times; 7] = std::array::from_fn(|place| match &hours.hours {
        Some(hours) => Times::of(&hours.week[place]),
        None => Times::at_first(AT_FIRST[place]),
    });
    let closed = RwSignal::new(hours.hours.map(|hours| hours.closed).unwrap_or_default());
    let (tried, busy, saved) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let failure = RwSignal::new(None::<Failure>);
    let typed = Memo::new(move |_| read(&zone.get(), &week, closed.get()));
    let wanted = Memo::new(move |_| typed.get().filter(|_| on.get()));
    let is_never = move || tried.get() && on.get() && week.iter().all(|times| times.is_empty());
    // What is changed after it was saved is not saved.
    Effect::new(move || {
        on.track();
        typed.track();
        saved.set(false);
    });
    let chosen = ChosenDay::none();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        // What was chosen is meant, whether its button was pressed or not.
        if !chosen.add_to(closed) {
            return focus(document().get_element_by_id(self::closed::FIELD));
        }
        let hours = wanted.get_untracked();
        if on.get_untracked() && hours.is_none() {
            return focus_first_fault();
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let answer = session.api().put_hours(&HoursRequest { hours: hours.clone() }).await;
            busy.try_set(false);
            match answer {
                Ok(set) => {
                    told.try_set(set);
                    // What is changed after it was sent is not saved.
                    saved.try_set(wanted.try_get_untracked() == Some(hours));
                }
                Err(why) => _ = failure.try_set(Some(session.heed(why))),
            }
        });
    };
    let days = week.into_iter().enumerate();
    let days = days.map(|(place, times)| view! { <DayRow place times tried/> }).collect_view();
    view! {
        <form class="form" novalidate on:submit=submit>
            <Check id="hours-on" label="hours.on" is_on=on/>
            <div class="form" hidden=move || !on.get()>
                <ZoneChoice zone/>
                <fieldset class="week">
                    <legend>{t("hours.week")}</legend>
                    {days}
                    {move || is_never().then(|| view! { <p class="fault" role="alert">{t("hours.never")}</p> })}
                </fieldset>
                <ClosedDays closed chosen/>
            </div>
            <p class="hint" id="hours-told">{move || now_told(words, &told.get())}</p>
            {move || failure.get().map(|failure| view! { <Refusal failure/> })}
            <div class="dialog-foot">
                <p class="hint" role="status">{move || saved.get().then(|| words.text("hours.saved"))}</p>
                <button type="submit" class="button" aria-busy=move || busy.get().to_string()>
                    {t("hours.save")}
                </button>
            </div>
        </form>
    }
}

/// Where the clock on the wall is.
#[component]
fn ZoneChoice(
    /// The zone's name.
    zone: RwSignal<String>,
) -> impl IntoView {
    let mut zones = intl::time_zones();
    // What is in force may have another name in this browser.
    for known in ["UTC".to_owned(), zone.get_untracked()] {
        if !zones.contains(&known) {
            zones.push(known);
        }
    }
    zones.sort_unstable();
    let option = move |name: String| {
        let (value, shown) = (name.clone(), name.replace('_', " "));
        view! { <option value=value selected=move || zone.with(|zone| *zone == name)>{shown}</option> }
    };
    view! {
        <div class="field">
            <label for="hours-zone">{t("hours.zone")}</label>
            <select id="hours-zone" on:change=move |event| zone.set(event_target_value(&event))>
                {zones.into_iter().map(option).collect_view()}
            </select>
        </div>
    }
}

/// What is typed; `None` while something of it is wrong.
fn read(zone: &str, week: &[Times; 7], closed: BTreeSet<Day>) -> Option<OpeningHours> {
    let spans: Vec<_> = week.iter().map(|times| times.read()).collect();
    let week = spans.into_iter().collect::<Option<Vec<_>>>()?.try_into().ok()?;
    let hours = OpeningHours { zone: ZoneName::try_from(zone.to_owned()).ok()?, week, closed };
    hours.week.iter().any(|spans| !spans.is_empty()).then_some(hours)
}

/// What visitors are told now.
fn now_told(words: Words, hours: &Hours) -> String {
    let Some(attendance) = &hours.attendance else { return words.text("hours.told_nothing") };
    // By the edge's clock, as visitors are.
    let now = attendance.now;
    match attendance.next_change(now) {
        _ if attendance.is_here(now) != Some(false) => words.text("hours.told_here"),
        Some(back) => words.fill("hours.told_back", &[("moment", &words.date(back, &MOMENT))]),
        None => words.text("hours.told_away"),
    }
}
