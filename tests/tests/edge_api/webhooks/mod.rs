//! Webhooks: other programs hear of what happens at a site, signed, until they have it, and of nothing else.

mod arriving;

use std::time::Duration;

use deskbell_shared::wire::{
    AppealId, Attempt, AttemptResult, BanScope, Deliveries, Delivery, MAX_WEBHOOKS, ProblemKind, Role,
    TalkRequest, Topic, WebhookFormat, WebhookSecret, Webhooks,
};
use deskbell_tests::{
    client::Ask,
    edge::Edge,
    receiver::{Letter, Manner, Receiver},
};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::people::{Agent, Site, address, bytes, message_id, valid};

/// An edge that sends webhooks to this machine too, as in development.
pub(crate) async fn edge() -> &'static Edge {
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

    // Whoever presses twice locks nobody out; what is removed does not come back with its secret.
    let newest = hook.secret("POST").await;
    site.visitor_in_talk().await;
    let letters = receiver.got(8).await;
    assert_eq!([&newest, &newer, &secret].map(|secret| letters[7].signatures_of(secret)), [1, 1, 1]);
    hook.ask("DELETE", "").expect(200).await;
    hook.put(&request(&receiver.url(), WebhookFormat::Standard)).expect(200).await;
    let secrets = [secret, newer, newest];
    assert!(!secrets.contains(&hook.secret("GET").await));
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
    assert!(text.starts_with(&format!("Deskbell（{}）：一个会话已结束。", site.name)), "{text}");
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
    // Each site counts its own appeals: a program that hears of several sites tells them apart.
    assert_eq!(letters[0].header("webhook-id"), format!("appeal_{}_1", site.name));
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
