//! A guard that throws, or never answers, does not take the chat down: local limits hold, and people are alarmed.

use deskbell_shared::{
    throttle::HANDOFFS_PER_VISITOR,
    wire::{AlertKind, DeskEvent, DeskRequest, ProblemKind, ResumeKey},
};
use deskbell_tests::edge::Edge;

use crate::people::{Site, bytes};

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
