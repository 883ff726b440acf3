//! What webhooks tell arrives, whole and in the end, and delays nobody else.

use std::time::{Duration, Instant};

use deskbell_shared::wire::{Attempt, AttemptResult, ProblemKind, Stopped, WebhookFormat};
use deskbell_tests::receiver::{Manner, Receiver};
use serde_json::json;

use super::{Hook, edge, local, request};
use crate::people::{Site, Visitor};

#[tokio::test]
async fn what_is_refused_is_told_again_until_it_is_taken() {
    let site = Site::at(edge().await).await;
    let elsewhere = Receiver::start([]);
    let receiver = Receiver::start([Manner::Elsewhere(elsewhere.url())]);
    let owner = site.agent().await;
    let hook = Hook::to(&owner, &receiver, WebhookFormat::Standard).await;
    site.visitor_in_talk().await;
    let first = &receiver.got(1).await[0];
    let failing = hook.stands(|hooks| hooks.webhooks[0].failing_since.is_some()).await;
    assert_eq!(failing.webhooks[0].stopped, None);
    let delivery = &hook.deliveries().await[0];
    let result = delivery.last.as_ref().map(|last| last.result.clone());
    assert_eq!(result, Some(AttemptResult::Refused { status: 307, said: None }));
    assert_eq!((delivery.attempts, delivery.next.is_some()), (1, true));

    // What happens meanwhile waits for the next try, and comes with it: first what was not tried yet.
    site.visitor_in_talk().await;
    let letters = receiver.got(3).await;
    let again = &letters[2];
    assert!(again.at.duration_since(first.at) >= Duration::from_secs(5), "it came at once");
    assert_eq!(again.header("webhook-id"), first.header("webhook-id"));
    assert_eq!(again.body, first.body);
    assert_ne!(again.header("webhook-timestamp"), first.header("webhook-timestamp"));
    assert_ne!(letters[1].header("webhook-id"), first.header("webhook-id"));
    assert!(letters[1].at.duration_since(first.at) >= Duration::from_secs(5), "it came at once");
    assert_eq!(elsewhere.letters().len(), 0, "nobody was to be sent there");
    hook.stands(|hooks| hooks.webhooks[0].failing_since.is_none()).await;

    // People can have it sent once more.
    let number = hook.deliveries().await[1].number;
    hook.ask("POST", &format!("/deliveries/{number}")).expect(204).await;
    assert_eq!(receiver.got(4).await[3].header("webhook-id"), first.header("webhook-id"));
    hook.ask("POST", "/deliveries/999999").refused(ProblemKind::NotFound).await;
}

#[tokio::test]
async fn who_asks_for_time_gets_it_and_who_is_gone_is_left_alone() {
    let site = Site::at(edge().await).await;
    let receiver = Receiver::start([Manner::Later(429, 3_600), Manner::Status(410)]);
    let owner = site.agent().await;
    let hook = Hook::to(&owner, &receiver, WebhookFormat::Standard).await;
    site.visitor_in_talk().await;
    hook.stands(|hooks| hooks.webhooks[0].failing_since.is_some()).await;
    let delivery = &hook.deliveries().await[0];
    let waits = delivery.next.zip(delivery.last.as_ref()).map(|(next, last)| next.since(last.at));
    assert!(waits.is_some_and(|ms| ms >= 3_600_000), "{delivery:?}");
    // Time to breathe is time without any letter.
    site.visitor_in_talk().await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(receiver.letters().len(), 1);
    let until = delivery.next.map(|next| next.0.saturating_sub(2_000)).unwrap_or_default();
    assert!(hook.deliveries().await[0].next.is_some_and(|next| next.0 >= until));

    // What somebody asks for is sent all the same, before whatever else waits.
    hook.ask("POST", &format!("/deliveries/{}", delivery.number)).expect(204).await;
    hook.stands(|hooks| hooks.webhooks[0].stopped == Some(Stopped::Gone)).await;
    let ids = receiver.letters();
    assert_eq!(ids[1].header("webhook-id"), ids[0].header("webhook-id"));
    site.visitor_in_talk().await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(receiver.letters().len(), 2, "who is gone is left alone");
    assert!(hook.deliveries().await.iter().all(|delivery| delivery.next.is_none()), "nothing waits");

    // Whoever saves it again wants it again.
    hook.put(&request(&receiver.url(), WebhookFormat::Standard)).expect(200).await;
    site.visitor_in_talk().await;
    receiver.got(3).await;
}

#[tokio::test]
async fn what_waited_for_a_wrong_address_comes_to_the_right_one_at_once() {
    let site = Site::at(edge().await).await;
    let (wrong, right) = (Receiver::start([Manner::Later(404, 3_600)]), Receiver::start([]));
    let owner = site.agent().await;
    let hook = Hook::to(&owner, &wrong, WebhookFormat::Standard).await;
    site.visitor_in_talk().await;
    hook.stands(|hooks| hooks.webhooks[0].failing_since.is_some()).await;
    hook.put(&request(&right.url(), WebhookFormat::Standard)).expect(200).await;
    let letters = right.got(1).await;
    assert_eq!(letters[0].header("webhook-id"), wrong.letters()[0].header("webhook-id"));
    hook.stands(|hooks| hooks.webhooks[0].failing_since.is_none()).await;
}

#[tokio::test]
async fn a_receiver_that_hangs_delays_nobody_else() {
    let site = Site::at(edge().await).await;
    let slow = Receiver::start([Manner::Slowly(Duration::from_secs(6))]);
    let quick = Receiver::start([]);
    let owner = site.agent().await;
    Hook::to(&owner, &slow, WebhookFormat::Standard).await;
    Hook::to(&owner, &quick, WebhookFormat::Standard).await;
    let began = Instant::now();
    // What happens while one hangs is no exception.
    for count in 1..=6 {
        site.visitor_in_talk().await;
        quick.got(count).await;
    }
    assert!(began.elapsed() < Duration::from_secs(5), "it took {:?}", began.elapsed());
    assert_eq!(slow.got(6).await.len(), 6, "what was slow has arrived once");
}

#[tokio::test]
async fn a_letter_that_is_not_wanted_holds_up_no_other() {
    let site = Site::at(edge().await).await;
    let receiver = Receiver::start([Manner::Status(422)]);
    let owner = site.agent().await;
    let hook = Hook::to(&owner, &receiver, WebhookFormat::Standard).await;
    site.visitor_in_talk().await;
    receiver.got(1).await;
    let began = Instant::now();
    site.visitor_in_talk().await;
    let letters = receiver.got(2).await;
    assert!(began.elapsed() < Duration::from_secs(3), "it took {:?}", began.elapsed());
    assert_ne!(letters[1].header("webhook-id"), letters[0].header("webhook-id"));
    hook.stands(|hooks| hooks.webhooks[0].failing_since.is_none()).await;
    let first = &hook.deliveries().await[1];
    assert_eq!((first.attempts, first.next.is_some()), (1, true), "its own turn comes later");
    assert_eq!(receiver.got(3).await[2].header("webhook-id"), letters[0].header("webhook-id"));
}

#[tokio::test]
async fn who_has_taken_it_may_go_on_talking() {
    let site = Site::at(edge().await).await;
    let receiver =
        Receiver::start([Manner::Stalls(Duration::from_secs(8)), Manner::Stalls(Duration::from_secs(8))]);
    let owner = site.agent().await;
    for format in [WebhookFormat::Standard, WebhookFormat::DingTalk] {
        let hook = Hook::to(&owner, &receiver, format).await;
        let attempt: Attempt = hook.ask("POST", "/test").expect(200).await.json();
        assert_eq!(attempt.result, AttemptResult::Taken { status: 200 }, "{format:?}");
    }
}

#[tokio::test]
async fn what_is_changed_meanwhile_counts() {
    let site = Site::at(edge().await).await;
    let receiver = Receiver::start([Manner::Status(503)]);
    let owner = site.agent().await;
    let hook = Hook::to(&owner, &receiver, WebhookFormat::Standard).await;
    let visitor = site.visitor_in_talk().await;
    hook.stands(|hooks| hooks.webhooks[0].failing_since.is_some()).await;
    let mut request = request(&receiver.url(), WebhookFormat::Standard);
    request["topics"] = json!(["conversation.closed"]);
    hook.put(&request).expect(200).await;
    owner.talk("POST", &visitor, "/close").expect(204).await;
    assert_eq!(receiver.got(2).await[1].topic(), "conversation.closed", "nobody asks for the other any more");
    assert!(hook.deliveries().await.iter().all(|delivery| delivery.next.is_none()));

    // One that is removed while its letter is on its way leaves nothing behind, and nobody waits for it.
    receiver.then([Manner::Slowly(Duration::from_secs(2))]);
    let visitor = site.visitor_in_talk().await;
    owner.talk("POST", &visitor, "/close").expect(204).await;
    receiver.got(3).await;
    hook.ask("DELETE", "").expect(200).await;
    hook.ask("GET", "/deliveries").refused(ProblemKind::NotFound).await;
    Hook::to(&owner, &receiver, WebhookFormat::Standard).await;
    site.visitor_in_talk().await;
    assert_eq!(receiver.got(4).await[3].topic(), "conversation.opened");
}

#[tokio::test]
async fn nothing_is_lost_when_the_edge_is_killed() {
    let edge = local().await;
    let site = Site::at(&edge).await;
    let receiver = Receiver::start([Manner::Status(503)]);
    let owner = site.agent().await;
    let hook = Hook::to(&owner, &receiver, WebhookFormat::Standard).await;
    let visitor = site.visitor_in_talk().await;
    let first = receiver.got(1).await[0].header("webhook-id").to_owned();
    // Killed before it knows what came of it, it would try again only when the lease is over.
    hook.stands(|hooks| hooks.webhooks[0].failing_since.is_some()).await;
    edge.kill();
    edge.start_again().await;
    let letters = receiver.got(2).await;
    assert_eq!(letters[1].header("webhook-id"), first);
    assert_eq!(letters[1].json()["data"]["conversation"]["id"], visitor.conversation.to_string());
}

#[tokio::test]
async fn what_nobody_wants_any_more_is_not_sent() {
    let site = Site::at(edge().await).await;
    let receiver = Receiver::start([Manner::Status(500)]);
    let owner = site.agent().await;
    let hook = Hook::to(&owner, &receiver, WebhookFormat::Standard).await;
    site.visitor_in_talk().await;
    hook.stands(|hooks| hooks.webhooks[0].failing_since.is_some()).await;
    let mut off = request(&receiver.url(), WebhookFormat::Standard);
    off["on"] = json!(false);
    hook.put(&off).expect(200).await;
    site.visitor_in_talk().await;
    tokio::time::sleep(Duration::from_secs(7)).await;
    assert_eq!(receiver.letters().len(), 1);
    let deliveries = hook.deliveries().await;
    assert_eq!((deliveries.len(), deliveries[0].next), (1, None));
    let again = hook.ask("POST", &format!("/deliveries/{}", deliveries[0].number));
    again.refused(ProblemKind::Conflict).await;
}

#[tokio::test]
async fn a_flood_of_talks_is_told_whole() {
    let site = Site::at(edge().await).await;
    let receiver = Receiver::start([]);
    let owner = site.agent().await;
    Hook::to(&owner, &receiver, WebhookFormat::Standard).await;
    let mut visitors: Vec<Visitor<'_>> = Vec::new();
    for _ in 0..30 {
        visitors.push(site.visitor_in_talk().await);
    }
    let letters = receiver.got(30).await;
    for visitor in &visitors {
        let id = visitor.conversation.to_string();
        let told = letters.iter().filter(|letter| letter.json()["data"]["conversation"]["id"] == id);
        assert_eq!(told.count(), 1, "{id}");
    }
}
