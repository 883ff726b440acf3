//! Challenges at the door: set to one visitor of one site, answered once, worth nothing after five minutes.

use deskbell_shared::{
    guard::pow::Puzzle,
    wire::{
        Answer, Challenge, ChallengeId, Proof, SiteId, TurnstileKey,
        token::{ChallengeClaims, Key, base64url},
    },
};
use subtle::ConstantTimeEq;

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
        (ours && is_answer(&visit.keys.challenge, &proof, claims.bits)).then_some(claims.id)
    };
    right().map_or(Brought::Rubbish, Brought::Answer)
}

/// Whether this answers its challenge, whose puzzle is so hard. Whether the challenge is ours, and new, is another question.
pub(crate) fn is_answer(key: &Key, proof: &Proof, bits: u8) -> bool {
    match &proof.answer {
        Answer::Numbers(nonces) => Puzzle::new(&proof.token, bits).is_solved_by(nonces),
        Answer::Pass(pass) => pass.as_str().as_bytes().ct_eq(pass_for(key, &proof.token).as_bytes()).into(),
    }
}

/// What answers the challenge of this token once Turnstile has let its visitor pass.
pub(crate) fn pass_for(key: &Key, token: &str) -> String {
    base64url(&key.mac(&[b"passed", token.as_bytes()]))
}

/// Sets a new challenge: a puzzle, or Turnstile where the site has it.
///
/// # Errors
/// When the platform has no entropy to give.
pub(super) fn set(
    visit: &Visit,
    site: &SiteId,
    subject: &str,
    bits: u8,
    turnstile: Option<&TurnstileKey>,
) -> Outcome<Challenge> {
    let (id, expires) = (ChallengeId(random::bytes()?), visit.now.plus(Challenge::LIFETIME_MS));
    let bits = Challenge::difficulty(bits, turnstile);
    let claims = ChallengeClaims { id, site: site.clone(), subject: subject.to_owned(), bits, expires };
    Ok(sealed(&visit.keys.challenge, &claims, turnstile))
}

/// The challenge of these claims.
pub(crate) fn sealed(key: &Key, claims: &ChallengeClaims, turnstile: Option<&TurnstileKey>) -> Challenge {
    let ChallengeClaims { bits, expires, .. } = *claims;
    Challenge { token: key.seal(claims), bits, expires, turnstile: turnstile.cloned() }
}
