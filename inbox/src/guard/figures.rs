//! What the guard decided in the last seven days, counted.

use deskbell_browser::http::Failure;
use deskbell_shared::guard::record::{Figures, Hour};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    appeals::signal_name,
    session::session,
    ui::refusal::Refusal,
    words::{Words, t, words},
};

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
            <Refusal failure/>
            <button type="button" class="button" on:click=move |_| load()>{t("app.retry")}</button>
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
        <Hours hours/>
        <Bars title="figures.rungs" rows=rungs/>
        <Bars title="figures.signals" rows=signals/>
        <Bars title="figures.countries" rows=countries/>
        <Bars title="figures.texts" rows=texts/>
    }
}

/// Hours, each a column: let through, and answered by a rung.
#[component]
fn Hours(
    /// Oldest first.
    hours: Vec<Hour>,
) -> impl IntoView {
    let words = words();
    let most = hours.iter().map(|hour| hour.clear + hour.answered).max().unwrap_or(1).max(1);
    let column = move |hour: Hour| {
        let share = |count: u32| f64::from(count) / f64::from(most) * 100.0;
        let (answered, all) = (share(hour.answered), share(hour.answered + hour.clear));
        let y = |height: f64| format!("{:.2}", 100.0 - height);
        view! {
            <svg viewBox="0 0 10 100" preserveAspectRatio="none" role="img" aria-label=move || said(words, hour)>
                <title>{move || said(words, hour)}</title>
                <rect class="clear" x="1" width="8" y=y(all) height=format!("{all:.2}")></rect>
                <rect class="answered" x="1" width="8" y=y(answered) height=format!("{answered:.2}")></rect>
            </svg>
        }
    };
    view! {
        <figure class="hours">
            <figcaption>{t("figures.hours")}</figcaption>
            <div class="columns">{hours.into_iter().map(column).collect_view()}</div>
        </figure>
    }
}

fn said(words: Words, hour: Hour) -> String {
    let when = words.date(hour.since, &[("weekday", "short"), ("hour", "numeric")]);
    let (clear, answered) = (hour.clear.to_string(), hour.answered.to_string());
    words.fill("figures.hour", &[("when", &when), ("clear", &clear), ("answered", &answered)])
}

/// Rows with a bar each; nothing when there are none.
#[component]
fn Bars(
    /// The key of what they are.
    title: &'static str,
    /// What each is called, and its count.
    rows: Vec<(Signal<String>, u32)>,
) -> impl IntoView {
    let most = rows.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let row = move |(name, count): (Signal<String>, u32)| {
        view! {
            <li>
                <span dir="auto">{name}</span>
                <meter min="0" max=most.to_string() value=count.to_string()></meter>
                <span>{count}</span>
            </li>
        }
    };
    (most > 0).then(|| {
        view! {
            <h3>{t(title)}</h3>
            <ul class="bars">{rows.into_iter().map(row).collect_view()}</ul>
        }
    })
}
