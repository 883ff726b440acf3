//! Whether a site is under attack: many acts turned away in a short time, until it has been quiet for a while.
//!
//! One message when it begins and one when it ends, however many acts there are in between.

use serde::{Deserialize, Serialize};

use crate::wire::Millis;

/// So many acts turned away,
pub const MANY: u32 = 40;
/// within this time, in milliseconds, are an attack.
pub const WITHIN_MS: u64 = 60_000;
/// After this long without any, it is over, in milliseconds.
pub const QUIET_MS: u64 = 120_000;

/// What a site has seen of an attack. The default is nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Siege {
    /// Acts turned away since the window began, or since the attack did.
    count: u32,
    /// When the window began, or the attack.
    since: Millis,
    /// The last act.
    last: Millis,
    /// Whether it is an attack.
    on: bool,
}

/// What has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing that people need to know.
    None,
    /// It has begun.
    Begun,
    /// It is over.
    Ended,
}

impl Siege {
    /// So many acts were turned away.
    pub fn turned_away(&mut self, count: u32, now: Millis) -> Change {
        if self.on {
            self.count = self.count.saturating_add(count);
            self.last = self.last.max(now);
            return Change::None;
        }
        if now.since(self.since) >= WITHIN_MS {
            *self = Self { since: now, ..Self::default() };
        }
        self.count = self.count.saturating_add(count);
        self.last = self.last.max(now);
        self.on = self.count >= MANY;
        if self.on { Change::Begun } else { Change::None }
    }

    /// Time has passed.
    pub fn look(&mut self, now: Millis) -> Change {
        if self.on && now.since(self.last) >= QUIET_MS {
            *self = Self::default();
            return Change::Ended;
        }
        Change::None
    }

    /// Since when, and how many acts were turned away, while it is on.
    pub const fn is_on(&self) -> Option<(Millis, u32)> {
        if self.on { Some((self.since, self.count)) } else { None }
    }

    /// When to look again; `None` while nothing is on.
    pub const fn ends(&self) -> Option<Millis> {
        if self.on { Some(self.last.plus(QUIET_MS)) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_begins_and_ends_in_turns_and_never_twice_in_a_row(
            acts in proptest::collection::vec((0u32..60, 0u64..200_000), 1..100),
        ) {
            let (mut siege, mut now, mut on) = (Siege::default(), Millis(1), false);
            for (count, gap) in acts {
                now = now.plus(gap);
                for change in [siege.look(now), siege.turned_away(count, now)] {
                    match change {
                        Change::None => {}
                        Change::Begun => prop_assert!(!std::mem::replace(&mut on, true)),
                        Change::Ended => prop_assert!(std::mem::replace(&mut on, false)),
                    }
                }
                prop_assert_eq!(siege.is_on().is_some(), on);
            }
        }
    }

    #[test]
    fn a_few_refusals_now_and_then_are_no_attack() {
        let mut siege = Siege::default();
        for minute in 0..100 {
            assert_eq!(siege.turned_away(MANY - 1, Millis(minute * WITHIN_MS)), Change::None);
        }
    }

    #[test]
    fn an_attack_is_told_once_and_is_over_when_it_is_quiet() {
        let mut siege = Siege::default();
        assert_eq!(siege.turned_away(MANY, Millis(5)), Change::Begun);
        assert_eq!(siege.turned_away(1_000, Millis(6)), Change::None);
        assert_eq!(siege.look(Millis(QUIET_MS)), Change::None);
        assert_eq!(siege.is_on().map(|(_, count)| count), Some(MANY + 1_000));
        assert_eq!(siege.look(Millis(QUIET_MS + 6)), Change::Ended);
        assert_eq!(siege.look(Millis(QUIET_MS + 7)), Change::None);
    }
}
