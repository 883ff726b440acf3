use core::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Millis;
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
}

impl Challenge {
    /// How long there is to solve one, in milliseconds.
    pub const LIFETIME_MS: u64 = 5 * 60 * 1000;

    /// The puzzle.
    pub fn puzzle(&self) -> Puzzle {
        Puzzle::new(&self.token, self.bits)
    }

    /// The solution as it is sent.
    pub fn solved_by(&self, nonces: Nonces) -> Proof {
        Proof { token: self.token.clone(), nonces }
    }
}

/// The solution of a challenge: `TOKEN~NUMBERS`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Proof {
    /// Which challenge.
    pub token: String,
    /// The numbers.
    pub nonces: Nonces,
}

/// Not a solution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a proof is a challenge's token, a tilde, and eight hexadecimal digits for each part")]
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
        Ok(Self { nonces: pow::read(numbers).ok_or(ProofError)?, token: token.to_owned() })
    }
}

impl From<Proof> for String {
    fn from(proof: Proof) -> String {
        proof.to_string()
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}~{}", self.token, pow::write(&self.nonces))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_proof_survives_the_wire(token in "[A-Za-z0-9_.-]{1,200}", nonces in any::<Nonces>()) {
            let proof = Proof { token, nonces };
            prop_assert_eq!(Proof::try_from(proof.to_string()), Ok(proof));
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in ".*") {
            let _ = Proof::try_from(text);
        }
    }
}
