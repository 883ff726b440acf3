//! A visitor is handed to a person.

mod transcript;

use deskbell_shared::wire::{
    Customer, HandoffAccepted, HandoffRequest, LanguageTag, MessageId, SiteId, Subject, Turn, TurnSender,
    token::conversation_of,
};

use super::session;
use crate::{
    conversation::{self, calls::Open, watch::Watcher},
    guard::{self, Act},
    platform::object::ask,
    refusal::Outcome,
    reply::Reply,
    site::{
        consulting::{Asking, consulted},
        customers, faq, view,
    },
    visit::Visit,
};

/// So many of the visitor's last words say what it is about.
const MOST_HEEDED: usize = 5;
/// How long a visitor waits until that is told, in milliseconds.
const PATIENCE_MS: u64 = 2_000;

/// `POST /v1/sites/{site}/conversations`: 201 when the conversation is new, 200 when it was there already.
pub(crate) async fn hand_over(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let HandoffRequest { resume, visitor, reasons, priority, transcript, mut context, customer } =
        visit.json().await?;
    let id = conversation_of(&visit.keys.conversation, site, &resume);
    let watch = view(visit, site).await?.watch.clone();
    let watcher = Watcher::of(site, &watch);
    let transcript = transcript::checked(transcript, &faq::entries(visit, site).await?, &watcher, visit.now);
    let words: Vec<&str> = transcript
        .iter()
        .filter(|turn| turn.from == TurnSender::Visitor)
        .map(|turn| turn.text.as_str())
        .collect();
    let words = words.join("\n");
    watcher.admit_words(&words, visit.now)?;
    // The title is the page's and not the visitor's: with stopped words it is left out, and shuts nobody out.
    context.title = context.title.filter(|title| watcher.admit_words(title.as_str(), visit.now).is_ok());
    let admission = guard::admit(visit, site, Act::Handoff(visitor, MessageId(id.0), &words)).await?;
    // Whoever cannot be believed is heard as everybody is: only the site's developer is told.
    let (customer, customer_fault) = match customer {
        Some(token) => match customers::signed(visit, site, &token).await? {
            Ok(customer) => (Some(customer), None),
            Err(fault) => (None, Some(fault)),
        },
        None => (None, None),
    };
    let of_customer = customer.as_ref().map(Customer::priority).unwrap_or_default();
    let subject = subject(visit, site, &context.language, &transcript).await?;
    let open = Open {
        site: site.clone(),
        conversation: id,
        reasons,
        priority: priority.max(of_customer),
        transcript,
        context,
        subject,
        customer,
        via: None,
        answer: None,
        visitor: session::keys_of(visit, site, visitor),
        conduct: admission.conduct.continued(visit.now),
        watch,
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
        customer_fault,
    };
    let status = if standing.begun { 201 } else { 200 };
    Ok(Reply::json(&accepted)?.with_status(status).with_limits(&admission.limits))
}

/// What the talk is about: what the visitor has asked before, and wants now.
async fn subject(
    visit: &Visit,
    site: &SiteId,
    language: &LanguageTag,
    transcript: &[Turn],
) -> Outcome<Option<Subject>> {
    if !view(visit, site).await?.has_subjects {
        return Ok(None);
    }
    let asked = transcript.iter().filter(|turn| turn.from == TurnSender::Visitor);
    let mut asked: Vec<String> = asked.rev().take(MOST_HEEDED).map(|turn| turn.text.to_string()).collect();
    asked.reverse();
    let asking = Asking { language, texts: asked, tells_subject: true, patience_ms: PATIENCE_MS };
    Ok(consulted(visit, site, asking).await.subject)
}
