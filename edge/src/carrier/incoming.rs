//! Somebody has written on a channel.

use std::time::Duration;

use deskbell_shared::{
    guard::conduct::Conduct,
    wire::{
        Carried, CarryRequest, Channel, ChannelId, ConversationId, Customer, LanguageTag, MessageId,
        ProblemKind, Said, Seq, SiteId, Subject, Turn, TurnSender, Via, VisitorContext, VisitorId,
        token::Key,
    },
};

use super::{
    answering, channel,
    triage::{Triage, triage},
};
use crate::{
    conversation::{
        self,
        calls::{FaqAnswer, FaqIsFor, FaqUse, Open, Say, Speaker, VisitorKeys},
        watch::Watcher,
    },
    guard::{self, Act, Who},
    platform::object::{Object, ask},
    refusal::Outcome,
    reply::Reply,
    site::{
        calls::Consulted,
        consulting::{Asking, consulted},
        view,
    },
    visit::Visit,
};

/// How often, and after how long again, it is looked whether something else of the writer's has begun their conversation.
const LOOKS: usize = 5;
const LOOK_AGAIN: Duration = Duration::from_millis(300);
/// How long somebody's words wait for the FAQ, in milliseconds: nobody looks at them meanwhile.
const PATIENCE_MS: u64 = 5_000;

/// `POST /v1/sites/{site}/channels/{id}/messages`: 201 when a conversation begins with it, else 200.
pub(crate) async fn carry(visit: &Visit, site: &SiteId, id: &ChannelId) -> Outcome<Reply> {
    let channel = channel(visit, site, id).await?;
    let request: CarryRequest = visit.json().await?;
    let names = Names::of(&visit.keys.channel, site, &channel, &request);
    let language = match &request.language {
        Some(language) => language.clone(),
        None => view(visit, site).await?.settings.language.clone().unwrap_or_else(LanguageTag::english),
    };
    let talk = conversation::object(&visit.env, site, names.conversation)?;
    let text = request.text.as_str();
    let triage = triage(visit, &language, text).await;
    // To load an FAQ takes a while, and most of what is written is not for it.
    let wanted = FaqUse {
        answers: channel.answers && !triage.calls_for_a_person,
        tells_subject: view(visit, site).await?.has_subjects,
    };
    let used = if wanted.is_any() { wanted.and(ask(&talk, &FaqIsFor {}).await?) } else { wanted };
    let Consulted { answer, subject } = match used.is_any() {
        true => {
            let (texts, tells_subject) = (vec![text.to_owned()], used.tells_subject);
            let language = &language;
            consulted(visit, site, Asking { language, texts, tells_subject, patience_ms: PATIENCE_MS }).await
        }
        false => Consulted::default(),
    };
    let answer = answer.filter(|_| used.answers).and_then(|found| answering::answer(names.answer, found));
    let say = Say {
        watch: Some(view(visit, site).await?.watch.clone()),
        answer: answer.clone(),
        reasons: triage.reasons.clone(),
        priority: triage.priority,
        subject: subject.clone(),
        ..Say::new(Speaker::Visitor, names.message, request.text.clone())
    };
    let conversation = names.conversation;
    let (seq, begun) = match ask(&talk, &say).await {
        Err(refusal) if refusal.problem().kind == ProblemKind::ConversationUnknown => {
            let begun = Begun { channel, names, language, triage, subject, answer, request };
            match begin(visit, site, &talk, begun).await {
                Ok(Some(seq)) => (seq, true),
                // Something else of theirs has begun it meanwhile.
                Ok(None) => (ask(&talk, &say).await?.seq, false),
                // As many as may begin one are about to.
                Err(refusal) if refusal.problem().kind == ProblemKind::Throttled => {
                    (said_beside(&talk, &say).await.ok_or(refusal)?.seq, false)
                }
                Err(refusal) => return Err(refusal),
            }
        }
        said => (said?.seq, false),
    };
    Ok(Reply::json(&Carried { conversation, seq })?.with_status(if begun { 201 } else { 200 }))
}

/// Says what came at once with what begins the conversation, as soon as that has; `None` when it does not begin.
async fn said_beside(talk: &Object, say: &Say) -> Option<Said> {
    for _ in 0..LOOKS {
        if let Ok(said) = ask(talk, say).await {
            return Some(said);
        }
        worker::Delay::from(LOOK_AGAIN).await;
    }
    None
}

/// What something that was written is called here: derived, so that the same again is the same.
struct Names {
    conversation: ConversationId,
    visitor: VisitorId,
    message: MessageId,
    answer: MessageId,
}

impl Names {
    fn of(key: &Key, site: &SiteId, channel: &Channel, request: &CarryRequest) -> Self {
        let (site, channel) = (site.as_str().as_bytes(), channel.id.as_str().as_bytes());
        let (from, id) = (request.from.as_str().as_bytes(), request.id.as_str().as_bytes());
        let name = |parts: &[&[u8]]| {
            let mut name = [0; 16];
            name.copy_from_slice(&key.mac(parts)[..16]);
            name
        };
        Self {
            conversation: ConversationId(name(&[b"conversation", site, channel, from])),
            visitor: VisitorId(name(&[b"visitor", site, channel, from])),
            message: MessageId(name(&[b"message", site, channel, from, id])),
            answer: MessageId(name(&[b"answer", site, channel, from, id])),
        }
    }
}

/// What a conversation begins with.
struct Begun {
    channel: Channel,
    names: Names,
    language: LanguageTag,
    triage: Triage,
    subject: Option<Subject>,
    answer: Option<FaqAnswer>,
    request: CarryRequest,
}

/// Begins the conversation, and says where in it the message is; `None` when there is one by now.
async fn begin(visit: &Visit, site: &SiteId, talk: &Object, begun: Begun) -> Outcome<Option<Seq>> {
    let Begun { channel, names, language, triage, subject, answer, request } = begun;
    let CarryRequest { from, text, name, customer, .. } = request;
    let watch = view(visit, site).await?.watch.clone();
    Watcher::of(site, &watch).admit_words(text.as_str(), visit.now)?;
    let admission = guard::admit(visit, site, Act::Carry(names.visitor)).await?;
    let of_customer = customer.as_ref().map(Customer::priority).unwrap_or_default();
    let turn = Turn { id: names.message, at: visit.now, from: TurnSender::Visitor, text, entry: None };
    let open = Open {
        site: site.clone(),
        conversation: names.conversation,
        reasons: triage.reasons,
        priority: triage.priority.max(of_customer),
        transcript: vec![turn],
        context: VisitorContext { language, page: None, title: None, utc_offset_minutes: 0 },
        subject,
        customer,
        via: Some(Via {
            channel: channel.id,
            name: channel.name,
            from,
            called: name,
            said: 0,
            delivered: 0,
            by_faq: false,
            had_people: answer.is_none(),
        }),
        answer,
        visitor: keys_of(visit, site, names.visitor),
        conduct: Conduct::default(),
        watch,
    };
    let standing = admission.stands_for(ask(talk, &open).await).await?;
    if !standing.begun {
        admission.give_back().await;
    }
    Ok(standing.begun.then_some(standing.last_seq))
}

/// The keys by which somebody on a channel can be banned: the address that is seen is their carrier's, which is everybody's.
fn keys_of(visit: &Visit, site: &SiteId, visitor: VisitorId) -> VisitorKeys {
    let key = Who::Visitor(visitor).ban_name(&visit.keys, site);
    VisitorKeys { visitor: key.clone(), address: key, around: Vec::new() }
}

#[cfg(test)]
mod tests {
    use deskbell_shared::wire::{Line, Text};

    use super::*;

    fn names(site: &str, channel: &str, from: &str, id: &str) -> Names {
        let line = |text: &str| Line::new(text).unwrap();
        let request = CarryRequest {
            id: line(id),
            from: line(from),
            text: Text::new("Hello").unwrap(),
            name: None,
            language: None,
            customer: None,
        };
        let channel = Channel { id: channel.parse().unwrap(), name: line("Channel"), answers: false };
        Names::of(&Key::derive(b"a secret", "channel/1"), &site.parse().unwrap(), &channel, &request)
    }

    #[test]
    fn who_writes_is_one_conversation_and_each_message_one_message() {
        let (first, again) = (names("acme", "sms", "+49", "1"), names("acme", "sms", "+49", "1"));
        let next = names("acme", "sms", "+49", "2");
        assert_eq!((first.conversation, first.message), (again.conversation, again.message));
        assert_eq!((first.conversation, first.visitor), (next.conversation, next.visitor));
        assert_ne!(first.message, next.message);
        for other in [
            names("other", "sms", "+49", "1"),
            names("acme", "mail", "+49", "1"),
            names("acme", "sms", "+48", "1"),
        ] {
            assert!(first.conversation != other.conversation && first.visitor != other.visitor);
            assert_ne!(first.message, other.message);
        }
        assert_ne!(first.conversation.0, first.visitor.0, "a name for one thing is none for another");
    }
}
