//! Decisions on their way into the record: what was done, why, and about whom, with addresses as nobody can read them.

use deskbell_shared::{
    guard::{
        ladder::Rung,
        range::Country,
        record::{Decision, Excerpt},
        signal::Signal,
    },
    wire::{ConversationId, Millis, ProblemKind},
};

use crate::{conversation::calls::VisitorKeys, keys::Keys, refusal::Refusal};

/// A day, by whose number addresses are salted, in milliseconds: who came from where on different days cannot be told.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// A decision about a visitor.
pub(crate) fn decision(
    keys: &Keys,
    visitor: &VisitorKeys,
    conversation: Option<ConversationId>,
    (rung, signals): (Rung, Vec<Signal>),
    words: &str,
    now: Millis,
) -> Decision {
    let day = (now.0 / DAY_MS).to_be_bytes();
    Decision {
        at: now,
        visitor: visitor.visitor.clone(),
        address: keys.rate.name(&[b"record", &day, visitor.address.as_bytes()]),
        country: visitor.around.iter().find_map(|key| country_of(key)),
        conversation,
        rung,
        signals,
        words: Excerpt::cut(words),
    }
}

/// The rung that a refusal stands on, and its reasons.
pub(crate) fn of_refusal(refusal: &Refusal) -> (Rung, Vec<Signal>) {
    let problem = refusal.problem();
    let rung = match problem.kind {
        ProblemKind::Banned => Rung::Ban,
        ProblemKind::ChallengeNeeded => Rung::Challenge,
        ProblemKind::Throttled if problem.challenge.is_some() => Rung::Challenge,
        ProblemKind::Throttled | ProblemKind::WordsBlocked => Rung::Slow,
        _ => Rung::Clear,
    };
    let signals = match (problem.kind, problem.signals.is_empty()) {
        (ProblemKind::Throttled, true) => vec![Signal::Rate],
        (ProblemKind::WordsBlocked, true) => vec![Signal::Blocked],
        _ => problem.signals.clone(),
    };
    (rung, signals)
}

fn country_of(key: &str) -> Option<Country> {
    key.strip_prefix("country-")?.parse().ok()
}
