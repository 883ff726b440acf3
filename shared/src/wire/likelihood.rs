use serde::{Deserialize, Serialize};
use thiserror::Error;

/// How likely somebody is to recommend a site, from 0, not at all, to 10, very: the question behind the Net Promoter Score
/// (F. Reichheld, *The One Number You Need to Grow*, Harvard Business Review, December 2003).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Likelihood(u8);

/// Not a number from 0 to 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("how likely somebody is to recommend a site is a number from 0 to 10")]
pub struct LikelihoodError;

impl Likelihood {
    /// The highest.
    pub const MOST: u8 = 10;

    /// All there are, the lowest first.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..=Self::MOST).map(Self)
    }

    /// Whether it is a promoter's: 9 or 10.
    pub const fn promotes(self) -> bool {
        self.0 >= 9
    }

    /// Whether it is a detractor's: 6 or less.
    pub const fn detracts(self) -> bool {
        self.0 <= 6
    }
}

impl TryFrom<u8> for Likelihood {
    type Error = LikelihoodError;
    fn try_from(number: u8) -> Result<Self, LikelihoodError> {
        if number <= Self::MOST { Ok(Self(number)) } else { Err(LikelihoodError) }
    }
}

impl From<Likelihood> for u8 {
    fn from(likelihood: Likelihood) -> Self {
        likelihood.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_from_0_to_10() {
        let read = |json: &str| serde_json::from_str::<Likelihood>(json).map(u8::from).ok();
        assert_eq!((read("0"), read("10")), (Some(0), Some(10)));
        for wrong in ["11", "-1", "9.5", "\"9\"", "null", "256"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        let kinds: Vec<_> = Likelihood::all().map(|one| (one.detracts(), one.promotes())).collect();
        let (detractor, passive, promoter) = ((true, false), (false, false), (false, true));
        assert_eq!(kinds, [[detractor; 7].as_slice(), &[passive; 2], &[promoter; 2]].concat());
    }
}
