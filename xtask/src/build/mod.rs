//! `build`: from sources to everything that is deployed, in `dist/` and `edge/build/`.
//!
//! Each step is skipped when its inputs are what they were; cargo itself is the judge of Rust sources.
//!
//! | step | makes |
//! |---|---|
//! | [`apps`] | the widget and the inbox: optimised WebAssembly and its glue |
//! | [`web`] | `dist/`: those, the loader, styles, locale files, pages and demo shops |
//! | [`worker`] | `edge/build/`: the worker |

mod apps;
pub(crate) mod assets;
mod template;
mod web;
mod worker;

use std::{fs::File, time::Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::{
    files,
    progress::{Outcome, seconds, step},
    repo::Repo,
    setup,
};

/// What a build changed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Built {
    /// Whether anything in `dist/` did.
    pub(crate) web: Outcome,
    /// Whether the worker did.
    pub(crate) worker: Outcome,
}

/// Installs what is missing and builds everything.
///
/// # Errors
/// Those of the first step that fails.
pub(crate) fn run(repo: &Repo) -> Result<Value> {
    let start = Instant::now();
    let built = build(repo)?;
    let took = start.elapsed();
    eprintln!("built in {}", seconds(took));
    let changed = |outcome| outcome == Outcome::Done;
    Ok(json!({
        "web_changed": changed(built.web),
        "worker_changed": changed(built.worker),
        "seconds": took.as_secs_f64(),
    }))
}

/// The same, for other commands.
///
/// # Errors
/// Those of the first step that fails.
pub(crate) fn build(repo: &Repo) -> Result<Built> {
    // Two builds at once, as when `wrangler` starts one beside `dev`: the second waits, and finds nothing to do.
    let lock = repo.memory().join("build.lock");
    files::write(&lock, "")?;
    let lock = File::open(&lock)?;
    lock.lock().context("cannot wait for another build")?;

    setup::for_building(repo)?;
    // While the parts are being laid, one that does not build yet does not keep the others from it.
    let mut first_fault = None;
    let mut tolerate = |result: Result<Outcome>| {
        result.unwrap_or_else(|fault| {
            eprintln!("    {fault:#}");
            first_fault.get_or_insert(fault);
            Outcome::Unchanged
        })
    };
    tolerate(step("widget and inbox", || apps::compile(repo)));
    for app in apps::ALL {
        tolerate(step(&format!("{app} bindings"), || apps::bind(repo, app)));
    }
    let web = tolerate(step("static files", || web::make(repo)));
    let worker = tolerate(step("worker", || worker::make(repo)));
    first_fault.map_or(Ok(Built { web, worker }), Err)
}
