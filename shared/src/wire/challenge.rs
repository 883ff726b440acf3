use core::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{BoundedText, Millis, TurnstileKey, VisitorId};
use crate::guard::pow::{self, Nonces, Puzzle};

/// A puzzle that the visitor's browser has to solve before it goes on. Worth something once, and for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// Its name, signed by the edge; the puzzle follows from it.
    pub token: String,
    /// How hard it is: the zeros that each part asks for, in bits.
    pub bits: u8,
    /// When it is worth nothing any more.
    pub expires: Millis,
    /// The site's key for Turnstile, which may be asked instead of solving the puzzle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turnstile: Option<TurnstileKey>,
}

impl Challenge {
    /// How long there is to solve one, in milliseconds.
    pub const LIFETIME_MS: u64 = 5 * 60 * 1000;

    /// The puzzle.
    pub fn puzzle(&self) -> Puzzle {
        Puzzle::new(&self.token, self.bits)
    }

    /// How hard the puzzle is that would be so hard alone. Beside Turnstile it is for those who cannot reach that, and
    /// no shorter way around it.
    pub fn difficulty(bits: u8, turnstile: Option<&TurnstileKey>) -> u8 {
        let harder = if turnstile.is_some() { BESIDE_TURNSTILE } else { 0 };
        bits.saturating_add(harder).min(pow::HARDEST)
    }

    /// The solution as it is sent.
    pub fn solved_by(&self, nonces: Nonces) -> Proof {
        Proof { token: self.token.clone(), answer: Answer::Numbers(nonces) }
    }

    /// What is sent when Turnstile has let the visitor pass.
    pub fn passed_with(&self, pass: Pass) -> Proof {
        Proof { token: self.token.clone(), answer: Answer::Pass(pass) }
    }
}

/// How many bits harder a puzzle is that stands beside Turnstile.
const BESIDE_TURNSTILE: u8 = 2;

/// What the edge gives for a token of Turnstile: that the challenge is answered. It is worth something with that
/// challenge alone.
pub type Pass = BoundedText<64>;

/// `POST /v1/sites/{site}/turnstile`: Turnstile has let a visitor pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnstileRequest {
    /// The visitor's browser.
    pub visitor: VisitorId,
    /// The token of the challenge that this answers.
    pub challenge: BoundedText<600>,
    /// Turnstile's own token.
    pub response: BoundedText<2048>,
}

/// What the edge says to that, when Cloudflare says the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnstilePass {
    /// To be sent as the answer to the challenge.
    pub pass: Pass,
}

/// The answer to a challenge: `TOKEN~NUMBERS`, or `TOKEN~pPASS`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Proof {
    /// Which challenge.
    pub token: String,
    /// The answer.
    pub answer: Answer,
}

/// How a challenge is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// By the numbers that solve its puzzle.
    Numbers(Nonces),
    /// By what the edge gave for a token of Turnstile.
    Pass(Pass),
}

/// Not a solution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "a proof is a challenge's token, a tilde, and eight hexadecimal digits for each part, or p and a pass"
)]
pub struct ProofError;

impl Proof {
    /// The header that carries it.
    pub const HEADER: &'static str = "X-Deskbell-Proof";
    /// The longest token there is, in bytes.
    const LONGEST: usize = 600;
}

impl TryFrom<String> for Proof {
    type Error = ProofError;
    fn try_from(text: String) -> Result<Self, ProofError> {
        let (token, numbers) = text.split_once('~').ok_or(ProofError)?;
        if token.len() > Self::LONGEST {
            return Err(ProofError);
        }
        let answer = match numbers.strip_prefix('p') {
            Some(pass) => Answer::Pass(Pass::new(pass).map_err(|_| ProofError)?),
            None => Answer::Numbers(pow::read(numbers).ok_or(ProofError)?),
        };
        Ok(Self { answer, token: token.to_owned() })
    }
}

impl From<Proof> for String {
    fn from(proof: Proof) -> String {
        proof.to_string()
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.answer {
            Answer::Numbers(nonces) => write!(f, "{}~{}", self.token, pow::write(nonces)),
            Answer::Pass(pass) => write!(f, "{}~p{}", self.token, pass.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_proof_survives_the_wire(token in "[A-Za-z0-9_.-]{1,200}", nonces in any::<Nonces>()) {
            let proof = Proof { token: token.clone(), answer: Answer::Numbers(nonces) };
            prop_assert_eq!(Proof::try_from(proof.to_string()), Ok(proof));
            let proof = Proof { token, answer: Answer::Pass(Pass::new("a-pass_1").unwrap()) };
            prop_assert_eq!(Proof::try_from(proof.to_string()), Ok(proof));
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in ".*") {
            let _ = Proof::try_from(text);
        }
    }
}
