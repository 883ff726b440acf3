//! A visitor is handed to a person.

use deskbell_shared::wire::{HandoffAccepted, HandoffRequest, SiteId, token::conversation_of};

use super::session;
use crate::{
    conversation::{self, calls::Open},
    guard::{self, Act},
    platform::object::ask,
    refusal::Outcome,
    reply::Reply,
    visit::Visit,
};

/// `POST /v1/sites/{site}/conversations`: 201 when the conversation is new, 200 when it was there already.
pub(crate) async fn hand_over(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let HandoffRequest { resume, visitor, reasons, transcript, context } = visit.json().await?;
    let admission = guard::admit(visit, site, Act::Handoff(visitor)).await?;
    let id = conversation_of(&visit.keys.conversation, site, &resume);
    let open = Open {
        site: site.clone(),
        conversation: id,
        reasons,
        transcript,
        context,
        visitor: session::keys_of(visit, site, visitor),
    };
    let standing =
        admission.stands_for(ask(&conversation::object(&visit.env, site, id)?, &open).await).await?;
    if !standing.begun {
        // The same again, after a lost answer, is no second handoff.
        admission.give_back().await;
    }
    let accepted = HandoffAccepted {
        conversation: id,
        session: session::new(visit, site, id, visitor),
        last_seq: standing.last_seq,
    };
    let status = if standing.begun { 201 } else { 200 };
    Ok(Reply::json(&accepted)?.with_status(status).with_limits(&admission.limits))
}
