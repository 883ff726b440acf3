//! Messages are taken once, in order, and reach both sides.

use deskbell_shared::{
    throttle::MESSAGES,
    wire::{
        Body, Event, MAX_FRAME_BYTES, Message, MessageId, Missed, ProblemKind, Said, Sender, Status,
        TalkEvent, TalkRequest,
    },
};
use deskbell_tests::client::Socket;
use serde_json::json;
use tokio_tungstenite::tungstenite;

use crate::people::{SHOP, Site, Visitor, message_id, valid};

async fn message(socket: &mut Socket) -> Message {
    let pick = |event| if let TalkEvent::Message { message } = event { Some(message) } else { None };
    socket.until(pick).await
}

async fn refusal(socket: &mut Socket) -> (Option<MessageId>, ProblemKind) {
    let pick = |event| match event {
        TalkEvent::Refused { id, problem } => Some((id, problem.kind)),
        _ => None,
    };
    socket.until(pick).await
}

async fn all(visitor: &Visitor<'_>) -> Missed {
    visitor.talk("GET", "/messages?after=0").expect(200).await.json()
}

#[tokio::test]
async fn two_people_talk() {
    let site = Site::new().await;
    let (visitor, agent) = (site.visitor_in_talk().await, site.agent().await);
    let (mut v, _) = visitor.socket(0).await;
    let (mut a, caught_up) = agent.socket(&visitor, 2).await;
    let TalkEvent::CatchUp { messages, more: false, status: Status::Open, now: Some(_) } = caught_up else {
        panic!("{caught_up:?}")
    };
    assert_eq!(messages.iter().map(|message| message.seq).collect::<Vec<_>>(), [3, 4]);

    a.send(&TalkRequest::Typing).await;
    v.until(|event| {
        matches!(&event, TalkEvent::Typing { from: Sender::Agent { name } } if name.as_str() == "Mei")
            .then_some(())
    })
    .await;
    let id = message_id();
    a.send(&TalkRequest::Say { id, text: valid("How can I help?") }).await;
    let ack = a
        .until(|event| if let TalkEvent::Ack { id, seq, .. } = event { Some((id, seq)) } else { None })
        .await;
    assert_eq!(ack, (id, 5));
    assert_eq!(message(&mut a).await.seq, 5, "the writer's other windows see it too");
    let seen = message(&mut v).await;
    assert_eq!((seen.seq, seen.id), (5, id));
    assert_eq!(seen.from, Sender::Agent { name: valid("Mei") });

    v.send(&TalkRequest::Read { seq: 5 }).await;
    let read = a.until(|event| if let TalkEvent::Read { seq } = event { Some(seq) } else { None }).await;
    assert_eq!(read, 5);
    v.send(&TalkRequest::Say { id: message_id(), text: valid("My parcel") }).await;
    assert_eq!(message(&mut a).await.from, Sender::Visitor);

    // Whoever comes later hears what the other side has seen.
    let (mut again, _) = agent.socket(&visitor, 6).await;
    assert_eq!(again.next::<TalkEvent>().await, TalkEvent::Read { seq: 6 });
}

#[tokio::test]
async fn the_same_message_again_is_acknowledged_and_not_stored_twice() {
    let site = Site::new().await;
    let visitor = site.visitor_in_talk().await;
    let id = message_id();
    let say = |text: &str| visitor.talk("POST", "/messages").json(&json!({ "id": id, "text": text }));
    let first: Said = say("Hello").expect(200).await.json();
    let again: Said = say("Hello").expect(200).await.json();
    assert_eq!(first, again);
    say("Something else").refused(ProblemKind::Conflict).await;

    let (mut socket, _) = visitor.socket(0).await;
    socket.send(&TalkRequest::Say { id, text: valid("Hello") }).await;
    let ack =
        socket.until(|event| if let TalkEvent::Ack { seq, .. } = event { Some(seq) } else { None }).await;
    assert_eq!(ack, first.seq);
    socket.send(&TalkRequest::Say { id, text: valid("Another") }).await;
    assert_eq!(refusal(&mut socket).await, (Some(id), ProblemKind::Conflict));
    let missed = all(&visitor).await;
    assert_eq!(missed.messages.iter().filter(|message| message.id == id).count(), 1);
}

#[tokio::test]
async fn many_at_once_get_numbers_without_gaps() {
    let site = Site::new().await;
    let (visitor, agent) = (site.visitor_in_talk().await, site.agent().await);
    let say = |n: usize| {
        let ask = agent.talk("POST", &visitor, "/messages");
        ask.json(&json!({ "id": message_id(), "text": format!("message {n}") })).expect(200)
    };
    let answers = futures::future::join_all((0..50).map(say)).await;
    let mut seqs: Vec<u64> = answers.iter().map(|answer| answer.json::<Said>().seq).collect();
    seqs.sort_unstable();
    assert_eq!(seqs, (5..55).collect::<Vec<u64>>());
}

#[tokio::test]
async fn a_long_absence_is_caught_up_in_pages() {
    let site = Site::new().await;
    let (visitor, agent) = (site.visitor_in_talk().await, site.agent().await);
    // More than an agent's quota takes at once, so a handoff with a long talk stands in front.
    let mut long = site.visitor();
    let turn = visitor.handoff().transcript.remove(0);
    let mut handoff = long.handoff();
    handoff.transcript = (0..99)
        .map(|_| {
            let mut turn = turn.clone();
            turn.id = message_id();
            turn
        })
        .collect();
    let accepted = long.ask("POST", "/conversations").json(&handoff).expect(201).await;
    let accepted: deskbell_shared::wire::HandoffAccepted = accepted.json();
    (long.conversation, long.token) = (accepted.conversation, accepted.session.token);
    for n in 0..20 {
        let ask = agent.talk("POST", &long, "/messages");
        ask.json(&json!({ "id": message_id(), "text": format!("message {n}") })).expect(200).await;
    }
    let (mut socket, first) = long.socket(0).await;
    let TalkEvent::CatchUp { messages, more: true, .. } = first else { panic!("{first:?}") };
    let last = messages.last().map_or(0, |message| message.seq);
    assert_eq!((messages.len(), last), (100, 100));
    socket.send(&TalkRequest::Hello { after: last }).await;
    let rest = socket.until(|event| match event {
        TalkEvent::CatchUp { messages, more, .. } => Some((messages, more)),
        _ => None,
    });
    let (messages, more) = rest.await;
    assert_eq!((messages.len(), messages[0].seq, more), (20, 101, false));
}

#[tokio::test]
async fn a_closed_talk_is_opened_again_by_the_visitor() {
    let site = Site::new().await;
    let (visitor, agent) = (site.visitor_in_talk().await, site.agent().await);
    let (mut socket, _) = visitor.socket(4).await;
    agent.talk("POST", &visitor, "/close").expect(204).await;
    agent.talk("POST", &visitor, "/close").expect(204).await;
    let closed = message(&mut socket).await;
    assert_eq!(closed.body, Body::Event { event: Event::Closed { by: valid("Mei") } });
    assert_eq!(all(&visitor).await.status, Status::Closed);

    socket.send(&TalkRequest::Say { id: message_id(), text: valid("One more thing") }).await;
    assert_eq!(message(&mut socket).await.body, Body::Event { event: Event::Reopened });
    assert_eq!(message(&mut socket).await.seq, 7);
    assert_eq!(all(&visitor).await.status, Status::Open);
}

#[tokio::test]
async fn frames_that_cannot_be_taken_are_refused_and_the_socket_lives_on() {
    let site = Site::new().await;
    let visitor = site.visitor_in_talk().await;
    let (mut socket, _) = visitor.socket(4).await;
    for text in ["", "{", "[]", "null", r#""dance""#, r#"{"hello":{"after":-1}}"#, r#"{"say":{}}"#] {
        socket.send_raw(tungstenite::Message::text(text)).await;
        assert_eq!(refusal(&mut socket).await, (None, ProblemKind::Malformed), "{text}");
    }
    let id = message_id();
    for text in [" ".to_owned(), "x".repeat(4001)] {
        socket.send(&json!({ "say": { "id": id, "text": text } })).await;
        assert_eq!(refusal(&mut socket).await, (Some(id), ProblemKind::Malformed));
    }
    socket.send_raw(tungstenite::Message::text(" ".repeat(MAX_FRAME_BYTES + 1))).await;
    assert_eq!(refusal(&mut socket).await, (None, ProblemKind::TooLarge));
    socket.send_raw(tungstenite::Message::text("ping")).await;
    assert_eq!(socket.next_text().await, "pong");
    socket.send(&TalkRequest::Say { id, text: valid("Still here") }).await;
    assert_eq!(message(&mut socket).await.seq, 5);
    assert_eq!(socket.close(4001).await.map(|frame| u16::from(frame.code)), Some(4001));
}

#[tokio::test]
async fn who_sends_bytes_is_told_so_and_the_socket_closed() {
    let site = Site::new().await;
    let visitor = site.visitor_in_talk().await;
    let (mut socket, _) = visitor.socket(4).await;
    socket.send_raw(tungstenite::Message::binary(vec![1, 2, 3])).await;
    assert_eq!(refusal(&mut socket).await, (None, ProblemKind::Malformed));
    assert_eq!(socket.closed().await.map(|frame| u16::from(frame.code)), Some(1003));
}

#[tokio::test]
async fn a_visitor_has_the_talk_open_in_twenty_windows_at_most() {
    let site = Site::new().await;
    let visitor = site.visitor_in_talk().await;
    let mut open = Vec::new();
    for _ in 0..20 {
        open.push(visitor.socket(4).await.0);
    }
    let path = visitor.socket_path(&visitor.ticket().await);
    assert_eq!(Socket::open(site.edge, &path, Some(SHOP)).await.err(), Some(429));
    // Who closes one may open another, and whoever works for the site is not in their way.
    open.remove(0).close(1000).await;
    let path = visitor.socket_path(&visitor.ticket().await);
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert!(Socket::open(site.edge, &path, Some(SHOP)).await.is_ok());
    site.agent().await.socket(&visitor, 4).await;
}

#[tokio::test]
async fn a_visitor_who_writes_too_fast_is_told_when_to_go_on() {
    let site = Site::new().await;
    let visitor = site.visitor_in_talk().await;
    let (mut socket, _) = visitor.socket(4).await;
    for _ in 0..MESSAGES.burst() {
        socket.send(&TalkRequest::Say { id: message_id(), text: valid("now") }).await;
        message(&mut socket).await;
    }
    let id = message_id();
    socket.send(&TalkRequest::Say { id, text: valid("now") }).await;
    let wait = socket.until(|event| match event {
        TalkEvent::Refused { id: Some(refused), problem } if refused == id => problem.retry_after_s,
        _ => None,
    });
    let wait = wait.await;
    assert!((1..=MESSAGES.interval_ms().div_ceil(1000)).contains(&wait), "{wait}");
    visitor.say("over the other way").refused(ProblemKind::Throttled).await;
    tokio::time::sleep(std::time::Duration::from_secs(wait)).await;
    socket.send(&TalkRequest::Say { id, text: valid("now") }).await;
    assert_eq!(message(&mut socket).await.id, id);
}

#[tokio::test]
async fn a_socket_that_floods_is_told_so_and_closed() {
    let site = Site::new().await;
    let visitor = site.visitor_in_talk().await;
    let (mut socket, _) = visitor.socket(4).await;
    for _ in 0..200 {
        socket.send_raw(tungstenite::Message::text(r#""typing""#)).await;
    }
    assert_eq!(refusal(&mut socket).await, (None, ProblemKind::Throttled));
    assert_eq!(socket.closed().await.map(|frame| u16::from(frame.code)), Some(1008));
}
