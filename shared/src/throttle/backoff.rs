/// How long to wait before trying again what failed: a random time up to a bound that doubles with every
/// failure, so that a thousand browsers whose edge restarted do not all come back in the same instant.
///
/// Randomness is an argument. The wait is never shorter than half the bound, so that a browser alone
/// does not hammer either.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The bound after the first failure, in milliseconds.
    pub const FIRST_MS: u64 = 500;
    /// The bound after many failures, in milliseconds.
    pub const LONGEST_MS: u64 = 20_000;

    /// Counts a failure, and says how many milliseconds to wait. `random` is from 0 to 1; what lies
    /// outside is taken for the nearer end.
    pub fn failed(&mut self, random: f64) -> u64 {
        let bound = Self::FIRST_MS.saturating_mul(1 << self.failures.min(16)).min(Self::LONGEST_MS);
        self.failures = self.failures.saturating_add(1);
        let half = bound / 2;
        // A float that is not a number casts to 0; one above the range was clamped before.
        half + (random.clamp(0.0, 1.0) * half as f64) as u64
    }

    /// Forgets the failures: it worked.
    pub fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// How often it has failed in a row.
    pub const fn failures(&self) -> u32 {
        self.failures
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_wait_is_never_longer_than_the_longest_nor_shorter_than_half_the_first(
            failures in 0usize..100,
            random in any::<f64>(),
        ) {
            let mut backoff = Backoff::default();
            for _ in 0..=failures {
                let wait = backoff.failed(random);
                prop_assert!((Backoff::FIRST_MS / 2..=Backoff::LONGEST_MS).contains(&wait));
            }
        }
    }

    #[test]
    fn the_bound_doubles_until_it_is_the_longest_and_starts_over_after_a_success() {
        let mut backoff = Backoff::default();
        let waits: Vec<_> = (0..8).map(|_| backoff.failed(1.0)).collect();
        assert_eq!(waits, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000]);
        backoff.succeeded();
        assert_eq!((backoff.failures(), backoff.failed(0.0)), (0, 250));
    }
}
