//! A ban stops a visitor or an address at once, and lifting it works at once.

use std::time::Duration;

use deskbell_shared::wire::{
    Ban, BanScope, Bans, Body, Event, ProblemKind, ResumeKey, TalkEvent, TalkRequest, VisitorId,
};

use crate::people::{EMAIL, PASSWORD, Site, address, bytes, message_id, valid};

#[tokio::test]
async fn a_banned_visitor_is_told_live_and_stopped_everywhere() {
    let site = Site::new().await;
    let (mut visitor, agent) = (site.visitor_in_talk().await, site.agent().await);
    let (mut socket, _) = visitor.socket(4).await;
    let ban: Ban = agent.ban(&visitor, BanScope::Visitor, Some(600)).expect(201).await.json();
    assert_eq!((&ban.scope, ban.by.as_ref().map(|by| by.as_str())), (&BanScope::Visitor, Some("Mei")));

    let event = |event| match event {
        TalkEvent::Message { message } => match message.body {
            Body::Event { event } => Some(event),
            Body::Text { .. } => None,
        },
        _ => None,
    };
    let told = socket.until(event).await;
    assert_eq!(
        told,
        Event::Banned { until: ban.until, reason: Some(valid("Please calm down")), signals: Vec::new() }
    );
    let id = message_id();
    socket.send(&TalkRequest::Say { id, text: valid("But") }).await;
    let problem = socket.until(|event| match event {
        TalkEvent::Refused { id: Some(refused), problem } if refused == id => Some(problem),
        _ => None,
    });
    let problem = problem.await;
    assert_eq!((problem.kind, problem.reason.as_deref()), (ProblemKind::Banned, Some("Please calm down")));

    // Every way in says why and until when.
    for ask in [visitor.say("But"), visitor.talk("POST", "/ticket"), visitor.resume_request()] {
        let problem = ask.refused(ProblemKind::Banned).await;
        assert_eq!((problem.until, problem.reason.as_deref()), (ban.until, Some("Please calm down")));
        assert!(problem.retry_after_s.is_some_and(|seconds| (590..=600).contains(&seconds)));
    }
    visitor.resume = ResumeKey(bytes());
    visitor.ask("POST", "/conversations").json(&visitor.handoff()).refused(ProblemKind::Banned).await;

    // Somebody else at the same address is not meant.
    let mut neighbour = site.visitor();
    neighbour.address.clone_from(&visitor.address);
    neighbour.hand_over().await;

    let bans: Bans = agent.ask("GET", "/bans").expect(200).await.json();
    assert_eq!(bans.bans, std::slice::from_ref(&ban));
    agent.ask("DELETE", &format!("/bans/{}", ban.id)).expect(204).await;
    agent.ask("DELETE", &format!("/bans/{}", ban.id)).expect(204).await;
    assert_eq!(socket.until(event).await, Event::Unbanned);
    socket.send(&TalkRequest::Say { id, text: valid("Thank you") }).await;
    socket.until(|event| matches!(event, TalkEvent::Ack { .. }).then_some(())).await;
    visitor.ask("POST", "/conversations").json(&visitor.handoff()).expect(201).await;
    assert!(agent.ask("GET", "/bans").expect(200).await.json::<Bans>().bans.is_empty());
}

#[tokio::test]
async fn a_banned_address_stops_everybody_there_and_their_other_talks() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let visitor = site.visitor_in_talk().await;
    let mut neighbour = site.visitor();
    neighbour.address.clone_from(&visitor.address);
    neighbour.hand_over().await;
    let ban: Ban = agent.ban(&visitor, BanScope::Address, None).expect(201).await.json();
    assert_eq!(ban.until, None);

    let problem = neighbour.say("Hello?").refused(ProblemKind::Banned).await;
    assert_eq!((problem.until, problem.retry_after_s), (None, None));
    let mut newcomer = site.visitor();
    newcomer.address.clone_from(&visitor.address);
    newcomer.ask("POST", "/conversations").json(&newcomer.handoff()).refused(ProblemKind::Banned).await;
    // Another name for the browser does not help, another address does.
    newcomer.id = VisitorId(bytes());
    newcomer.ask("POST", "/conversations").json(&newcomer.handoff()).refused(ProblemKind::Banned).await;
    site.visitor().hand_over().await;
    // Whoever works for the site may be behind the same address, and could not lift the ban otherwise.
    site.try_to_sign_in(EMAIL, PASSWORD).from_address(&visitor.address).expect(200).await;

    // It is lifted for those too who are elsewhere just then.
    neighbour.address = address();
    neighbour.come_back().await;
    neighbour.say("From elsewhere").expect(200).await;
    agent.ask("DELETE", &format!("/bans/{}", ban.id)).expect(204).await;
    neighbour.address.clone_from(&visitor.address);
    neighbour.come_back().await;
    neighbour.say("Hello again").expect(200).await;
    newcomer.hand_over().await;
}

#[tokio::test]
async fn a_ban_ends_when_it_said_it_would() {
    let site = Site::undisturbed().await;
    let (visitor, agent) = (site.visitor_in_talk().await, site.agent().await);
    agent.ban(&visitor, BanScope::Visitor, Some(4)).expect(201).await;
    let wait = visitor.say("Hello").refused(ProblemKind::Banned).await.retry_after_s.expect("a time");
    assert!((1..=4).contains(&wait), "{wait}");
    tokio::time::sleep(Duration::from_secs(wait)).await;
    visitor.say("Hello").expect(200).await;
    visitor.resume_request().expect(200).await;
}

#[tokio::test]
async fn a_ban_needs_a_conversation_and_a_reason() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let nobody = site.visitor();
    agent.ban(&nobody, BanScope::Visitor, None).refused(ProblemKind::ConversationUnknown).await;
    let body = serde_json::json!({ "conversation": nobody.conversation, "scope": "visitor", "reason": " " });
    let detail = agent.ask("POST", "/bans").json(&body).refused(ProblemKind::Malformed).await.detail;
    assert!(detail.starts_with("reason: "), "{detail}");
    let unknown = format!("/bans/{}", "0".repeat(32));
    agent.ask("DELETE", &unknown).refused(ProblemKind::NotFound).await;
}
