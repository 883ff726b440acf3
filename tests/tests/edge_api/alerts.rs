//! The inbox hears of an attack once when it begins and once when it ends, however many acts there are in between.

use std::time::Duration;

use deskbell_shared::{
    guard::siege::{MANY, QUIET_MS},
    wire::{Alert, AlertKind, DeskEvent, DeskRequest, ProblemKind},
};
use deskbell_tests::{client::Socket, edge::Edge};
use serde_json::json;

use crate::{
    ladder::{solve, with_proof},
    people::{Agent, Site, address},
};

/// What an open inbox hears of attacks within this time.
async fn hears_of_attacks(desk: &mut Socket, time: Duration) -> Vec<Option<Alert>> {
    let events = desk.during(time).await;
    let of_attacks = |event| match event {
        DeskEvent::Alert { kind: AlertKind::Attack, alert } => Some(alert),
        _ => None,
    };
    events.into_iter().filter_map(of_attacks).collect()
}

async fn open(agent: &Agent<'_>) -> Socket {
    let mut desk = agent.desk().await;
    desk.send(&DeskRequest::Hello).await;
    desk.until(|event| matches!(event, DeskEvent::Snapshot { .. }).then_some(())).await;
    desk
}

/// So many handoffs at once, from one address; how many of them were refused.
async fn flood(site: &Site<'_>, count: usize) -> usize {
    site.flood(&address(), count).await.into_iter().filter(|status| *status == 429).count()
}

#[tokio::test]
async fn an_attack_is_told_once_when_it_begins_and_once_when_it_ends() {
    let (site, other) = (Site::new().await, Site::new().await);
    let (agent, stranger) = (site.agent().await, other.agent().await);
    let (mut desk, mut second, mut elsewhere) =
        (open(&agent).await, open(&agent).await, open(&stranger).await);

    // A burst, and another one: nobody refused comes along later to tell of the last.
    let mut refused = 0;
    for _ in 0..2 {
        refused += flood(&site, 120).await;
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    assert!(refused > MANY as usize, "{refused} refused");
    // Whoever opens the inbox meanwhile is told that there is one.
    let mut late = agent.desk().await;
    late.send(&DeskRequest::Hello).await;
    let told = late.until(|event| match event {
        DeskEvent::Alert { kind: AlertKind::Attack, alert } => alert,
        _ => None,
    });
    assert!(told.await.count >= MANY);

    let whole = Duration::from_millis(QUIET_MS) + Duration::from_secs(10);
    let (heard, heard_beside, heard_elsewhere) = tokio::join!(
        hears_of_attacks(&mut desk, whole),
        hears_of_attacks(&mut second, whole),
        hears_of_attacks(&mut elsewhere, whole),
    );
    for heard in [&heard, &heard_beside] {
        assert!(matches!(&heard[..], [Some(_), None]), "{heard:?}");
    }
    assert_eq!(heard_elsewhere, []);
}

#[tokio::test]
async fn one_burst_within_a_second_is_an_attack_too() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let mut desk = open(&agent).await;
    assert!(flood(&site, 120).await > MANY as usize);
    let told = desk.until(|event| match event {
        DeskEvent::Alert { kind: AlertKind::Attack, alert } => alert,
        _ => None,
    });
    assert!(told.await.count >= MANY);
}

#[tokio::test]
async fn a_shield_that_an_attack_raises_stands_also_where_nothing_was_seen_of_it() {
    let edge = Edge::start().await;
    let site = Site::at(&edge).await;
    flood(&site, 120).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    // An isolate that has just begun.
    edge.kill();
    edge.start_again().await;
    let visitor = site.visitor();
    let hand_over = || visitor.ask("POST", "/conversations").json(&visitor.handoff());
    let problem = hand_over().refused(ProblemKind::ChallengeNeeded).await;
    assert_eq!(problem.signals, [], "nothing speaks against this visitor");
    let proof = solve(&problem.challenge.unwrap_or_else(|| panic!("no puzzle")));
    with_proof(hand_over(), &proof).expect(201).await;

    // People have the last word.
    let rules = json!({ "shield": "down" });
    site.agent().await.ask("PUT", "/guard").json(&rules).expect(200).await;
    site.visitor().hand_over().await;
}
