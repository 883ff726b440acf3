//! `ask`: what a site's FAQ in force makes of a question, and why.

use anyhow::{Context, Result, bail};
use deskbell_shared::{
    faq::{Carried, Decision, Explanation, Matcher, Verdict},
    wire::SiteId,
};
use serde_json::{Value, json};

use crate::{
    operator::{Operator, Reading},
    repo::Repo,
};

/// What to ask whom.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The site's name, as in the script tag's `data-site`
    site: SiteId,
    /// The question, as a visitor would type it
    question: String,
    /// The question before it: the answer may go on from there
    #[arg(long)]
    after: Option<String>,
    /// The language that the visitor reads, as a BCP 47 tag: of entries that fit alike, those in it come first
    #[arg(long)]
    lang: Option<String>,
    #[command(flatten)]
    edge: Reading,
}

/// Fetches the pack in force and asks it, as the widget does.
///
/// # Errors
/// The edge cannot be reached, the site has no FAQ, or its pack is newer than this command.
pub(crate) fn run(repo: &Repo, arguments: Arguments) -> Result<Value> {
    let operator = Operator::reading(repo, arguments.edge);
    let Some(hash) = operator.pointer(&arguments.site)?.pack else {
        bail!("the site {} has not published an FAQ yet", arguments.site);
    };
    let matcher =
        Matcher::load(&operator.pack(&arguments.site, &hash)?).context("the pack cannot be used")?;
    let matcher = matcher.for_reader(arguments.lang.as_deref().as_slice());
    let question = &arguments.question;
    let (verdict, explanation) = match &arguments.after {
        Some(before) => (matcher.ask_after(question, before), matcher.explain_after(question, before)),
        None => (matcher.ask(question), matcher.explain(question)),
    };
    Ok(json!({
        "pack": hash.as_str(),
        "verdict": told(&verdict, &matcher),
        "explanation": explained(&explanation, &matcher),
    }))
}

fn told(verdict: &Verdict, matcher: &Matcher) -> Value {
    let ranked: Vec<Value> = verdict
        .ranked
        .iter()
        .map(|candidate| {
            let entry = matcher.entries().get(candidate.entry);
            json!({
                "entry": entry.map(|entry| &entry.id),
                "question": entry.map(|entry| &entry.question),
                "confidence": candidate.confidence,
            })
        })
        .collect();
    json!({
        "decision": name(verdict.decision),
        "shown": verdict.decision.shown(),
        "confidence": verdict.confidence,
        "ranked": ranked,
    })
}

fn explained(explanation: &Explanation, matcher: &Matcher) -> Value {
    let carried = |carried: &Carried| json!({ "text": carried.text, "share": carried.share });
    json!({
        "decision": name(explanation.decision),
        "entry": explanation.entry.and_then(|entry| matcher.entries().get(entry)).map(|entry| &entry.id),
        "phrasing": explanation.phrasing.as_ref().map(|phrasing| {
            json!({ "text": phrasing.text, "borrowed_from": phrasing.intent })
        }),
        "carried": explanation.carried.iter().map(carried).collect::<Vec<_>>(),
        "right": explanation.right,
        "answer_at": explanation.answer_at,
        "contested": explanation.contested,
        "covered": explanation.covered,
        "offer_at": explanation.offer_at,
        "read_as": explanation.read_as,
        "goes_on": explanation.goes_on,
        "stranger": explanation.stranger,
    })
}

fn name(decision: Decision) -> &'static str {
    match decision {
        Decision::Answer => "answer",
        Decision::Offer(_) => "offer",
        Decision::Abstain => "abstain",
    }
}
