//! What the guard decided in the last seven days, counted.

use deskbell_browser::http::Failure;
use deskbell_shared::guard::record::{Figures, Hour};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    appeals::signal_name,
    session::session,
    ui::{
        charts::{Bars, Column, Columns},
        refusal::Retry,
    },
    words::{Words, t, words},
};

/// The fields of a moment: the day of the week and the hour.
const MOMENT: [(&str, &str); 2] = [("weekday", "short"), ("hour", "numeric")];

/// The figures of the last seven days.
#[component]
pub fn FiguresSection() -> impl IntoView {
    let session = session();
    let figures = RwSignal::new(None::<Result<Figures, Failure>>);
    let load = move || {
        spawn_local(async move {
            let answer = session.api().figures().await;
            figures.try_set(Some(answer.map_err(|failure| session.heed(failure))));
        });
    };
    load();
    let shown = move || match figures.get() {
        None => view! { <p class="loading" role="status">{t("app.loading")}</p> }.into_any(),
        Some(Err(failure)) => view! {
            <Retry failure on_retry=move |()| load()/>
        }
        .into_any(),
        Some(Ok(figures)) if figures.hours.is_empty() => {
            view! { <p class="hint" id="no-figures">{t("figures.none")}</p> }.into_any()
        }
        Some(Ok(figures)) => view! { <Counted figures/> }.into_any(),
    };
    view! {
        <section id="figures">
            <h2>{t("figures.title")}</h2>
            {shown}
        </section>
    }
}

/// Charts of them.
#[component]
fn Counted(
    /// As the edge counted them.
    figures: Figures,
) -> impl IntoView {
    let words = words();
    let Figures { hours, rungs, signals, countries, texts } = figures;
    let rungs = rungs
        .into_iter()
        .map(|(rung, count)| {
            let key = format!("rung.{}", rung.slug());
            (Signal::derive(move || words.text(&key)), count)
        })
        .collect();
    let signals = signals
        .into_iter()
        .map(|(signal, count)| (Signal::derive(move || signal_name(words, Some(signal))), count))
        .collect();
    let countries = countries
        .into_iter()
        .map(|(country, count)| (Signal::derive(move || words.country_name(&country.to_string())), count))
        .collect();
    let texts = texts.into_iter().map(|(text, count)| (Signal::stored(text.to_string()), count)).collect();
    view! {
        <Columns
            title="figures.hours"
            ends=ends_of(words, &hours)
            columns=by_hour(words, hours)
            is_alarming=true
        />
        <Bars title="figures.rungs" rows=rungs/>
        <Bars title="figures.signals" rows=signals/>
        <Bars title="figures.countries" rows=countries/>
        <Bars title="figures.texts" rows=texts/>
    }
}

/// Hours, each a column: answered by a rung, and let through above.
fn by_hour(words: Words, hours: Vec<Hour>) -> Vec<Column> {
    let column = |hour: Hour| Column {
        said: Signal::derive(move || said(words, hour)),
        low: hour.answered,
        high: hour.clear,
    };
    hours.into_iter().map(column).collect()
}

fn ends_of(words: Words, hours: &[Hour]) -> [Signal<String>; 2] {
    [hours.first(), hours.last()].map(|hour| {
        let since = hour.map(|hour| hour.since);
        Signal::derive(move || since.map(|since| words.date(since, &MOMENT)).unwrap_or_default())
    })
}

fn said(words: Words, hour: Hour) -> String {
    let when = words.date(hour.since, &MOMENT);
    let (clear, answered) = (hour.clear.to_string(), hour.answered.to_string());
    words.fill("figures.hour", &[("when", &when), ("clear", &clear), ("answered", &answered)])
}
