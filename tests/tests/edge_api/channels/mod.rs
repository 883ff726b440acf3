//! What people write on a channel reaches the inbox once, what they are answered is delivered, and nobody without the
//! channel's key has a part in it.

mod answering;
mod keys;

use std::time::Duration;

use deskbell_shared::wire::{
    Body, Carried, ChannelKey, ConversationId, Event, Message, Outgoing, OutgoingMessage, Priority,
    ProblemKind, Sender, Status, TalkEvent, TalkRequest,
};
use deskbell_tests::{
    client::{Ask, Socket},
    edge::Edge,
    receiver::Receiver,
};
use futures::future::join_all;
use serde_json::json;

use crate::{
    desk::changed,
    people::{Agent, Site, Visitor, message_id, valid},
};

/// Between two looks at what cannot be waited for otherwise.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// The program that carries a channel.
pub(crate) struct Carrier<'a> {
    site: &'a Site<'a>,
    channel: &'static str,
    key: String,
}

impl Site<'_> {
    /// A channel, made by one of the site's people, and its program.
    pub(crate) async fn carrier(&self, owner: &Agent<'_>, channel: &'static str) -> Carrier<'_> {
        owner.ask("PUT", &format!("/channels/{channel}")).json(&json!({ "name": channel })).expect(200).await;
        let key = owner.ask("GET", &format!("/channels/{channel}/key")).expect(200).await;
        Carrier { site: self, channel, key: key.json::<ChannelKey>().key }
    }

    /// Somebody on a channel, as their conversation is looked at.
    pub(crate) fn known_as(&self, conversation: ConversationId) -> Visitor<'_> {
        Visitor { conversation, ..self.visitor() }
    }
}

impl Carrier<'_> {
    fn ask(&self, method: &str, below: &str) -> Ask {
        self.site.ask(method, &format!("/channels/{}{below}", self.channel)).bearer(&self.key)
    }

    pub(crate) fn carry(&self, from: &str, id: &str, text: &str) -> Ask {
        self.ask("POST", "/messages").json(&json!({ "from": from, "id": id, "text": text }))
    }

    async fn outgoing(&self) -> Vec<OutgoingMessage> {
        self.ask("GET", "/outgoing").expect(200).await.json::<Outgoing>().messages
    }

    /// What is to be delivered, once there is something.
    async fn has_to_deliver(&self) -> Vec<OutgoingMessage> {
        for _ in 0..200 {
            let outgoing = self.outgoing().await;
            if !outgoing.is_empty() {
                return outgoing;
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        panic!("there is nothing to deliver")
    }

    fn delivered(&self, message: &OutgoingMessage) -> Ask {
        let delivered = json!({ "conversation": message.conversation, "seq": message.seq });
        self.ask("POST", "/delivered").json(&delivered)
    }

    fn failed(&self, message: &OutgoingMessage, why: &str) -> Ask {
        let failed = json!({ "conversation": message.conversation, "seq": message.seq, "failed": why });
        self.ask("POST", "/delivered").json(&failed)
    }
}

async fn answer(talk: &mut Socket, text: &str) {
    talk.send(&TalkRequest::Say { id: message_id(), text: valid(text) }).await;
    talk.until(|event| matches!(event, TalkEvent::Ack { .. }).then_some(())).await;
}

fn said(first: TalkEvent) -> Vec<Message> {
    let TalkEvent::CatchUp { messages, .. } = first else { panic!("not what was said: {first:?}") };
    messages
}

fn texts(messages: &[Message]) -> Vec<&str> {
    let texts = messages.iter().filter_map(|message| match &message.body {
        Body::Text { text, .. } => Some(text.as_str()),
        Body::Event { .. } => None,
    });
    texts.collect()
}

#[tokio::test]
async fn what_is_written_on_a_channel_is_a_talk_and_what_is_answered_is_delivered() {
    let site = Site::new().await;
    let owner = site.agent().await;
    let mut desk = owner.desk().await;
    let carrier = site.carrier(&owner, "whatsapp").await;
    let first = json!({
        "from": "+49 151 1234", "id": "wamid.1", "text": "Where is my parcel?", "name": "Ana", "language": "de",
        "customer": { "sub": "42", "vip": true },
    });
    let begun: Carried = carrier.ask("POST", "/messages").json(&first).expect(201).await.json();
    let ana = site.known_as(begun.conversation);
    let summary = changed(&mut desk, &ana, |_| true).await;
    let via = summary.via.as_ref().expect("a channel");
    assert_eq!(
        (via.channel.as_str(), via.name.as_str(), via.from.as_str()),
        ("whatsapp", "whatsapp", "+49 151 1234")
    );
    assert_eq!(via.called, Some(valid("Ana")));
    assert_eq!((summary.priority, summary.context.language.as_str()), (Priority::High, "de"));
    assert_eq!((summary.preview.as_str(), summary.unread), ("Where is my parcel?", 1));
    assert!(summary.waiting_since.is_some() && !summary.online && summary.reasons.is_empty());
    assert!(carrier.outgoing().await.is_empty());

    let (mut talk, caught_up) = owner.socket(&ana, 0).await;
    assert_eq!(texts(&said(caught_up)), ["Where is my parcel?"]);
    talk.send(&TalkRequest::Read { seq: begun.seq }).await;
    answer(&mut talk, "It comes tomorrow.").await;
    answer(&mut talk, "Before noon.").await;
    let outgoing = carrier.has_to_deliver().await;
    let first = &outgoing[0];
    assert_eq!((first.to.as_str(), first.text.as_str()), ("+49 151 1234", "It comes tomorrow."));
    assert_eq!(first.by, Some(valid("Mei")));

    // Each is delivered, and the agent sees it.
    let mut left = outgoing;
    while let Some(message) = left.first() {
        carrier.delivered(message).expect(204).await;
        carrier.delivered(message).expect(204).await;
        let seq = message.seq;
        talk.until(|event| matches!(event, TalkEvent::Read { seq: read } if read == seq).then_some(())).await;
        left = carrier.outgoing().await;
    }
    let summary =
        changed(&mut desk, &ana, |s| s.via.as_ref().is_some_and(|via| !via.owes() && via.said > 2)).await;
    assert_eq!(summary.waiting_since, None);

    // What they write next goes on, also when it was closed.
    owner.talk("POST", &ana, "/close").expect(204).await;
    let next: Carried = carrier.carry("+49 151 1234", "wamid.2", "Thank you!").expect(200).await.json();
    assert_eq!(next.conversation, begun.conversation);
    let summary = changed(&mut desk, &ana, |summary| summary.reopened == 1).await;
    assert_eq!((summary.status, summary.preview.as_str()), (Status::Open, "Thank you!"));
    let other: Carried = carrier.carry("+48 2", "wamid.2", "Hello").expect(201).await.json();
    assert_ne!(other.conversation, begun.conversation);
}

#[tokio::test]
async fn what_comes_twice_or_at_once_is_taken_once() {
    let site = Site::new().await;
    let owner = site.agent().await;
    let carrier = site.carrier(&owner, "sms").await;
    // One after the other would be the channel's own order; at once, each still counts once.
    let carried = (0..8).map(|n| {
        let (id, carrier) = (format!("m{}", n / 2), &carrier);
        async move { carrier.carry("+49 1", &id, &format!("Message {id}")).send().await }
    });
    let answers = join_all(carried).await;
    assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 201)), "{:?}", answers[0].text());
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    let carried: Vec<Carried> = answers.iter().map(|answer| answer.json()).collect();
    assert!(carried.iter().all(|one| one.conversation == carried[0].conversation));
    assert!(
        (0..4).all(|n| carried[2 * n] == carried[2 * n + 1]),
        "the same again has the same place: {carried:?}"
    );
    let (_, caught_up) = owner.socket(&site.known_as(carried[0].conversation), 0).await;
    let said = said(caught_up);
    let mut texts = texts(&said);
    texts.sort_unstable();
    assert_eq!(texts, ["Message m0", "Message m1", "Message m2", "Message m3"]);

    carrier.carry("+49 1", "m0", "Something else").refused(ProblemKind::Conflict).await;
}

#[tokio::test]
async fn what_a_channel_cannot_carry_comes_back_to_the_people() {
    let site = Site::new().await;
    let owner = site.agent().await;
    let mut desk = owner.desk().await;
    let carrier = site.carrier(&owner, "sms").await;
    let begun: Carried = carrier.carry("+49 1", "1", "Hello").expect(201).await.json();
    let ana = site.known_as(begun.conversation);
    let (mut talk, _) = owner.socket(&ana, 0).await;
    talk.send(&TalkRequest::Read { seq: begun.seq }).await;
    answer(&mut talk, "Good day.").await;
    let due = carrier.has_to_deliver().await;
    owner.talk("POST", &ana, "/close").expect(204).await;
    // Nobody has to deliver what lies after what was handed out.
    let beyond = OutgoingMessage { seq: u64::MAX >> 12, ..due[0].clone() };
    carrier.failed(&beyond, "The number is out of use").expect(204).await;
    carrier.failed(&beyond, "The number is out of use").expect(204).await;
    let summary =
        changed(&mut desk, &ana, |summary| summary.status == Status::Open && summary.last_seq == 4).await;
    assert!(summary.waiting_since.is_some(), "somebody has to look at it again");
    assert!(carrier.outgoing().await.is_empty());
    let (mut talk, caught_up) = owner.socket(&ana, 3).await;
    let [Message { from: Sender::System, body: Body::Event { event }, .. }] = &said(caught_up)[..] else {
        panic!("one event")
    };
    assert_eq!(*event, Event::Undelivered { why: valid("The number is out of use") });
    answer(&mut talk, "Once more.").await;
    assert_eq!(carrier.has_to_deliver().await[0].text.as_str(), "Once more.");
}

#[tokio::test]
async fn everybody_who_waits_for_a_delivery_is_found_page_by_page() {
    let site = Site::new().await;
    let owner = site.agent().await;
    let carrier = site.carrier(&owner, "sms").await;
    let mut expected = Vec::new();
    for n in 0..23 {
        let begun: Carried = carrier.carry(&format!("+49 {n}"), "1", "Hello").expect(201).await.json();
        let visitor = site.known_as(begun.conversation);
        let answer = json!({ "id": message_id(), "text": "Good day." });
        owner.talk("POST", &visitor, "/messages").json(&answer).expect(200).await;
        expected.push(begun.conversation);
    }
    expected.sort_unstable();
    let mut found = Vec::new();
    for _ in 0..200 {
        (found, _) = pages(&carrier).await;
        if found.len() == expected.len() {
            break;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    assert_eq!(found, expected);
    // Those that cannot be delivered keep nobody else from it.
    let (_, asked) = pages(&carrier).await;
    assert_eq!(asked, 2);
}

/// Whose answers wait, in the order they are given, and with how many requests they were.
async fn pages(carrier: &Carrier<'_>) -> (Vec<ConversationId>, usize) {
    let (mut found, mut asked, mut after) = (Vec::new(), 0, String::new());
    loop {
        let page: Outgoing = carrier.ask("GET", &format!("/outgoing{after}")).expect(200).await.json();
        asked += 1;
        found.extend(page.messages.iter().map(|message| message.conversation));
        match page.next {
            Some(next) => after = format!("?after={next}"),
            None => return (found, asked),
        }
    }
}

#[tokio::test]
async fn nothing_is_left_of_what_was_erased_and_what_comes_next_begins_anew() {
    let site = Site::new().await;
    let owner = site.agent().await;
    let carrier = site.carrier(&owner, "mail").await;
    let begun: Carried = carrier.carry("ana@mail.example", "1", "Hello").expect(201).await.json();
    let ana = site.known_as(begun.conversation);
    let (mut talk, _) = owner.socket(&ana, 0).await;
    answer(&mut talk, "Good day.").await;
    carrier.has_to_deliver().await;
    owner.talk("DELETE", &ana, "").expect(204).await;
    assert!(carrier.outgoing().await.is_empty());
    for _ in 0..100 {
        let answer = carrier.carry("ana@mail.example", "2", "Hello again").send().await;
        if answer.status == 201 {
            break;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    let (_, caught_up) = owner.socket(&ana, 0).await;
    assert_eq!(texts(&said(caught_up)), ["Hello again"]);
}

#[tokio::test]
async fn a_carrier_is_told_when_there_is_something_to_deliver() {
    let edge = Edge::start_with("DESKBELL_LOCAL_WEBHOOKS", "1").await;
    let (site, receiver) = (Site::at(&edge).await, Receiver::start([]));
    let owner = site.agent().await;
    let hook = json!({
        "url": receiver.url(), "format": "standard", "language": "en", "topics": ["conversation.outgoing"], "on": true,
    });
    owner.ask("PUT", &format!("/webhooks/{}", "a".repeat(32))).json(&hook).expect(200).await;
    let carrier = site.carrier(&owner, "sms").await;
    let begun: Carried = carrier.carry("SECRET number", "1", "SECRET question").expect(201).await.json();
    let (mut talk, _) = owner.socket(&site.known_as(begun.conversation), 0).await;
    answer(&mut talk, "SECRET answer").await;
    let letter = &receiver.got(1).await[0];
    let told = &letter.json()["data"]["conversation"];
    assert_eq!((&told["id"], &told["channel"]), (&json!(begun.conversation), &json!("sms")));
    assert!(!letter.body.contains("SECRET"), "{}", letter.body);
    assert_eq!(carrier.has_to_deliver().await.len(), 1);
    // The edge may die in between: what was not said to be delivered is handed out again.
    edge.kill();
    edge.start_again().await;
    let due = carrier.has_to_deliver().await;
    assert_eq!(due[0].text.as_str(), "SECRET answer");
    carrier.delivered(&due[0]).expect(204).await;
    assert!(carrier.outgoing().await.is_empty());
}
