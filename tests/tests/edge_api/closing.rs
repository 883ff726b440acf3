//! A talk is closed by whoever has read it, and that can be taken back.

use deskbell_shared::wire::{
    Body, Event, HandoffReason, Priority, ProblemKind, Status, TalkEvent, TalkRecord,
};

use crate::people::{Agent, Site, Visitor};

/// All there is of a visitor's talk.
async fn record(agent: &Agent<'_>, visitor: &Visitor<'_>) -> TalkRecord {
    agent.talk("GET", visitor, "").expect(200).await.json()
}

#[tokio::test]
async fn nobody_closes_what_they_have_not_read() {
    let site = Site::new().await;
    let (visitor, agent) = (site.visitor_in_talk().await, site.agent().await);
    let seen = record(&agent, &visitor).await.summary.last_seq;
    visitor.say("One thing more").expect(200).await;
    let close = |seen: &str| agent.talk("POST", &visitor, &format!("/close?seen={seen}"));
    close(&seen.to_string()).refused(ProblemKind::Conflict).await;
    assert_eq!(record(&agent, &visitor).await.summary.status, Status::Open);
    for wrong in ["", "-1", "x", "99999999999999999999"] {
        close(wrong).refused(ProblemKind::Malformed).await;
    }
    close(&(seen + 1).to_string()).expect(204).await;
    // What is closed is closed, whoever has read what.
    close("0").expect(204).await;
    assert_eq!(record(&agent, &visitor).await.summary.status, Status::Closed);
}

#[tokio::test]
async fn closing_can_be_taken_back() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let mut visitor = site.visitor();
    visitor.hand_over_as(HandoffReason::Upset, Priority::High).await;
    let before = record(&agent, &visitor).await.summary;
    assert!(before.waiting_since.is_some());
    let reopen = || agent.talk("POST", &visitor, "/reopen");
    reopen().expect(204).await;
    assert_eq!(record(&agent, &visitor).await.messages.len() as u64, before.last_seq, "it was open");

    agent.talk("POST", &visitor, "/close").expect(204).await;
    let closed = record(&agent, &visitor).await.summary;
    assert_eq!((closed.status, closed.waiting_since), (Status::Closed, None));
    let (mut socket, _) = visitor.socket(closed.last_seq).await;
    reopen().expect(204).await;
    let told = socket.until(|event| match event {
        TalkEvent::Message { message } => Some(message.body),
        _ => None,
    });
    let by = agent.me.name.clone();
    assert_eq!(told.await, Body::Event { event: Event::ReopenedBy { by } });
    let after = record(&agent, &visitor).await.summary;
    assert_eq!(
        (after.status, after.waiting_since, after.priority, after.reopened),
        (Status::Open, before.waiting_since, before.priority, before.reopened)
    );
}
