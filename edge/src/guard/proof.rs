//! Challenges at the door: set to one visitor of one site, answered once, worth nothing after five minutes.

use deskbell_shared::{
    guard::pow::Puzzle,
    wire::{Challenge, ChallengeId, Proof, SiteId, token::ChallengeClaims},
};

use crate::{platform::random, refusal::Outcome, visit::Visit};

/// What a request brought along.
pub(super) enum Brought {
    /// Nothing.
    Nothing,
    /// The right answer to this challenge; whether it was used before, its shard knows.
    Answer(ChallengeId),
    /// A wrong or late answer, or somebody else's.
    Rubbish,
}

/// Reads the answer to a challenge that a request brought.
pub(super) fn brought(visit: &Visit, site: &SiteId, subject: &str) -> Brought {
    let Some(header) = visit.header(Proof::HEADER) else { return Brought::Nothing };
    let right = || {
        let proof = Proof::try_from(header).ok()?;
        let claims: ChallengeClaims = visit.keys.challenge.open(&proof.token, visit.now).ok()?;
        let ours = claims.site == *site && claims.subject == subject;
        (ours && Puzzle::new(&proof.token, claims.bits).is_solved_by(&proof.nonces)).then_some(claims.id)
    };
    right().map_or(Brought::Rubbish, Brought::Answer)
}

/// Sets a new challenge.
///
/// # Errors
/// When the platform has no entropy to give.
pub(super) fn set(visit: &Visit, site: &SiteId, subject: &str, bits: u8) -> Outcome<Challenge> {
    let (id, expires) = (ChallengeId(random::bytes()?), visit.now.plus(Challenge::LIFETIME_MS));
    let claims = ChallengeClaims { id, site: site.clone(), subject: subject.to_owned(), bits, expires };
    Ok(Challenge { token: visit.keys.challenge.seal(&claims), bits, expires })
}
