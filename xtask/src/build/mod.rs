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
pub(crate) mod engine;
mod parts;
mod template;
mod web;
mod worker;

use std::{fs::File, path::Path, process::Command, time::Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::{
    files,
    progress::{Outcome, seconds, step},
    repo::Repo,
    setup::{self, WASM},
    shell::command,
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
    step("widget and inbox", || apps::compile(repo))?;
    for app in apps::ALL {
        step(&format!("{app} bindings"), || apps::bind(repo, app))?;
    }
    let web = step("static files", || web::make(repo))?;
    let worker = step("worker", || worker::make(repo))?;
    Ok(Built { web, worker })
}

/// `cargo build` as everything that is deployed is built. `module` is what it makes: as long as there is none, this is
/// the first time, and cargo shows how far it is.
fn cargo_build(repo: &Repo, module: &Path) -> Command {
    let mut build = command(setup::cargo(), ["build", "--lib", "--release", "--target", WASM]);
    if module.exists() {
        build.arg("--quiet");
    }
    build.current_dir(repo.root());
    build
}
