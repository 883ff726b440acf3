//! How visitors were served: the screen for whoever wants to know what can be better.

pub mod people;
pub mod said;
pub mod tiles;

use deskbell_browser::{clock, http::Failure};
use deskbell_shared::wire::{Line, Millis, ReportRequest, ServiceDay, ServiceReport, Sheet, Subject};
use leptos::{prelude::*, task::spawn_local};

use self::{people::PeopleTable, tiles::Tiles};
use crate::{
    desk::row::reason_key,
    session::session,
    ui::{
        charts::{Bars, Column, Columns},
        choices::Choices,
        refusal::Retry,
    },
    words::{Words, t, words},
};

/// The days that can be chosen, and the keys of what they are called.
const PERIODS: [(u16, &str); 3] = [(7, "report.week"), (30, "report.month"), (90, "report.quarter")];
/// What is shown at first.
const FIRST: u16 = 30;
const HOUR_MS: u64 = 3_600_000;
/// Half a day after its midnight it is the same day also where the clocks were changed since, in milliseconds.
const NOON_MS: u64 = Millis::DAY / 2;

/// The figures.
#[component]
pub fn FiguresScreen() -> impl IntoView {
    let session = session();
    let days = RwSignal::new(FIRST);
    let report = RwSignal::new(None::<(ReportRequest, ServiceReport)>);
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let load = move |asked: u16| {
        busy.set(true);
        failure.set(None);
        let request = ReportRequest { days: asked, utc_offset_minutes: clock::utc_offset_minutes() };
        spawn_local(async move {
            let answer = session.api().service_report(request).await;
            // Somebody may want to know of other days by now.
            if days.try_get_untracked() != Some(asked) {
                return;
            }
            busy.set(false);
            match answer {
                Ok(told) => report.set(Some((request, told))),
                Err(why) => {
                    // What stands there is of other days than those that are chosen.
                    report.set(None);
                    failure.set(Some(session.heed(why)));
                }
            }
        });
    };
    Effect::new(move || load(days.get()));
    let shown = move || match report.get() {
        Some((request, report)) => view! { <Report request report/> }.into_any(),
        None if busy.get() => view! { <p class="loading" role="status">{t("app.loading")}</p> }.into_any(),
        None => ().into_any(),
    };
    view! {
        <main class="page">
            <div class="page-body">
                <h1>{t("report.title")}</h1>
                <Choices name="report-days" label="report.period" chosen=days options=PERIODS in_a_row=true/>
                {move || {
                    failure
                        .get()
                        .map(|failure| {
                            view! {
                                <Retry failure on_retry=move |()| load(days.get_untracked())/>
                            }
                        })
                }}
                <div class="report" id="report" aria-busy=move || busy.get().to_string()>{shown}</div>
            </div>
        </main>
    }
}

/// What was counted.
#[component]
fn Report(
    /// What was asked.
    request: ReportRequest,
    /// As the edge counted it.
    report: ServiceReport,
) -> impl IntoView {
    let words = words();
    let ServiceReport {
        lately,
        before,
        days,
        hours,
        reasons,
        languages,
        subjects,
        channels,
        people,
        is_partial,
    } = report;
    if lately.talks == 0 && before.is_none_or(|before| before.talks == 0) {
        return view! { <p class="hint" id="no-talks">{t("report.none")}</p> }.into_any();
    }
    let reasons = reasons
        .into_iter()
        .map(|(reason, count)| (Signal::derive(move || words.text(reason_key(reason))), count))
        .collect();
    let languages = languages
        .into_iter()
        .map(|(tag, count)| (Signal::derive(move || words.language_name(tag.as_str())), count))
        .collect();
    // Where all write on the site's pages, that need not be said.
    let has_channels = channels.iter().any(|(channel, _)| channel.is_some());
    let channel_name = move |channel: Option<Line>| {
        Signal::derive(move || {
            channel.as_ref().map_or_else(|| words.text("report.on_pages"), ToString::to_string)
        })
    };
    let channels: Vec<_> =
        channels.into_iter().map(|(channel, count)| (channel_name(channel), count)).collect();
    // Nor that nobody knows, where nobody has said.
    let has_subjects = subjects.iter().any(|(subject, _)| subject.is_some());
    let subject_name = move |subject: Option<Subject>| {
        Signal::derive(move || {
            subject.as_ref().map_or_else(|| words.text("subject.none"), ToString::to_string)
        })
    };
    let subjects: Vec<_> =
        subjects.into_iter().map(|(subject, count)| (subject_name(subject), count)).collect();
    view! {
        <Tiles lately before/>
        {is_partial.then(|| view! { <p class="hint">{t("report.partial")}</p> })}
        <section>
            <h2>{t("report.when")}</h2>
            <Columns title="report.days" ends=ends_of(words, &days) columns=by_day(words, days)/>
            <Columns
                title="report.hours"
                ends=[0, 23].map(|hour| Signal::derive(move || hour_of(words, hour)))
                columns=by_hour(words, hours)
            />
            <SheetLink sheet=Sheet::Days request/>
        </section>
        <section>
            <h2>{t("report.what")}</h2>
            <Bars title="report.reasons" rows=reasons/>
            <Bars title="report.languages" rows=languages/>
            {has_subjects.then(|| view! { <Bars title="report.subjects" rows=subjects/> })}
            {has_channels.then(|| view! { <Bars title="report.channels" rows=channels/> })}
        </section>
        {people
            .filter(|people| !people.is_empty())
            .map(|people| view! { <PeopleTable people/> <SheetLink sheet=Sheet::People request/> })}
    }
    .into_any()
}

/// Where to get a table of what is shown.
#[component]
fn SheetLink(
    /// Which.
    sheet: Sheet,
    /// Of which days.
    request: ReportRequest,
) -> impl IntoView {
    let (id, words) = match sheet {
        Sheet::Days => ("days-sheet", "report.get_days"),
        Sheet::People => ("people-sheet", "report.get_people"),
    };
    let href = session().api().service_sheet(sheet, request);
    view! {
        <p><a class="button" id=id href=href download=sheet.file()>{t(words)}</a></p>
    }
}

fn by_day(words: Words, days: Vec<ServiceDay>) -> Vec<Column> {
    let column = |ServiceDay { since, figures }: ServiceDay| {
        let said = move || {
            let when = words
                .date(since.plus(NOON_MS), &[("weekday", "short"), ("day", "numeric"), ("month", "short")]);
            let (answered, talks) = (figures.answered.to_string(), figures.talks.to_string());
            words.fill("report.day", &[("when", &when), ("answered", &answered), ("talks", &talks)])
        };
        let low = figures.answered;
        Column { said: Signal::derive(said), low, high: figures.talks.saturating_sub(low) }
    };
    days.into_iter().map(column).collect()
}

fn ends_of(words: Words, days: &[ServiceDay]) -> [Signal<String>; 2] {
    [days.first(), days.last()].map(|day| {
        let since = day.map(|day| day.since);
        let said =
            move |since: Millis| words.date(since.plus(NOON_MS), &[("day", "numeric"), ("month", "short")]);
        Signal::derive(move || since.map(said).unwrap_or_default())
    })
}

fn by_hour(words: Words, hours: Vec<u32>) -> Vec<Column> {
    let column = |(hour, talks): (u64, u32)| {
        let said = move || {
            words.fill("report.hour", &[("when", &hour_of(words, hour)), ("talks", &talks.to_string())])
        };
        Column { said: Signal::derive(said), low: talks, high: 0 }
    };
    (0..).zip(hours).map(column).collect()
}

/// An hour of the day, as the language writes it.
fn hour_of(words: Words, hour: u64) -> String {
    words.date(Millis(hour * HOUR_MS), &[("hour", "numeric"), ("minute", "2-digit"), ("timeZone", "UTC")])
}
