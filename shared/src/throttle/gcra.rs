use serde::{Deserialize, Serialize};

use super::Quota;
use crate::wire::Millis;

/// What one key has used of its quota: the theoretical arrival time, that is, the moment from which
/// the whole burst is free again.
///
/// The default has used nothing. Eight bytes; a key whose time has passed need not be kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Gcra(pub Millis);

/// Whether it was admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It was, and counts.
    Admitted {
        /// How many more would be admitted at this moment.
        remaining: u32,
        /// Milliseconds until the whole burst is free again.
        reset_ms: u64,
    },
    /// It was not, and does not count.
    Refused {
        /// Milliseconds after which the same would be admitted, if nothing else comes; never earlier.
        /// `None` when it is larger than the burst and never can be.
        retry_after_ms: Option<u64>,
    },
}

impl Decision {
    /// Whether it was admitted.
    pub const fn admitted(self) -> bool {
        matches!(self, Self::Admitted { .. })
    }
}

impl Gcra {
    /// Asks for `cost` at the moment `now`, and counts it if it is admitted.
    ///
    /// A clock that goes backwards neither grants nor costs more than the time it lost: the state never
    /// lies further ahead of `now` than a full burst, whatever the clock did before.
    pub fn decide(&mut self, quota: Quota, cost: u32, now: Millis) -> Decision {
        let decision = self.peek(quota, cost, now);
        if decision.admitted() {
            self.0 = self.ready(quota, now).plus(quota.interval_ms().saturating_mul(u64::from(cost)));
        }
        decision
    }

    /// What [`Gcra::decide`] would say, counting nothing.
    pub fn peek(&self, quota: Quota, cost: u32, now: Millis) -> Decision {
        let window = quota.window_ms();
        if cost > quota.burst() {
            return Decision::Refused { retry_after_ms: None };
        }
        let used_until = self.ready(quota, now);
        let would_be = used_until.plus(quota.interval_ms().saturating_mul(u64::from(cost)));
        let ahead = would_be.since(now);
        if ahead > window {
            return Decision::Refused { retry_after_ms: Some(ahead - window) };
        }
        let remaining = (window - ahead) / quota.interval_ms();
        Decision::Admitted { remaining: u32::try_from(remaining).unwrap_or(u32::MAX), reset_ms: ahead }
    }

    /// Gives back what an admitted [`Gcra::decide`] counted at the moment `counted`, because what it was for did not
    /// happen.
    ///
    /// What may have come free by itself since then is not given back: others may have used it already, and would
    /// be given theirs.
    pub fn give_back(&mut self, quota: Quota, cost: u32, counted: Millis, now: Millis) {
        let used = quota.interval_ms().saturating_mul(u64::from(cost));
        self.0 = Millis(self.0.0.saturating_sub(used.saturating_sub(now.since(counted))));
    }

    /// Whether nothing of the quota is used at `now`, so that the key need not be kept.
    pub fn is_idle(&self, now: Millis) -> bool {
        self.0 <= now
    }

    /// From when the quota is used up to the arrival time, kept within one window of `now`.
    fn ready(&self, quota: Quota, now: Millis) -> Millis {
        self.0.clamp(now, now.plus(quota.window_ms()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use proptest::prelude::*;

    use super::*;

    /// The same rule, written as plainly as it can be: a bucket of `burst` places; each admitted act takes
    /// its places, and one place at a time comes free, `interval` after the one before it.
    struct Model {
        quota: Quota,
        frees_at: VecDeque<u64>,
    }

    impl Model {
        fn decide(&mut self, cost: u32, now: u64) -> bool {
            while self.frees_at.front().is_some_and(|at| *at <= now) {
                self.frees_at.pop_front();
            }
            if self.frees_at.len() + cost as usize > self.quota.burst() as usize {
                return false;
            }
            for _ in 0..cost {
                let last = self.frees_at.back().copied().unwrap_or(now);
                self.frees_at.push_back(last + self.quota.interval_ms());
            }
            true
        }
    }

    fn quotas() -> impl Strategy<Value = Quota> {
        (1u32..20, 1u64..500)
            .prop_map(|(burst, interval)| Quota::per(burst, interval * u64::from(burst)).unwrap())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn it_admits_exactly_what_the_plain_model_admits(
            quota in quotas(),
            acts in proptest::collection::vec((0u64..600, 1u32..4), 1..200),
        ) {
            let mut gcra = Gcra::default();
            let mut model = Model { quota, frees_at: VecDeque::new() };
            let mut now = 1_000;
            for (gap, cost) in acts {
                now += gap;
                let admitted = gcra.decide(quota, cost, Millis(now)).admitted();
                prop_assert_eq!(admitted, model.decide(cost, now));
            }
        }

        #[test]
        fn told_to_wait_until_then_it_succeeds_then_and_never_before(
            quota in quotas(),
            used in 0u64..20_000,
            cost in 1u32..20,
        ) {
            let now = Millis(1_000_000);
            let state = Gcra(now.plus(used));
            if let Decision::Refused { retry_after_ms: Some(wait) } = state.peek(quota, cost, now) {
                prop_assert!(wait > 0);
                prop_assert!(!state.clone_at(now.plus(wait - 1), quota, cost));
                prop_assert!(state.clone_at(now.plus(wait), quota, cost) || used > quota.window_ms());
            }
        }

        #[test]
        fn what_is_given_back_leaves_no_trace(quota in quotas(), used in 0u64..20_000, cost in 1u32..20) {
            let now = Millis(1_000_000);
            let before = Gcra(now.plus(used.min(quota.window_ms())));
            let mut after = before;
            if after.decide(quota, cost, now).admitted() {
                after.give_back(quota, cost, now, now);
                prop_assert_eq!(after, before);
            }
        }

        #[test]
        fn what_is_given_back_late_admits_nobody_too_many(
            quota in quotas(),
            before in proptest::collection::vec((0u64..600, 1u32..4), 0..20),
            cost in 1u32..4,
            meanwhile in proptest::collection::vec((0u64..300, 1u32..4), 0..20),
            after in proptest::collection::vec((0u64..600, 1u32..4), 1..40),
        ) {
            let mut gcra = Gcra::default();
            let mut model = Model { quota, frees_at: VecDeque::new() };
            let mut now = 1_000;
            let mut act = |gcra: &mut Gcra, now: u64, cost| {
                !gcra.decide(quota, cost, Millis(now)).admitted() || model.decide(cost, now)
            };
            for (gap, cost) in before {
                now += gap;
                prop_assert!(act(&mut gcra, now, cost));
            }
            let counted = Millis(now);
            let gives_back = gcra.decide(quota, cost, counted).admitted();
            for (gap, cost) in meanwhile {
                now += gap;
                prop_assert!(act(&mut gcra, now, cost));
            }
            if gives_back {
                gcra.give_back(quota, cost, counted, Millis(now));
            }
            for (gap, cost) in after {
                now += gap;
                prop_assert!(act(&mut gcra, now, cost), "the model of those who stay would refuse this");
            }
        }

        #[test]
        fn a_clock_going_backwards_never_locks_out_longer_than_a_window(
            quota in quotas(),
            moments in proptest::collection::vec(any::<u64>(), 1..50),
        ) {
            let mut gcra = Gcra::default();
            for now in moments {
                match gcra.decide(quota, 1, Millis(now)) {
                    Decision::Admitted { remaining, .. } => prop_assert!(remaining < quota.burst()),
                    Decision::Refused { retry_after_ms } => {
                        prop_assert!(retry_after_ms.is_some_and(|wait| wait <= quota.window_ms()));
                    }
                }
            }
        }
    }

    impl Gcra {
        fn clone_at(self, now: Millis, quota: Quota, cost: u32) -> bool {
            self.peek(quota, cost, now).admitted()
        }
    }

    #[test]
    fn more_than_the_burst_never_can_be() {
        let quota = Quota::per(2, 2_000).unwrap();
        assert_eq!(Gcra::default().decide(quota, 3, Millis(0)), Decision::Refused { retry_after_ms: None });
    }
}
