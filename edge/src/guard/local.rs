//! What an isolate knows by itself: who was stopped a moment ago and whose quota is used up, and, when the guard's objects
//! do not answer, how much each key has used.
//!
//! **When the guard fails, the chat goes on.** An object that is slow, gone or broken must not take the chat down: after
//! [`PATIENCE_MS`] an act is decided here, by the same quotas, counted in this isolate alone. That is looser, as there
//! are several isolates, and bans that this isolate has not met do not hold at the door; conversations enforce theirs
//! in any case. The site's people see an alert for as long as it lasts.

use std::{cell::RefCell, collections::HashMap};

use deskbell_shared::{
    throttle::Gcra,
    wire::{Millis, Problem},
};

use super::{calls::Policy, throttled};
use crate::{
    limits::Limit,
    refusal::{Outcome, Refusal},
};

/// How long a shard may take to answer, in milliseconds.
pub(super) const PATIENCE_MS: u64 = 1_500;
/// How long it is remembered here that somebody is stopped, in milliseconds: lifting a ban works as soon as that.
const REMEMBERED_MS: u64 = 1_500;
/// How long it is remembered here that a quota is used up, in milliseconds.
const FULL_MS: u64 = 1_000;
/// The most keys that are remembered.
const MOST: usize = 20_000;
/// How often the same key is reported, and how often an alert is raised anew, in milliseconds.
const SELDOM_MS: u64 = 1_000;

/// A quota that a shard found used up.
struct Full {
    problem: Problem,
    limits: Vec<Limit>,
    at: Millis,
}

thread_local! {
    static STOPPED: RefCell<HashMap<String, (Problem, Millis)>> = RefCell::default();
    static FULL: RefCell<HashMap<String, Full>> = RefCell::default();
    static RATES: RefCell<HashMap<(Policy, String), Gcra>> = RefCell::default();
    static TOLD: RefCell<HashMap<String, Millis>> = RefCell::default();
}

/// Refuses somebody whom a shard refused as banned a moment ago.
///
/// # Errors
/// *Banned*, as the shard had said.
pub(super) fn refuse_stopped(key: &str, now: Millis) -> Outcome<()> {
    let problem = STOPPED.with_borrow(|stopped| {
        let (problem, at) = stopped.get(key)?;
        let holds = now.since(*at) < REMEMBERED_MS && problem.until.is_none_or(|until| until > now);
        holds.then(|| problem.clone())
    });
    match problem {
        Some(problem) => {
            let (reason, signals, until) = (problem.reason, problem.signals, problem.until);
            Err(Refusal::banned(reason, signals, until, now))
        }
        None => Ok(()),
    }
}

/// Remembers that somebody is stopped.
pub(super) fn remember(key: &str, refusal: &Refusal, now: Millis) {
    STOPPED.with_borrow_mut(|stopped| {
        make_room(stopped);
        stopped.insert(key.to_owned(), (refusal.problem().clone(), now));
    });
}

/// Forgets who is stopped: somebody is not any more.
pub(crate) fn forget_stopped() {
    STOPPED.with_borrow_mut(HashMap::clear);
}

/// Refuses an act of a key whose quota a shard found used up a moment ago, as long as nothing can have come free of it.
///
/// # Errors
/// *Throttled*, as the shard had said, with the wait that is left of it.
pub(super) fn refuse_full(key: &str, now: Millis) -> Outcome<()> {
    FULL.with_borrow(|full| {
        let Some(Full { problem, limits, at }) = full.get(key) else { return Ok(()) };
        let (passed, wait) = (now.since(*at), problem.retry_after_s.unwrap_or(0).saturating_mul(1_000));
        if passed >= FULL_MS || passed.saturating_add(1_000) >= wait {
            return Ok(());
        }
        let limits =
            limits.iter().map(|limit| Limit { reset_s: (wait - passed).div_ceil(1_000), ..limit.clone() });
        Err(Refusal::throttled(&problem.detail, wait - passed, limits.collect()))
    })
}

/// Remembers that a quota is used up.
pub(super) fn remember_full(key: &str, refusal: &Refusal, now: Millis) {
    FULL.with_borrow_mut(|full| {
        make_room(full);
        let (problem, limits) = (refusal.problem().clone(), refusal.limits().to_vec());
        full.insert(key.to_owned(), Full { problem, limits, at: now });
    });
}

/// Admits an act by what this isolate has counted, because the shard does not answer.
///
/// # Errors
/// *Throttled.*
pub(super) fn admit(policies: &[Policy], key: &str, now: Millis) -> Outcome<Vec<Limit>> {
    RATES.with_borrow_mut(|rates| {
        if rates.len() >= MOST {
            rates.retain(|_, rate| !rate.is_idle(now));
        }
        make_room(rates);
        let mut limits = Vec::new();
        for policy in policies {
            let rate = rates.entry((*policy, key.to_owned())).or_default();
            let decision = rate.decide(policy.quota(), 1, now);
            let limit = Limit::of(policy.name(), policy.quota(), decision);
            if !decision.admitted() {
                return Err(throttled(*policy, decision, vec![limit]));
            }
            limits.push(limit);
        }
        Ok(limits)
    })
}

/// Whether it is time to do this again that others can cause at will: a flood makes one report a second and not a thousand.
pub(crate) fn is_news(what: &str, now: Millis) -> bool {
    TOLD.with_borrow_mut(|told| {
        let news = told.get(what).is_none_or(|at| now.since(*at) >= SELDOM_MS);
        if news {
            make_room(told);
            told.insert(what.to_owned(), now);
        }
        news
    })
}

/// A full table is begun anew: what it forgets is asked for again.
fn make_room<K, V>(table: &mut HashMap<K, V>) {
    if table.len() >= MOST {
        table.clear();
    }
}

#[cfg(test)]
mod tests {
    use deskbell_shared::throttle::HANDOFFS_PER_VISITOR;

    use super::*;

    #[test]
    fn who_is_stopped_is_remembered_for_a_moment_and_never_beyond_the_ban() {
        let banned = |until| Refusal::banned(Some("calm down".to_owned()), Vec::new(), until, Millis(0));
        remember("a", &banned(None), Millis(1_000));
        remember("b", &banned(Some(Millis(1_200))), Millis(1_000));
        assert!(refuse_stopped("a", Millis(1_000 + REMEMBERED_MS - 1)).is_err());
        assert!(refuse_stopped("a", Millis(1_000 + REMEMBERED_MS)).is_ok());
        assert!(refuse_stopped("b", Millis(1_199)).is_err() && refuse_stopped("b", Millis(1_200)).is_ok());
        assert!(refuse_stopped("c", Millis(1_000)).is_ok());
    }

    #[test]
    fn what_is_used_up_is_asked_again_before_anything_comes_free() {
        let full = |wait_ms| Refusal::throttled("too many", wait_ms, Vec::new());
        remember_full("a", &full(20_000), Millis(1_000));
        remember_full("b", &full(1_500), Millis(1_000));
        let wait =
            |key, now| refuse_full(key, Millis(now)).err().map(|refusal| refusal.problem().retry_after_s);
        assert_eq!(wait("a", 1_500), Some(Some(20)));
        assert_eq!(wait("a", 1_000 + FULL_MS), None);
        assert_eq!((wait("b", 1_000), wait("b", 2_000), wait("c", 1_000)), (Some(Some(2)), None, None));
    }

    #[test]
    fn without_the_guard_the_quotas_still_hold_here() {
        let admitted = |now| admit(&[Policy::HandoffVisitor], "v", Millis(now)).is_ok();
        assert_eq!((0..20).filter(|_| admitted(5)).count(), HANDOFFS_PER_VISITOR.burst() as usize);
        assert!(admitted(5 + HANDOFFS_PER_VISITOR.interval_ms()));
    }

    #[test]
    fn a_flood_is_reported_once_a_second() {
        assert_eq!((0..3_000).filter(|now| is_news("x", Millis(1_000_000 + now))).count(), 3);
    }
}
