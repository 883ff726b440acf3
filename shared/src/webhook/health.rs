//! How the other side of a webhook fares: what one failed try says of the next letters.

use serde::{Deserialize, Serialize};

use super::schedule::{ATTEMPTS, granted_ms, wait_ms};
use crate::wire::{AttemptResult, Millis, Stopped};

/// One that was at fault for so long is stopped, in milliseconds, if it was tried as often as a letter is.
const STOP_AFTER_MS: u64 = 3 * Millis::DAY;
/// A side that does not answer is tried at least so often, in milliseconds: nobody is to wait for hours after it is back.
const MOST_HELD_BACK_MS: u64 = 5 * 60_000;

/// How the other side fares: a circuit breaker. While it is open nothing is sent, so that what is to be told is not used up
/// on somebody who is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Health {
    /// Why nothing is sent any more although nobody turned it off.
    pub stopped: Option<Stopped>,
    /// Since when every try has failed; `None` when the last one arrived.
    pub failing_since: Option<Millis>,
    /// Nothing is sent before.
    pub not_before: Option<Millis>,
    /// How many tries in a row the other side was at fault itself.
    faults: u32,
    /// Since when.
    at_fault_since: Option<Millis>,
}

impl Health {
    /// Something has arrived. Whether the other side was away until now, so that what it missed may come at once: one fault
    /// between two arrivals is rather a letter's, which is to wait for its turn.
    pub fn arrived(&mut self) -> bool {
        let was_away = self.faults > 1;
        let stopped = self.stopped;
        *self = Self { stopped, ..Self::default() };
        was_away
    }

    /// Something has not. `chance` is from 0 to 1, `retry_after_s` what the other side asked for.
    pub fn failed(&mut self, result: &AttemptResult, now: Millis, chance: f64, retry_after_s: Option<u64>) {
        self.failing_since.get_or_insert(now);
        if result.is_about_the_letter() {
            return;
        }
        self.faults = self.faults.saturating_add(1);
        let since = *self.at_fault_since.get_or_insert(now);
        if matches!(result, AttemptResult::Refused { status: 410, .. }) {
            self.stopped = Some(Stopped::Gone);
        } else if self.faults >= ATTEMPTS && now.since(since) >= STOP_AFTER_MS {
            self.stopped = Some(Stopped::Failing);
        }
        let wait = wait_ms(self.faults, chance).map_or(MOST_HELD_BACK_MS, |ms| ms.min(MOST_HELD_BACK_MS));
        self.not_before = Some(now.plus(wait.max(granted_ms(retry_after_s))));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Millis = Millis(1_700_000_000_000);

    fn refused(status: u16) -> AttemptResult {
        AttemptResult::Refused { status, said: None }
    }

    /// How it fares after these, a minute apart.
    fn after(results: &[AttemptResult]) -> Health {
        let mut health = Health::default();
        for (minute, result) in (0_u64..).zip(results) {
            health.failed(result, NOW.plus(minute * 60_000), 0.0, None);
        }
        health
    }

    #[test]
    fn a_letter_that_is_not_wanted_holds_up_no_other() {
        for status in [400, 409, 413, 415, 422, 500] {
            let health = after(&[refused(status)]);
            assert_eq!((health.failing_since, health.not_before), (Some(NOW), None), "{status}");
        }
    }

    #[test]
    fn a_side_at_fault_is_left_alone_for_longer_and_longer_but_never_for_long() {
        let faults =
            [AttemptResult::Late, AttemptResult::Unreachable, refused(503), refused(403), refused(200)];
        for fault in &faults {
            assert_eq!(after(std::slice::from_ref(fault)).not_before, Some(NOW.plus(5_000)), "{fault:?}");
        }
        let minutes = |count: u64| NOW.plus(count * 60_000);
        assert_eq!(after(&faults[..2]).not_before, Some(minutes(1).plus(MOST_HELD_BACK_MS)));
        assert_eq!(after(&faults).not_before, Some(minutes(4).plus(MOST_HELD_BACK_MS)));
    }

    #[test]
    fn the_other_side_is_left_alone_for_as_long_as_it_asks() {
        let mut health = Health::default();
        health.failed(&refused(429), NOW, 0.0, Some(3_600));
        assert_eq!(health.not_before, Some(NOW.plus(3_600_000)));
        health.failed(&refused(503), NOW, 0.0, Some(u64::MAX));
        assert_eq!(health.not_before, Some(NOW.plus(Millis::DAY)));
        assert!(health.arrived());
        assert_eq!(health, Health::default());
    }

    #[test]
    fn one_fault_among_arrivals_is_no_absence() {
        assert!(!after(&[refused(503)]).arrived());
        assert!(!after(&[refused(400), refused(500), refused(503)]).arrived());
        assert!(after(&[refused(503), refused(503)]).arrived());
    }

    #[test]
    fn who_is_gone_or_does_not_answer_for_days_is_stopped() {
        assert_eq!(after(&[refused(410)]).stopped, Some(Stopped::Gone));
        let mut health = Health::default();
        for hour in 0..72 {
            health.failed(&AttemptResult::Late, NOW.plus(hour * 3_600_000), 0.5, None);
            assert_eq!(health.stopped, None, "after {hour} hours");
        }
        health.failed(&AttemptResult::Late, NOW.plus(72 * 3_600_000), 0.5, None);
        assert_eq!(health.stopped, Some(Stopped::Failing));
    }

    #[test]
    fn quiet_days_and_unwanted_letters_stop_nobody() {
        let mut health = Health::default();
        for day in 0..30 {
            health.failed(&refused(422), NOW.plus(day * Millis::DAY), 0.5, None);
        }
        health.failed(&refused(503), NOW.plus(30 * Millis::DAY), 0.5, None);
        health.failed(&refused(503), NOW.plus(40 * Millis::DAY), 0.5, None);
        assert_eq!(health.stopped, None);
        assert_eq!(health.failing_since, Some(NOW));
    }

    proptest! {
        #[test]
        fn nobody_is_left_alone_for_more_than_a_day(
            faults in 0_usize..40, chance in any::<f64>(), asked in any::<Option<u64>>(),
        ) {
            let mut health = Health::default();
            for _ in 0..faults {
                health.failed(&AttemptResult::Late, NOW, chance, asked);
            }
            prop_assert!(health.not_before.is_none_or(|at| at.since(NOW) <= Millis::DAY));
            prop_assert_eq!(health.not_before.is_some(), faults > 0);
        }
    }
}
