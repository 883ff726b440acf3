//! The figures that matter most, each beside what it was before.

use deskbell_shared::wire::ServiceFigures;
use leptos::prelude::*;

use super::said::{share, signed, span};
use crate::words::{Words, t, words};

/// A figure: its key, and how it is said of what was counted, as far as there is anything to say.
type Figure = (&'static str, fn(Words, ServiceFigures) -> Option<String>);

const FIGURES: [Figure; 6] = [
    ("service.talks", |_, of| Some(of.talks.to_string())),
    ("service.answered", |words, of| share(words, of.answered, of.talks)),
    ("service.first_reply", |words, of| of.first_reply.map(|spread| span(words, spread.p50_ms))),
    ("service.solved", |words, of| share(words, of.solved_at_first, of.closed)),
    ("service.satisfied", |words, of| share(words, of.satisfied, of.rated)),
    (PROMOTERS, |_, of| of.net_promoter_score().map(signed)),
];

/// The figure of those who were asked whether they would recommend the site, which not every site asks.
const PROMOTERS: &str = "service.promoters";

/// The figures that matter most.
#[component]
pub fn Tiles(
    /// Of the days asked about.
    lately: ServiceFigures,
    /// Of as many before, as far as all of them were counted.
    before: Option<ServiceFigures>,
) -> impl IntoView {
    let words = words();
    let tile = move |(key, said): Figure| {
        let value = move || said(words, lately).unwrap_or_else(|| "–".to_owned());
        let more = move || more(words, key, lately);
        let was = move || {
            let value = said(words, before?)?;
            Some(words.fill("report.before", &[("value", &value)]))
        };
        view! {
            <div>
                <dt>{t(key)}</dt>
                <dd class="value">{value}</dd>
                <dd class="hint">{more}</dd>
                <dd class="hint">{was}</dd>
            </div>
        }
    };
    let is_asked = lately.recommending > 0 || before.is_some_and(|before| before.recommending > 0);
    let shown = FIGURES.into_iter().filter(|(key, _)| *key != PROMOTERS || is_asked);
    view! { <dl class="tiles">{shown.map(tile).collect_view()}</dl> }
}

/// What a figure needs to be understood.
fn more(words: Words, key: &str, of: ServiceFigures) -> Option<String> {
    match key {
        "service.first_reply" => {
            let most = span(words, of.first_reply?.p90_ms);
            Some(words.fill("report.spread", &[("most", &most)]))
        }
        // A share of few says little, so it is said of how many.
        "service.solved" if of.closed > 0 => Some(words.count("report.of_closed", u64::from(of.closed))),
        "service.satisfied" if of.rated > 0 => Some(words.count("report.of_rated", u64::from(of.rated))),
        PROMOTERS if of.recommending > 0 => {
            Some(words.count("report.of_recommending", u64::from(of.recommending)))
        }
        _ => None,
    }
}
