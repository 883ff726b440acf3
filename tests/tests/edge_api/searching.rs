//! All talks can be looked through, beyond those that the list is given.

use std::collections::BTreeSet;

use deskbell_shared::wire::{ConversationId, Found, ProblemKind, Role, Status};
use futures::future::join_all;

use crate::people::{Agent, Site};

/// What is found of these words, page by page; how many pages that took.
async fn all(agent: &Agent<'_>, words: &str) -> (Vec<ConversationId>, usize) {
    let (mut found, mut pages, mut before) = (Vec::new(), 0, String::new());
    loop {
        let page: Found =
            agent.ask("GET", &format!("/search?words={words}{before}")).expect(200).await.json();
        found.extend(page.conversations.iter().map(|talk| talk.conversation));
        pages += 1;
        let Some(next) = page.next else { return (found, pages) };
        before = format!("&before={next}");
        assert!(pages < 20, "it never ends");
    }
}

#[tokio::test]
async fn every_talk_is_found_once_however_many_there_are() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let visitors = join_all((0..60).map(|_| site.visitor_in_talk())).await;
    let wanted = [3, 40];
    for &place in &wanted {
        visitors[place].say("Wo bleiben meine ÄPFEL?").expect(200).await;
        agent.talk("POST", &visitors[place], "/close").expect(204).await;
    }
    for visitor in &visitors[50..] {
        agent.talk("POST", visitor, "/close").expect(204).await;
    }
    let settled = async || {
        let page: Found = agent.ask("GET", "/search?words=%C3%A4pfel").expect(200).await.json();
        page.conversations.iter().filter(|talk| talk.status == Status::Closed).count() == wanted.len()
    };
    while !settled().await {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let (found, pages) = all(&agent, "%C3%84pfel%20WO").await;
    let is: BTreeSet<_> = found.iter().copied().collect();
    assert_eq!((is, found.len(), pages), (wanted.map(|place| visitors[place].conversation).into(), 2, 1));

    let (found, pages) = all(&agent, "").await;
    let each: BTreeSet<_> = found.iter().copied().collect();
    assert_eq!((found.len(), each.len(), pages), (60, 60, 2));
    assert_eq!(all(&agent, "pears").await, (Vec::new(), 1));
    let one = visitors[7].conversation.to_string();
    assert_eq!(all(&agent, &one[..12]).await.0, [visitors[7].conversation]);
}

#[tokio::test]
async fn only_who_may_look_looks_and_only_for_what_can_be() {
    let site = Site::new().await;
    let agent = site.agent().await;
    for wrong in ["words=%", "words=%FF", "before=x", "before=2.1.00", &format!("words={}", "a".repeat(201))]
    {
        agent.ask("GET", &format!("/search?{wrong}")).refused(ProblemKind::Malformed).await;
    }
    assert_eq!(agent.ask("GET", "/search").expect(200).await.json::<Found>(), Found::default());
    let viewer = site.colleague("vi@shop.example", Role::Viewer).await;
    viewer.ask("GET", "/search?words=tea").expect(200).await;
    site.ask("GET", "/search?words=tea").refused(ProblemKind::SignInNeeded).await;
}
