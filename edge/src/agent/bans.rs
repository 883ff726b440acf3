//! Bans, as an agent makes and lifts them.

use deskbell_shared::wire::{BanId, BanRequest, BanScope, Role, SiteId};

use super::session::{Authority, agent};
use crate::{
    conversation::{self, calls::WhoIsIt},
    platform::object::{ask, ask_text},
    refusal::Outcome,
    reply::Reply,
    site::calls::{ListBans, MakeBan, Unban},
    visit::Visit,
};

/// `GET /v1/sites/{site}/bans`.
pub(crate) async fn list(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    agent(visit, site, Role::Agent, Authority::ToRead).await?;
    Ok(Reply::json_text(ask_text(&visit.site_object(site)?, &ListBans {}).await?))
}

/// `POST /v1/sites/{site}/bans`.
pub(crate) async fn make(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let (by, _) = agent(visit, site, Role::Agent, Authority::ToChange).await?;
    let request: BanRequest = visit.json().await?;
    let talk = conversation::object(&visit.env, site, request.conversation)?;
    let visitor = ask(&talk, &WhoIsIt {}).await?;
    let key = match request.scope {
        BanScope::Visitor => visitor.visitor,
        BanScope::Address => visitor.address,
    };
    let ban = ask_text(&visit.site_object(site)?, &MakeBan { request, key, by }).await?;
    Ok(Reply::json_text(ban).with_status(201))
}

/// `DELETE /v1/sites/{site}/bans/{id}`.
pub(crate) async fn lift(visit: &Visit, site: &SiteId, id: BanId) -> Outcome<Reply> {
    let (by, _) = agent(visit, site, Role::Agent, Authority::ToChange).await?;
    ask(&visit.site_object(site)?, &Unban { id, by }).await?;
    Ok(Reply::status(204))
}
