//! Quotas hold exactly, whoever comes at once, and say honestly when to come back.

use std::time::{Duration, Instant};

use deskbell_shared::{
    guard::audit::{Entry, verify},
    throttle::{
        HANDOFFS_PER_ADDRESS, HANDOFFS_PER_NETWORK, HANDOFFS_PER_VISITOR, Quota, SESSIONS_PER_VISITOR,
        SIGN_INS_PER_PERSON, SIGN_INS_PER_PERSON_AND_ADDRESS,
    },
    wire::{Bans, ProblemKind, ResumeKey, VisitorId},
};
use deskbell_tests::client::Answer;
use futures::future::join_all;
use serde_json::{Value, json};

use crate::{
    ladder::{solve, with_proof},
    people::{EMAIL, PASSWORD, Site, address, bytes, valid},
};

/// Words for which the guard bans whoever asks for a person with them; other words for each number.
pub(crate) fn abuse(n: usize) -> String {
    let links = (0..7).map(|link| format!(" https://shop-{n}-{link}.example/{}", n * 7 + link));
    format!("You bastard, you bitch, you asshole!{}", links.collect::<String>())
}

/// Handoffs at once, of different visitors, each from the address that the function names.
async fn handoffs(site: &Site<'_>, count: u32, from: impl Fn(u32) -> String) -> Vec<Answer> {
    let attempts = (0..count).map(|n| {
        let mut visitor = site.visitor();
        visitor.address = from(n);
        async move { visitor.ask("POST", "/conversations").json(&visitor.handoff()).send().await }
    });
    join_all(attempts).await
}

/// Exactly the burst was admitted, and what came free while the flood went on.
fn assert_admitted(answers: &[Answer], quota: Quota, began: Instant) {
    for refused in answers.iter().filter(|answer| answer.status != 201) {
        refused.problem(ProblemKind::Throttled);
    }
    let admitted = answers.iter().filter(|answer| answer.status == 201).count() as u128;
    let burst = u128::from(quota.burst());
    let came_free = began.elapsed().as_millis() / u128::from(quota.interval_ms());
    assert!((burst..=burst + came_free).contains(&admitted), "{admitted} of {burst} and {came_free}");
}

#[tokio::test]
async fn an_address_gets_exactly_its_quota_however_many_come_at_once() {
    let site = Site::new().await;
    let (from, quota, began) = (address(), HANDOFFS_PER_ADDRESS, Instant::now());
    let answers = handoffs(&site, 60, |_| from.clone()).await;
    assert_admitted(&answers, quota, began);

    let refused = answers.iter().find(|answer| answer.status == 429).expect("somebody was refused");
    assert_eq!(refused.header("ratelimit-policy"), r#""handoff-address";q=30;w=600"#);
    let state = refused.header("ratelimit");
    assert!(state.starts_with(r#""handoff-address";r=0;t="#), "{state}");
    let wait: u64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=quota.interval_ms().div_ceil(1000)).contains(&wait), "{wait}");

    // Somebody else is served meanwhile: what the address stopped never reached the site's quota.
    site.visitor().hand_over().await;
}

#[tokio::test]
async fn an_ipv4_address_is_the_same_when_it_is_mapped() {
    let site = Site::new().await;
    let (plain, began) = (address(), Instant::now());
    let answers =
        handoffs(&site, 40, |n| if n % 2 == 0 { plain.clone() } else { format!("::ffff:{plain}") }).await;
    assert_admitted(&answers, HANDOFFS_PER_ADDRESS, began);
}

#[tokio::test]
async fn an_ipv6_network_is_counted_as_one_and_its_neighbourhood_more_loosely() {
    let site = Site::new().await;
    let began = Instant::now();
    let one_64 = handoffs(&site, 40, |n| format!("2001:db8:1:1::{n:x}")).await;
    assert_admitted(&one_64, HANDOFFS_PER_ADDRESS, began);
    let began = Instant::now();
    let one_48 = handoffs(&site, 150, |n| format!("2001:db8:2:{n:x}::1")).await;
    assert_admitted(&one_48, HANDOFFS_PER_NETWORK, began);
}

#[tokio::test]
async fn a_visitor_gets_exactly_the_quota_from_wherever() {
    let site = Site::new().await;
    let (id, began) = (VisitorId(bytes()), Instant::now());
    let attempts = (0..15).map(|_| {
        let mut visitor = site.visitor();
        visitor.id = id;
        async move { visitor.ask("POST", "/conversations").json(&visitor.handoff()).send().await }
    });
    let answers = join_all(attempts).await;
    assert_admitted(&answers, HANDOFFS_PER_VISITOR, began);
}

#[tokio::test]
async fn the_same_handoff_again_counts_once() {
    let site = Site::new().await;
    let mut visitor = site.visitor_in_talk().await;
    for _ in 0..HANDOFFS_PER_VISITOR.burst() + 2 {
        visitor.ask("POST", "/conversations").json(&visitor.handoff()).expect(200).await;
    }
    visitor.resume = ResumeKey(bytes());
    visitor.hand_over().await;
}

#[tokio::test]
async fn whoever_waits_as_long_as_told_is_served() {
    let site = Site::new().await;
    let visitor = site.visitor_in_talk().await;
    let mut refused = None;
    for _ in 0..20 {
        // As many at once as the quota takes: however slow the machine, one of them comes too early in the end.
        let resumes = (0..=SESSIONS_PER_VISITOR.burst()).map(|_| visitor.resume_request().send());
        refused = join_all(resumes).await.into_iter().rfind(|answer| answer.status != 200);
        if refused.is_some() {
            break;
        }
    }
    let refused = refused.expect("a visitor who comes again and again is refused once");
    let wait = refused.problem(ProblemKind::Throttled).retry_after_s.unwrap_or_default();
    assert!((1..=2).contains(&wait), "one comes free every two seconds, not {wait}");
    tokio::time::sleep(Duration::from_secs(wait)).await;
    visitor.resume_request().expect(200).await;
}

#[tokio::test]
async fn nobody_is_served_before_that() {
    let site = Site::new().await;
    let id = VisitorId(bytes());
    let hand_over = || {
        let mut visitor = site.visitor();
        visitor.id = id;
        async move { visitor.ask("POST", "/conversations").json(&visitor.handoff()).send().await }
    };
    join_all((0..HANDOFFS_PER_VISITOR.burst()).map(|_| hand_over())).await;
    let mut last = u64::MAX;
    for _ in 0..3 {
        let wait = hand_over().await.problem(ProblemKind::Throttled).retry_after_s.unwrap_or_default();
        assert!(
            wait > 30 && wait <= last,
            "what is refused does not make the wait longer: {wait} after {last}"
        );
        last = wait;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

#[tokio::test]
async fn one_sites_flood_is_nothing_to_another() {
    let (site, other) = (Site::new().await, Site::new().await);
    let from = address();
    handoffs(&site, 40, |_| from.clone()).await;
    let mut visitor = other.visitor();
    visitor.address = from;
    visitor.hand_over().await;
}

#[tokio::test]
async fn a_new_name_for_each_abusive_request_makes_no_more_bans_than_an_address_has_handoffs() {
    let site = Site::new().await;
    let (agent, from, quota, began) = (site.agent().await, address(), HANDOFFS_PER_ADDRESS, Instant::now());
    let attempts = (0..50).map(|n| {
        let visitor = site.visitor_from(&from);
        let mut handoff = visitor.handoff();
        handoff.transcript[0].text = valid(&abuse(n));
        async move {
            let answer = visitor.ask("POST", "/conversations").json(&handoff).send().await;
            (visitor, handoff, answer)
        }
    });
    let attempts = join_all(attempts).await;
    let (banned, turned_away): (Vec<_>, Vec<_>) =
        attempts.iter().partition(|(_, _, answer)| answer.status == 403);
    let came_free = began.elapsed().as_millis() / u128::from(quota.interval_ms());
    let most = u128::from(quota.burst()) + came_free;
    assert!((1..=most).contains(&(banned.len() as u128)), "{} bans of {most} handoffs", banned.len());
    banned.iter().for_each(|(_, _, answer)| drop(answer.problem(ProblemKind::Banned)));
    // The others are told to wait, or to solve a puzzle; that does not lead past a ban.
    let mut challenges = turned_away.iter().map(|(visitor, handoff, answer)| {
        let challenge = answer.problem(ProblemKind::Throttled).challenge.expect("a puzzle");
        (visitor, handoff, challenge)
    });
    let (visitor, handoff, challenge) = challenges.next().expect("somebody is turned away");
    let again = visitor.ask("POST", "/conversations").json(handoff);
    with_proof(again, &solve(&challenge)).refused(ProblemKind::Banned).await;
    assert_eq!(challenges.count(), turned_away.len() - 1);
    let made = banned.len() + 1;

    // People see each of them, and the record has them in two entries.
    let bans: Bans = agent.ask("GET", "/bans").expect(200).await.json();
    assert_eq!(bans.bans.len(), made);
    let record = agent.ask("GET", "/audit").expect(200).await.text();
    verify(&record).unwrap_or_else(|broken| panic!("{broken}"));
    let entries = record.lines().map(|line| serde_json::from_str(line).expect("an entry"));
    let entries: Vec<Entry> = entries.filter(|entry: &Entry| entry.what == "ban").collect();
    let times = entries.iter().map(|entry| {
        let detail: Value = serde_json::from_str(&entry.detail).expect("a detail");
        detail["times"].as_u64().unwrap_or(1)
    });
    assert_eq!(times.sum::<u64>(), made as u64);
    assert!(entries.len() <= 2, "{entries:?}");
}

#[tokio::test]
async fn nobody_elsewhere_keeps_an_owner_out_of_where_they_have_signed_in_before() {
    let site = Site::new().await;
    let sign_in = |from: &str, password: &str| {
        let ask = site.ask("POST", "/sign-in").origin(&site.edge.origin()).from_address(from);
        ask.json(&json!({ "email": EMAIL, "password": password }))
    };
    let office = address();
    sign_in(&office, PASSWORD).expect(200).await;
    let (all, of_one) = (SIGN_INS_PER_PERSON.burst(), SIGN_INS_PER_PERSON_AND_ADDRESS.burst());
    let from: Vec<String> = (0..=all / of_one).map(|_| address()).collect();
    let guesses = (0..of_one).flat_map(|_| from.iter()).map(|from| sign_in(from, "a guess").send());
    let answers = join_all(guesses).await;
    let of_person = |answer: &&Answer| answer.header("ratelimit-policy").contains("sign-in-person\"");
    let refused: Vec<_> = answers.iter().filter(of_person).collect();
    assert!(!refused.is_empty(), "the quota of the person holds");
    refused.iter().for_each(|answer| drop(answer.problem(ProblemKind::Throttled)));
    sign_in(&office, PASSWORD).expect(200).await;
}
