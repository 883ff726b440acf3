//! Advice on the FAQ: grouped by what is to be done, since that is how it is worked through.

use deskbell_shared::wire::Advice;
use leptos::prelude::*;

use crate::words::{Words, t, words};

/// The kinds of advice, the most important first: the keys of their title and of what to do.
const KINDS: [(&str, &str); 4] = [
    ("advice.won", "advice.won_do"),
    ("advice.same", "advice.same_do"),
    ("advice.hard", "advice.hard_do"),
    ("advice.untranslated", "advice.untranslated_do"),
];

/// Where a piece of advice stands among [`KINDS`].
fn kind(advice: &Advice) -> usize {
    match advice {
        Advice::WonByAnother { .. } => 0,
        Advice::NearlyTheSame { .. } => 1,
        Advice::HardToFind { .. } => 2,
        Advice::NotTranslated { .. } => 3,
    }
}

/// All advice.
#[component]
pub fn AdviceList(
    /// The advice, the most important first.
    advice: Vec<Advice>,
) -> impl IntoView {
    if advice.is_empty() {
        return view! { <p class="hint" id="no-advice">{t("advice.none")}</p> }.into_any();
    }
    let words = words();
    let group = |(place, (title, remedy)): (usize, (&'static str, &'static str))| {
        let of_kind: Vec<Advice> = advice.iter().filter(|advice| kind(advice) == place).cloned().collect();
        let count = of_kind.len() as u64;
        (count > 0).then(|| {
            let lines = of_kind.into_iter().map(|advice| view! { <li>{move || said(words, &advice)}</li> });
            view! {
                <details class="advice" open=place == 0>
                    <summary>{move || words.count(title, count)}</summary>
                    <p>{t(remedy)}</p>
                    <ul>{lines.collect_view()}</ul>
                </details>
            }
        })
    };
    view! { <div id="advice">{KINDS.into_iter().enumerate().filter_map(group).collect_view()}</div> }
        .into_any()
}

/// A piece of advice in words.
fn said(words: Words, advice: &Advice) -> String {
    match advice {
        Advice::WonByAnother { entry, other, phrasing } => words.fill(
            "advice.won_line",
            &[("phrasing", phrasing), ("entry", entry.as_str()), ("other", other.as_str())],
        ),
        Advice::NearlyTheSame { entry, other, phrasing, others_phrasing } => words.fill(
            "advice.same_line",
            &[
                ("entry", entry.as_str()),
                ("other", other.as_str()),
                ("phrasing", phrasing),
                ("others", others_phrasing),
            ],
        ),
        Advice::HardToFind { entry, question } => {
            words.fill("advice.hard_line", &[("entry", entry.as_str()), ("question", question)])
        }
        Advice::NotTranslated { entry, question, lang } => words.fill(
            "advice.untranslated_line",
            &[("entry", entry.as_str()), ("question", question), ("language", &words.language_name(lang))],
        ),
    }
}
