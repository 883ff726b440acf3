//! Webhooks: other programs hear of what happens at a site, signed, until they have it, and of nothing else.

use std::time::Duration;

use deskbell_shared::wire::{
    AppealId, Attempt, AttemptResult, BanScope, Deliveries, Delivery, MAX_WEBHOOKS, ProblemKind, Role,
    Stopped, TalkRequest, Topic, WebhookFormat, WebhookSecret, Webhooks,
};
use deskbell_tests::{
    client::Ask,
    edge::Edge,
    receiver::{Letter, Manner, Receiver},
};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::people::{Agent, Site, Visitor, address, bytes, message_id, valid};

/// An edge that sends webhooks to this machine too, as in development.
async fn edge() -> &'static Edge {
    static EDGE: OnceCell<Edge> = OnceCell::const_new();
    EDGE.get_or_init(local).await
}

async fn local() -> Edge {
    Edge::start_with("DESKBELL_LOCAL_WEBHOOKS", "1").await
}

/// A webhook of a site, kept by one of its admins.
struct Hook<'a> {
    owner: &'a Agent<'a>,
    path: String,
}

fn request(url: &str, format: WebhookFormat) -> Value {
    json!({ "url": url, "format": format, "language": "en", "topics": Topic::ALL, "on": true })
}

impl<'a> Hook<'a> {
    fn named(owner: &'a Agent<'a>) -> Self {
        let id = bytes().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        Self { owner, path: format!("/webhooks/{id}") }
    }

    async fn to(owner: &'a Agent<'a>, receiver: &Receiver, format: WebhookFormat) -> Self {
        let hook = Self::named(owner);
        hook.put(&request(&receiver.url(), format)).expect(200).await;
        hook
    }

    fn put(&self, request: &Value) -> Ask {
        self.owner.ask("PUT", &self.path).json(request)
    }

    fn ask(&self, method: &str, below: &str) -> Ask {
        self.owner.ask(method, &format!("{}{below}", self.path))
    }

    async fn secret(&self, method: &str) -> String {
        self.ask(method, "/secret").expect(200).await.json::<WebhookSecret>().secret
    }

    async fn deliveries(&self) -> Vec<Delivery> {
        self.ask("GET", "/deliveries").expect(200).await.json::<Deliveries>().deliveries
    }

    /// How the webhook stands, once it stands so.
    async fn stands(&self, so: impl Fn(&Webhooks) -> bool) -> Webhooks {
        for _ in 0..200 {
            let webhooks = self.owner.ask("GET", "/webhooks").expect(200).await.json();
            if so(&webhooks) {
                return webhooks;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the webhook does not stand so: {:?}", self.deliveries().await)
    }
}

fn topics(letters: &[Letter]) -> Vec<String> {
    letters.iter().map(Letter::topic).collect()
}

#[tokio::test]
async fn a_program_hears_each_step_of_a_talk_signed_and_none_of_its_words() {
    let (site, receiver) = (Site::at(edge().await).await, Receiver::start([]));
    let owner = site.agent().await;
    let hook = Hook::to(&owner, &receiver, WebhookFormat::Standard).await;
    let secret = hook.secret("GET").await;

    let visitor = site.visitor_in_talk().await;
    receiver.got(1).await;
    let (mut talk, _) = owner.socket(&visitor, 0).await;
    talk.send(&TalkRequest::Read { seq: 4 }).await;
    talk.send(&TalkRequest::Say { id: message_id(), text: valid("SECRET answer") }).await;
    receiver.got(3).await;
    visitor.say("SECRET question").expect(200).await;
    receiver.got(4).await;
    owner.talk("POST", &visitor, "/close").expect(204).await;
    receiver.got(5).await;
    owner.talk("DELETE", &visitor, "").expect(204).await;
    let letters = receiver.got(6).await;
    let told = [
        "conversation.opened",
        "conversation.replied",
        "conversation.assigned",
        "conversation.waiting",
        "conversation.closed",
        "conversation.erased",
    ];
    // What happens at once may arrive in any order.
    let mut heard = topics(&letters);
    heard[1..3].sort_by_key(|topic| topic.ends_with("assigned"));
    assert_eq!(heard, told);

    let id = visitor.conversation.to_string();
    for letter in &letters {
        assert_eq!(letter.signatures_of(&secret), 1, "{letter:?}");
        assert_eq!(letter.header("content-type"), "application/json");
        assert!(!letter.body.contains("SECRET"), "{}", letter.body);
        assert_eq!(letter.json()["data"]["conversation"]["id"], id);
        assert_eq!(letter.json()["data"]["site"], site.name);
    }
    let opened = letters[0].json();
    let inbox = format!("{}/inbox/{}#talk/{id}", site.edge.origin(), site.name);
    assert_eq!(opened["data"]["url"], inbox);
    assert_eq!(opened["data"]["conversation"]["reasons"], json!(["explicit_wish"]));
    assert!(opened["timestamp"].as_str().is_some_and(|time| time.starts_with("20") && time.ends_with('Z')));

    // Nothing but the erasing itself is kept of what was erased.
    let kept: Vec<_> = hook.deliveries().await.into_iter().map(|delivery| delivery.topic).collect();
    assert_eq!(kept, [Topic::Erased]);

    // A new secret counts at once, and the one before for a while as well.
    let newer = hook.secret("POST").await;
    assert_ne!(newer, secret);
    site.visitor_in_talk().await;
    let letters = receiver.got(7).await;
    assert_eq!((letters[6].signatures_of(&newer), letters[6].signatures_of(&secret)), (1, 1));
    assert_eq!(letters[0].signatures_of(&newer), 0);
}

#[tokio::test]
async fn what_is_refused_is_told_again_until_it_is_taken() {
    let site = Site::at(edge().await).await;
    let elsewhere = Receiver::start([]);
    let receiver = Receiver::start([Manner::Elsewhere(elsewhere.url())]);
    let owner = site.agent().await;
    let hook = Hook::to(&owner, &receiver, WebhookFormat::Standard).await;
    site.visitor_in_talk().await;
    let first = &receiver.got(1).await[0];
    let failing = hook.stands(|hooks| hooks.webhooks[0].failing_since.is_some()).await;
    assert_eq!(failing.webhooks[0].stopped, None);
    let delivery = &hook.deliveries().await[0];
    let result = delivery.last.as_ref().map(|last| last.result.clone());
    assert_eq!(result, Some(AttemptResult::Refused { status: 307, said: None }));
    assert_eq!((delivery.attempts, delivery.next.is_some()), (1, true));

    // What happens meanwhile waits for the next try, and comes with it.
    site.visitor_in_talk().await;
    let letters = receiver.got(3).await;
    let again = &letters[1];
    assert!(again.at.duration_since(first.at) >= Duration::from_secs(5), "it came at once");
    assert_eq!(again.header("webhook-id"), first.header("webhook-id"));
    assert_eq!(again.body, first.body);
    assert_ne!(again.header("webhook-timestamp"), first.header("webhook-timestamp"));
    assert_ne!(letters[2].header("webhook-id"), first.header("webhook-id"));
    assert_eq!(elsewhere.letters().len(), 0, "nobody was to be sent there");
    hook.stands(|hooks| hooks.webhooks[0].failing_since.is_none()).await;

    // People can have it sent once more.
    let number = hook.deliveries().await[1].number;
    hook.ask("POST", &format!("/deliveries/{number}")).expect(204).await;
    assert_eq!(receiver.got(4).await[3].header("webhook-id"), first.header("webhook-id"));
    hook.ask("POST", "/deliveries/999999").refused(ProblemKind::NotFound).await;
}

#[tokio::test]
async fn who_asks_for_time_gets_it_and_who_is_gone_is_left_alone() {
    let site = Site::at(edge().await).await;
    let receiver = Receiver::start([Manner::Later(429, 3_600), Manner::Status(410)]);
    let owner = site.agent().await;
    let hook = Hook::to(&owner, &receiver, WebhookFormat::Standard).await;
    site.visitor_in_talk().await;
    hook.stands(|hooks| hooks.webhooks[0].failing_since.is_some()).await;
    let delivery = &hook.deliveries().await[0];
    let waits = delivery.next.zip(delivery.last.as_ref()).map(|(next, last)| next.since(last.at));
    assert!(waits.is_some_and(|ms| ms >= 3_600_000), "{delivery:?}");

    hook.ask("POST", &format!("/deliveries/{}", delivery.number)).expect(204).await;
    hook.stands(|hooks| hooks.webhooks[0].stopped == Some(Stopped::Gone)).await;
    site.visitor_in_talk().await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(receiver.letters().len(), 2);
    assert!(hook.deliveries().await.iter().all(|delivery| delivery.next.is_none()), "nothing waits");

    // Whoever saves it again wants it again.
    hook.put(&request(&receiver.url(), WebhookFormat::Standard)).expect(200).await;
    site.visitor_in_talk().await;
    receiver.got(3).await;
}

#[tokio::test]
async fn a_receiver_that_hangs_delays_nobody_else() {
    let site = Site::at(edge().await).await;
    let slow = Receiver::start([Manner::Slowly(Duration::from_secs(6))]);
    let quick = Receiver::start([]);
    let owner = site.agent().await;
    Hook::to(&owner, &slow, WebhookFormat::Standard).await;
    Hook::to(&owner, &quick, WebhookFormat::Standard).await;
    let began = std::time::Instant::now();
    for _ in 0..6 {
        site.visitor_in_talk().await;
    }
    let letters = quick.got(1).await;
    assert!(letters[0].at.duration_since(began) < Duration::from_secs(4));
    assert_eq!(quick.got(6).await.len(), 6);
    assert_eq!(slow.got(6).await.len(), 6, "what was slow has arrived once");
}

#[tokio::test]
async fn nothing_is_lost_when_the_edge_is_killed() {
    let edge = local().await;
    let site = Site::at(&edge).await;
    let receiver = Receiver::start([Manner::Status(503)]);
    let owner = site.agent().await;
    Hook::to(&owner, &receiver, WebhookFormat::Standard).await;
    let visitor = site.visitor_in_talk().await;
    let first = receiver.got(1).await[0].header("webhook-id").to_owned();
    edge.kill();
    edge.start_again().await;
    let letters = receiver.got(2).await;
    assert_eq!(letters[1].header("webhook-id"), first);
    assert_eq!(letters[1].json()["data"]["conversation"]["id"], visitor.conversation.to_string());
}

#[tokio::test]
async fn a_chat_gets_a_sentence_and_its_refusals_are_understood() {
    let site = Site::at(edge().await).await;
    let refusal = Manner::Says(200, r#"{"errcode":310000,"errmsg":"keywords not in content"}"#);
    let receiver = Receiver::start([refusal]);
    let owner = site.agent().await;
    let hook = Hook::named(&owner);
    let mut request = request(&receiver.url(), WebhookFormat::DingTalk);
    (request["language"], request["topics"]) = (json!("zh-Hans"), json!(["conversation.closed"]));
    hook.put(&request).expect(200).await;
    let attempt: Attempt = hook.ask("POST", "/test").expect(200).await.json();
    assert!(matches!(attempt.result, AttemptResult::Refused { status: 200, said: Some(said) }
        if said.as_str() == "keywords not in content"));
    let attempt: Attempt = hook.ask("POST", "/test").expect(200).await.json();
    assert_eq!(attempt.result, AttemptResult::Taken { status: 200 });

    // It hears of what it was asked to, and of nothing else.
    let visitor = site.visitor_in_talk().await;
    owner.talk("POST", &visitor, "/close").expect(204).await;
    let letters = receiver.got(3).await;
    let text = letters[2].json()["text"]["content"].as_str().unwrap_or_default().to_owned();
    assert!(text.starts_with(&format!("Deskbell（{}）：一个对话已结束。", site.name)), "{text}");
    assert!(text.ends_with(&format!("#talk/{}", visitor.conversation)), "{text}");
    assert_eq!(letters[2].header("webhook-signature"), "", "a chat has nothing to check it with");

    let nobody = Hook::named(&owner);
    nobody
        .put(
            &json!({ "url": "http://localhost:1/", "language": "en", "topics": ["alert.began"], "on": true }),
        )
        .expect(200)
        .await;
    let attempt: Attempt = nobody.ask("POST", "/test").expect(200).await.json();
    assert_eq!(attempt.result, AttemptResult::Unreachable);
}

#[tokio::test]
async fn appeals_and_attacks_are_told_too() {
    let (site, receiver) = (Site::at(edge().await).await, Receiver::start([]));
    let owner = site.agent().await;
    let hook = Hook::named(&owner);
    let mut request = request(&receiver.url(), WebhookFormat::Standard);
    request["topics"] = json!(["appeal.filed", "alert.began"]);
    hook.put(&request).expect(200).await;
    let visitor = site.visitor_in_talk().await;
    owner.ban(&visitor, BanScope::Visitor, None).expect(201).await;
    let words = json!({
        "id": AppealId(bytes()), "visitor": visitor.id, "words": "I did nothing wrong", "language": "en",
    });
    visitor.ask("POST", "/appeals").json(&words).expect(201).await;
    let letters = receiver.got(1).await;
    assert_eq!(topics(&letters), ["appeal.filed"]);
    assert_eq!(letters[0].json()["data"]["appeal"], json!({ "number": 1 }));
    assert!(!letters[0].body.contains("nothing wrong"));

    site.flood(&address(), 120).await;
    let letters = receiver.got(2).await;
    assert_eq!(letters[1].topic(), "alert.began");
    assert_eq!(letters[1].json()["data"]["alert"]["kind"], "attack");
}

#[tokio::test]
async fn only_what_is_sound_is_a_webhook_and_only_admins_keep_them() {
    let site = Site::new().await;
    let (owner, agent) = (site.agent().await, site.colleague("bo@shop.example", Role::Agent).await);
    let (hook, url) = (Hook::named(&owner), "https://hooks.shop.example/deskbell");
    let good = request(url, WebhookFormat::Standard);
    let with = |field: &str, value: Value| {
        let mut request = good.clone();
        request[field] = value;
        request
    };
    for (field, value) in [
        ("url", json!("http://hooks.shop.example/")),
        // A deployment does not talk to itself.
        ("url", json!("http://localhost:9000/")),
        ("url", json!("https://127.0.0.1/")),
        ("url", json!("https://[::1]/")),
        ("url", json!("https://me:secret@hooks.shop.example/")),
        ("url", json!(format!("{url}/{}", "x".repeat(2_000)))),
        ("url", json!(7)),
        ("topics", json!([])),
        ("topics", json!(["test"])),
        ("topics", json!(["everything"])),
        ("format", json!("fax")),
        ("language", json!("not a language")),
        ("on", json!("yes")),
    ] {
        let problem = hook.put(&with(field, value.clone())).refused(ProblemKind::Malformed).await;
        assert!(problem.detail.starts_with(field), "{value}: {}", problem.detail);
    }
    hook.put(&with("more", json!("x".repeat(300_000)))).refused(ProblemKind::TooLarge).await;
    owner.ask("PUT", "/webhooks/1").json(&good).refused(ProblemKind::NotFound).await;
    for (method, below) in
        [("GET", "/secret"), ("POST", "/secret"), ("GET", "/deliveries"), ("POST", "/test")]
    {
        hook.ask(method, below).refused(ProblemKind::NotFound).await;
    }

    // Made twice it is one; there are only so many.
    hook.put(&good).expect(200).await;
    let hooks: Webhooks = hook.put(&good).expect(200).await.json();
    assert_eq!(hooks.webhooks.len(), 1);
    for _ in 1..MAX_WEBHOOKS {
        Hook::named(&owner).put(&good).expect(200).await;
    }
    Hook::named(&owner).put(&good).refused(ProblemKind::Conflict).await;
    for _ in 0..2 {
        let hooks: Webhooks = hook.ask("DELETE", "").expect(200).await.json();
        assert_eq!(hooks.webhooks.len(), MAX_WEBHOOKS - 1);
    }

    for (method, below) in [
        ("GET", ""),
        ("PUT", "/00000000000000000000000000000001"),
        ("DELETE", "/00000000000000000000000000000001"),
        ("GET", "/00000000000000000000000000000001/secret"),
        ("POST", "/00000000000000000000000000000001/secret"),
        ("GET", "/00000000000000000000000000000001/deliveries"),
        ("POST", "/00000000000000000000000000000001/deliveries/1"),
        ("POST", "/00000000000000000000000000000001/test"),
    ] {
        let path = format!("/webhooks{below}");
        agent.ask(method, &path).json(&good).refused(ProblemKind::NotAllowed).await;
        site.ask(method, &path).json(&good).refused(ProblemKind::SignInNeeded).await;
    }

    // Who changed what is on record, and no address that may be a secret.
    let record = owner.ask("GET", "/audit").expect(200).await.text();
    assert!(record.contains("hooks.shop.example") && !record.contains("/deskbell"), "{record}");
}

#[tokio::test]
async fn what_nobody_wants_any_more_is_not_sent() {
    let site = Site::at(edge().await).await;
    let receiver = Receiver::start([Manner::Status(500)]);
    let owner = site.agent().await;
    let hook = Hook::to(&owner, &receiver, WebhookFormat::Standard).await;
    site.visitor_in_talk().await;
    hook.stands(|hooks| hooks.webhooks[0].failing_since.is_some()).await;
    let mut off = request(&receiver.url(), WebhookFormat::Standard);
    off["on"] = json!(false);
    hook.put(&off).expect(200).await;
    site.visitor_in_talk().await;
    tokio::time::sleep(Duration::from_secs(7)).await;
    assert_eq!(receiver.letters().len(), 1);
    let deliveries = hook.deliveries().await;
    assert_eq!((deliveries.len(), deliveries[0].next), (1, None));
}

#[tokio::test]
async fn a_flood_of_talks_is_told_whole() {
    let site = Site::at(edge().await).await;
    let receiver = Receiver::start([]);
    let owner = site.agent().await;
    Hook::to(&owner, &receiver, WebhookFormat::Standard).await;
    let mut visitors: Vec<Visitor<'_>> = Vec::new();
    for _ in 0..30 {
        visitors.push(site.visitor_in_talk().await);
    }
    let letters = receiver.got(30).await;
    for visitor in &visitors {
        let id = visitor.conversation.to_string();
        let told = letters.iter().filter(|letter| letter.json()["data"]["conversation"]["id"] == id);
        assert_eq!(told.count(), 1, "{id}");
    }
}
