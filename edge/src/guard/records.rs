//! Decisions on their way into the record: what was done, why, and about whom, with addresses as nobody can read them.

use deskbell_shared::{
    guard::{
        ladder::Rung,
        range::Country,
        record::{Decision, Excerpt},
        signal::Signal,
    },
    wire::{ConversationId, Email, Millis, ProblemKind, SiteId},
};

use super::Who;
use crate::{conversation::calls::VisitorKeys, keys::Keys, refusal::Refusal, visit::Visit};

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
    Decision {
        at: now,
        visitor: visitor.visitor.clone(),
        address: place(keys, &visitor.address, now),
        country: visitor.around.iter().find_map(|key| country_of(key)),
        conversation,
        before: None,
        rung,
        signals,
        words: Excerpt::cut(words),
    }
}

/// The name of an address in the records of this day.
fn place(keys: &Keys, address: &str, now: Millis) -> String {
    keys.rate.name(&[b"record", &(now.0 / DAY_MS).to_be_bytes(), address.as_bytes()])
}

/// The name of where a request came from, in the records of this day.
pub(crate) fn place_of(visit: &Visit, site: &SiteId) -> String {
    place(&visit.keys, &Who::Address(visit.address).ban_name(&visit.keys, site), visit.now)
}

/// A sign-in that was refused, as this person if it is known as whom.
pub(crate) fn sign_in(
    visit: &Visit,
    site: &SiteId,
    email: Option<&Email>,
    (rung, signals): (Rung, Vec<Signal>),
) -> Decision {
    let place = || place_of(visit, site);
    Decision {
        at: visit.now,
        visitor: email.map_or_else(place, |email| Who::Person(email).ban_name(&visit.keys, site)),
        address: place(),
        country: visit.country(),
        conversation: None,
        before: None,
        rung,
        signals,
        words: None,
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
