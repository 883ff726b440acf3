//! What the guard adds in the isolate when no object is asked, measured there: in workerd, by difference.
//!
//! Two requests take the same way through the worker, one after the other in turns: a visitor who was stopped a moment
//! ago, of whom this isolate knows, and somebody whose request breaks off before its last character, so that it is read,
//! refused and logged like the other, and the guard is not asked. One worker has one processor, which `wrk` keeps busy:
//! so the time of a request is one second by how many there were.

use std::time::Duration;

use anyhow::{Result, ensure};
use deskbell_shared::wire::ResumeRequest;
use serde_json::{Value, json};

use super::{
    super::{
        median,
        wrk::{Refused, Wrk},
    },
    crowd::{PAGE, Shop, Visitor, random},
};
use crate::repo::Repo;

/// How often both are measured, in turns. All of it takes less than the minute for which the visitor is stopped.
const ROUNDS: usize = 20;
/// How long one of them is loaded at a time.
const TURN: Duration = Duration::from_secs(1);
/// Where they come from.
const ADDRESS: &str = "198.18.2.1";

pub(super) fn measure(repo: &Repo, shop: &Shop) -> Result<Value> {
    let wrk = Wrk::find(repo)?;
    let mut visitor = Visitor::new(shop, ADDRESS);
    visitor.words = "You bastard, you bitch, you asshole".to_owned();
    for _ in 0..3 {
        visitor.try_to_hand_over()?;
    }
    let request = ResumeRequest { resume: deskbell_shared::wire::ResumeKey(random()), visitor: visitor.id };
    let status = visitor.post("sessions", &request, None)?.status();
    ensure!(status == 403, "the visitor is not stopped: {status}");

    let body = serde_json::to_string(&request)?;
    let broken = body.strip_suffix('}').unwrap_or_default().to_owned();
    let url = format!("{}/v1/sites/{}/sessions", shop.address, shop.site);
    let load = |body: &str| -> Result<f64> {
        let headers = [("Content-Type", "application/json"), ("Origin", PAGE), ("CF-Connecting-IP", ADDRESS)];
        let load = wrk.refused(&Refused { url: &url, headers: &headers, body }, TURN)?;
        Ok(1e6 / load.requests_per_s)
    };
    // What is hot is compiled before anything counts.
    load(&body)?;
    let (mut stopped, mut without) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        if round % 2 == 0 {
            stopped.push(load(&body)?);
            without.push(load(&broken)?);
        } else {
            without.push(load(&broken)?);
            stopped.push(load(&body)?);
        }
    }
    let status = visitor.post("sessions", &request, None)?.status();
    ensure!(status == 403, "the visitor was let in meanwhile: {status}");
    let added = stopped.iter().zip(&without).map(|(with, without)| with - without).collect();
    let rounded = |us: f64| (us * 100.0).round() / 100.0;
    Ok(json!({
        "us_p50": rounded(median(added)),
        "request_us": rounded(median(stopped)),
        "request_without_us": rounded(median(without)),
        "rounds": ROUNDS,
    }))
}
