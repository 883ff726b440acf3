//! What agents stop by range, country, word or e-mail address, and the rules of a site: in force within two seconds, live
//! talks included; and what would lock out everybody is refused with an explanation.

use std::time::{Duration, Instant};

use deskbell_shared::{
    guard::{
        audit,
        ladder::Rung,
        record::{Figures, Replayed},
        signal::Signal,
    },
    wire::{Ban, BanPreview, Body, Event, Missed, ProblemKind, TalkEvent, TalkRequest},
};
use deskbell_tests::edge::Edge;
use serde_json::{Value, json};

use crate::{
    ladder::solve,
    people::{Agent, Site, message_id, valid},
};

/// In force everywhere after this long at most.
const SOON: Duration = Duration::from_secs(2);

async fn stop(agent: &Agent<'_>, scope: Value) -> Ban {
    // Whoever is in no conversation can be named nevertheless: that means nothing for these.
    let body =
        json!({ "conversation": "0".repeat(32), "scope": scope, "reason": "Not from here", "seconds": 600 });
    let ban: Ban = agent.ask("POST", "/bans").json(&body).expect(201).await.json();
    assert_eq!(ban.conversation, None);
    ban
}

#[tokio::test]
async fn a_range_is_looked_at_first_and_stops_live_talks_and_newcomers_within_two_seconds() {
    let site = Site::undisturbed().await;
    let agent = site.agent().await;
    let mut visitor = site.visitor();
    visitor.address = "198.51.100.7".to_owned();
    visitor.hand_over().await;
    let (mut socket, _) = visitor.socket(4).await;
    site.visitor().hand_over().await;
    let mut away = site.visitor_from("198.51.100.8");
    away.hand_over().await;

    let scope = json!({ "range": "198.51.100.0/24" });
    let body = json!({ "scope": scope, "reason": "Not from here" });
    let mut preview: BanPreview = agent.ask("POST", "/bans/preview").json(&body).expect(200).await.json();
    preview.conversations.sort();
    let mut from_there = [visitor.conversation, away.conversation];
    from_there.sort();
    assert_eq!(preview.conversations, from_there);
    visitor.say("Nothing has happened yet").expect(200).await;

    let began = Instant::now();
    let ban = stop(&agent, scope).await;
    let stopped = socket.until(|event| match event {
        TalkEvent::Message { message } => match message.body {
            Body::Event { event: Event::Banned { reason, .. } } => reason,
            _ => None,
        },
        _ => None,
    });
    assert_eq!(stopped.await, valid("Not from here"));
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    tokio::time::sleep(SOON.saturating_sub(began.elapsed())).await;
    let mut newcomer = site.visitor();
    newcomer.address = "::ffff:198.51.100.200".to_owned();
    let hand_over = || newcomer.ask("POST", "/conversations").json(&newcomer.handoff());
    let problem = hand_over().refused(ProblemKind::Banned).await;
    assert_eq!(problem.reason.as_deref(), Some("Not from here"));
    newcomer.ask("GET", "/faq").expect(200).await;
    // A cookie makes nobody an agent, and an agent's opens nothing that is for visitors.
    for cookie in ["a=b", &agent.cookie] {
        hand_over().header("Cookie", cookie).refused(ProblemKind::Banned).await;
        newcomer.resume_request().header("Cookie", cookie).refused(ProblemKind::Banned).await;
    }
    let messages = format!("/conversations/{}/messages", visitor.conversation);
    newcomer.ask("GET", &messages).header("Cookie", "a=b").refused(ProblemKind::Banned).await;
    agent.ask("GET", &messages).from_address(&newcomer.address).expect(200).await;

    // Who moves to another network is not of the range any more, until they come back to it.
    visitor.say("Still here").refused(ProblemKind::Banned).await;
    visitor.address = "203.0.113.7".to_owned();
    visitor.come_back().await;
    visitor.say("From home").expect(200).await;
    visitor.address = "198.51.100.7".to_owned();
    visitor.resume_request().refused(ProblemKind::Banned).await;

    agent.ask("DELETE", &format!("/bans/{}", ban.id)).expect(204).await;
    tokio::time::sleep(SOON).await;
    hand_over().expect(201).await;
    visitor.come_back().await;
    visitor.say("Back again").expect(200).await;
    // Who was not in their talk finds it as it was.
    let missed: Missed = agent.talk("GET", &away, "/messages").expect(200).await.json();
    assert_eq!(missed.messages.len(), 4, "{:?}", missed.messages);
    away.come_back().await;
    away.say("What was that?").expect(200).await;
}

#[tokio::test]
async fn a_country_is_what_the_platform_says_it_is() {
    let site = Site::undisturbed().await;
    let agent = site.agent().await;
    stop(&agent, json!({ "country": "ZZ" })).await;
    tokio::time::sleep(SOON).await;
    let visitor = site.visitor();
    let from = |country| {
        visitor.ask("POST", "/conversations").header("CF-IPCountry", country).json(&visitor.handoff())
    };
    from("ZZ").refused(ProblemKind::Banned).await;
    from("DE").expect(201).await;
}

#[tokio::test]
async fn a_word_is_not_taken_any_more_however_it_is_written_and_neither_is_an_address() {
    let site = Site::undisturbed().await;
    let agent = site.agent().await;
    let visitor = site.visitor_in_talk().await;
    let (mut socket, _) = visitor.socket(4).await;
    let began = Instant::now();
    stop(&agent, json!({ "keyword": "cheap watches" })).await;
    let ban = stop(&agent, json!({ "email": "seller@spam.example" })).await;
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    for text in ["Buy CHEAP  w4tches!", "ｃｈｅａｐ watches", "c.h.e.a.p w.a.t.c.h.e.s"] {
        socket.send(&TalkRequest::Say { id: message_id(), text: valid(text) }).await;
        let problem = socket.until(|event| match event {
            TalkEvent::Refused { problem, .. } => Some(problem),
            _ => None,
        });
        assert_eq!(problem.await.kind, ProblemKind::WordsBlocked, "{text}");
    }
    let visitor = site.visitor_in_talk().await;
    visitor.say("Write to Seller@spam.example").refused(ProblemKind::WordsBlocked).await;
    visitor.say("Write to bestseller@spam.example").expect(200).await;
    agent.ask("DELETE", &format!("/bans/{}", ban.id)).expect(204).await;
    visitor.say("Write to seller@spam.example").expect(200).await;
}

#[tokio::test]
async fn what_would_lock_out_everybody_is_refused_with_an_explanation() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let ban = |scope: Value| agent.ask("POST", "/bans").json(&json!({ "scope": scope, "reason": "x" }));
    for (scope, says) in [
        (json!({ "range": "0.0.0.0/0" }), "would lock out a large part of the world"),
        (json!({ "range": "::/0" }), "would lock out a large part of the world"),
        (json!({ "range": "198.51.100.7/24" }), "begins at 198.51.100.0/24"),
        (json!({ "range": "2001:db8::1/128" }), "/64"),
        (json!({ "range": "everybody" }), "a range is an address"),
        (json!({ "country": "Germany" }), "two capital letters"),
        (json!({ "email": "nobody" }), "e-mail"),
        (json!("visitor"), "conversation"),
    ] {
        let detail = ban(scope.clone()).refused(ProblemKind::Malformed).await.detail;
        assert!(detail.contains(says), "{scope}: {detail}");
    }
    let detail = ban(json!({ "keyword": "order" })).refused(ProblemKind::RulesInvalid).await.detail;
    assert!(detail.contains("would lock out everybody"), "{detail}");

    let put = |rules: Value| agent.ask("PUT", "/guard").json(&rules);
    let detail =
        put(json!({ "blocked": ["casino", "你好"] })).refused(ProblemKind::RulesInvalid).await.detail;
    assert!(detail.contains("你好") && detail.contains("would lock out everybody"), "{detail}");
    let thresholds = json!({ "thresholds": { "hint": 1, "slow": 2, "challenge": 3, "ban": 4 } });
    let detail = put(thresholds).refused(ProblemKind::Malformed).await.detail;
    assert!(detail.contains("meets everybody"), "{detail}");
    let before: Value = agent.ask("GET", "/guard").expect(200).await.json();
    put(json!({ "blocked": ["casino"], "shield": "up", "was": before })).expect(200).await;

    // Who has not seen that undoes nothing of it.
    let stale = json!({ "blocked": ["lottery"], "was": before });
    let detail = put(stale).refused(ProblemKind::Conflict).await.detail;
    assert!(detail.contains("meanwhile"), "{detail}");
    let now: Value = agent.ask("GET", "/guard").expect(200).await.json();
    assert_eq!((&now["blocked"], &now["shield"]), (&json!(["casino"]), &json!("up")));
    put(json!({ "blocked": ["casino", "lottery"], "shield": "up", "was": now })).expect(200).await;
}

#[tokio::test]
async fn a_raised_shield_challenges_every_new_session_and_nobody_twice() {
    let site = Site::new().await;
    let agent = site.agent().await;
    agent.ask("PUT", "/guard").json(&json!({ "shield": "up" })).expect(200).await;
    tokio::time::sleep(SOON).await;
    let visitor = site.visitor();
    let hand_over = || visitor.ask("POST", "/conversations").json(&visitor.handoff());
    let problem = hand_over().refused(ProblemKind::ChallengeNeeded).await;
    let proof = solve(&problem.challenge.expect("a challenge"));
    hand_over().header("X-Deskbell-Proof", &proof.to_string()).expect(201).await;
}

#[tokio::test]
async fn what_was_decided_is_counted_and_tried_again_under_other_rules() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let honest = site.visitor_in_talk().await;
    honest.say("Is the teapot dishwasher safe?").expect(200).await;
    agent.talk("POST", &honest, "/close").expect(204).await;
    let rude = site.visitor_in_talk().await;
    for words in ["You bastard", "You bitch", "You asshole"] {
        rude.say(words).send().await;
    }
    let figures: Figures = agent.ask("GET", "/guard/figures").expect(200).await.json();
    let of = |rung| figures.rungs.iter().find(|(known, _)| *known == rung).map_or(0, |(_, count)| *count);
    assert!(of(Rung::Clear) >= 1 && of(Rung::Hint) >= 1 && of(Rung::Challenge) >= 1, "{figures:?}");
    assert_eq!(figures.signals[0].0, Signal::Insult);
    assert!(figures.texts.iter().any(|(text, _)| text.as_str() == "You asshole"));

    let replay = |rules: Value| agent.ask("POST", "/guard/replay").json(&rules);
    let now: Replayed = replay(json!({})).expect(200).await.json();
    assert_eq!((now.stopped, now.honest_stopped), (1, 0), "{now:?}");
    let strict = json!({
        "blocked": ["teapot"], "thresholds": { "hint": 10, "slow": 20, "challenge": 30, "ban": 90 }
    });
    let tried: Replayed = replay(strict).expect(200).await.json();
    assert_eq!((tried.stopped, tried.honest_stopped), (2, 1), "{tried:?}");
    assert!(tried.changed.iter().any(|one| one.honest && one.conversation == Some(honest.conversation)));
    assert!(tried.suggested.challenge.is_some_and(|points| points > 30));
    replay(json!({ "blocked": ["where"] })).refused(ProblemKind::RulesInvalid).await;
}

#[tokio::test]
async fn the_record_is_whole_names_everybody_and_shows_when_it_was_changed() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let visitor = site.visitor_in_talk().await;
    let ban: Ban =
        agent.ban(&visitor, deskbell_shared::wire::BanScope::Visitor, None).expect(201).await.json();
    agent.ask("DELETE", &format!("/bans/{}", ban.id)).expect(204).await;
    agent.ask("PUT", "/guard").json(&json!({ "blocked": ["casino"] })).expect(200).await;
    let record = agent.ask("GET", "/audit").expect(200).await.text();
    let (entries, _) = audit::verify(&record).expect("a whole record");
    assert_eq!(entries as usize, record.lines().count());
    for what in ["\"sign-in\"", "\"ban\"", "\"unban\"", "\"rules\"", "\"settings\"", "mei@shop.example"] {
        assert!(record.contains(what), "{what} in {record}");
    }
    assert!(audit::verify(&record.replace("\"unban\"", "\"ban\"")).is_err());
    assert!(!record.contains(&visitor.address), "no address in clear");
    site.ask("GET", "/audit").refused(ProblemKind::SignInNeeded).await;
}

/// An edge whose clock a request may set ahead, by days.
pub(crate) const LATER: &str = "
    import worker from './entry.mjs';
    export * from './entry.mjs';
    const Clock = Date;
    let ahead = 0;
    globalThis.Date = class extends Clock {
        constructor(...when) { super(...(when.length > 0 ? when : [Clock.now() + ahead])); }
        static now() { return Clock.now() + ahead; }
    };
    export default {
        fetch(request, env, ctx) {
            const days = Number(request.headers.get('X-Days-Later') ?? 0);
            ahead = Math.max(ahead, days * 24 * 60 * 60 * 1000);
            return worker.fetch(request, env, ctx);
        },
    };
";

#[tokio::test]
async fn decisions_are_kept_no_longer_than_the_rules_say_also_when_nothing_new_is_decided() {
    let edge = Edge::start_behind(LATER).await;
    let site = Site::at(&edge).await;
    let (agent, visitor) = (site.agent().await, site.visitor_in_talk().await);
    visitor.say("Is the teapot dishwasher safe?").expect(200).await;
    let figures = || agent.ask("GET", "/guard/figures").header("X-Days-Later", "2");
    let later: Figures = figures().expect(200).await.json();
    assert!(!later.hours.is_empty(), "it is kept for a month if nobody says otherwise");
    agent.ask("PUT", "/guard").json(&json!({ "keep_days": 1 })).expect(200).await;
    assert_eq!(figures().expect(200).await.json::<Figures>(), Figures::default());
}
