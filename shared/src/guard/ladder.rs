//! What answers a score: a hint, slow mode, a challenge, a ban for a while. What is for good is decided by people.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::wire::Millis;

/// How long the bans of the ladder last, in milliseconds; the last one is the longest there is without a person.
pub const BANS_MS: [u64; 4] = [60_000, 600_000, 3_600_000, 86_400_000];
/// A ban is forgotten after this long without another, in milliseconds.
const FORGOTTEN_MS: u64 = 86_400_000;

/// A rung of the ladder, from the mildest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// Nothing is done.
    #[default]
    Clear,
    /// The visitor is told that it is noticed.
    Hint,
    /// One message at a time, with a wait in between.
    Slow,
    /// A puzzle first.
    Challenge,
    /// Stopped for a while.
    Ban,
}

impl Rung {
    /// All of them, from the mildest.
    pub const ALL: [Self; 5] = [Self::Clear, Self::Hint, Self::Slow, Self::Challenge, Self::Ban];

    /// Its name on the wire.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Hint => "hint",
            Self::Slow => "slow",
            Self::Challenge => "challenge",
            Self::Ban => "ban",
        }
    }
}

/// From how many points on each rung answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Thresholds {
    hint: u32,
    slow: u32,
    challenge: u32,
    ban: u32,
}

/// As they are written: nothing is known yet of how they stand to each other.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Written {
    hint: u32,
    slow: u32,
    challenge: u32,
    ban: u32,
}

/// Why there are no such thresholds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ThresholdsError {
    /// An honest visitor has a few points now and then: a link, a contact, a quick word.
    #[error("a hint at fewer than {} points meets everybody", Thresholds::LEAST)]
    MeetsEverybody,
    /// A rung that begins before the one below it would skip that one.
    #[error(
        "each rung begins at least {} points above the one before it: hint, slow, challenge, ban",
        Thresholds::STEP
    )]
    NotRising,
    /// A ban that nobody reaches is no ban.
    #[error("a ban begins at {} points at most", Thresholds::MOST)]
    OutOfReach,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { hint: 20, slow: 40, challenge: 60, ban: 100 }
    }
}

impl Thresholds {
    /// No rung begins below.
    pub const LEAST: u32 = 10;
    /// No rung begins nearer to the one before it.
    pub const STEP: u32 = 5;
    /// No rung begins above.
    pub const MOST: u32 = 400;

    /// Thresholds in points.
    ///
    /// # Errors
    /// [`ThresholdsError`] when they would meet everybody or nobody, or are not in order.
    pub const fn new(hint: u32, slow: u32, challenge: u32, ban: u32) -> Result<Self, ThresholdsError> {
        if hint < Self::LEAST {
            return Err(ThresholdsError::MeetsEverybody);
        }
        if ban > Self::MOST {
            return Err(ThresholdsError::OutOfReach);
        }
        let step = Self::STEP;
        if slow < hint.saturating_add(step)
            || challenge < slow.saturating_add(step)
            || ban < challenge.saturating_add(step)
        {
            return Err(ThresholdsError::NotRising);
        }
        Ok(Self { hint, slow, challenge, ban })
    }

    /// The rung that so many points reach.
    pub const fn rung(self, points: u32) -> Rung {
        match points {
            _ if points >= self.ban => Rung::Ban,
            _ if points >= self.challenge => Rung::Challenge,
            _ if points >= self.slow => Rung::Slow,
            _ if points >= self.hint => Rung::Hint,
            _ => Rung::Clear,
        }
    }

    /// From how many points a rung answers.
    pub const fn of(self, rung: Rung) -> u32 {
        match rung {
            Rung::Clear => 0,
            Rung::Hint => self.hint,
            Rung::Slow => self.slow,
            Rung::Challenge => self.challenge,
            Rung::Ban => self.ban,
        }
    }
}

impl TryFrom<Written> for Thresholds {
    type Error = ThresholdsError;
    fn try_from(Written { hint, slow, challenge, ban }: Written) -> Result<Self, ThresholdsError> {
        Self::new(hint, slow, challenge, ban)
    }
}

impl From<Thresholds> for Written {
    fn from(Thresholds { hint, slow, challenge, ban }: Thresholds) -> Self {
        Self { hint, slow, challenge, ban }
    }
}

/// How often somebody was stopped by the ladder, and when last. The default is never.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strikes {
    count: u32,
    last: Millis,
}

impl Strikes {
    /// Stops them once more: for how long, in milliseconds.
    pub fn strike(&mut self, now: Millis) -> u64 {
        let before = self.count(now);
        self.count = before.saturating_add(1);
        self.last = self.last.max(now);
        BANS_MS[(before as usize).min(BANS_MS.len() - 1)]
    }

    /// How many are remembered: one fewer for each day without another.
    pub fn count(&self, now: Millis) -> u32 {
        let forgotten = now.since(self.last) / FORGOTTEN_MS;
        self.count.saturating_sub(u32::try_from(forgotten).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn thresholds_are_in_order_or_are_none(a in 0u32..500, b in 0u32..500, c in 0u32..500, d in 0u32..500) {
            if let Ok(thresholds) = Thresholds::new(a, b, c, d) {
                prop_assert!(Thresholds::LEAST <= a && a < b && b < c && c < d && d <= Thresholds::MOST);
                for (rung, next) in Rung::ALL.iter().zip(&Rung::ALL[1..]) {
                    let begins = thresholds.of(*next);
                    prop_assert_eq!((thresholds.rung(begins - 1), thresholds.rung(begins)), (*rung, *next));
                }
            }
        }

        #[test]
        fn numbers_of_any_size_are_judged_without_a_panic(a in any::<u32>(), b in any::<u32>(), c in any::<u32>(), d in any::<u32>()) {
            let _ = Thresholds::new(a, b, c, d);
        }
    }

    #[test]
    fn what_would_stop_everybody_or_skip_a_rung_is_refused() {
        assert_eq!(Thresholds::new(0, 40, 60, 100), Err(ThresholdsError::MeetsEverybody));
        assert_eq!(Thresholds::new(20, 20, 60, 100), Err(ThresholdsError::NotRising));
        assert_eq!(Thresholds::new(20, 40, 60, 1_000), Err(ThresholdsError::OutOfReach));
        assert!(serde_json::from_str::<Thresholds>(r#"{"hint":1,"slow":2,"challenge":3,"ban":4}"#).is_err());
    }

    #[test]
    fn bans_grow_to_a_day_and_are_forgotten_a_day_at_a_time() {
        let (mut strikes, mut now) = (Strikes::default(), Millis(1_000));
        let lengths: Vec<_> = (0..5).map(|_| strikes.strike(now)).collect();
        assert_eq!(lengths, [60_000, 600_000, 3_600_000, 86_400_000, 86_400_000]);
        now = now.plus(4 * FORGOTTEN_MS);
        assert_eq!(strikes.count(now), 1);
        assert_eq!(strikes.strike(now), 600_000);
        assert_eq!(strikes.count(now.plus(9 * FORGOTTEN_MS)), 0);
    }
}
