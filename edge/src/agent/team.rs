//! What the site's people do among themselves: who looks after which conversation, what they note about it, and what else its
//! visitor has asked.

use deskbell_shared::wire::{
    AssignRequest, ConversationId, NoteRequest, ProblemKind, Role, SiteId, Team, Teammate,
};

use super::session::{Authority, agent};
use crate::{
    conversation::{
        self,
        calls::{Assign, ListNotes, MakeNote},
    },
    desk::calls::History,
    platform::object::{ask, ask_text},
    refusal::{Outcome, Refusal},
    reply::Reply,
    site::calls::ListTeam,
    visit::Visit,
};

/// `GET /v1/sites/{site}/team`.
pub(crate) async fn list(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    agent(visit, site, Role::Viewer, Authority::ToRead).await?;
    Reply::json(&Team { teammates: team(visit, site).await? })
}

/// `PUT /v1/sites/{site}/conversations/{id}/assignee`.
pub(crate) async fn assign(visit: &Visit, site: &SiteId, id: ConversationId) -> Outcome<Reply> {
    agent(visit, site, Role::Agent, Authority::ToChange).await?;
    let AssignRequest { to, instead_of } = visit.json().await?;
    let to = match to {
        None => None,
        Some(email) => {
            let found = team(visit, site).await?.into_iter().find(|teammate| teammate.email == email);
            Some(found.ok_or_else(|| {
                Refusal::new(ProblemKind::NotFound, "Nobody who can answer visitors has this e-mail address.")
            })?)
        }
    };
    ask(&conversation::object(&visit.env, site, id)?, &Assign { to, instead_of, while_waiting: false })
        .await?;
    Ok(Reply::status(204))
}

/// `GET /v1/sites/{site}/conversations/{id}/notes`.
pub(crate) async fn notes(visit: &Visit, site: &SiteId, id: ConversationId) -> Outcome<Reply> {
    agent(visit, site, Role::Viewer, Authority::ToRead).await?;
    Ok(Reply::json_text(ask_text(&conversation::object(&visit.env, site, id)?, &ListNotes {}).await?))
}

/// `POST /v1/sites/{site}/conversations/{id}/notes`.
pub(crate) async fn note(visit: &Visit, site: &SiteId, id: ConversationId) -> Outcome<Reply> {
    let (person, _) = agent(visit, site, Role::Agent, Authority::ToChange).await?;
    let NoteRequest { id: note, text } = visit.json().await?;
    let by = Teammate { email: person.email, name: person.name };
    let call = MakeNote { id: note, text, by };
    Ok(Reply::json_text(ask_text(&conversation::object(&visit.env, site, id)?, &call).await?))
}

/// `GET /v1/sites/{site}/conversations/{id}/history`.
pub(crate) async fn history(visit: &Visit, site: &SiteId, id: ConversationId) -> Outcome<Reply> {
    agent(visit, site, Role::Viewer, Authority::ToRead).await?;
    Ok(Reply::json_text(ask_text(&visit.desk_object(site)?, &History { conversation: id }).await?))
}

async fn team(visit: &Visit, site: &SiteId) -> Outcome<Vec<Teammate>> {
    ask(&visit.site_object(site)?, &ListTeam {}).await
}
