//! What signals come to, and how that fades.

use serde::{Deserialize, Serialize};

use super::signal::{POINT, Signal};
use crate::wire::Millis;

/// After this long without anything new, half of a score is left, in milliseconds.
pub const HALF_LIFE_MS: u64 = 10 * 60 * 1000;
/// No signal comes to more than this, in thousandths of a point: a longer flood is no worse than a long one.
const MOST: u32 = 400 * POINT;

/// What speaks against somebody at a moment, signal by signal. The default is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// Thousandths of a point for each signal there is, none twice.
    parts: Vec<(Signal, u32)>,
    /// When that was so.
    at: Millis,
}

impl Score {
    /// Counts so many occurrences of a signal.
    pub fn add(&mut self, signal: Signal, times: u32, now: Millis) {
        if times == 0 {
            return;
        }
        self.fade(now);
        let points = signal.weight().saturating_mul(times).min(MOST);
        match self.parts.iter_mut().find(|(known, _)| *known == signal) {
            Some((_, sum)) => *sum = sum.saturating_add(points).min(MOST),
            None => self.parts.push((signal, points)),
        }
    }

    /// What is left at a moment, in whole points.
    pub fn points(&self, now: Millis) -> u32 {
        self.sum(now) / POINT
    }

    /// The signals that are left of it, the heaviest first, in whole points; what has faded below one is left out.
    pub fn explained(&self, now: Millis) -> Vec<(Signal, u32)> {
        let kept = |(signal, points): &(Signal, u32)| (*signal, faded(*points, now.since(self.at)) / POINT);
        let mut parts: Vec<_> = self.parts.iter().map(kept).filter(|(_, points)| *points > 0).collect();
        parts.sort_by_key(|(signal, points)| (core::cmp::Reverse(*points), *signal));
        parts
    }

    /// Lowers it to at most so many points, each signal by the same share.
    pub fn lower_to(&mut self, points: u32, now: Millis) {
        self.fade(now);
        let (sum, most) = (u64::from(self.sum(now)), u64::from(points.saturating_mul(POINT)));
        if sum > most {
            for (_, part) in &mut self.parts {
                // Less than what it was, so it fits.
                *part = u32::try_from(u64::from(*part) * most / sum).unwrap_or(*part);
            }
        }
    }

    /// Takes what another score has more of, signal by signal.
    pub fn raise_to(&mut self, other: &Self, now: Millis) {
        self.fade(now);
        for (signal, points) in &other.parts {
            let points = faded(*points, now.since(other.at));
            match self.parts.iter_mut().find(|(known, _)| known == signal) {
                Some((_, sum)) => *sum = (*sum).max(points),
                None => self.parts.push((*signal, points)),
            }
        }
    }

    /// Whether nothing worth keeping is left.
    pub fn is_gone(&self, now: Millis) -> bool {
        self.sum(now) < POINT
    }

    fn sum(&self, now: Millis) -> u32 {
        let ago = now.since(self.at);
        self.parts.iter().fold(0, |sum, (_, points)| sum.saturating_add(faded(*points, ago)))
    }

    /// Brings it to a moment. A clock that goes backwards fades nothing.
    fn fade(&mut self, now: Millis) {
        let ago = now.since(self.at);
        for (_, points) in &mut self.parts {
            *points = faded(*points, ago);
        }
        self.parts.retain(|(_, points)| *points > 0);
        self.at = self.at.max(now);
    }
}

fn faded(points: u32, ago_ms: u64) -> u32 {
    let halves = ago_ms as f64 / HALF_LIFE_MS as f64;
    // Between zero and `points`: the cast only drops what is behind the point.
    (f64::from(points) * libm::exp2(-halves)) as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn signals() -> impl Strategy<Value = Signal> {
        proptest::sample::select(Signal::ALL)
    }

    proptest! {
        #[test]
        fn a_score_only_falls_while_nothing_happens(
            acts in proptest::collection::vec((signals(), 0u32..5, 0u64..100_000), 1..30),
            waits in proptest::collection::vec(0u64..5_000_000, 1..20),
        ) {
            let (mut score, mut now) = (Score::default(), Millis(1_000));
            for (signal, times, gap) in acts {
                now = now.plus(gap);
                score.add(signal, times, now);
            }
            let mut last = score.points(now);
            for wait in waits {
                now = now.plus(wait);
                let points = score.points(now);
                prop_assert!(points <= last);
                last = points;
            }
        }

        #[test]
        fn how_often_it_is_looked_at_changes_it_by_next_to_nothing(
            gaps in proptest::collection::vec(1u64..200_000, 1..40),
        ) {
            let start = Millis(5_000);
            let mut often = Score::default();
            often.add(Signal::Insult, 4, start);
            let once = often.clone();
            let mut now = start;
            for gap in gaps {
                now = now.plus(gap);
                often.fade(now);
            }
            prop_assert!(once.sum(now) - often.sum(now) <= 40, "a thousandth for each look");
        }

        #[test]
        fn the_parts_come_to_the_whole(acts in proptest::collection::vec((signals(), 1u32..5), 1..20)) {
            let (mut score, now) = (Score::default(), Millis(7));
            acts.iter().for_each(|(signal, times)| score.add(*signal, *times, now));
            let explained: u32 = score.explained(now).iter().map(|(_, points)| points).sum();
            prop_assert_eq!(explained, score.points(now));
        }

        #[test]
        fn whatever_the_clock_does_nothing_overflows(
            acts in proptest::collection::vec((signals(), any::<u32>(), any::<u64>()), 1..30),
        ) {
            let mut score = Score::default();
            for (signal, times, now) in acts {
                score.add(signal, times, Millis(now));
                prop_assert!(score.points(Millis(now)) <= MOST / POINT * Signal::ALL.len() as u32);
            }
        }
    }

    #[test]
    fn half_is_left_after_the_half_life() {
        let mut score = Score::default();
        score.add(Signal::FailedChallenge, 2, Millis(0));
        assert_eq!(score.points(Millis(0)), 40);
        assert_eq!(score.points(Millis(HALF_LIFE_MS)), 20);
        assert_eq!(score.points(Millis(3 * HALF_LIFE_MS)), 5);
        assert!(score.is_gone(Millis(10 * HALF_LIFE_MS)));
    }

    #[test]
    fn the_heaviest_reason_comes_first_and_lowering_keeps_the_shares() {
        let (mut score, now) = (Score::default(), Millis(0));
        score.add(Signal::Links, 1, now);
        score.add(Signal::Insult, 2, now);
        assert_eq!(score.explained(now), [(Signal::Insult, 50), (Signal::Links, 8)]);
        score.lower_to(29, now);
        assert_eq!(score.explained(now), [(Signal::Insult, 25), (Signal::Links, 4)]);
        score.lower_to(100, now);
        assert_eq!(score.points(now), 29);
    }

    #[test]
    fn the_worse_of_two_accounts_counts() {
        let (mut here, mut there) = (Score::default(), Score::default());
        here.add(Signal::Repeat, 1, Millis(0));
        there.add(Signal::Repeat, 3, Millis(0));
        there.add(Signal::History, 1, Millis(0));
        here.raise_to(&there, Millis(0));
        assert_eq!(here.explained(Millis(0)), [(Signal::Repeat, 36), (Signal::History, 15)]);
    }
}
