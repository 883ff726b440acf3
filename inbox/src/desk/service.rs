//! How visitors were served lately: shown while no conversation is open.

use deskbell_browser::clock;
use deskbell_shared::wire::{ReportRequest, ServiceFigures, Spread};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    figures::said::{percent, share, span},
    place::Screen,
    session::session,
    words::{Words, t, words},
};

/// The days that are counted, as the heading says.
const DAYS: u16 = 30;

/// The figures of the last days, once they are here and there is something to tell.
#[component]
pub fn Service() -> impl IntoView {
    let (session, words) = (session(), words());
    let figures = RwSignal::new(None::<ServiceFigures>);
    spawn_local(async move {
        let request = ReportRequest { days: DAYS, utc_offset_minutes: clock::utc_offset_minutes() };
        // Nobody needs them to go on: where they cannot be had, the strip above says that there is no connection.
        match session.api().service_report(request).await {
            Ok(report) => _ = figures.try_set(Some(report.lately)),
            Err(failure) => _ = session.heed(failure),
        }
    });
    let told = move |label: &'static str, value: Option<String>| {
        value.map(|value| {
            view! {
                <div>
                    <dt>{t(label)}</dt>
                    <dd>{value}</dd>
                </div>
            }
        })
    };
    move || {
        figures.get().filter(|figures| figures.talks > 0).map(|figures| {
            let ServiceFigures { talks, answered, first_reply, closed, solved_at_first, .. } = figures;
            let ServiceFigures { rated, satisfied, .. } = figures;
            view! {
                <section class="service" id="service" aria-labelledby="service-title">
                    <h2 id="service-title">{t("service.title")}</h2>
                    <dl>
                        {told("service.talks", Some(talks.to_string()))}
                        {told("service.answered", share(words, answered, talks))}
                        {told("service.first_reply", first_reply.map(|spread| spread_of(words, spread)))}
                        {told("service.solved", share(words, solved_at_first, closed))}
                        {told("service.satisfied", satisfaction(words, satisfied, rated))}
                    </dl>
                    <p><a href=Screen::Figures.hash()>{t("service.more")}</a></p>
                </section>
            }
        })
    }
}

/// A share of few says little, so it is said of how many.
fn satisfaction(words: Words, satisfied: u32, rated: u32) -> Option<String> {
    let values = [("percent", percent(satisfied, rated).to_string()), ("count", rated.to_string())];
    let said = || words.fill("service.of", &values.each_ref().map(|(name, value)| (*name, value.as_str())));
    (rated > 0).then(said)
}

fn spread_of(words: Words, Spread { p50_ms, p90_ms }: Spread) -> String {
    words.fill("service.spread", &[("half", &span(words, p50_ms)), ("most", &span(words, p90_ms))])
}
