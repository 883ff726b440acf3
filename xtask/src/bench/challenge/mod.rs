//! `bench challenge`: how long a visitor's browser needs for a challenge, on a phone.
//!
//! The solver alone, as WebAssembly in headless Chromium whose processor is slowed down to a quarter, in the slices that
//! the widget makes, while the page paints as fast as it may.
//!
//! | key | what |
//! |---|---|
//! | `challenge_ms_p50`, `…_p95`, `…_max` | from the first challenge of the ladder to its solution, in milliseconds |
//! | `frame_ms_p50`, `…_p95`, `…_max` | from one painted frame to the next meanwhile; 16.7 with nothing to do |
//! | `harder.N.ms_p50`, `…_p95` | the same for challenges of N bits, which follow |

use anyhow::{Result, anyhow};
use deskbell_shared::guard::pow;
use serde_json::{Value, json};

use super::browser::Page;
use crate::{
    build::engine::{self, Part},
    files,
    progress::{Outcome, step},
    repo::Repo,
    setup,
};

/// How many times slower the processor is made: a phone of the middle class.
const SLOWER: f64 = 4.0;

/// How often the first challenge is solved, and each of the harder ones.
const TIMES: (usize, usize) = (100, 20);

/// Measures in Chromium.
///
/// # Errors
/// The solver does not build, Chromium does not start, or the page does not come to an end.
pub(crate) fn run(repo: &Repo) -> Result<Value> {
    setup::for_browsing()?;
    let solver = files::read(&engine::make(repo, Part::Solver)?)?;
    let mut page = Page::new(include_str!("page.html"));
    page.serve("/solver.wasm", "application/wasm", solver);
    let plan = json!([
        { "bits": pow::EASIEST, "times": TIMES.0 },
        { "bits": pow::EASIEST + 1, "times": TIMES.1 },
        { "bits": pow::EASIEST + 2, "times": TIMES.1 },
    ]);
    page.serve("/plan.json", "application/json", plan.to_string().into_bytes());
    let mut measured = Value::Null;
    step("in Chromium, at a quarter of its speed", || {
        measured = page.open_slowed_down(repo, SLOWER)?;
        Ok(Outcome::Done)
    })?;
    match measured.get("fault") {
        Some(fault) => Err(anyhow!("the page fails: {fault}")),
        None => Ok(measured),
    }
}
