//! What the site's objects are told of those who were turned away: together, once a second, after the answers have left.

use std::{cell::RefCell, collections::HashMap, time::Duration};

use deskbell_shared::{
    guard::{ladder::Rung, record::Decision, signal::Signal},
    wire::{Email, Millis, SiteId},
};

use super::{Who, country_key, local, quotas::About, records};
use crate::{
    conversation::calls::VisitorKeys,
    desk,
    platform::{
        now,
        object::{self, ask},
        patience::within,
    },
    refusal::Refusal,
    site::{self, calls::RefusedSignIns, gathering::Why, refusals::RefusedSignIn},
    visit::Visit,
    watch::calls::Keep,
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
struct TurnedAway {
    /// How many.
    count: u32,
    /// What was decided about them.
    decisions: Vec<Decision>,
    /// Those of them who wanted to sign in.
    sign_ins: Vec<RefusedSignIn>,
}

impl TurnedAway {
    /// One more, about whom this was decided.
    fn add(&mut self, decided: impl FnOnce() -> Decision) {
        self.count = self.count.saturating_add(1);
        self.note(decided);
    }

    /// Something was decided, with nobody turned away by it.
    fn note(&mut self, decided: impl FnOnce() -> Decision) {
        if self.decisions.len() < MOST_DECISIONS {
            self.decisions.push(decided());
        }
    }

    /// One more who wanted to sign in. The same again is counted with the first.
    fn add_sign_in(&mut self, mut refused: RefusedSignIn, decided: impl FnOnce() -> Decision) {
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

/// Counts that somebody was turned away.
pub(super) async fn turned_away(visit: &Visit, site: &SiteId, about: &About, refusal: &Refusal) {
    let decided = || records::of_refusal(refusal);
    match about {
        About::Visitor(visitor, words, talk) => {
            // Of where they are, the record has the country alone.
            let keys = || VisitorKeys {
                visitor: Who::Visitor(*visitor).ban_name(&visit.keys, site),
                address: Who::Address(visit.address).ban_name(&visit.keys, site),
                around: visit.country().map(country_key).into_iter().collect(),
            };
            let decision = || {
                let decision = records::decision(&visit.keys, &keys(), None, decided(), words, visit.now);
                Decision { before: *talk, ..decision }
            };
            tell_soon(visit, site, |away| away.add(decision)).await;
        }
        About::Person(email) => {
            let from = records::place_of(visit, site);
            let refused = RefusedSignIn { email: email.clone(), why: Why::Throttled, from, times: 1 };
            let decision = || records::sign_in(visit, site, email.as_ref(), decided());
            tell_soon(visit, site, |away| away.add_sign_in(refused, decision)).await;
        }
    }
}

/// Keeps for the record that a sign-in was refused by the site itself, which has written it down by then.
pub(crate) async fn note_wrong_sign_in(visit: &Visit, site: &SiteId, email: Option<&Email>) {
    let decision = || records::sign_in(visit, site, email, (Rung::Hint, vec![Signal::SignIn]));
    tell_soon(visit, site, |away| away.note(decision)).await;
}

/// Adds to what the site's objects are told once a second, after the answer has left: the desk knows whether it is an
/// attack, the watch keeps the record, and the site that of refused sign-ins.
async fn tell_soon(visit: &Visit, site: &SiteId, add: impl FnOnce(&mut TurnedAway)) {
    let Some(wait) = tell_in(site, visit.now, add) else { return };
    let Ok(keep_days) = site::view(visit, site).await.map(|view| view.watch.keep_days) else { return };
    let (env, site) = (visit.env.clone(), site.clone());
    visit.afterwards.run(async move {
        worker::Delay::from(Duration::from_millis(wait)).await;
        let TurnedAway { count, decisions, sign_ins: refused } = take_turned_away(&site, now());
        let object = |binding| object::named(&env, binding, site.as_str());
        let tell_desk = async {
            if count > 0 {
                let call = desk::calls::TurnedAway { site: site.clone(), count };
                ask(&object(object::DESK)?, &call).await?;
            }
            Ok(())
        };
        let tell_watch = async {
            if !decisions.is_empty() {
                ask(&object(object::WATCH)?, &Keep { decisions, keep_days, sent: Vec::new() }).await?;
            }
            Ok(())
        };
        let tell_site = async {
            if !refused.is_empty() {
                ask(&object(object::SITE)?, &RefusedSignIns { refused }).await?;
            }
            Ok::<_, Refusal>(())
        };
        // One that does not answer keeps nothing from the others.
        let told = [
            ("desk", within(local::PATIENCE_MS, tell_desk).await),
            ("watch", within(local::PATIENCE_MS, tell_watch).await),
            ("site", within(local::PATIENCE_MS, tell_site).await),
        ];
        for (whom, told) in told {
            if let Some(Err(refusal)) = told {
                refusal.log(&format!("telling the {whom} of those turned away"));
            }
        }
    });
}

/// Adds to what is to be told of a site; in how many milliseconds that is due, unless somebody is about to.
fn tell_in(site: &SiteId, now: Millis, add: impl FnOnce(&mut TurnedAway)) -> Option<u64> {
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
fn take_turned_away(site: &SiteId, now: Millis) -> TurnedAway {
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
