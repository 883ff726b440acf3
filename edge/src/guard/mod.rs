//! Asking the guard: who may open something now, counted exactly, from the narrowest quota to the widest.

pub(crate) mod calls;
mod subject;

use deskbell_shared::{
    throttle::ClientAddress,
    wire::{Email, SiteId, VisitorId},
};
use worker::Env;

use self::calls::{Admit, GiveBack, Policy};
use self::subject::hex;
pub(crate) use self::subject::{Subject, Who};
use crate::{
    limits::Limit,
    platform::{
        now,
        object::{self, Object, ask},
    },
    refusal::{Outcome, Refusal},
    visit::Visit,
};

/// The coarse limit, as `wrangler.toml` has it: so many requests of one address,
const COARSE_LIMIT: u32 = 600;
/// in so many seconds.
const COARSE_PERIOD_S: u64 = 10;

/// Something that opens a way in, and so is counted exactly.
pub(crate) enum Act<'a> {
    /// A visitor is handed to a person.
    Handoff(VisitorId),
    /// A visitor comes back to a conversation, or opens a socket to it.
    Session(VisitorId),
    /// Somebody tries to sign in as this person.
    SignIn(&'a Email),
}

/// That something was admitted, and what was counted for it.
pub(crate) struct Admission {
    /// Where the quotas stand that were consulted.
    pub(crate) limits: Vec<Limit>,
    counted: Vec<(Object, GiveBack)>,
}

/// Admits an act at a site, and counts it by every quota it falls under, or by none.
///
/// The quotas live in different shards. They are asked from the narrowest to the widest, and what was counted
/// is given back when a later one refuses. So a flood that its own address stops never uses up the site's.
///
/// # Errors
/// *Throttled*, with the quota that said so; *banned*, with the agent's reason.
pub(crate) async fn admit(visit: &Visit, site: &SiteId, act: Act<'_>) -> Outcome<Admission> {
    let mut admission = Admission { limits: Vec::new(), counted: Vec::new() };
    for (policy, who) in quotas_of(visit.address(), &act) {
        let Subject { rate: key, ban } = who.hidden(&visit.keys, site);
        let shard = shard(&visit.env, &ban)?;
        let ban = who.can_be_banned().then_some(ban);
        let counted = now();
        match ask(&shard, &Admit { policy, key: key.clone(), ban }).await {
            Ok(limit) => {
                admission.limits.push(limit);
                admission.counted.push((shard, GiveBack { policy, key, counted }));
            }
            Err(refusal) => {
                admission.give_back().await;
                return Err(refusal);
            }
        }
    }
    Ok(admission)
}

/// Holds back an address that reads far more than people do, before anything behind the door is asked.
///
/// The platform counts for each of its locations and only roughly: this is a ceiling, and nothing relies on it. So
/// when it cannot be asked, reading goes on.
///
/// # Errors
/// *Throttled.*
pub(crate) async fn hold_back_floods(visit: &Visit) -> Outcome<()> {
    let key =
        hex(&visit.keys.rate.mac(&[b"reading", visit.address().as_ref().map_or(&[], ClientAddress::bytes)]));
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
            Refusal::failed(error).log("coarse limit");
            Ok(())
        }
    }
}

impl Admission {
    /// The outcome of what was admitted. When it failed on our side, what was counted for it is given back; what was
    /// refused for a reason counts as tried.
    pub(crate) async fn stands_for<T>(&self, outcome: Outcome<T>) -> Outcome<T> {
        if outcome.as_ref().is_err_and(|refusal| refusal.problem().status >= 500) {
            self.give_back().await;
        }
        outcome
    }

    /// Gives back everything that was counted.
    pub(crate) async fn give_back(&self) {
        for (shard, call) in &self.counted {
            // What cannot be given back comes free by itself, only later.
            if let Err(refusal) = ask(shard, call).await {
                refusal.log("guard");
            }
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

/// The quotas an act falls under, from the narrowest to the widest.
fn quotas_of<'a>(address: Option<ClientAddress>, act: &Act<'a>) -> Vec<(Policy, Who<'a>)> {
    let (narrowest, address_policy, network_policy, wider, site_policy) = match act {
        Act::Handoff(visitor) => (
            (Policy::HandoffVisitor, Who::Visitor(*visitor)),
            Policy::HandoffAddress,
            Policy::HandoffNetwork,
            None,
            Policy::HandoffSite,
        ),
        Act::Session(visitor) => (
            (Policy::SessionVisitor, Who::Visitor(*visitor)),
            Policy::SessionAddress,
            Policy::SessionNetwork,
            None,
            Policy::SessionSite,
        ),
        Act::SignIn(email) => (
            (Policy::SignInPersonFrom, Who::PersonFrom(email, address)),
            Policy::SignInAddress,
            Policy::SignInNetwork,
            Some((Policy::SignInPerson, Who::Person(email))),
            Policy::SignInSite,
        ),
    };
    let mut quotas = vec![narrowest, (address_policy, Who::Address(address))];
    if let Some(address) = address
        && address.network().is_some()
    {
        quotas.push((network_policy, Who::Network(address)));
    }
    quotas.extend(wider);
    quotas.push((site_policy, Who::Site));
    quotas
}
