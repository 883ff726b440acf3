//! The first look at a visitor's request: ranges and countries that agents have stopped, by what this isolate knows of
//! the site; and who was turned away, until it is told.

use std::{cell::RefCell, collections::HashMap};

use deskbell_shared::{
    guard::record::Decision,
    wire::{BanScope, Line, Millis, SiteId},
};

use crate::{
    refusal::{Outcome, Refusal},
    site::{calls::SiteView, refusals::RefusedSignIn},
    visit::Visit,
};

/// How often those turned away are told, in milliseconds.
const TELL_MS: u64 = 1_000;
/// The most decisions that wait to be told: of a flood, the first of each second are as good as all.
const MOST_DECISIONS: usize = 200;
/// The most sites of which an isolate counts.
const MOST: usize = 500;

/// The most kinds of refused sign-ins that wait to be told; what is beyond is told as one.
const MOST_SIGN_INS: usize = 50;

/// Who was turned away at a site and is not told of yet.
#[derive(Debug, Default)]
pub(super) struct TurnedAway {
    /// How many.
    pub(super) count: u32,
    /// What was decided about them.
    pub(super) decisions: Vec<Decision>,
    /// Those of them who wanted to sign in.
    pub(super) sign_ins: Vec<RefusedSignIn>,
}

impl TurnedAway {
    /// One more, about whom this was decided.
    pub(super) fn add(&mut self, decided: impl FnOnce() -> Decision) {
        self.count = self.count.saturating_add(1);
        self.note(decided);
    }

    /// Something was decided, with nobody turned away by it.
    pub(super) fn note(&mut self, decided: impl FnOnce() -> Decision) {
        if self.decisions.len() < MOST_DECISIONS {
            self.decisions.push(decided());
        }
    }

    /// One more who wanted to sign in. The same again is counted with the first.
    pub(super) fn add_sign_in(&mut self, mut refused: RefusedSignIn, decided: impl FnOnce() -> Decision) {
        let full = self.sign_ins.len() >= MOST_SIGN_INS;
        let known = |known: &&mut RefusedSignIn| {
            let same = (&known.email, &known.from) == (&refused.email, &refused.from);
            same || full && known.email.is_none()
        };
        match self.sign_ins.iter_mut().find(known) {
            Some(known) => {
                self.count = self.count.saturating_add(1);
                known.times = known.times.saturating_add(1);
            }
            None => {
                if full {
                    refused.email = None;
                }
                self.sign_ins.push(refused);
                self.add(decided);
            }
        }
    }
}

/// What this isolate has seen of a site.
#[derive(Default)]
struct Seen {
    turned_away: TurnedAway,
    told: Millis,
    /// When what waits is going to be told.
    due: Millis,
}

thread_local! {
    static SEEN: RefCell<HashMap<SiteId, Seen>> = RefCell::default();
}

/// Refuses visitors from a range or a country that agents have stopped.
///
/// # Errors
/// *Banned*, with what the agent wrote.
pub(crate) fn refuse_at_the_gate(visit: &Visit, view: &SiteView) -> Outcome<()> {
    if view.gates.is_empty() {
        return Ok(());
    }
    let (address, country) = (visit.address(), visit.country());
    let stops = |scope: &BanScope| match scope {
        BanScope::Range(range) => address.is_some_and(|address| range.contains(&address)),
        BanScope::Country(stopped) => country == Some(*stopped),
        _ => false,
    };
    let in_force = |until: Option<Millis>| until.is_none_or(|until| until > visit.now);
    match view.gates.iter().find(|gate| stops(&gate.scope) && in_force(gate.until)) {
        Some(gate) => {
            let reason = gate.reason.as_ref().map(|reason: &Line| reason.as_str().to_owned());
            Err(Refusal::banned(reason, Vec::new(), gate.until, visit.now))
        }
        None => Ok(()),
    }
}

/// Adds to what is to be told of a site; in how many milliseconds that is due, unless somebody is about to.
pub(super) fn tell_in(site: &SiteId, now: Millis, add: impl FnOnce(&mut TurnedAway)) -> Option<u64> {
    with(site, |seen| {
        add(&mut seen.turned_away);
        // Whoever was about to may have gone with the request that was waited for.
        if seen.due > seen.told && now.since(seen.due) < TELL_MS {
            return None;
        }
        seen.due = now.max(seen.told.plus(TELL_MS));
        Some(seen.due.since(now))
    })
}

/// What is to be told by now.
pub(super) fn take_turned_away(site: &SiteId, now: Millis) -> TurnedAway {
    with(site, |seen| {
        seen.told = now.max(seen.due);
        std::mem::take(&mut seen.turned_away)
    })
}

fn with<T>(site: &SiteId, look: impl FnOnce(&mut Seen) -> T) -> T {
    SEEN.with_borrow_mut(|known| {
        if known.len() >= MOST && !known.contains_key(site) {
            known.clear();
        }
        look(known.entry(site.clone()).or_default())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_told_once_a_second_with_nobody_left_out_and_the_last_of_it_too() {
        let site: SiteId = "told".parse().unwrap();
        let (mut told, mut due) = (Vec::new(), None);
        for now in (10_000..14_000).map(Millis) {
            if now.0 < 12_500
                && let Some(wait) = tell_in(&site, now, |away| away.count += 1)
            {
                assert_eq!(due.replace(now.plus(wait)), None, "told twice");
            }
            if due == Some(now) {
                due = None;
                told.push(take_turned_away(&site, now).count);
            }
        }
        assert_eq!(told, [1, 1_000, 1_000, 499]);
    }

    #[test]
    fn what_was_going_to_be_told_and_was_not_is_told_with_the_next() {
        let site: SiteId = "gone".parse().unwrap();
        assert_eq!(tell_in(&site, Millis(5_000), |away| away.count += 1), Some(0));
        assert_eq!(tell_in(&site, Millis(5_500), |away| away.count += 1), None);
        assert_eq!(tell_in(&site, Millis(6_000), |away| away.count += 1), Some(0));
        assert_eq!(take_turned_away(&site, Millis(6_000)).count, 3);
    }
}
