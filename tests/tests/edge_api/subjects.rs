//! What talks are about: told by the FAQ, said otherwise by people, and why those come who know it.

use std::time::Duration;

use deskbell_shared::wire::{
    Carried, HandoffAccepted, HandoffRequest, Millis, ProblemKind, Role, ServiceReport, Subjects, Topic,
    Turn, TurnSender,
};
use deskbell_tests::{
    client::Ask,
    receiver::{Letter, Receiver},
};
use futures::future::join_all;
use serde_json::{Value, json};

use crate::{
    people::{Agent, Site, Visitor, bytes, message_id, valid},
    webhooks::edge,
};

const FAQ: &str = "
- id: delivery-time
  questions: [How long does delivery take?, When will my parcel arrive?, delivery time]
  answer: Two to three working days.
  subject: Delivery
- id: tracking
  questions: [Where is my parcel?, Track my order]
  answer: Look at the tracking page.
  subject: Delivery
- id: invoice
  questions: [Can I get an invoice?, I need a receipt for tax]
  answer: It is in your account.
  subject: Billing
- id: charged-twice
  questions: [I was charged twice, You took the money two times]
  answer: One of them is only reserved.
  subject: Billing
- id: opening-hours
  questions: [When are you open?, opening hours]
  answer: Nine to six.
";

impl Visitor<'_> {
    /// Is handed over after asking this.
    pub(crate) async fn hand_over_about(&mut self, asked: &[&str]) {
        let turn = |text: &&str| Turn {
            id: message_id(),
            at: Millis(1),
            from: TurnSender::Visitor,
            text: valid(text),
            entry: None,
        };
        let request = HandoffRequest { transcript: asked.iter().map(turn).collect(), ..self.handoff() };
        let accepted: HandoffAccepted =
            self.ask("POST", "/conversations").json(&request).expect(201).await.json();
        self.token.clone_from(&accepted.session.token);
        self.conversation = accepted.conversation;
    }
}

impl Agent<'_> {
    async fn subject_of(&self, visitor: &Visitor<'_>) -> Option<String> {
        self.summary(visitor).await.subject.map(String::from)
    }

    async fn subjects(&self) -> Vec<String> {
        let there_are: Subjects = self.ask("GET", "/subjects").expect(200).await.json();
        there_are.subjects.into_iter().map(String::from).collect()
    }

    fn setting(&self, visitor: &Visitor<'_>, subject: Value) -> Ask {
        self.talk("PUT", visitor, "/subject").json(&json!({ "subject": subject }))
    }
}

/// A site whose FAQ has subjects.
async fn site() -> Site<'static> {
    let site = Site::new().await;
    site.edge.publish(&site.name, FAQ).await;
    site
}

#[tokio::test]
async fn a_talk_is_about_what_its_visitor_has_asked() {
    let site = site().await;
    let owner = site.agent().await;
    assert_eq!(owner.subjects().await, ["Billing", "Delivery"]);
    for (asked, subject) in [
        (&["Where is my parcel?", "I want a person"][..], Some("Delivery")),
        (&["you charged me two times!!"], Some("Billing")),
        (&["hello", "i need an invoice", "for tax", "a person please"], Some("Billing")),
        (&["When are you open?"], None),
        (&["What is the meaning of life?"], None),
    ] {
        let mut visitor = site.visitor();
        visitor.hand_over_about(asked).await;
        assert_eq!(owner.subject_of(&visitor).await.as_deref(), subject, "{asked:?}");
    }
    let report: ServiceReport =
        owner.ask("GET", "/figures?days=7&utc_offset_minutes=0").expect(200).await.json();
    let counted: Vec<_> = report
        .subjects
        .iter()
        .map(|(name, count)| (name.as_ref().map(|name| name.as_str()), *count))
        .collect();
    assert_eq!(counted, [(None, 2), (Some("Billing"), 2), (Some("Delivery"), 1)]);

    // The FAQ in force says what there is, also where its pack is the same.
    let renamed = FAQ.replace("subject: Billing", "subject: Money");
    site.edge.publish(&site.name, &renamed).await;
    assert_eq!(owner.subjects().await, ["Delivery", "Money"]);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let mut visitor = site.visitor();
    visitor.hand_over_about(&["I was charged twice"]).await;
    assert_eq!(owner.subject_of(&visitor).await.as_deref(), Some("Money"));
    let without: String =
        FAQ.lines().filter(|line| !line.contains("subject:")).map(|line| format!("{line}\n")).collect();
    site.edge.publish(&site.name, &without).await;
    assert!(owner.subjects().await.is_empty());
    tokio::time::sleep(Duration::from_secs(2)).await;
    let mut visitor = site.visitor();
    visitor.hand_over_about(&["I was charged twice"]).await;
    assert_eq!(owner.subject_of(&visitor).await, None);
}

#[tokio::test]
async fn agents_say_what_a_talk_is_about_and_nobody_else() {
    let site = site().await;
    let owner = site.agent().await;
    let (bo, vi) = (
        site.colleague("bo@shop.example", Role::Agent).await,
        site.colleague("vi@shop.example", Role::Viewer).await,
    );
    let mut visitor = site.visitor();
    visitor.hand_over_about(&["Where is my parcel?"]).await;
    for (subject, now) in
        [(json!("Billing"), Some("Billing")), (Value::Null, None), (json!("Delivery"), Some("Delivery"))]
    {
        // Said again, it is the same.
        for _ in 0..2 {
            bo.setting(&visitor, subject.clone()).expect(204).await;
        }
        assert_eq!(owner.subject_of(&visitor).await.as_deref(), now);
    }
    bo.setting(&visitor, json!("Weather")).refused(ProblemKind::NotFound).await;
    for wrong in [json!(""), json!(7), json!("x".repeat(41)), json!(["Billing"])] {
        bo.setting(&visitor, wrong).refused(ProblemKind::Malformed).await;
    }
    bo.setting(&visitor, json!("x".repeat(400_000))).refused(ProblemKind::TooLarge).await;
    vi.setting(&visitor, json!("Billing")).refused(ProblemKind::NotAllowed).await;
    visitor
        .talk("PUT", "/subject")
        .json(&json!({ "subject": "Billing" }))
        .refused(ProblemKind::SignInNeeded)
        .await;
    assert_eq!(vi.subjects().await, ["Billing", "Delivery"]);
    site.ask("GET", "/subjects").refused(ProblemKind::SignInNeeded).await;
    bo.setting(&site.visitor(), json!("Billing")).refused(ProblemKind::ConversationUnknown).await;
    assert_eq!(owner.subject_of(&visitor).await.as_deref(), Some("Delivery"));
}

#[tokio::test]
async fn whoever_waits_comes_to_those_who_know_what_it_is_about() {
    let site = site().await;
    let owner = site.agent().await;
    let bo = site.colleague("bo@shop.example", Role::Agent).await;
    let people = json!([
        { "email": owner.me.email, "subjects": ["Billing"] },
        { "email": "bo@shop.example", "subjects": ["Delivery"] },
    ]);
    site.gives_out(&owner, 3, people).await;
    let (_mei_desk, bo_desk) = (owner.is_there().await, bo.is_there().await);
    let about = async |asked: &'static str| {
        let mut visitor = site.visitor();
        visitor.hand_over_about(&[asked]).await;
        visitor
    };
    let mut parcels = Vec::new();
    for _ in 0..3 {
        let visitor = about("Where is my parcel?").await;
        assert_eq!(owner.looked_after_by(&visitor).await, "Bo");
        parcels.push(visitor);
    }
    // Bo has no time, and Mei does not know about parcels; what comes after it is in nobody's way.
    let waits = join_all((0..25).map(|_| about("When will my parcel arrive?"))).await;
    let invoice = about("Can I get an invoice?").await;
    assert_eq!(owner.looked_after_by(&invoice).await, "Mei");
    assert_eq!(owner.summary(&waits[0]).await.assignee, None);

    // Who gets what is another's passes it on.
    bo.setting(&parcels[0], json!("Billing")).expect(204).await;
    bo.assigning(&parcels[0], None, Some("bo@shop.example")).expect(204).await;
    assert_eq!(owner.looked_after_by(&parcels[0]).await, "Mei");
    // Where nobody is there who knows, somebody else comes.
    bo_desk.close(1000).await;
    let mut given = Vec::new();
    while given.len() < 2 {
        waits[0].say("Is anybody there?").expect(200).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        let all = join_all(waits.iter().map(|waiting| owner.summary(waiting))).await;
        let names = all.into_iter().filter_map(|row| row.assignee).map(|assignee| assignee.name.to_string());
        given = names.collect();
    }
    given.sort_unstable();
    assert_eq!(given, ["Bo", "Mei"], "he had a hand free since, and she has time for one more");
}

#[tokio::test]
async fn what_is_written_on_a_channel_has_a_subject_too() {
    let site = site().await;
    let owner = site.agent().await;
    let carrier = site.carrier(&owner, "sms").await;
    let begun: Carried = carrier.carry("+49 1", "1", "Hello").expect(201).await.json();
    let ana = site.known_as(begun.conversation);
    assert_eq!(owner.subject_of(&ana).await, None);
    carrier.carry("+49 1", "2", "You took the money two times").expect(200).await;
    assert_eq!(owner.subject_of(&ana).await.as_deref(), Some("Billing"));
    carrier.carry("+49 1", "3", "And where is my parcel?").expect(200).await;
    assert_eq!(owner.subject_of(&ana).await.as_deref(), Some("Billing"), "nobody has answered that yet");
    owner.says(&ana, "Paid back").await;
    owner.talk("POST", &ana, "/close").expect(204).await;
    carrier.carry("+49 1", "4", "Where is my parcel?").expect(200).await;
    assert_eq!(owner.subject_of(&ana).await.as_deref(), Some("Delivery"), "it is another matter");
}

#[tokio::test]
async fn a_webhook_tells_of_the_subjects_it_is_for() {
    let (site, receiver) = (Site::at(edge().await).await, Receiver::start([]));
    site.edge.publish(&site.name, FAQ).await;
    let owner = site.agent().await;
    let id: String = bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let hook = |subjects: Value| {
        let hook = json!({
            "url": receiver.url(), "format": "standard", "language": "en",
            "topics": [Topic::Opened], "subjects": subjects, "on": true,
        });
        owner.ask("PUT", &format!("/webhooks/{id}")).json(&hook)
    };
    for wrong in [json!("Billing"), json!([""]), json!(vec!["Billing"; 101])] {
        hook(wrong).refused(ProblemKind::Malformed).await;
    }
    hook(json!(["Billing"])).expect(200).await;
    for asked in ["Where is my parcel?", "When are you open?", "I was charged twice"] {
        site.visitor().hand_over_about(&[asked]).await;
    }
    let subject = |letter: &Letter| letter.json()["data"]["conversation"]["subject"].clone();
    assert_eq!(receiver.got(1).await.iter().map(subject).collect::<Vec<_>>(), ["Billing"]);
    hook(json!([])).expect(200).await;
    site.visitor().hand_over_about(&["When are you open?"]).await;
    assert_eq!(
        receiver.got(2).await.iter().map(subject).collect::<Vec<_>>(),
        [json!("Billing"), Value::Null]
    );
}
