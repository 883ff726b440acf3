//! The answers that the site's people give again and again: everybody who can answer visitors keeps them.

use deskbell_shared::wire::{ProblemKind, ReplyId, Role, SiteId};

use super::session::{Authority, agent};
use crate::{
    platform::object::{Call, ask_text},
    refusal::{Outcome, Refusal},
    reply::Reply,
    site::calls::{DropReply, ListReplies, PutReply},
    visit::Visit,
};

/// `GET /v1/sites/{site}/replies`.
pub(crate) async fn list(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    agent(visit, site, Role::Viewer, Authority::ToRead).await?;
    answer(visit, site, &ListReplies {}).await
}

/// `PUT /v1/sites/{site}/replies/{id}`.
pub(crate) async fn put(visit: &Visit, site: &SiteId, id: ReplyId) -> Outcome<Reply> {
    agent(visit, site, Role::Agent, Authority::ToChange).await?;
    answer(visit, site, &PutReply { id, request: visit.json().await? }).await
}

/// `DELETE /v1/sites/{site}/replies/{id}?version=N`.
pub(crate) async fn remove(visit: &Visit, site: &SiteId, id: ReplyId) -> Outcome<Reply> {
    agent(visit, site, Role::Agent, Authority::ToChange).await?;
    let version = visit.query("version").and_then(|text| text.parse().ok()).ok_or_else(|| {
        Refusal::new(ProblemKind::Malformed, "version: that of the reply, as it was seen last")
    })?;
    answer(visit, site, &DropReply { id, version }).await
}

async fn answer(visit: &Visit, site: &SiteId, call: &impl Call) -> Outcome<Reply> {
    Ok(Reply::json_text(ask_text(&visit.site_object(site)?, call).await?))
}
