//! A site's settings, for the operator and the site's admins.

use deskbell_shared::wire::{Role, SiteId, SiteRequest};

use super::{
    calls::{PutSite, SiteChange},
    forget, view,
};
use crate::{
    agent::session::{Authority, operator, operator_or},
    platform::object::ask,
    refusal::Outcome,
    reply::Reply,
    visit::Visit,
};

/// `PUT /v1/sites/{site}`: makes a site, or changes its settings.
pub(crate) async fn put(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    operator(visit)?;
    let SiteRequest { settings, owner, turnstile_secret } = visit.json().await?;
    let answer = settings.clone();
    let call = PutSite { site: site.clone(), settings, owner, turnstile_secret };
    let change = ask(&visit.site_object(site)?, &call).await?;
    forget(site);
    Ok(Reply::json(&answer)?.with_status(if change == SiteChange::Made { 201 } else { 200 }))
}

/// `GET /v1/sites/{site}/settings`.
pub(crate) async fn get(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    operator_or(visit, site, Role::Admin, Authority::ToRead).await?;
    Reply::json(&view(visit, site).await?.settings)
}
