//! `bench edge`: the worker's cached paths beside a JavaScript worker that gives the same answers.
//!
//! | path | what it is |
//! |---|---|
//! | hello | `GET /`, two bytes: what the way through the worker costs by itself |
//! | pack | a published pack from memory: what every visitor's browser asks for |
//!
//! Both run on bare workerd, side by side, and are loaded in turns: a machine that grows slow for a while does so to
//! both. A ratio is the median of the ratios of the rounds.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value, json};
use ureq::{Agent, http::HeaderMap};

use super::{
    deployed::{self, Ceiling},
    median,
    workerd::{Server, Worker},
    wrk::{Load, Wrk},
};
use crate::{
    build,
    progress::{Outcome, step},
    repo::Repo,
};

/// How often both are measured, in turns.
const ROUNDS: usize = 7;

/// How long one of them is loaded at a time.
const TURN: Duration = Duration::from_secs(2);

/// The FAQ that the pack is made from.
const FAQ: &str = "www/demo/en/faq.yaml";

/// What browsers ask with.
const AS_BROWSERS_DO: &str = "Accept-Encoding: gzip, deflate, br";

/// What the platform adds or decides by itself.
const THE_PLATFORMS: [&str; 4] = ["content-length", "transfer-encoding", "date", "connection"];

/// Builds the worker, starts both and measures.
///
/// # Errors
/// `wrk` is missing, the build fails, or one of the two does not answer as it should.
pub(crate) fn run(repo: &Repo) -> Result<Value> {
    let wrk = Wrk::find(repo)?;
    build::build(repo)?;

    let (worker, baseline, pack) = start_both(repo)?;

    let mut hello = Vec::new();
    let mut packs = Vec::new();
    step(&format!("{ROUNDS} rounds"), || {
        // Both compile what is hot before anything counts.
        for path in ["/", &pack] {
            side_by_side(&wrk, &worker, &baseline, path, 0)?;
        }
        for round in 0..ROUNDS {
            hello.push(side_by_side(&wrk, &worker, &baseline, "/", round)?);
            packs.push(side_by_side(&wrk, &worker, &baseline, &pack, round)?);
        }
        Ok(Outcome::Done)
    })?;
    Ok(json!({
        "hello_ratio": ratio(&hello),
        "pack_ratio": ratio(&packs),
        "hello": { "worker": middle(&hello, |pair| pair.0), "baseline": middle(&hello, |pair| pair.1) },
        "pack": { "worker": middle(&packs, |pair| pair.0), "baseline": middle(&packs, |pair| pair.1) },
        "rounds": ROUNDS,
    }))
}

/// Starts both as the benchmark does, and looks whether they answer alike: what can be had of it in seconds.
///
/// # Errors
/// One of them does not answer as it should.
pub(crate) fn rehearse(repo: &Repo) -> Result<()> {
    start_both(repo).map(drop)
}

/// Both workers, which give the same answers, and the path of the pack.
fn start_both(repo: &Repo) -> Result<(Server, Server, String)> {
    let mut started = None;
    step("both workers on bare workerd", || {
        let (worker, pack) = start_worker(repo)?;
        let hello = answer(&worker, "/")?;
        let stored = answer(&worker, &pack)?;
        let baseline = start_baseline(repo, &pack, &hello, &stored)?;
        ensure!(answer(&baseline, "/")? == hello, "the two workers say hello differently");
        ensure!(answer(&baseline, &pack)? == stored, "the two workers send different packs");
        started = Some((worker, baseline, pack));
        Ok(Outcome::Done)
    })?;
    started.context("the workers were started")
}

/// Starts the worker as it is deployed, makes a site, publishes an FAQ, and returns the path of its pack.
fn start_worker(repo: &Repo) -> Result<(Server, String)> {
    let (worker, operator) = deployed::serve(repo, "worker", None, Ceiling::AsDeployed)?;
    let site = deployed::make_site(&operator, "bench", "https://shop.example.com")?;
    let published = operator.publish(&site, &repo.at(FAQ))?;
    let path = format!("/v1/sites/{site}/packs/{}", published.pack.as_str());
    Ok((worker, path))
}

/// Starts the JavaScript worker with the answers that the other one gave.
fn start_baseline(repo: &Repo, path: &str, hello: &Answer, pack: &Answer) -> Result<Server> {
    let text = String::from_utf8(hello.body.clone()).context("hello is not text")?;
    let etag = pack.headers.get("etag").cloned();
    Worker::default()
        .script("baseline.js", include_str!("baseline.js").into())
        .json("HELLO", &json!({ "body": text, "init": { "headers": hello.headers } }))
        .json(
            "PACK",
            &json!({
                "path": path,
                "etag": etag,
                // As it is: the bytes are compressed already.
                "init": { "headers": pack.headers, "encodeBody": "manual" },
            }),
        )
        .data("PACK_BYTES", pack.body.clone())
        .serve(repo, "baseline")
}

/// An answer, without what the platform adds.
#[derive(PartialEq)]
struct Answer {
    headers: Map<String, Value>,
    body: Vec<u8>,
}

fn answer(server: &Server, path: &str) -> Result<Answer> {
    let (name, value) = AS_BROWSERS_DO.split_once(": ").unwrap_or_default();
    let agent: Agent = Agent::config_builder().http_status_as_error(false).build().into();
    let mut response = agent.get(format!("{}{path}", server.address())).header(name, value).call()?;
    if response.status() != 200 {
        bail!("{path} is answered with {}", response.status());
    }
    let headers = ours(response.headers());
    Ok(Answer { headers, body: response.body_mut().read_to_vec()? })
}

fn ours(headers: &HeaderMap) -> Map<String, Value> {
    let ours = headers.iter().filter(|(name, _)| !THE_PLATFORMS.contains(&name.as_str()));
    ours.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into())).collect()
}

/// Loads both, one after the other; who comes first changes from round to round.
fn side_by_side(
    wrk: &Wrk,
    worker: &Server,
    baseline: &Server,
    path: &str,
    round: usize,
) -> Result<(Load, Load)> {
    let load = |server: &Server| wrk.load(&format!("{}{path}", server.address()), AS_BROWSERS_DO, TURN);
    if round.is_multiple_of(2) {
        let worker = load(worker)?;
        Ok((worker, load(baseline)?))
    } else {
        let baseline = load(baseline)?;
        Ok((load(worker)?, baseline))
    }
}

fn ratio(rounds: &[(Load, Load)]) -> f64 {
    let ratios = rounds.iter().map(|(worker, baseline)| worker.requests_per_s / baseline.requests_per_s);
    (median(ratios.collect()) * 1_000.0).round() / 1_000.0
}

/// The median of each figure over the rounds.
fn middle(rounds: &[(Load, Load)], of: impl Fn(&(Load, Load)) -> Load) -> Value {
    let figure = |figure: fn(Load) -> f64| median(rounds.iter().map(|pair| figure(of(pair))).collect());
    json!({
        "requests_per_s": figure(|load| load.requests_per_s).round(),
        "latency_ms_p50": figure(|load| load.latency_ms_p50),
        "latency_ms_p99": figure(|load| load.latency_ms_p99),
    })
}
