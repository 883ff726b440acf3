//! Turnstile, where a site has it: asked instead of a puzzle, checked with Cloudflare, and no loss when that is away.

use deskbell_shared::{
    guard::pow,
    wire::{
        AlertKind, Challenge, DeskEvent, DeskRequest, HandoffAccepted, Problem, ProblemKind, Proof,
        ResumeKey, SiteRequest, SiteSettings, TalkEvent, TalkRequest, TurnstilePass,
    },
};
use deskbell_tests::{
    client::Ask,
    edge::Edge,
    siteverify::{SECRET, Siteverify},
};
use serde_json::json;

use crate::{
    ladder::{solve, with_proof},
    people::{Site, Visitor, bytes, message_id, settings, valid},
};

const KEY: &str = "0x4AAAAAAAkey-of-a-site";

fn with_turnstile() -> SiteSettings {
    SiteSettings { turnstile: Some(valid(KEY)), ..settings() }
}

/// A site whose every new visitor is challenged, and asked for Turnstile.
async fn challenging(edge: &Edge) -> Site<'_> {
    let site = Site::at(edge).await;
    let request = SiteRequest {
        settings: with_turnstile(),
        owner: None,
        no_second_factor: None,
        turnstile_secret: Some(valid(SECRET)),
    };
    site.operator("PUT", "").json(&request).expect(200).await;
    site.agent().await.ask("PUT", "/guard").json(&json!({ "shield": "up" })).expect(200).await;
    site
}

fn hand_over(visitor: &Visitor<'_>) -> Ask {
    visitor.ask("POST", "/conversations").json(&visitor.handoff())
}

async fn challenge(visitor: &Visitor<'_>) -> Challenge {
    let problem = hand_over(visitor).refused(ProblemKind::ChallengeNeeded).await;
    problem.challenge.unwrap_or_else(|| panic!("no challenge"))
}

/// Brings a token of Turnstile.
fn bring(visitor: &Visitor<'_>, challenge: &Challenge, response: &str) -> Ask {
    let body = json!({ "visitor": visitor.id, "challenge": challenge.token, "response": response });
    visitor.ask("POST", "/turnstile").json(&body)
}

#[tokio::test]
async fn whom_turnstile_lets_pass_need_not_solve_a_puzzle() {
    let cloudflare = Siteverify::start();
    let edge = Edge::start_with("TURNSTILE_VERIFY_URL", &cloudflare.url()).await;
    let site = challenging(&edge).await;
    let mut visitor = site.visitor();
    let set = challenge(&visitor).await;
    assert_eq!(set.turnstile.as_ref().map(|key| key.as_str()), Some(KEY));
    let passed: TurnstilePass = bring(&visitor, &set, "good-1").expect(200).await.json();
    let asked = cloudflare.asked();
    assert_eq!(
        (&asked[0]["secret"], &asked[0]["response"], &asked[0]["remoteip"]),
        (&json!(SECRET), &json!("good-1"), &json!(visitor.address))
    );

    // It is worth something to this visitor, for this challenge, once.
    let proof = set.passed_with(passed.pass);
    let other = site.visitor();
    with_proof(hand_over(&other), &proof).refused(ProblemKind::ChallengeNeeded).await;
    let changed = Proof { token: challenge(&visitor).await.token, ..proof.clone() };
    with_proof(hand_over(&visitor), &changed).refused(ProblemKind::ChallengeNeeded).await;
    with_proof(hand_over(&visitor), &proof).expect(201).await;
    visitor.resume = ResumeKey(bytes());
    with_proof(hand_over(&visitor), &proof).refused(ProblemKind::ChallengeNeeded).await;

    // What Cloudflare does not let pass does not pass, nor what it has let pass before; nor somebody else's challenge.
    let honest = site.visitor();
    let set = challenge(&honest).await;
    bring(&honest, &set, "bad").refused(ProblemKind::NotAllowed).await;
    bring(&honest, &set, "good-1").refused(ProblemKind::NotAllowed).await;
    bring(&other, &set, "good-2").refused(ProblemKind::NotAllowed).await;
    assert!(!cloudflare.asked().iter().any(|question| question["response"] == "good-2"));
    // Who cannot reach Cloudflare solves the puzzle, which is harder beside Turnstile.
    assert!(set.bits >= pow::EASIEST + 2, "{}", set.bits);
    with_proof(hand_over(&honest), &solve(&set)).expect(201).await;
}

#[tokio::test]
async fn in_a_talk_turnstile_leads_down_the_ladder_too() {
    let cloudflare = Siteverify::start();
    let edge = Edge::start_with("TURNSTILE_VERIFY_URL", &cloudflare.url()).await;
    let site = challenging(&edge).await;
    site.agent().await.ask("PUT", "/guard").json(&json!({ "shield": "down" })).expect(200).await;
    let visitor = site.visitor_in_talk().await;
    let (mut socket, _) = visitor.socket(4).await;
    for words in ["You bastard", "You bitch", "You asshole"] {
        socket.send(&TalkRequest::Say { id: message_id(), text: valid(words) }).await;
    }
    let set = socket.until(|event| match event {
        TalkEvent::Refused { problem: Problem { challenge: Some(challenge), .. }, .. } => Some(challenge),
        _ => None,
    });
    let set = set.await;
    let passed: TurnstilePass = bring(&visitor, &set, "good-talk").expect(200).await.json();
    socket.send(&TalkRequest::Prove { proof: set.passed_with(passed.pass) }).await;
    socket.until(|event| matches!(event, TalkEvent::Proven).then_some(())).await;
    socket.send(&TalkRequest::Say { id: message_id(), text: valid("Sorry") }).await;
    socket.until(|event| matches!(event, TalkEvent::Ack { .. }).then_some(())).await;
}

#[tokio::test]
async fn when_cloudflare_does_not_answer_puzzles_do_and_people_are_told() {
    let cloudflare = Siteverify::start();
    let edge = Edge::start_with("TURNSTILE_VERIFY_URL", &cloudflare.url()).await;
    let site = challenging(&edge).await;
    let mut desk = site.agent().await.desk().await;
    desk.send(&DeskRequest::Hello).await;
    let visitor = site.visitor();
    let set = challenge(&visitor).await;
    let mut talking = site.visitor();
    let first = challenge(&talking).await;
    let accepted: HandoffAccepted = with_proof(hand_over(&talking), &solve(&first)).expect(201).await.json();
    talking.token.clone_from(&accepted.session.token);
    talking.conversation = accepted.conversation;
    let (mut socket, _) = talking.socket(4).await;
    drop(cloudflare);
    bring(&visitor, &set, "good-late").refused(ProblemKind::Unavailable).await;
    let alert = desk.until(|event| match event {
        DeskEvent::Alert { kind: AlertKind::TurnstileDown, alert } => alert,
        _ => None,
    });
    alert.await;
    let instead = challenge(&visitor).await;
    assert_eq!((instead.turnstile.as_ref(), instead.bits), (None, set.bits - 2));
    // A talk that goes on hears of it too.
    for words in ["You bastard", "You bitch", "You asshole"] {
        socket.send(&TalkRequest::Say { id: message_id(), text: valid(words) }).await;
    }
    let in_talk = socket.until(|event| match event {
        TalkEvent::Refused { problem: Problem { challenge: Some(challenge), .. }, .. } => Some(challenge),
        _ => None,
    });
    assert_eq!(in_talk.await.turnstile, None);
    with_proof(hand_over(&visitor), &solve(&instead)).expect(201).await;
}

#[tokio::test]
async fn the_secret_is_set_and_never_read_and_the_frame_lets_in_cloudflare_for_it_alone() {
    let site = Site::new().await;
    let policy = async || {
        let frame = site.edge.ask("GET", &format!("/w/{}", site.name)).expect(200).await;
        frame.header("content-security-policy").to_owned()
    };
    assert!(!policy().await.contains("cloudflare"));
    let put = |settings: SiteSettings, secret: Option<&str>| {
        let request = SiteRequest {
            settings,
            owner: None,
            no_second_factor: None,
            turnstile_secret: secret.map(valid),
        };
        site.operator("PUT", "").json(&request)
    };
    let detail = put(with_turnstile(), None).refused(ProblemKind::Malformed).await.detail;
    assert!(detail.starts_with("turnstile_secret"), "{detail}");
    put(settings(), Some(SECRET)).refused(ProblemKind::Malformed).await;
    put(with_turnstile(), Some(SECRET)).expect(200).await;
    // The stored one stays.
    put(with_turnstile(), None).expect(200).await;
    let agent = site.agent().await;
    let read = [
        site.operator("GET", "/settings").expect(200).await.text(),
        agent.ask("GET", "/audit").expect(200).await.text(),
        site.edge.ask("GET", &format!("/w/{}", site.name)).expect(200).await.text(),
    ];
    assert!(read.iter().all(|text| text.contains(KEY) && !text.contains(SECRET)), "{read:?}");
    let policy_with = policy().await;
    for source in ["script-src", "frame-src"] {
        let part = policy_with.split(';').find(|part| part.trim().starts_with(source));
        assert!(part.is_some_and(|part| part.contains("https://challenges.cloudflare.com")), "{policy_with}");
    }
    // Without the key there is nothing to keep.
    put(settings(), None).expect(200).await;
    put(with_turnstile(), None).refused(ProblemKind::Malformed).await;
    assert!(!policy().await.contains("cloudflare"));
}

#[tokio::test]
async fn an_admin_turns_it_on_and_off_and_both_stand_in_the_record() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let put = |body: serde_json::Value| agent.ask("PUT", "/guard/turnstile").json(&body);
    let held = async || agent.ask("GET", "/guard/turnstile").expect(200).await.json::<serde_json::Value>();
    assert_eq!(held().await, json!({}));
    for (body, needs) in [
        (json!({ "key": KEY }), "needs the secret"),
        (json!({ "secret": SECRET }), "needs the key"),
        (json!({ "key": "a key with spaces", "secret": SECRET }), "letters, digits"),
        (json!({ "key": "k".repeat(101), "secret": SECRET }), "100 at most"),
    ] {
        let detail = put(body).refused(ProblemKind::Malformed).await.detail;
        assert!(detail.contains(needs), "{detail}");
    }
    put(json!({ "key": KEY, "secret": SECRET })).expect(200).await;
    // The same key needs its secret no more; another one does.
    put(json!({ "key": KEY })).expect(200).await;
    put(json!({ "key": "another" })).refused(ProblemKind::Malformed).await;
    assert_eq!(held().await, json!({ "key": KEY }));
    put(json!({})).expect(200).await;
    assert_eq!(held().await, json!({}));
    let record = agent.ask("GET", "/audit").expect(200).await.text();
    assert!(record.contains(KEY) && record.contains("\"turnstile\"") && !record.contains(SECRET), "{record}");
    site.edge
        .ask("PUT", &format!("/v1/sites/{}/guard/turnstile", site.name))
        .json(&json!({}))
        .refused(ProblemKind::SignInNeeded)
        .await;
}
