//! Bans, as an agent makes and lifts them.

use deskbell_shared::{
    guard::rules::check_word,
    wire::{BanId, BanPreview, BanRequest, BanScope, ConversationId, ProblemKind, Role, SiteId},
};

use super::session::{Authority, agent};
use crate::{
    conversation::{self, calls::WhoIsIt},
    desk::calls::WithVisitor,
    guard,
    platform::object::{ask, ask_text},
    refusal::{Outcome, Refusal},
    reply::Reply,
    site::{
        calls::{ListBans, MakeBan, Unban},
        forget,
    },
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
    let mut request: BanRequest = visit.json().await?;
    let key = key_of(visit, site, &request).await?;
    if !matches!(request.scope, BanScope::Visitor | BanScope::Address) {
        // It stands for a visitor or an address; nobody has looked whether there is one.
        request.conversation = None;
    }
    let ban = ask_text(&visit.site_object(site)?, &MakeBan { request, key, by }).await?;
    forget(site);
    Ok(Reply::json_text(ban).with_status(201))
}

/// `POST /v1/sites/{site}/bans/preview`: whom a ban would stop, without making it.
pub(crate) async fn preview(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    agent(visit, site, Role::Agent, Authority::ToChange).await?;
    let request: BanRequest = visit.json().await?;
    let key = key_of(visit, site, &request).await?;
    let conversations: Vec<ConversationId> = if key.is_empty() {
        Vec::new()
    } else {
        let is_around = matches!(request.scope, BanScope::Range(_) | BanScope::Country(_));
        ask(&visit.desk_object(site)?, &WithVisitor { key, is_around }).await?
    };
    Reply::json(&BanPreview { conversations })
}

/// `DELETE /v1/sites/{site}/bans/{id}`.
pub(crate) async fn lift(visit: &Visit, site: &SiteId, id: BanId) -> Outcome<Reply> {
    let (by, _) = agent(visit, site, Role::Agent, Authority::ToChange).await?;
    ask(&visit.site_object(site)?, &Unban { id, by }).await?;
    forget(site);
    guard::forget_stopped();
    Ok(Reply::status(204))
}

/// The key by which a ban finds whom it stops; empty for words.
async fn key_of(visit: &Visit, site: &SiteId, request: &BanRequest) -> Outcome<String> {
    match &request.scope {
        BanScope::Visitor | BanScope::Address => {
            let id = request.conversation.ok_or_else(|| {
                Refusal::new(ProblemKind::Malformed, "conversation: the one whose visitor is meant")
            })?;
            let visitor = ask(&conversation::object(&visit.env, site, id)?, &WhoIsIt {}).await?;
            Ok(if request.scope == BanScope::Visitor { visitor.visitor } else { visitor.address })
        }
        BanScope::Range(range) => Ok(guard::range_key(&visit.keys, site, range)),
        BanScope::Country(country) => Ok(guard::country_key(*country)),
        BanScope::Keyword(word) => check_word(word)
            .map(|()| String::new())
            .map_err(|error| Refusal::new(ProblemKind::RulesInvalid, error.to_string())),
        BanScope::Email(_) => Ok(String::new()),
    }
}
