//! A guard that throws, or never answers, does not take the chat down: local limits hold, and people are alarmed. What an
//! object could not be told it is told later, and nothing else waits for that.

use std::time::{Duration, Instant};

use deskbell_shared::{
    guard::record::Replayed,
    throttle::HANDOFFS_PER_VISITOR,
    wire::{
        AlertKind, AppealId, BanScope, Bans, DeskEvent, DeskRequest, ProblemKind, ResumeKey, TalkEvent,
        TalkRequest,
    },
};
use deskbell_tests::edge::Edge;
use serde_json::json;

use crate::{
    guarding::abuse,
    people::{Site, bytes, message_id, valid},
};

/// Shards that throw at everything.
const THROWS: &str = "fetch() { throw new Error('a broken shard'); }";
/// Shards that never answer.
const HANGS: &str = "async fetch() { await new Promise(() => {}); }";

async fn the_chat_goes_on(shard: &str) {
    let edge = Edge::start_with_guard(shard).await;
    let site = Site::at(&edge).await;
    let agent = site.agent().await;
    let mut desk = agent.desk().await;
    desk.send(&DeskRequest::Hello).await;
    let mut visitor = site.visitor_in_talk().await;
    visitor.say("Is anybody there?").expect(200).await;

    let alert = desk.until(|event| match event {
        DeskEvent::Alert { kind: AlertKind::GuardDown, alert } => alert,
        _ => None,
    });
    assert!(alert.await.count > 0);

    // What is left of the limits is this isolate's own count.
    let mut refused = None;
    for _ in 0..HANDOFFS_PER_VISITOR.burst() + 1 {
        visitor.resume = ResumeKey(bytes());
        let answer = visitor.ask("POST", "/conversations").json(&visitor.handoff()).send().await;
        if answer.status != 201 {
            refused = Some(answer.problem(ProblemKind::Throttled));
            break;
        }
    }
    assert!(refused.is_some_and(|problem| problem.retry_after_s.is_some()));
}

#[tokio::test]
async fn the_chat_goes_on_when_the_guard_throws() {
    the_chat_goes_on(THROWS).await;
}

#[tokio::test]
async fn the_chat_goes_on_when_the_guard_never_answers() {
    the_chat_goes_on(HANGS).await;
}

/// A watch that never answers.
const MUTE: &str = "
    export { default } from './entry.mjs';
    export * from './entry.mjs';
    export class WatchDo { async fetch() { await new Promise(() => {}); } }
";

#[tokio::test]
async fn nobody_waits_for_a_watch_that_never_answers() {
    let edge = Edge::start_behind(MUTE).await;
    let site = Site::at(&edge).await;
    let mut desk = site.agent().await.desk().await;
    desk.send(&DeskRequest::Hello).await;
    let visitor = site.visitor_in_talk().await;
    for text in ["Is anybody there?", "Hello?"] {
        visitor.say(text).expect(200).await;
        desk.until(|event| match event {
            DeskEvent::Changed { conversation, .. } => (conversation.preview.as_str() == text).then_some(()),
            _ => None,
        })
        .await;
    }
}

/// A site that does not take the first ban it is told of.
const DEAF_ONCE: &str = "
    import { SiteDo as Whole } from './entry.mjs';
    export { default } from './entry.mjs';
    export * from './entry.mjs';
    let told = 0;
    export class SiteDo {
        constructor(state, env) { this.whole = new Whole(state, env); }
        fetch(request) {
            if (new URL(request.url).pathname === '/guard-ban' && told++ === 0) throw new Error('not now');
            return this.whole.fetch(request);
        }
        alarm() { return this.whole.alarm(); }
    }
";

#[tokio::test]
async fn a_ban_that_the_site_could_not_be_told_of_it_is_told_later() {
    let edge = Edge::start_behind(DEAF_ONCE).await;
    let site = Site::at(&edge).await;
    let (agent, visitor) = (site.agent().await, site.visitor());
    let mut handoff = visitor.handoff();
    handoff.transcript[0].text = valid(&abuse(1));
    visitor.ask("POST", "/conversations").json(&handoff).refused(ProblemKind::Banned).await;
    let appeal = json!({ "id": AppealId(bytes()), "visitor": visitor.id, "words": "Why?", "language": "en" });
    visitor.ask("POST", "/appeals").json(&appeal).refused(ProblemKind::NotFound).await;

    let deadline = Instant::now() + Duration::from_secs(20);
    let ban = loop {
        let Bans { mut bans } = agent.ask("GET", "/bans").expect(200).await.json();
        if let Some(ban) = bans.pop() {
            break ban;
        }
        assert!(Instant::now() < deadline, "nobody hears of the ban");
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    visitor.ask("POST", "/appeals").json(&appeal).expect(201).await;
    let lifted = json!({ "outcome": "lifted" });
    let number = agent.appeal_of(&ban).await;
    agent.ask("POST", &format!("/desk/appeals/{number}")).json(&lifted).expect(200).await;
    visitor.ask("POST", "/conversations").json(&visitor.handoff()).expect(201).await;
}

/// A desk that does not hear of the first appeal, and a watch that does not hear twice what agents think of visitors.
const INATTENTIVE: &str = "
    import { DeskDo as WholeDesk, WatchDo as WholeWatch } from './entry.mjs';
    export { default } from './entry.mjs';
    export * from './entry.mjs';
    let missed = { '/tell': 0, '/consider': 0 };
    const attend = (request, path, times) => {
        if (new URL(request.url).pathname === path && missed[path]++ < times) throw new Error('not now');
    };
    export class DeskDo {
        constructor(state, env) { this.whole = new WholeDesk(state, env); }
        fetch(request) {
            attend(request, '/tell', 1);
            return this.whole.fetch(request);
        }
        alarm() { return this.whole.alarm(); }
        webSocketMessage(socket, frame) { return this.whole.webSocketMessage(socket, frame); }
        webSocketClose(...how) { return this.whole.webSocketClose(...how); }
        webSocketError(...how) { return this.whole.webSocketError(...how); }
    }
    export class WatchDo {
        constructor(state, env) { this.whole = new WholeWatch(state, env); }
        fetch(request) {
            attend(request, '/consider', 2);
            return this.whole.fetch(request);
        }
        alarm() { return this.whole.alarm(); }
    }
";

#[tokio::test]
async fn an_appeal_and_what_was_thought_of_a_visitor_are_told_until_they_are_heard() {
    let edge = Edge::start_behind(INATTENTIVE).await;
    let site = Site::at(&edge).await;
    let agent = site.agent().await;
    let mut desk = agent.desk().await;
    desk.send(&DeskRequest::Hello).await;
    let visitor = site.visitor_in_talk().await;
    visitor.say("Is the teapot dishwasher safe?").expect(200).await;
    let ban = agent.ban(&visitor, BanScope::Visitor, Some(600)).expect(201).await.json();
    let appeal = json!({ "id": AppealId(bytes()), "visitor": visitor.id, "words": "Why?", "language": "en" });
    visitor.ask("POST", "/appeals").json(&appeal).expect(201).await;
    desk.until(|event| matches!(event, DeskEvent::Appealed { .. }).then_some(())).await;
    let number = agent.appeal_of(&ban).await;
    let lifted = json!({ "outcome": "lifted" });
    agent.ask("POST", &format!("/desk/appeals/{number}")).json(&lifted).expect(200).await;

    let strict = json!({
        "blocked": ["teapot"], "thresholds": { "hint": 10, "slow": 20, "challenge": 30, "ban": 90 }
    });
    let deadline = Instant::now() + Duration::from_secs(20);
    while agent.ask("POST", "/guard/replay").json(&strict).expect(200).await.json::<Replayed>().honest_stopped
        == 0
    {
        assert!(Instant::now() < deadline, "nobody knows that this visitor is honest");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// A conversation that takes no ban and nothing to look out for: the first that is told of a ban.
const STUBBORN: &str = "
    import { ConversationDo as Whole } from './entry.mjs';
    export { default } from './entry.mjs';
    export * from './entry.mjs';
    let stubborn = null;
    export class ConversationDo {
        constructor(state, env) {
            this.whole = new Whole(state, env);
            this.name = state.id.toString();
        }
        fetch(request) {
            const path = new URL(request.url).pathname;
            if (path === '/ban') stubborn ??= this.name;
            if (['/ban', '/look-out-for'].includes(path) && stubborn === this.name) throw new Error('never');
            return this.whole.fetch(request);
        }
        alarm() { return this.whole.alarm(); }
        webSocketMessage(socket, frame) { return this.whole.webSocketMessage(socket, frame); }
        webSocketClose(...how) { return this.whole.webSocketClose(...how); }
        webSocketError(...how) { return this.whole.webSocketError(...how); }
    }
";

#[tokio::test]
async fn a_conversation_that_takes_no_ban_keeps_no_other_ban_word_or_appeal_from_anybody() {
    let edge = Edge::start_behind(STUBBORN).await;
    let site = Site::at(&edge).await;
    let agent = site.agent().await;
    let mut desk = agent.desk().await;
    desk.send(&DeskRequest::Hello).await;
    // In the order in which they are told.
    let mut visitors = [site.visitor_in_talk().await, site.visitor_in_talk().await];
    visitors.sort_by_key(|visitor| visitor.conversation.to_string());
    let [stubborn, talking] = visitors;
    let _open = stubborn.socket(4).await;
    let (mut socket, _) = talking.socket(4).await;
    agent.ban(&stubborn, BanScope::Visitor, Some(600)).expect(201).await;

    let word = json!({ "scope": { "keyword": "cheap watches" }, "reason": "Not here" });
    agent.ask("POST", "/bans").json(&word).expect(201).await;
    let answer = |event| match event {
        TalkEvent::Refused { problem, .. } => Some(Some(problem.kind)),
        TalkEvent::Ack { .. } => Some(None),
        _ => None,
    };
    socket.send(&TalkRequest::Say { id: message_id(), text: valid("Buy cheap watches") }).await;
    assert_eq!(socket.until(answer).await, Some(ProblemKind::WordsBlocked));

    let appeal =
        json!({ "id": AppealId(bytes()), "visitor": stubborn.id, "words": "Why?", "language": "en" });
    stubborn.ask("POST", "/appeals").json(&appeal).expect(201).await;
    desk.until(|event| matches!(event, DeskEvent::Appealed { .. }).then_some(())).await;

    // Whatever the order of their names.
    for _ in 0..4 {
        let other = site.visitor_in_talk().await;
        agent.ban(&other, BanScope::Visitor, Some(600)).expect(201).await;
        other.say("Hello?").refused(ProblemKind::Banned).await;
    }
}
