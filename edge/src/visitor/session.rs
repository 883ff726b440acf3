//! A visitor's session: a signed token for one conversation, renewed with the visitor's own key.

use deskbell_shared::{
    guard::signal::Signal,
    wire::{
        ConversationId, ProblemKind, ResumeRequest, Resumed, Session, SiteId, VisitorId,
        token::{SessionClaims, TokenError, conversation_of},
    },
};

use crate::{
    conversation::{
        self,
        calls::{Resume, VisitorKeys},
    },
    guard::{self, Act, Who},
    platform::object::ask,
    refusal::{Outcome, Refusal},
    reply::Reply,
    site::view,
    visit::Visit,
};

/// How long a session lasts, in milliseconds.
const SESSION_MS: u64 = 60 * 60 * 1000;

/// `POST /v1/sites/{site}/sessions`: a visitor comes back.
pub(crate) async fn resume(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let ResumeRequest { resume, visitor } = visit.json().await?;
    let admission = guard::admit(visit, site, Act::Session(visitor)).await?;
    let id = conversation_of(&visit.keys.conversation, site, &resume);
    let talk = conversation::object(&visit.env, site, id)?;
    let watch = view(visit, site).await?.watch.clone();
    let resumed = ask(&talk, &Resume { visitor: keys_of(visit, site, visitor), watch }).await;
    let standing = admission.stands_for(resumed).await?;
    let resumed = Resumed {
        conversation: id,
        session: new(visit, site, id, visitor),
        last_seq: standing.last_seq,
        status: standing.status,
    };
    Ok(Reply::json(&resumed)?.with_limits(&admission.limits))
}

/// A new session of this visitor for this conversation.
pub(crate) fn new(visit: &Visit, site: &SiteId, conversation: ConversationId, visitor: VisitorId) -> Session {
    let expires = visit.now.plus(SESSION_MS);
    let claims = SessionClaims { site: site.clone(), conversation, visitor, expires };
    Session { token: visit.keys.visitor_session.seal(&claims), expires }
}

/// The visitor whose session for this conversation a token is.
///
/// # Errors
/// *Sign-in needed*, when it is not one, or not any more; *not allowed*, when it is for another conversation.
pub(crate) async fn check(
    visit: &Visit,
    site: &SiteId,
    id: ConversationId,
    token: &str,
) -> Outcome<VisitorId> {
    let opened = visit.keys.visitor_session.open::<SessionClaims>(token, visit.now);
    if opened.as_ref().is_err_and(|error| *error == TokenError::Invalid) {
        guard::suspect_address(visit, site, Signal::RejectedToken).await;
    }
    let claims =
        opened.map_err(|error| Refusal::new(ProblemKind::SignInNeeded, format!("The session: {error}.")))?;
    if claims.site != *site || claims.conversation != id {
        return Err(Refusal::new(ProblemKind::NotAllowed, "The session is for another conversation."));
    }
    Ok(claims.visitor)
}

/// The keys by which this visitor can be banned from here.
pub(crate) fn keys_of(visit: &Visit, site: &SiteId, visitor: VisitorId) -> VisitorKeys {
    VisitorKeys {
        visitor: Who::Visitor(visitor).ban_name(&visit.keys, site),
        address: Who::Address(visit.address).ban_name(&visit.keys, site),
        around: guard::around(&visit.keys, site, visit.address, visit.country()),
    }
}
