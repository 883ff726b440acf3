//! The first look at a visitor's request: ranges and countries that agents have stopped, by what this isolate knows of
//! the site; and whether this isolate has heard of an attack.

use std::{cell::RefCell, collections::HashMap};

use deskbell_shared::{
    guard::{record::Decision, siege::QUIET_MS},
    wire::{BanScope, Line, Millis, SiteId},
};

use crate::{
    refusal::{Outcome, Refusal},
    site::calls::SiteView,
    visit::Visit,
};

/// How often those turned away are told, in milliseconds.
const TELL_MS: u64 = 1_000;
/// The most decisions that wait to be told: of a flood, the first of each second are as good as all.
const MOST_DECISIONS: usize = 200;
/// The most sites of which an isolate counts.
const MOST: usize = 500;

/// What this isolate has seen of a site.
#[derive(Default)]
struct Seen {
    turned_away: u32,
    decisions: Vec<Decision>,
    told: Millis,
    /// When the desk last said that there is an attack.
    attack: Option<Millis>,
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

/// Counts one more who was turned away; how many to tell of, and what was decided, when it is time to.
pub(super) fn count_turned_away(
    site: &SiteId,
    decided: Option<Decision>,
    now: Millis,
) -> Option<(u32, Vec<Decision>)> {
    with(site, |seen| {
        seen.turned_away = seen.turned_away.saturating_add(1);
        if seen.decisions.len() < MOST_DECISIONS {
            seen.decisions.extend(decided);
        }
        if now.since(seen.told) < TELL_MS {
            return None;
        }
        seen.told = now;
        Some((std::mem::take(&mut seen.turned_away), std::mem::take(&mut seen.decisions)))
    })
}

/// Notes what the desk says.
pub(super) fn note_attack(site: &SiteId, attack: Option<Millis>) {
    with(site, |seen| seen.attack = attack);
}

/// Whether the desk has said so within the time that an attack lasts at least.
pub(super) fn is_under_attack(site: &SiteId, now: Millis) -> bool {
    with(site, |seen| seen.attack.is_some_and(|at| now.since(at) < QUIET_MS))
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
    fn a_flood_is_told_once_a_second_with_nobody_left_out() {
        let site: SiteId = "told".parse().unwrap();
        let told = (0..2_500).filter_map(|ms| count_turned_away(&site, None, Millis(10_000 + ms)));
        let told: Vec<_> = told.map(|(count, _)| count).collect();
        assert_eq!(told, [1, 1_000, 1_000]);
    }

    #[test]
    fn an_attack_is_believed_for_as_long_as_one_lasts() {
        let site: SiteId = "attacked".parse().unwrap();
        assert!(!is_under_attack(&site, Millis(5)));
        note_attack(&site, Some(Millis(5)));
        assert!(is_under_attack(&site, Millis(QUIET_MS)) && !is_under_attack(&site, Millis(QUIET_MS + 5)));
    }
}
