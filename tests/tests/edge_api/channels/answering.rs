//! What the edge makes of words that no widget has read: whom the FAQ answers, who should not wait; and a carrier at work.

use std::{
    collections::BTreeMap,
    process::{Child, Command, Stdio},
    thread,
};

use deskbell_shared::wire::{
    Body, Carried, Channels, DeskEvent, DeskRequest, HandoffReason, Message, Priority, Sender, ServiceReport,
    Status, Summary,
};
use deskbell_tests::{client::Ask, edge::repository, outside::Outside};
use serde_json::{Value, json};
use tiny_http::Response;

use super::{Carrier, LOOK_AGAIN, said, texts};
use crate::{
    desk::changed,
    people::{Agent, Site, message_id},
};

const FAQ: &str = "
- id: delivery-time
  questions: [How long does delivery take?, When will my parcel arrive?, delivery time]
  answer: Two to three working days. See [our page](https://shop.example/delivery).
- id: returns
  questions: [How do I return something?, Can I send it back?, return policy]
  answer: Within thirty days.
- id: opening-hours
  questions: [When are you open?, opening hours, Are you open on Sundays?]
  answer: Monday to Saturday, nine to six.
";

/// A channel whose FAQ answers, at a site that has one.
async fn answering<'a>(site: &'a Site<'_>, owner: &Agent<'_>) -> Carrier<'a> {
    site.edge.publish(&site.name, FAQ).await;
    let carrier = site.carrier(owner, "sms").await;
    owner.ask("PUT", "/channels/sms").json(&json!({ "name": "SMS", "answers": true })).expect(200).await;
    carrier
}

#[tokio::test]
async fn the_faq_answers_what_begins_a_talk_and_whoever_writes_again_writes_to_people() {
    let site = Site::new().await;
    let owner = site.agent().await;
    let carrier = answering(&site, &owner).await;
    let mut desk = owner.desk().await;
    desk.send(&DeskRequest::Hello).await;
    let begun: Carried = carrier.carry("+49 1", "1", "How long does delivery take?").expect(201).await.json();
    assert_eq!(begun.seq, 1);
    let ana = site.known_as(begun.conversation);
    let summary = changed(&mut desk, &ana, |_| true).await;
    assert_eq!((summary.status, summary.waiting_since), (Status::Closed, None), "nobody waits");
    assert!(summary.via.as_ref().is_some_and(|via| via.by_faq && via.said == 2));
    let due = carrier.has_to_deliver().await;
    assert_eq!(
        due[0].text.as_str(),
        "Two to three working days. See our page (https://shop.example/delivery)."
    );
    assert_eq!(due[0].by, None);
    carrier.delivered(&due[0]).expect(204).await;
    carrier.carry("+49 1", "1", "How long does delivery take?").expect(200).await;
    let report = "/figures?days=7&utc_offset_minutes=0";
    let figures: ServiceReport = owner.ask("GET", report).expect(200).await.json();
    assert_eq!(figures.lately.talks, 0, "nobody has waited for a person");

    // Asked again at once, it was not the answer.
    carrier.carry("+49 1", "2", "When will my parcel arrive?").expect(200).await;
    let summary = changed(&mut desk, &ana, |summary| summary.waiting_since.is_some()).await;
    assert_eq!((summary.status, summary.reopened), (Status::Open, 0));
    assert!(carrier.outgoing().await.is_empty());
    let (_, caught_up) = owner.socket(&ana, 0).await;
    let said = said(caught_up);
    let is_from_faq = |message: &&Message| {
        message.from == Sender::Bot
            && matches!(&message.body, Body::Text { entry: Some(entry), .. } if entry.as_str() == "delivery-time")
    };
    assert_eq!(said.iter().filter(is_from_faq).count(), 1);
    let figures: ServiceReport = owner.ask("GET", report).expect(200).await.json();
    assert_eq!(figures.lately.talks, 1);

    // What a person has closed is over, and what comes then may be for the FAQ again.
    owner
        .talk("POST", &ana, "/messages")
        .json(&json!({ "id": message_id(), "text": "Today." }))
        .expect(200)
        .await;
    owner.talk("POST", &ana, "/close").expect(204).await;
    carrier.carry("+49 1", "3", "Are you open on Sundays?").expect(200).await;
    let summary = changed(&mut desk, &ana, |summary| summary.reopened == 1).await;
    assert_eq!((summary.status, summary.waiting_since.is_some()), (Status::Open, true));
    let today = carrier.has_to_deliver().await;
    carrier.delivered(&today[0]).expect(204).await;
    // It answers with the FAQ in force.
    site.edge.publish(&site.name, &FAQ.replace("Within thirty days.", "Within a year.")).await;
    carrier.carry("+49 3", "1", "How do I return something?").expect(201).await;
    assert_eq!(carrier.has_to_deliver().await[0].text.as_str(), "Within a year.");
    // What it does not know is for people.
    let other: Carried = carrier.carry("+49 2", "1", "My cat ate the invoice").expect(201).await.json();
    let summary = changed(&mut desk, &site.known_as(other.conversation), |_| true).await;
    assert!(summary.waiting_since.is_some() && summary.status == Status::Open);
}

#[tokio::test]
async fn whoever_should_not_wait_is_first_and_gets_no_automatic_answer() {
    let site = Site::new().await;
    let owner = site.agent().await;
    let carrier = answering(&site, &owner).await;
    let mut desk = owner.desk().await;
    desk.send(&DeskRequest::Hello).await;
    let cases = [
        (
            "a",
            "The battery is on fire and there is smoke, help",
            Priority::Urgent,
            Some(HandoffReason::Crisis),
        ),
        (
            "b",
            "You charged my card twice, I want the money back",
            Priority::High,
            Some(HandoffReason::Sensitive),
        ),
        ("c", "I want to talk to a human. How long does delivery take?", Priority::Normal, None),
        ("d", "Do you sell gift cards for children?", Priority::Normal, None),
    ];
    for (from, text, priority, reason) in cases {
        let begun: Carried = carrier.carry(from, "1", text).expect(201).await.json();
        let summary = changed(&mut desk, &site.known_as(begun.conversation), |_| true).await;
        assert_eq!((summary.priority, summary.reasons.first().copied()), (priority, reason), "{text}");
        assert!(summary.waiting_since.is_some(), "{text}");
    }
    // Also when the FAQ had answered what came before.
    let asked: Carried = carrier.carry("h", "1", "When are you open?").expect(201).await.json();
    let visitor = site.known_as(asked.conversation);
    assert!(changed(&mut desk, &visitor, |_| true).await.waiting_since.is_none());
    carrier.carry("h", "2", "The battery is on fire and there is smoke, help").expect(200).await;
    let summary = changed(&mut desk, &visitor, |summary| summary.waiting_since.is_some()).await;
    assert_eq!((summary.priority, &summary.reasons[..]), (Priority::Urgent, &[HandoffReason::Crisis][..]));

    // A language without any cues, and one that there is none of, are no fault.
    for (from, language) in [("e", "la"), ("f", "tlh")] {
        let message = json!({ "from": from, "id": "1", "text": "Ubi est", "language": language });
        carrier.ask("POST", "/messages").json(&message).expect(201).await;
    }
    let upset = json!({ "from": "g", "id": "1", "text": "救命，着火了，电池在冒烟", "language": "zh-CN" });
    let begun: Carried = carrier.ask("POST", "/messages").json(&upset).expect(201).await.json();
    let summary = changed(&mut desk, &site.known_as(begun.conversation), |_| true).await;
    assert_eq!(summary.priority, Priority::Urgent);
}

#[tokio::test]
async fn without_an_faq_everything_is_for_people() {
    let site = Site::new().await;
    let owner = site.agent().await;
    let carrier = site.carrier(&owner, "sms").await;
    owner.ask("PUT", "/channels/sms").json(&json!({ "name": "SMS", "answers": true })).expect(200).await;
    // Called something else, it answers as before.
    let renamed: Channels =
        owner.ask("PUT", "/channels/sms").json(&json!({ "name": "Text" })).expect(200).await.json();
    assert!(renamed.channels[0].answers);
    let mut desk = owner.desk().await;
    desk.send(&DeskRequest::Hello).await;
    let begun: Carried = carrier.carry("+49 1", "1", "How long does delivery take?").expect(201).await.json();
    let visitor = site.known_as(begun.conversation);
    assert!(changed(&mut desk, &visitor, |_| true).await.waiting_since.is_some());
    // People greet before they say what it is about.
    carrier.carry("+49 1", "2", "The battery is on fire and there is smoke, help").expect(200).await;
    changed(&mut desk, &visitor, |summary| summary.priority == Priority::Urgent).await;
}

/// Telegram, as far as a bot sees it: somebody has written before, and what the bot says is remembered.
struct Telegram(Outside<(String, Value)>);

impl Telegram {
    fn start(updates: Value) -> Self {
        Self(Outside::start(move |request| {
            let mut body = String::new();
            let _ = request.as_reader().read_to_string(&mut body);
            let asked: Value = serde_json::from_str(&body).unwrap_or_default();
            let method = request.url().rsplit('/').next().unwrap_or_default().to_owned();
            let answer = match method.as_str() {
                "getUpdates" if asked["offset"] == 0 => json!({ "ok": true, "result": updates }),
                "getUpdates" => {
                    thread::sleep(LOOK_AGAIN);
                    json!({ "ok": true, "result": [] })
                }
                _ if asked["chat_id"] == "13" => {
                    json!({ "ok": false, "error_code": 403, "description": "Forbidden: bot was blocked by the user" })
                }
                _ => json!({ "ok": true, "result": {} }),
            };
            ((method, asked), Response::from_string(answer.to_string()).boxed())
        }))
    }

    /// What the bot has said, to whom, once it is so much.
    async fn said(&self, count: usize) -> Vec<(String, String)> {
        for _ in 0..400 {
            let heard = self.0.heard();
            let said = heard.iter().filter(|(method, _)| method == "sendMessage");
            let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
            let said: Vec<_> =
                said.map(|(_, asked)| (text(&asked["chat_id"]), text(&asked["text"]))).collect();
            if said.len() >= count {
                return said;
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        panic!("the bot has not said {count} things: {:?}", self.0.heard())
    }
}

/// A program that ends with its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn telegrams_carrier_carries_both_ways() {
    let site = Site::new().await;
    let owner = site.agent().await;
    let carrier = site.carrier(&owner, "telegram").await;
    let message = |chat: u64, id: u64, kind: &str, what: Value| {
        let mut message = json!({
            "message_id": id, "chat": { "id": chat, "type": kind },
            "from": { "first_name": "Ana", "last_name": "Li", "language_code": "pt-br" },
        });
        what.as_object().into_iter().flatten().for_each(|(key, value)| message[key] = value.clone());
        json!({ "update_id": id, "message": message })
    };
    let telegram = Telegram::start(json!([
        message(7, 0, "private", json!({ "text": "/start" })),
        message(7, 1, "private", json!({ "text": "Bom dia" })),
        message(8, 2, "group", json!({ "text": "not for the site" })),
        message(7, 3, "private", json!({ "photo": [], "caption": "O pacote chegou assim" })),
        message(7, 4, "private", json!({ "photo": [], "media_group_id": "a" })),
        message(13, 5, "private", json!({ "text": "Olá" })),
        message(14, 6, "private", json!({ "text": "x".repeat(4_001) })),
        message(7, 7, "private", json!({ "photo": [], "media_group_id": "a" })),
    ]));
    let mut desk = owner.desk().await;
    let root = repository();
    let node = Command::new(deskbell_wrangler::node(&root))
        .arg(root.join("carriers/telegram.mjs"))
        .env("CHANNEL", format!("{}{}", site.edge.origin(), site.path("/channels/telegram")))
        .env("CHANNEL_KEY", &carrier.key)
        .env("TELEGRAM_TOKEN", "123:abc")
        .env("TELEGRAM", format!("http://{}", telegram.0.address()))
        .stdout(Stdio::null())
        .spawn();
    let _running = Running(node.expect("the carrier starts"));

    // Who wrote too much is told so, in their chat.
    let told = telegram.said(1).await;
    assert_eq!(told[0].0, "14");
    assert!(told[0].1.contains("4001"), "{told:?}");
    let summaries = async {
        let mut found = BTreeMap::new();
        while found.len() < 2 || found.get("7").is_none_or(|seen: &Summary| seen.last_seq < 3) {
            let DeskEvent::Changed { conversation, .. } = desk.next().await else { continue };
            let from = conversation.via.as_ref().map(|via| via.from.to_string()).unwrap_or_default();
            found.insert(from, *conversation);
        }
        found
    };
    let found = summaries.await;
    let ana = &found["7"];
    assert_eq!(
        ana.via.as_ref().and_then(|via| via.called.as_ref()).map(|name| name.as_str()),
        Some("Ana Li")
    );
    assert_eq!(ana.context.language.as_str(), "pt-br");
    let visitor = site.known_as(ana.conversation);
    let (_, caught_up) = owner.socket(&visitor, 0).await;
    assert_eq!(texts(&said(caught_up)), ["Bom dia", "O pacote chegou assim", "(a message without text)"]);

    let answer = |text: &str| json!({ "id": message_id(), "text": text });
    let say = |ask: Ask, text: &str| ask.json(&answer(text)).expect(200);
    say(owner.talk("POST", &visitor, "/messages"), "Bom dia, Ana!").await;
    let blocked = site.known_as(found["13"].conversation);
    say(owner.talk("POST", &blocked, "/messages"), "Olá!").await;
    let said = telegram.said(3).await;
    assert!(said.contains(&("7".to_owned(), "Bom dia, Ana!".to_owned())), "{said:?}");
    for _ in 0..200 {
        if carrier.outgoing().await.is_empty() {
            break;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    assert!(carrier.outgoing().await.is_empty(), "each is handed out until it is said what became of it");
    let record = owner.talk("GET", &blocked, "").expect(200).await.text();
    assert!(record.contains("bot was blocked by the user"), "{record}");
}
