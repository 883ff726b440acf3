//! Quotas hold exactly, whoever comes at once, and say honestly when to come back.

use std::time::{Duration, Instant};

use deskbell_shared::{
    throttle::{
        HANDOFFS_PER_ADDRESS, HANDOFFS_PER_NETWORK, HANDOFFS_PER_VISITOR, Quota, SESSIONS_PER_VISITOR,
    },
    wire::{ProblemKind, ResumeKey, VisitorId},
};
use deskbell_tests::client::Answer;
use futures::future::join_all;

use crate::people::{Site, address, bytes};

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
    let wait = loop {
        // As many at once as the quota takes: however slow the machine, one of them comes too early in the end.
        let resumes = (0..=SESSIONS_PER_VISITOR.burst()).map(|_| visitor.resume_request().send());
        let answers = join_all(resumes).await;
        if let Some(refused) = answers.iter().rfind(|answer| answer.status != 200) {
            break refused.problem(ProblemKind::Throttled).retry_after_s.unwrap_or_default();
        }
    };
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
