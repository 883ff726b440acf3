//! A visitor is handed over once, comes back, and only to what is theirs.

use deskbell_shared::wire::{
    Body, DeskEvent, DeskRequest, Event, HandoffAccepted, Millis, Missed, ProblemKind, ResumeKey, Sender,
    Status, Ticket, Turn, TurnSender,
};
use deskbell_tests::client::Socket;
use serde_json::json;

use crate::people::{SHOP, Site, bytes, message_id, valid};

const FAQ: &str =
    "- id: tracking\n  questions: [Where is my parcel?]\n  answer: Look at the tracking page.\n";

#[tokio::test]
async fn a_handoff_keeps_what_was_said_in_its_order() {
    let site = Site::new().await;
    site.operator("PUT", "/faq").body("application/yaml", FAQ).expect(200).await;
    let visitor = site.visitor_in_talk().await;
    let missed: Missed = visitor.talk("GET", "/messages?after=0").expect(200).await.json();
    assert_eq!((missed.status, missed.more), (Status::Open, false));
    let senders: Vec<_> = missed.messages.iter().map(|message| message.from.clone()).collect();
    assert_eq!(senders, [Sender::Visitor, Sender::Bot, Sender::Visitor, Sender::System]);
    let seqs: Vec<_> = missed.messages.iter().map(|message| message.seq).collect();
    assert_eq!(seqs, [1, 2, 3, 4]);
    assert!(
        matches!(&missed.messages[1].body, Body::Text { entry: Some(entry), .. } if entry.as_str() == "tracking")
    );
    assert!(matches!(&missed.messages[3].body, Body::Event { event: Event::HandedOver { .. } }));
}

#[tokio::test]
async fn nothing_passes_for_the_faq_s_words_that_is_not_and_nothing_past_stopped_ones() {
    let site = Site::new().await;
    let agent = site.agent().await;
    site.operator("PUT", "/faq").body("application/yaml", FAQ).expect(200).await;
    let ban = json!({ "scope": { "keyword": "cheap watches" }, "reason": "Not here", "seconds": 600 });
    agent.ask("POST", "/bans").json(&ban).expect(201).await;
    let mut visitor = site.visitor();
    let mut handoff = visitor.handoff();
    handoff.context.title = Some(valid("Cheap watches"));
    let said = [
        ("Pay at https://spam.example", Some("tracking")),
        ("Pay at https://spam.example", Some("made-up")),
        ("I know no answer to this.", None),
    ];
    let bot = |(text, entry): (&str, Option<&str>)| Turn {
        id: message_id(),
        at: Millis(1),
        from: TurnSender::Bot,
        text: valid(text),
        entry: entry.map(valid),
    };
    handoff.transcript = said.into_iter().map(bot).collect();
    let accepted: HandoffAccepted =
        visitor.ask("POST", "/conversations").json(&handoff).expect(201).await.json();
    (visitor.token, visitor.conversation) = (accepted.session.token, accepted.conversation);
    let missed: Missed = visitor.talk("GET", "/messages").expect(200).await.json();
    let kept = missed.messages.into_iter().filter_map(|message| match message.body {
        Body::Text { text, entry } => {
            Some((message.from, text.to_string(), entry.map(|entry| entry.to_string())))
        }
        Body::Event { .. } => None,
    });
    let kept: Vec<_> = kept.collect();
    assert_eq!(kept[0], (Sender::Bot, "Look at the tracking page.".to_owned(), Some("tracking".to_owned())));
    assert_eq!(kept[1], (Sender::Visitor, "Pay at https://spam.example".to_owned(), None));
    assert_eq!(kept[2], (Sender::Bot, "I know no answer to this.".to_owned(), None));

    let mut desk = agent.desk().await;
    desk.send(&DeskRequest::Hello).await;
    let list = desk.until(|event| match event {
        DeskEvent::Snapshot { conversations, .. } => Some(conversations),
        _ => None,
    });
    let summary = &list.await[0];
    assert_eq!((summary.preview.as_str(), &summary.context.title), ("Pay at https://spam.example", &None));

    let visitor = site.visitor();
    let mut handoff = visitor.handoff();
    handoff.transcript[1] = bot(("Buy CHEAP w4tches!", Some("made-up")));
    let problem =
        visitor.ask("POST", "/conversations").json(&handoff).refused(ProblemKind::WordsBlocked).await;
    assert_eq!(problem.reason.as_deref(), Some("Not here"));
}

#[tokio::test]
async fn the_same_handoff_again_is_harmless() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let first = visitor.hand_over().await;
    let again = visitor.ask("POST", "/conversations").json(&visitor.handoff()).expect(200).await;
    let again: HandoffAccepted = again.json();
    assert_eq!((again.conversation, again.last_seq), (first.conversation, first.last_seq));
}

#[tokio::test]
async fn an_empty_talk_can_be_handed_over() {
    let site = Site::new().await;
    let visitor = site.visitor();
    let mut handoff = visitor.handoff();
    handoff.transcript.clear();
    let accepted: HandoffAccepted =
        visitor.ask("POST", "/conversations").json(&handoff).expect(201).await.json();
    assert_eq!(accepted.last_seq, 1);
}

#[tokio::test]
async fn the_key_brings_a_visitor_back_and_nothing_else_does() {
    let site = Site::new().await;
    let mut visitor = site.visitor_in_talk().await;
    visitor.say("Are you there?").expect(200).await;
    let resumed = visitor.come_back().await;
    assert_eq!((resumed.conversation, resumed.last_seq), (visitor.conversation, 5));
    visitor.talk("GET", "/messages").expect(200).await;

    visitor.resume = ResumeKey(bytes());
    visitor.resume_request().refused(ProblemKind::ConversationUnknown).await;
}

#[tokio::test]
async fn a_session_is_for_one_conversation_of_one_site() {
    let (site, other_site) = (Site::new().await, Site::new().await);
    let (visitor, mut other) = (site.visitor_in_talk().await, site.visitor_in_talk().await);
    other.token.clone_from(&visitor.token);
    for (method, below) in [("GET", "/messages"), ("POST", "/ticket"), ("POST", "/messages")] {
        other.talk(method, below).json(&1).refused(ProblemKind::NotAllowed).await;
    }
    let elsewhere = format!("/conversations/{}/messages", visitor.conversation);
    other_site.ask("GET", &elsewhere).bearer(&visitor.token).refused(ProblemKind::NotAllowed).await;
    for token in ["", "x", "x.y", &visitor.token[1..], &format!("{}x", visitor.token)] {
        site.ask("GET", &elsewhere).bearer(token).refused(ProblemKind::SignInNeeded).await;
    }
    site.ask("GET", &elsewhere).refused(ProblemKind::SignInNeeded).await;
}

#[tokio::test]
async fn a_ticket_opens_one_socket_once() {
    let site = Site::new().await;
    let visitor = site.visitor_in_talk().await;
    let path = visitor.socket_path(&visitor.ticket().await);
    assert_eq!(Socket::open(site.edge, &path, Some("https://evil.example")).await.err(), Some(403));
    assert_eq!(Socket::open(site.edge, &path, None).await.err(), Some(403));
    assert!(Socket::open(site.edge, &path, Some(SHOP)).await.is_ok());
    assert_eq!(Socket::open(site.edge, &path, Some(SHOP)).await.err(), Some(401));

    let made_up = visitor.socket_path(&Ticket { ticket: "A".repeat(43) });
    assert_eq!(Socket::open(site.edge, &made_up, Some(SHOP)).await.err(), Some(401));
    let none = site.path(&format!("/conversations/{}/socket", visitor.conversation));
    assert_eq!(Socket::open(site.edge, &none, Some(SHOP)).await.err(), Some(400));
    site.edge.ask("GET", &path).origin(SHOP).refused(ProblemKind::Malformed).await;

    // A ticket is for the conversation it was made for.
    let other = site.visitor_in_talk().await;
    let crossed = visitor.socket_path(&other.ticket().await);
    assert_eq!(Socket::open(site.edge, &crossed, Some(SHOP)).await.err(), Some(401));
}

#[tokio::test]
async fn a_ticket_runs_out() {
    let site = Site::new().await;
    let visitor = site.visitor_in_talk().await;
    let ticket = visitor.ticket().await;
    tokio::time::sleep(std::time::Duration::from_millis(Ticket::LIFETIME_MS + 500)).await;
    assert_eq!(Socket::open(site.edge, &visitor.socket_path(&ticket), Some(SHOP)).await.err(), Some(401));
}
