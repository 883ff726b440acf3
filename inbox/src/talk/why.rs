//! Why the FAQ says to a question what it says: for the agent who reads what the visitor asked before.

use deskbell_shared::{
    faq::{Carried, Decision, Explanation, Phrasing},
    wire::{LanguageTag, Text},
};
use leptos::{prelude::*, task::spawn_local};

use super::faq::{NoMatcher, matcher};
use crate::{
    session::session,
    words::{Words, t, words},
};

/// The most words whose share is shown.
const SHOWN: usize = 5;

/// An explanation, how the entry it names asks, and what was asked before.
#[derive(Clone)]
struct Told {
    why: Explanation,
    entry: Option<String>,
    before: Option<Text>,
}

/// A button that explains a question.
#[component]
pub fn Why(
    /// The question.
    question: Text,
    /// The question before it.
    before: Option<Text>,
    /// The language that the visitor reads, as far as it is known.
    language: Option<LanguageTag>,
    /// Where it stands in the conversation: names what is explained.
    seq: u64,
) -> impl IntoView {
    let (session, words) = (session(), words());
    let open = RwSignal::new(false);
    let told = RwSignal::new(None::<Result<Told, NoMatcher>>);
    let id = format!("why-{seq}");
    let asked = question.to_string();
    let flip = move |_| {
        open.update(|open| *open = !*open);
        let is_told = told.with_untracked(|told| matches!(told, Some(Ok(_))));
        if !open.get_untracked() || is_told {
            return;
        }
        told.set(None);
        let (question, before, language) = (question.clone(), before.clone(), language.clone());
        spawn_local(async move {
            let outcome = matcher(session).await.map(|matcher| {
                let matcher = matcher.for_reader(language.as_ref().map(LanguageTag::as_str).as_slice());
                let why = match &before {
                    Some(before) => matcher.explain_after(question.as_str(), before.as_str()),
                    None => matcher.explain(question.as_str()),
                };
                let entry = why.entry.and_then(|entry| matcher.entries().get(entry));
                Told { entry: entry.map(|entry| entry.question.clone()), why, before }
            });
            told.try_set(Some(outcome.inspect_err(|fault| {
                if let NoMatcher::Fetch(failure) = fault {
                    drop(session.heed(failure.clone()));
                }
            })));
        });
    };
    let said = move || match told.get() {
        None => view! { <p class="hint" role="status">{words.text("app.loading")}</p> }.into_any(),
        Some(Err(NoMatcher::NoFaq)) => view! { <p class="hint">{words.text("why.no_faq")}</p> }.into_any(),
        Some(Err(_)) => view! { <p class="hint" role="alert">{words.text("why.failed")}</p> }.into_any(),
        Some(Ok(told)) => view! { <Explained told/> }.into_any(),
    };
    view! {
        <button
            type="button"
            class="link why-button"
            aria-expanded=move || open.get().to_string()
            aria-controls=id.clone()
            aria-label=move || words.fill("why.of", &[("question", &asked)])
            on:click=flip
        >
            {t("why.ask")}
        </button>
        <div class="why" id=id hidden=move || !open.get()>{move || open.get().then(said)}</div>
    }
}

/// An explanation in words.
#[component]
fn Explained(
    /// What is told.
    told: Told,
) -> impl IntoView {
    let words = words();
    let Told { why, entry, before } = told;
    let before = before.filter(|_| why.goes_on);
    let lines = said(words, &why, entry.as_deref(), before.as_ref());
    let lines = lines.into_iter().map(|line| view! { <li dir="auto">{line}</li> });
    let carried = |Carried { text, share }: Carried| {
        view! { <span class="tag">{text} " " {percent(words, share)}</span> }
    };
    let parts: Vec<_> = why.carried.into_iter().take(SHOWN).map(carried).collect();
    let parts =
        (!parts.is_empty()).then(|| view! { <p class="carried">{words.text("why.carried")} " " {parts}</p> });
    view! {
        <ul>{lines.collect_view()}</ul>
        {parts}
    }
}

/// What was decided, and why, a line each.
fn said(words: Words, why: &Explanation, entry: Option<&str>, before: Option<&Text>) -> Vec<String> {
    let decided = match why.decision {
        Decision::Answer => "why.answer",
        Decision::Offer(_) => "why.offer",
        Decision::Abstain => "why.abstain",
    };
    let mut lines = vec![words.fill(decided, &[("question", entry.unwrap_or_default())])];
    if let Some(before) = before {
        lines.push(words.fill("why.goes_on", &[("before", before.as_str())]));
    }
    match &why.phrasing {
        Some(Phrasing { text, intent: Some(intent) }) => {
            lines.push(words.fill("why.borrowed", &[("phrasing", text), ("intent", intent)]));
        }
        Some(Phrasing { text, intent: None }) => {
            lines.push(words.fill("why.phrasing", &[("phrasing", text)]))
        }
        None => {}
    }
    if let Some(read_as) = &why.read_as {
        lines.push(words.fill("why.read_as", &[("text", read_as)]));
    }
    if why.entry.is_some() {
        let right = [("sure", percent(words, why.right)), ("line", percent(words, why.answer_at))];
        lines.push(filled(words, "why.right", &right));
        if why.contested {
            lines.push(words.text("why.contested"));
        }
        let covered = [("sure", percent(words, why.covered)), ("line", percent(words, why.offer_at))];
        lines.push(filled(words, "why.covered", &covered));
    }
    if let Some(stranger) = &why.stranger {
        lines.push(words.fill("why.stranger", &[("intent", stranger)]));
    }
    lines
}

fn filled(words: Words, key: &str, values: &[(&str, String)]) -> String {
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    words.fill(key, &values)
}

/// A share in whole percent.
fn percent(words: Words, share: f32) -> String {
    let percent = (f64::from(share.clamp(0.0, 1.0)) * 100.0).round();
    words.fill("tune.percent", &[("n", &percent.to_string())])
}
