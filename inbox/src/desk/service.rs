//! How visitors were served lately: shown while no conversation is open.

use deskbell_shared::wire::{Millis, ServiceFigures, Spread};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    session::session,
    ui::span::briefly,
    words::{Words, t, words},
};

/// The figures of the last days, once they are here and there is something to tell.
#[component]
pub fn Service() -> impl IntoView {
    let (session, words) = (session(), words());
    let figures = RwSignal::new(None::<ServiceFigures>);
    spawn_local(async move {
        // Nobody needs them to go on: where they cannot be had, the strip above says that there is no connection.
        match session.api().service().await {
            Ok(told) => _ = figures.try_set(Some(told)),
            Err(failure) => _ = session.heed(failure),
        }
    });
    let told = move |label: &'static str, value: String| {
        view! {
            <div>
                <dt>{t(label)}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    move || {
        figures.get().filter(|figures| figures.talks > 0).map(|figures| {
            let ServiceFigures { talks, answered, first_reply, closed, solved_at_first, .. } = figures;
            let ServiceFigures { rated, satisfied, .. } = figures;
            view! {
                <section class="service" id="service" aria-labelledby="service-title">
                    <h2 id="service-title">{t("service.title")}</h2>
                    <dl>
                        {told("service.talks", talks.to_string())}
                        {told("service.answered", share(words, answered, talks))}
                        {first_reply.map(|spread| told("service.first_reply", spread_of(words, spread)))}
                        {(closed > 0).then(|| told("service.solved", share(words, solved_at_first, closed)))}
                        {(rated > 0).then(|| told("service.satisfied", satisfaction(words, satisfied, rated)))}
                    </dl>
                </section>
            }
        })
    }
}

/// So many of so many, in whole percent.
fn percent(part: u32, whole: u32) -> String {
    (u64::from(part) * 100 / u64::from(whole.max(1))).to_string()
}

fn share(words: Words, part: u32, whole: u32) -> String {
    words.fill("service.percent", &[("percent", &percent(part, whole))])
}

/// A share of few says little, so it is said of how many.
fn satisfaction(words: Words, satisfied: u32, rated: u32) -> String {
    let values = [("percent", percent(satisfied, rated)), ("count", rated.to_string())];
    words.fill("service.of", &values.each_ref().map(|(name, value)| (*name, value.as_str())))
}

fn spread_of(words: Words, Spread { p50_ms, p90_ms }: Spread) -> String {
    let span = |ms| briefly(&words.catalog(), Millis(0), Millis(ms));
    words.fill("service.spread", &[("half", &span(p50_ms)), ("most", &span(p90_ms))])
}
