//! What the guard adds in the isolate when no object is asked, measured there: in workerd, by difference.
//!
//! Two requests take the same way through the worker: a visitor who was stopped a moment ago, of whom this isolate knows,
//! and somebody whose request breaks off before its last character, so that it is read, refused and logged like the other,
//! and the guard is not asked. Each is asked many times over inside the isolate, in turns, and the difference of what that
//! took is divided by how many there were.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use deskbell_shared::wire::{ResumeKey, ResumeRequest};
use serde_json::{Value, json};

use super::super::{
    crowd::{PAGE, Shop, Visitor, random},
    median,
};

/// The entry module of a worker that can be measured.
pub(super) const ENTRY: &str = include_str!("decision.mjs");

/// How often both are measured, in turns, after the rounds in which what is hot is compiled.
const ROUNDS: usize = 200;
const ROUNDS_BEFORE: usize = 20;
/// How often at least, where the machine is so slow that the time is up before.
const LEAST_ROUNDS: usize = 20;
/// The visitor is stopped for a minute; what is measured, is measured in it.
const TIME: Duration = Duration::from_secs(50);
/// How many requests a turn has.
const TIMES: usize = 250;
/// Where they come from.
const ADDRESS: &str = "198.18.2.1";

pub(super) fn measure(shop: &Shop) -> Result<Value> {
    let mut visitor = Visitor::new(shop, ADDRESS);
    visitor.words = "You bastard, you bitch, you asshole".to_owned();
    for _ in 0..3 {
        visitor.try_to_hand_over()?;
    }
    let began = Instant::now();
    let request = ResumeRequest { resume: ResumeKey(random()), visitor: visitor.id };
    let body = serde_json::to_string(&request)?;
    let broken = body.strip_suffix('}').unwrap_or_default();
    let (mut stopped, mut without) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS_BEFORE + ROUNDS {
        if began.elapsed() > TIME {
            break;
        }
        let (with_us, without_us) = if round % 2 == 0 {
            let with = turn(shop, &body, "403")?;
            (with, turn(shop, broken, "400")?)
        } else {
            let without = turn(shop, broken, "400")?;
            (turn(shop, &body, "403")?, without)
        };
        if round >= ROUNDS_BEFORE {
            stopped.push(with_us);
            without.push(without_us);
        }
    }
    let rounds = stopped.len();
    ensure!(rounds >= LEAST_ROUNDS, "the machine is too slow: {rounds} rounds in {} s", TIME.as_secs());
    let added = stopped.iter().zip(&without).map(|(with, without)| with - without).collect();
    let rounded = |us: f64| (us * 100.0).round() / 100.0;
    Ok(json!({
        "us_p50": rounded(median(added)),
        "request_us": rounded(median(stopped)),
        "request_without_us": rounded(median(without)),
        "rounds": rounds,
    }))
}

/// How long a request of a turn takes, in microseconds.
fn turn(shop: &Shop, body: &str, status: &str) -> Result<f64> {
    let headers = [("Content-Type", "application/json"), ("Origin", PAGE), ("CF-Connecting-IP", ADDRESS)];
    let url = format!("{}/v1/sites/{}/sessions", shop.address, shop.site);
    let headers: Value = headers.iter().copied().collect();
    let asked = json!({ "url": url, "headers": headers, "body": body });
    let began = Instant::now();
    let mut answer = ureq::post(&url)
        .header("X-Times", TIMES.to_string())
        .send(asked.to_string())
        .context("the worker does not answer")?;
    let took = began.elapsed();
    let said = answer.body_mut().read_to_string()?;
    ensure!(said == status, "the last of a turn was answered with {said}, not with {status}");
    Ok(took.as_secs_f64() * 1e6 / TIMES as f64)
}
