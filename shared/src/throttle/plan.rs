use serde::{Deserialize, Serialize};

use super::{Decision, Gcra, MESSAGES, MESSAGES_SUSTAINED, Quota};
use crate::wire::Millis;

/// Asks several quotas at once: admitted is what all of them admit, and only then does it count, by each.
///
/// A refusal says the longest of the waits: then, and not before, all of them admit it.
pub fn decide_all(parts: &mut [(Quota, &mut Gcra)], cost: u32, now: Millis) -> Decision {
    let decisions = parts.iter().map(|(quota, state)| state.peek(*quota, cost, now));
    let decision =
        decisions.reduce(stricter).unwrap_or(Decision::Admitted { remaining: u32::MAX, reset_ms: 0 });
    if decision.admitted() {
        for (quota, state) in parts {
            state.decide(*quota, cost, now);
        }
    }
    decision
}

fn stricter(a: Decision, b: Decision) -> Decision {
    match (a, b) {
        (Decision::Refused { retry_after_ms: a }, Decision::Refused { retry_after_ms: b }) => {
            Decision::Refused { retry_after_ms: a.zip(b).map(|(a, b)| a.max(b)) }
        }
        (refused @ Decision::Refused { .. }, _) | (_, refused @ Decision::Refused { .. }) => refused,
        (
            Decision::Admitted { remaining: a, reset_ms: at_a },
            Decision::Admitted { remaining: b, reset_ms: at_b },
        ) => Decision::Admitted { remaining: a.min(b), reset_ms: at_a.max(at_b) },
    }
}

/// What a visitor has used of the pace of a conversation: a burst, and what is sustained.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    burst: Gcra,
    sustained: Gcra,
}

impl Pace {
    /// Asks for one message of this weight, and counts it if it is admitted.
    pub fn decide(&mut self, cost: u32, now: Millis) -> Decision {
        decide_all(&mut [(MESSAGES, &mut self.burst), (MESSAGES_SUSTAINED, &mut self.sustained)], cost, now)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use proptest::prelude::*;

    use super::*;

    /// The cases of the comparison with the model. `DESKBELL_CASES=1000000` makes it a million.
    fn cases() -> u32 {
        option_env!("DESKBELL_CASES").and_then(|cases| cases.parse().ok()).unwrap_or(4_000)
    }

    /// Two buckets, written as plainly as they can be: an act has to find its places in both.
    struct Model(Vec<(Quota, VecDeque<u64>)>);

    impl Model {
        fn decide(&mut self, cost: u32, now: u64) -> bool {
            for (_, frees_at) in &mut self.0 {
                while frees_at.front().is_some_and(|at| *at <= now) {
                    frees_at.pop_front();
                }
            }
            let has_room = |(quota, taken): &(Quota, VecDeque<u64>)| {
                taken.len() + cost as usize <= quota.burst() as usize
            };
            if !self.0.iter().all(has_room) {
                return false;
            }
            for (quota, frees_at) in &mut self.0 {
                for _ in 0..cost {
                    let last = frees_at.back().copied().unwrap_or(now);
                    frees_at.push_back(last + quota.interval_ms());
                }
            }
            true
        }
    }

    fn quotas() -> impl Strategy<Value = Quota> {
        (1u32..12, 1u64..300)
            .prop_map(|(burst, interval)| Quota::per(burst, interval * u64::from(burst)).unwrap())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(cases()))]

        #[test]
        fn several_quotas_admit_exactly_what_the_plain_model_admits(
            quotas in proptest::collection::vec(quotas(), 1..4),
            acts in proptest::collection::vec((0u64..400, 1u32..4), 1..30),
        ) {
            let mut states = vec![Gcra::default(); quotas.len()];
            let mut model = Model(quotas.iter().map(|quota| (*quota, VecDeque::new())).collect());
            let mut now = 1_000;
            for (gap, cost) in acts {
                now += gap;
                let mut parts: Vec<_> = quotas.iter().copied().zip(&mut states).collect();
                let decision = decide_all(&mut parts, cost, Millis(now));
                prop_assert_eq!(decision.admitted(), model.decide(cost, now));
                // Told to wait until then, it is admitted then and never before.
                if let Decision::Refused { retry_after_ms: Some(wait) } = decision {
                    let at = |moment: u64| {
                        let mut later = states.clone();
                        let mut parts: Vec<_> = quotas.iter().copied().zip(&mut later).collect();
                        decide_all(&mut parts, cost, Millis(moment)).admitted()
                    };
                    prop_assert!(wait > 0 && !at(now + wait - 1) && at(now + wait));
                }
            }
        }

        #[test]
        fn a_clock_going_anywhere_never_locks_out_for_longer_than_the_widest_window(
            quotas in proptest::collection::vec(quotas(), 1..4),
            moments in proptest::collection::vec(any::<u64>(), 1..20),
        ) {
            let mut states = vec![Gcra::default(); quotas.len()];
            let widest = quotas.iter().map(|quota| quota.window_ms()).max().unwrap_or(0);
            for now in moments {
                let mut parts: Vec<_> = quotas.iter().copied().zip(&mut states).collect();
                if let Decision::Refused { retry_after_ms } = decide_all(&mut parts, 1, Millis(now)) {
                    prop_assert!(retry_after_ms.is_some_and(|wait| wait <= widest));
                }
            }
        }
    }

    #[test]
    fn what_one_quota_refuses_counts_by_none() {
        let (wide, narrow) = (Quota::per(10, 1_000).unwrap(), Quota::per(1, 1_000).unwrap());
        let (mut a, mut b) = (Gcra::default(), Gcra::default());
        let mut ask = |now| decide_all(&mut [(wide, &mut a), (narrow, &mut b)], 1, Millis(now));
        assert_eq!(ask(0), Decision::Admitted { remaining: 0, reset_ms: 1_000 });
        for _ in 0..50 {
            assert_eq!(ask(0), Decision::Refused { retry_after_ms: Some(1_000) });
        }
        assert!(ask(1_000).admitted());
        assert_eq!(a, Gcra(Millis(1_100)));
    }
}
