//! How visitors were served is counted, and how they found it.

use deskbell_shared::wire::{Body, Event, Message, ProblemKind, ServiceFigures, TalkEvent, TalkRequest};
use serde_json::json;

use crate::people::{Site, message_id};

#[tokio::test]
async fn how_visitors_were_served_is_counted() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let figures = async || agent.ask("GET", "/figures").expect(200).await.json::<ServiceFigures>();
    assert_eq!(figures().await, ServiceFigures::default());
    let (waiting, solved, again) =
        (site.visitor_in_talk().await, site.visitor_in_talk().await, site.visitor_in_talk().await);
    for visitor in [&solved, &again] {
        let say = json!({ "id": message_id(), "text": "It is on its way" });
        agent.talk("POST", visitor, "/messages").json(&say).expect(200).await;
        agent.talk("POST", visitor, "/close").expect(204).await;
    }
    again.say("It is broken").expect(200).await;
    let counted = figures().await;
    assert_eq!((counted.talks, counted.answered), (3, 2));
    assert_eq!((counted.closed, counted.solved_at_first), (1, 1));
    let spread = counted.first_reply.unwrap_or_else(|| panic!("there are two replies"));
    assert!(spread.p50_ms <= spread.p90_ms && spread.p90_ms < 60_000, "{spread:?}");
    agent.talk("POST", &again, "/close").expect(204).await;
    let counted = figures().await;
    assert_eq!((counted.closed, counted.solved_at_first), (2, 1));

    // Visitors say how it was, each once; nobody else does, and nobody whose talk goes on.
    let (mut ours, _) = agent.socket(&solved, 0).await;
    ours.send(&TalkRequest::Rate { good: false }).await;
    for (visitor, good) in [(&solved, true), (&again, false), (&waiting, true)] {
        let (mut theirs, _) = visitor.socket(0).await;
        for good in [good, !good] {
            theirs.send(&TalkRequest::Rate { good }).await;
        }
        theirs.send(&TalkRequest::Hello { after: 0 }).await;
        let rated = |messages: Vec<Message>| {
            let rated = |message: Message| match message.body {
                Body::Event { event: Event::Rated { good } } => Some(good),
                _ => None,
            };
            messages.into_iter().filter_map(rated).collect::<Vec<_>>()
        };
        let caught_up = |event| match event {
            TalkEvent::CatchUp { messages, .. } => Some(rated(messages)),
            _ => None,
        };
        let expected = if visitor.conversation == waiting.conversation { vec![] } else { vec![good] };
        assert_eq!(theirs.until(caught_up).await, expected);
    }
    let counted = figures().await;
    assert_eq!((counted.rated, counted.satisfied), (2, 1));

    site.ask("GET", "/figures").refused(ProblemKind::SignInNeeded).await;
    waiting.ask("GET", "/figures").refused(ProblemKind::SignInNeeded).await;
}
