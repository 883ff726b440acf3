//! A killed edge comes back with everything it acknowledged.

use deskbell_shared::wire::{
    Ban, BanScope, DeskEvent, DeskRequest, Missed, ProblemKind, Said, SignedIn, TalkEvent, TalkRequest,
};
use deskbell_tests::edge::Edge;
use serde_json::json;

use crate::people::{Site, message_id, valid};

#[tokio::test]
async fn nothing_acknowledged_is_lost_when_the_edge_is_killed() {
    let edge = Edge::start().await;
    let site = Site::at(&edge).await;
    let (mut visitor, agent) = (site.visitor_in_talk().await, site.agent().await);
    let banned = site.visitor_in_talk().await;
    let ban: Ban = agent.ban(&banned, BanScope::Visitor, None).expect(201).await.json();
    let (mut socket, _) = visitor.socket(4).await;
    let id = message_id();
    socket.send(&TalkRequest::Say { id, text: valid("Do not lose this") }).await;
    socket.until(|event| matches!(event, TalkEvent::Ack { .. }).then_some(())).await;
    edge.kill();
    edge.start_again().await;

    // The session, the people and the ban are still there, and a repeated message is still recognised.
    let say = || visitor.talk("POST", "/messages").json(&json!({ "id": id, "text": "Do not lose this" }));
    let said: Said = say().expect(200).await.json();
    assert_eq!(said.seq, 5);
    let missed: Missed = visitor.talk("GET", "/messages?after=4").expect(200).await.json();
    assert_eq!(missed.messages.len(), 1);
    assert_eq!(agent.ask("GET", "/me").expect(200).await.json::<SignedIn>(), agent.me);
    let problem = banned.resume_request().refused(ProblemKind::Banned).await;
    assert_eq!(problem.until, ban.until);
    assert_eq!(visitor.come_back().await.last_seq, 5);

    // The list is still there too.
    let mut desk = agent.desk().await;
    desk.send(&DeskRequest::Hello).await;
    let DeskEvent::Snapshot { conversations, .. } = desk.next().await else { panic!("no snapshot") };
    let summary = conversations.iter().find(|summary| summary.conversation == visitor.conversation);
    assert!(summary.is_some_and(|summary| summary.last_seq == 5));
    let (_socket, caught_up) = visitor.socket(0).await;
    assert!(matches!(caught_up, TalkEvent::CatchUp { messages, .. } if messages.len() == 5));
}

#[tokio::test]
async fn a_visitor_who_went_with_the_edge_is_not_shown_as_there() {
    let edge = Edge::start().await;
    let site = Site::at(&edge).await;
    let (visitor, agent) = (site.visitor_in_talk().await, site.agent().await);
    let (_socket, _) = visitor.socket(0).await;
    edge.kill();
    edge.start_again().await;

    // Nobody asks the conversation anything: its alarm alone finds out.
    let mut desk = agent.desk().await;
    desk.send(&DeskRequest::Hello).await;
    let gone = |event| match event {
        DeskEvent::Snapshot { conversations, .. } => {
            conversations.into_iter().find(|summary| !summary.online)
        }
        DeskEvent::Changed { conversation, .. } => Some(*conversation).filter(|summary| !summary.online),
        DeskEvent::Appealed { .. }
        | DeskEvent::Alert { .. }
        | DeskEvent::Erased { .. }
        | DeskEvent::Duty { .. } => None,
    };
    assert_eq!(desk.until(gone).await.conversation, visitor.conversation);
}

#[tokio::test]
async fn without_secrets_nothing_runs_and_the_operator_is_told_what_to_do() {
    let edge = Edge::start_with_secrets("DESKBELL_KEY=\"too short\"\n").await;
    assert_eq!(edge.ask("GET", "/").expect(200).await.text(), "ok");
    for path in ["/w/shop", "/inbox/shop", "/v1/sites/shop/faq"] {
        let detail = edge.ask("GET", path).refused(ProblemKind::Unavailable).await.detail;
        assert!(detail.contains("wrangler secret put DESKBELL_KEY"), "{detail}");
    }
}
