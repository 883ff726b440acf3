//! A site's settings, for the operator and the site's admins.

use deskbell_shared::wire::{LookRequest, Role, SiteId, SiteRequest};

use super::{
    calls::{PutSite, SetLook, SiteChange},
    forget, view,
};
use crate::{
    agent::session::{Authority, agent, operator, operator_or},
    platform::object::ask,
    refusal::Outcome,
    reply::Reply,
    visit::Visit,
};

/// `PUT /v1/sites/{site}`: makes a site, or changes its settings. With `If-None-Match: *` it has to be new.
pub(crate) async fn put(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    operator(visit)?;
    let SiteRequest { settings, owner, no_second_factor, turnstile_secret } = visit.json().await?;
    let answer = settings.clone();
    let new = visit.header("If-None-Match").is_some_and(|header| header.trim() == "*");
    let call = PutSite { site: site.clone(), new, settings, owner, no_second_factor, turnstile_secret };
    let change = ask(&visit.site_object(site)?, &call).await?;
    forget(site);
    Ok(Reply::json(&answer)?.with_status(if change == SiteChange::Made { 201 } else { 200 }))
}

/// `GET /v1/sites/{site}/settings`.
pub(crate) async fn get(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    operator_or(visit, site, Role::Admin, Authority::ToRead).await?;
    // Whoever changes one of them sends all of them back: none may be of a moment ago.
    forget(site);
    Reply::json(&view(visit, site).await?.settings)
}

/// `PUT /v1/sites/{site}/settings`.
pub(crate) async fn put_look(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let (by, _) = agent(visit, site, Role::Admin, Authority::ToChange).await?;
    let request: LookRequest = visit.json().await?;
    let call = SetLook { request, by: by.email.as_str().to_owned() };
    let settings = ask(&visit.site_object(site)?, &call).await?;
    forget(site);
    Reply::json(&settings)
}
