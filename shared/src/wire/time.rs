use serde::{Deserialize, Serialize};

/// A moment: milliseconds since the Unix epoch.
///
/// Always handed in from outside; nothing in this crate reads a clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub u64);

impl Millis {
    /// The milliseconds of a day.
    pub const DAY: u64 = 24 * 60 * 60 * 1000;

    /// The moment so many days before, or the first one there is.
    pub const fn days_before(self, days: u64) -> Self {
        Self(self.0.saturating_sub(days.saturating_mul(Self::DAY)))
    }

    /// The moment `ms` milliseconds later, or the last one there is.
    pub const fn plus(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to here; zero when the clock went backwards.
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}
