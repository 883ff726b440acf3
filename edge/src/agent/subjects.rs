//! What a site's talks are about.

use std::collections::BTreeSet;

use deskbell_shared::wire::{ConversationId, ProblemKind, Role, SiteId, Subject, SubjectRequest, Subjects};

use super::session::{Authority, agent, operator_or};
use crate::{
    conversation::{self, calls::SetSubject},
    platform::object::ask,
    refusal::{Outcome, Refusal},
    reply::Reply,
    site::calls::GetSubjects,
    visit::Visit,
};

/// `GET /v1/sites/{site}/subjects`.
pub(crate) async fn list(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    operator_or(visit, site, Role::Viewer, Authority::ToRead).await?;
    Reply::json(&Subjects { subjects: there_are(visit, site).await?.into_iter().collect() })
}

/// `PUT /v1/sites/{site}/conversations/{id}/subject`.
pub(crate) async fn set(visit: &Visit, site: &SiteId, id: ConversationId) -> Outcome<Reply> {
    agent(visit, site, Role::Agent, Authority::ToChange).await?;
    let SubjectRequest { subject } = visit.json().await?;
    if let Some(subject) = &subject
        && !there_are(visit, site).await?.contains(subject)
    {
        return Err(Refusal::new(ProblemKind::NotFound, "No entry of the FAQ is about this."));
    }
    ask(&conversation::object(&visit.env, site, id)?, &SetSubject { subject }).await?;
    Ok(Reply::status(204))
}

/// Those of the FAQ in force.
async fn there_are(visit: &Visit, site: &SiteId) -> Outcome<BTreeSet<Subject>> {
    Ok(ask(&visit.site_object(site)?, &GetSubjects {}).await?.into_values().collect())
}
