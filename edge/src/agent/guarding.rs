//! Appeals, rules and the record, as a site's people see and decide them.

use deskbell_shared::{
    guard::rules::{GuardRules, RulesRequest},
    wire::{DecideRequest, ProblemKind, Role, SiteId, TurnstileSetting},
};

use super::session::{Authority, agent};
use crate::{
    guard,
    platform::object::{self, ask, ask_text},
    refusal::{Outcome, Refusal},
    reply::Reply,
    site::{
        audit::PAGE,
        calls::{DecideAppeal, GetRules, ListAppeals, PutRules, ReadAudit, SetTurnstile},
        forget, view,
    },
    visit::Visit,
    watch::calls::{Count, Replay},
};

/// `GET /v1/sites/{site}/desk/appeals`.
pub(crate) async fn appeals(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    agent(visit, site, Role::Agent, Authority::ToRead).await?;
    Ok(Reply::json_text(ask_text(&visit.site_object(site)?, &ListAppeals {}).await?))
}

/// `POST /v1/sites/{site}/desk/appeals/{number}`.
pub(crate) async fn decide(visit: &Visit, site: &SiteId, number: u64) -> Outcome<Reply> {
    let (by, _) = agent(visit, site, Role::Agent, Authority::ToChange).await?;
    let DecideRequest { outcome } = visit.json().await?;
    let call = DecideAppeal { number, outcome, by };
    let decided = ask_text(&visit.site_object(site)?, &call).await?;
    forget(site);
    guard::forget_stopped();
    Ok(Reply::json_text(decided))
}

/// `GET /v1/sites/{site}/guard`.
pub(crate) async fn rules(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    agent(visit, site, Role::Agent, Authority::ToRead).await?;
    Ok(Reply::json_text(ask_text(&visit.site_object(site)?, &GetRules {}).await?))
}

/// `PUT /v1/sites/{site}/guard`.
pub(crate) async fn put_rules(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let (by, _) = agent(visit, site, Role::Admin, Authority::ToChange).await?;
    let RulesRequest { rules, was } = visit.json().await?;
    rules.check().map_err(|error| Refusal::new(ProblemKind::RulesInvalid, error.to_string()))?;
    let by = by.email.as_str().to_owned();
    ask(&visit.site_object(site)?, &PutRules { rules: rules.clone(), was, by }).await?;
    forget(site);
    Reply::json(&rules)
}

/// `GET /v1/sites/{site}/guard/turnstile`: the key; the secret is read by nobody.
pub(crate) async fn turnstile(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    agent(visit, site, Role::Agent, Authority::ToRead).await?;
    let key = view(visit, site).await?.settings.turnstile.clone();
    Reply::json(&TurnstileSetting { key, secret: None })
}

/// `PUT /v1/sites/{site}/guard/turnstile`.
pub(crate) async fn put_turnstile(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let (by, _) = agent(visit, site, Role::Admin, Authority::ToChange).await?;
    let TurnstileSetting { key, secret } = visit.json().await?;
    let call = SetTurnstile { key: key.clone(), secret, by: by.email.as_str().to_owned() };
    ask(&visit.site_object(site)?, &call).await?;
    forget(site);
    Reply::json(&TurnstileSetting { key, secret: None })
}

/// `GET /v1/sites/{site}/guard/figures`.
pub(crate) async fn figures(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    agent(visit, site, Role::Agent, Authority::ToRead).await?;
    let watch = object::named(&visit.env, object::WATCH, site.as_str())?;
    Ok(Reply::json_text(ask_text(&watch, &Count {}).await?))
}

/// `POST /v1/sites/{site}/guard/replay`.
pub(crate) async fn replay(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    agent(visit, site, Role::Agent, Authority::ToChange).await?;
    let rules: GuardRules = visit.json().await?;
    rules.check().map_err(|error| Refusal::new(ProblemKind::RulesInvalid, error.to_string()))?;
    let watch = object::named(&visit.env, object::WATCH, site.as_str())?;
    Ok(Reply::json_text(ask_text(&watch, &Replay { rules }).await?))
}

/// `GET /v1/sites/{site}/audit`: the whole record, one entry a line.
pub(crate) async fn audit(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    agent(visit, site, Role::Admin, Authority::ToRead).await?;
    let object = visit.site_object(site)?;
    let (mut lines, mut after) = (String::new(), 0);
    loop {
        let page = ask(&object, &ReadAudit { after }).await?;
        for entry in &page {
            lines.push_str(&serde_json::to_string(entry)?);
            lines.push('\n');
        }
        match page.last() {
            Some(last) if page.len() as u64 == PAGE => after = last.n,
            _ => break,
        }
    }
    Ok(Reply::text("application/x-ndjson", lines)
        .with("Content-Disposition", format!("attachment; filename=\"{site}-audit.jsonl\"")))
}
