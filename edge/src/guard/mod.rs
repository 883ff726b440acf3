//! Asking the guard: who may open something now, counted exactly, from the narrowest quota to the widest, and judged
//! by how they have behaved.
//!
//! Cheap first: what this isolate remembers ([`local`]), then Cloudflare's own limit, then the shards.

pub(crate) mod calls;
mod gate;
mod local;
mod proof;
mod quotas;
pub(crate) mod records;
mod subject;
mod telling;

use deskbell_shared::{
    guard::{
        conduct::{Conduct, Verdict},
        opening::{Around, difficulty, judge},
        signal::Signal,
    },
    throttle::ClientAddress,
    wire::{AlertKind, Email, Problem, ProblemKind, SiteId, VisitorId},
};
use worker::Env;

use self::calls::{Admit, Admitted, BansBy, GiveBack, Judged, Policy, PutBan, Remember, Stop, Suspect};
use self::proof::Brought;
pub(crate) use self::quotas::{Act, throttled};
use self::quotas::{Asked, quotas_of};
use self::telling::turned_away;
pub(crate) use self::{
    gate::refuse_at_the_gate,
    local::{forget_stopped, is_news},
    proof::{is_answer, pass_for, sealed},
    subject::{Who, around, country_key, range_key},
    telling::note_wrong_sign_in,
};
use crate::{
    desk::calls::Raise,
    limits::Limit,
    platform::{
        now,
        object::{self, Object, ask},
        patience::within,
    },
    refusal::{Outcome, Refusal},
    site,
    visit::Visit,
};

/// The coarse limit, as `wrangler.toml` has it: so many requests of one address,
const COARSE_LIMIT: u32 = 600;
/// in so many seconds.
const COARSE_PERIOD_S: u64 = 10;

/// That something was admitted, and what was counted for it.
pub(crate) struct Admission {
    /// Where the quotas stand that were consulted.
    pub(crate) limits: Vec<Limit>,
    /// How the visitor has behaved so far.
    pub(crate) conduct: Conduct,
    counted: Vec<(Object, GiveBack)>,
}

/// Admits an act at a site, and counts it by every quota it falls under, or by none.
///
/// The quotas live in different shards. They are asked from the narrowest to the widest, and what was counted
/// is given back when a later one refuses. So a flood that its own address stops never uses up the site's.
///
/// # Errors
/// *Throttled*, with the quota that said so; *banned*, with the reason; *challenge needed*.
pub(crate) async fn admit(visit: &Visit, site: &SiteId, act: Act<'_>) -> Outcome<Admission> {
    let mut admission = Admission { limits: Vec::new(), conduct: Conduct::default(), counted: Vec::new() };
    let about = act.about();
    let outcome = admission.ask_all(visit, site, act).await;
    if let Err(refusal) = outcome {
        admission.give_back().await;
        if refusal.is_the_guards() {
            turned_away(visit, site, &about, &refusal).await;
        }
        return Err(refusal);
    }
    Ok(admission)
}

impl Admission {
    async fn ask_all(&mut self, visit: &Visit, site: &SiteId, act: Act<'_>) -> Outcome<()> {
        let view = site::view(visit, site).await?;
        let thresholds = view.watch.thresholds;
        let visitor = act.visitor().map(|visitor| Who::Visitor(visitor).ban_name(&visit.keys, site));
        // First of all, as it costs nothing: somebody who is stopped asks often.
        if let Some(subject) = visitor.as_deref().filter(|_| act.may_be_banned()) {
            local::refuse_stopped(subject, visit.now)?;
        }
        let brought = match &visitor {
            Some(subject) => proof::brought(visit, site, subject),
            None => Brought::Nothing,
        };
        let mut proven = matches!(brought, Brought::Answer(_));
        let mut around = Conduct::default();
        let from = || Who::Address(visit.address).rate_name(&visit.keys, site);
        let set = |subject: &str, bits| proof::set(visit, site, subject, bits, view.turnstile());
        if let (true, Brought::Nothing, Some(subject)) = (act.is_spared_by_proof(), &brought, &visitor) {
            // A flood with a new name for each request stops here, and asks no shard about its names.
            if let Err(refusal) = local::refuse_full(&from(), visit.now) {
                let bits = difficulty(&self.conduct, &around, thresholds, visit.now);
                return Err(refusal.or_solve(set(subject, bits)?));
            }
        }
        let said = act.said(site, &view.watch);
        let words = said.as_ref().and_then(|(_, evidence)| evidence.sketch.names());
        let bans = BansBy { thresholds, site: site.clone() };
        let mut quotas = quotas_of(visit.address, &act, words, proven).into_iter();
        while let Some(asked) = quotas.next() {
            let Asked { who, .. } = asked;
            let judged = match (who, act.is_judged()) {
                (Who::Visitor(_), true) => Some(Judged {
                    said: said.clone(),
                    signals: match brought {
                        Brought::Rubbish => vec![Signal::FailedChallenge],
                        _ => Vec::new(),
                    },
                    spends: match brought {
                        Brought::Answer(id) => Some(id),
                        _ => None,
                    },
                    bans: Some(bans.clone()),
                }),
                (Who::Address(_), true) => {
                    Some(Judged { said: None, signals: Vec::new(), spends: None, bans: None })
                }
                _ => None,
            };
            let refused = self.ask_one(visit, site, &asked, visitor.as_deref(), judged).await;
            let admitted = match refused {
                Ok(admitted) => admitted,
                // Many honest people share an address: whoever solves a puzzle is counted apart.
                Err(refusal) if asked.spared_by_proof && !proven => {
                    let Some(subject) = visitor.as_deref() else { return Err(refusal) };
                    let refusal = match who {
                        Who::Words(_) => {
                            suspect(visit, subject, Signal::Copied).await;
                            refusal.explained_by(Signal::Copied)
                        }
                        _ => refusal,
                    };
                    if matches!(who, Who::Address(_)) {
                        local::remember_full(&from(), &refusal, visit.now);
                    }
                    let bits = difficulty(&self.conduct, &around, thresholds, visit.now);
                    return Err(refusal.or_solve(set(subject, bits)?));
                }
                Err(refusal) => return Err(refusal),
            };
            match who {
                Who::Visitor(_) => {
                    if admitted.spent_before {
                        // The visitor, whose shard knows that, stands first: what follows goes by the narrower quotas.
                        proven = false;
                        quotas = quotas_of(visit.address, &act, words, proven).into_iter();
                        quotas.next();
                    }
                    self.conduct = admitted.conduct;
                }
                Who::Address(_) => around = admitted.conduct,
                // Where somebody has signed in before, others cannot keep them out from elsewhere.
                Who::PersonFrom(..) if admitted.known => {
                    let of_here = quotas.filter(|asked| matches!(asked.who, Who::Address(_)));
                    quotas = of_here.collect::<Vec<_>>().into_iter();
                }
                _ => {}
            }
        }
        let Some(subject) = visitor.filter(|_| act.is_judged()) else { return Ok(()) };
        let shield = act.begins_a_talk() && view.shield_is_up();
        match judge(&mut self.conduct, Around { address: &around, shield, proven }, thresholds, visit.now) {
            Verdict::Challenge { bits } => {
                let reasons = self.conduct.reasons(visit.now);
                Err(Problem::challenged(set(&subject, bits)?, reasons).into())
            }
            Verdict::Ban { .. } => {
                // What was counted for it stays counted.
                self.counted.clear();
                let call = Stop { key: subject, by: bans };
                let stopped = async { ask(&shard(&visit.env, &call.key)?, &call).await };
                let late = || Err(Refusal::failed("a shard gave no answer in time"));
                let ban = within(local::PATIENCE_MS, stopped).await.unwrap_or_else(late)?;
                Err(stop(visit, site, ban).await)
            }
            Verdict::Take | Verdict::Hint | Verdict::Wait { .. } => Ok(()),
        }
    }

    /// Asks the shard of one key, or decides here when it does not answer.
    async fn ask_one(
        &mut self,
        visit: &Visit,
        site: &SiteId,
        asked: &Asked<'_>,
        visitor: Option<&str>,
        judged: Option<Judged>,
    ) -> Outcome<Admitted> {
        let ban = match (asked.who, visitor) {
            (Who::Visitor(_), Some(name)) => name.to_owned(),
            _ => asked.who.ban_name(&visit.keys, site),
        };
        let may_be_banned = asked.may_be_banned && asked.who.can_be_banned();
        if may_be_banned {
            local::refuse_stopped(&ban, visit.now)?;
        }
        let key = asked.who.rate_name(&visit.keys, site);
        let (policies, counted) = (asked.policies.clone(), now());
        let call = Admit {
            policies: policies.clone(),
            key: key.clone(),
            ban: may_be_banned.then(|| ban.clone()),
            judged,
            recognises: matches!(asked.who, Who::PersonFrom(..)),
        };
        let answer = within(local::PATIENCE_MS, async {
            let shard = shard(&visit.env, &ban)?;
            let admitted = ask(&shard, &call).await?;
            Ok::<_, Refusal>((shard, admitted))
        });
        match answer.await {
            Some(Ok((shard, admitted))) => {
                if let Some(stopped) = admitted.stopped {
                    return Err(stop(visit, site, stopped).await);
                }
                self.limits.extend(admitted.limits.iter().cloned());
                self.counted.push((shard, GiveBack { policies, key, counted }));
                Ok(admitted)
            }
            Some(Err(refusal)) if refusal.problem().status < 500 => {
                if refusal.problem().kind == ProblemKind::Banned {
                    local::remember(&ban, &refusal, visit.now);
                }
                Err(refusal)
            }
            failed => {
                let late = || Refusal::failed("a shard gave no answer in time");
                failed.and_then(Result::err).unwrap_or_else(late).log("guard: deciding locally");
                raise_guard_down(visit, site).await;
                let limits = local::admit(&policies, &key, visit.now)?;
                self.limits.extend(limits.iter().cloned());
                Ok(Admitted { limits, ..Admitted::default() })
            }
        }
    }

    /// The outcome of what was admitted. When it failed on our side, what was counted for it is given back; what was
    /// refused for a reason counts as tried.
    pub(crate) async fn stands_for<T>(&self, outcome: Outcome<T>) -> Outcome<T> {
        if outcome.as_ref().is_err_and(|refusal| refusal.problem().status >= 500) {
            self.give_back().await;
        }
        outcome
    }

    /// Somebody has shown who they are: nothing of it counts, and where they did so is remembered.
    pub(crate) async fn was_theirs(&self, visit: &Visit, site: &SiteId, email: &Email) {
        self.give_back().await;
        let here = Who::PersonFrom(email, visit.address);
        let call = Remember { key: here.rate_name(&visit.keys, site) };
        let remembered = async { ask(&shard(&visit.env, &here.ban_name(&visit.keys, site))?, &call).await };
        if let Some(Err(refusal)) = within(local::PATIENCE_MS, remembered).await {
            refusal.log("guard");
        }
    }

    /// Gives back everything that was counted.
    pub(crate) async fn give_back(&self) {
        self.give_back_of(|_| true).await;
    }

    /// Gives back what was counted by a quota that others share.
    pub(crate) async fn give_back_by(&self, policy: Policy) {
        self.give_back_of(|call| call.policies.contains(&policy)).await;
    }

    async fn give_back_of(&self, is_meant: impl Fn(&GiveBack) -> bool) {
        for (shard, call) in self.counted.iter().filter(|(_, call)| is_meant(call)) {
            // What cannot be given back comes free by itself, only later.
            if let Some(Err(refusal)) = within(local::PATIENCE_MS, ask(shard, call)).await {
                refusal.log("guard");
            }
        }
    }
}

/// The guard has just stopped somebody: the site is told at once, where people see and undo it. The shard tells it again
/// if that fails.
async fn stop(visit: &Visit, site: &SiteId, ban: PutBan) -> Refusal {
    let call = ban.told();
    let told = async { ask(&visit.site_object(site)?, &call).await };
    if let Err(refusal) = told.await {
        refusal.log("telling the site of a ban");
    }
    let refusal = Refusal::banned(None, call.signals, call.until, visit.now);
    local::remember(&call.key, &refusal, visit.now);
    refusal
}

/// Notes against a visitor that they answered a challenge wrongly.
pub(crate) async fn suspect_visitor(visit: &Visit, site: &SiteId, visitor: VisitorId) {
    suspect(visit, &Who::Visitor(visitor).ban_name(&visit.keys, site), Signal::FailedChallenge).await;
}

/// Notes against an address that it brought a token which was never ours.
pub(crate) async fn suspect_address(visit: &Visit, site: &SiteId, signal: Signal) {
    let key = Who::Address(visit.address).ban_name(&visit.keys, site);
    suspect(visit, &key, signal).await;
}

/// Notes that something speaks against a key: at most once a second, however often it does.
async fn suspect(visit: &Visit, key: &str, signal: Signal) {
    if !local::is_news(key, visit.now) {
        return;
    }
    let told = async { ask(&shard(&visit.env, key)?, &Suspect { key: key.to_owned(), signal }).await };
    if let Some(Err(refusal)) = within(local::PATIENCE_MS, told).await {
        refusal.log("guard");
    }
}

/// Tells the site's people that the guard's objects do not answer.
async fn raise_guard_down(visit: &Visit, site: &SiteId) {
    raise(visit, site, AlertKind::GuardDown).await;
}

/// Tells the site's people of something that does not work: once a second, however often it fails.
pub(crate) async fn raise(visit: &Visit, site: &SiteId, kind: AlertKind) {
    if !local::is_news(&format!("{kind:?}/{site}"), visit.now) {
        return;
    }
    let told = async { ask(&visit.desk_object(site)?, &Raise { kind }).await };
    if let Some(Err(refusal)) = within(local::PATIENCE_MS, told).await {
        refusal.log("raising the alarm");
    }
}

/// Holds back an address that reads far more than people do, before anything behind the door is asked.
///
/// The platform counts for each of its locations and only roughly: this is a ceiling, and nothing relies on it. So
/// when it cannot be asked, reading goes on.
///
/// # Errors
/// *Throttled.*
pub(crate) async fn hold_back_floods(visit: &Visit) -> Outcome<()> {
    let key = visit.keys.rate.name(&[b"reading", visit.address.as_ref().map_or(&[], ClientAddress::bytes)]);
    let limited = async { visit.env.rate_limiter("COARSE_LIMIT")?.limit(key).await };
    match limited.await {
        Ok(outcome) if !outcome.success => {
            let limit = Limit {
                name: "requests-address".to_owned(),
                quota: COARSE_LIMIT,
                window_s: COARSE_PERIOD_S,
                remaining: 0,
                reset_s: COARSE_PERIOD_S,
            };
            let detail = "Too many requests came from here in a short time.";
            Err(Refusal::throttled(detail, COARSE_PERIOD_S * 1000, vec![limit]))
        }
        Ok(_) => Ok(()),
        Err(error) => {
            if local::is_news("coarse limit", visit.now) {
                Refusal::failed(error).log("coarse limit");
            }
            Ok(())
        }
    }
}

/// The shard that keeps the key of this ban HMAC.
///
/// # Errors
/// When the binding is missing.
pub(crate) fn shard(env: &Env, ban: &str) -> Outcome<Object> {
    object::named(env, object::GUARD, subject::shard_of(ban))
}
