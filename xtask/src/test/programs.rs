//! Stages that are programs of tests: run by cargo, shown as they go, and counted.

use std::{
    io::{BufRead, BufReader},
    num::NonZero,
    process::{Command, Stdio},
    thread::available_parallelism,
};

use anyhow::{Context, Result};

use super::{Count, checks::build};
use crate::{
    repo::Repo,
    setup::{self, WASM},
    shell::command,
};

/// Everything that runs without a browser and without an edge. One build, so that nothing is compiled twice.
pub(super) fn native(repo: &Repo) -> Result<Count> {
    count(&mut cargo_test(repo, &["--workspace", "--exclude", "deskbell-tests"]))
}

/// What needs a browser's own parts: `wasm-bindgen-test` in headless Chromium.
pub(super) fn wasm(repo: &Repo) -> Result<Count> {
    let packages =
        ["deskbell-browser", "deskbell-widget", "deskbell-inbox"].iter().flat_map(|name| ["--package", name]);
    count(&mut cargo_test(repo, &["--target", WASM].into_iter().chain(packages).collect::<Vec<_>>()))
}

/// The programs in `tests/` whose names match, against everything as it is deployed; so many tests at once on each core.
pub(super) fn system(repo: &Repo, names: &str, on_each_core: usize) -> Result<Count> {
    build(repo)?;
    let at_once = on_each_core * available_parallelism().map_or(1, NonZero::get);
    let mut tests = cargo_test(repo, &["--package", "deskbell-tests", "--test", names]);
    count(tests.env("RUST_TEST_THREADS", at_once.to_string()))
}

fn cargo_test(repo: &Repo, what: &[&str]) -> Command {
    let mut tests = command(setup::cargo(), ["test", "--no-fail-fast"]);
    tests.args(what).current_dir(repo.root());
    tests
}

/// Runs programs of tests and adds up what they say. Failing without a failed test (because something does not
/// compile, or a program ends early) is one failure.
fn count(tests: &mut Command) -> Result<Count> {
    let mut child =
        tests.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("cannot start cargo")?;
    let mut total = Count::default();
    let said = child.stdout.take().context("cargo has no stdout")?;
    for line in BufReader::new(said).lines().map_while(Result::ok) {
        if let Some(count) = result(&line) {
            total = total.and(count);
        }
        if is_worth_showing(&line) {
            eprintln!("{line}");
        }
    }
    if !child.wait()?.success() && total.failed == 0 {
        total.failed = 1;
    }
    Ok(total)
}

/// The count in `test result: ok. 3 passed; 0 failed; …`.
fn result(line: &str) -> Option<Count> {
    let rest = line.trim_start().strip_prefix("test result: ")?;
    let number = |word: &str| {
        let before = rest.split(word).next()?;
        before.trim().rsplit([' ', '.', ';']).next()?.parse().ok()
    };
    Some(Count { passed: number(" passed")?, failed: number(" failed")? })
}

/// Hundreds of tests that pass are shown as their number.
fn is_worth_showing(line: &str) -> bool {
    let passed = line.starts_with("test ") && line.ends_with("... ok");
    !(passed || line.is_empty() || line.starts_with("running "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_result_of_a_program_is_read() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.3s";
        assert_eq!(result(line), Some(Count { passed: 12, failed: 3 }));
        assert_eq!(result("test a ... ok"), None);
    }

    #[test]
    fn a_test_that_passed_is_only_counted() {
        assert!(!is_worth_showing("test a::b ... ok"));
        assert!(is_worth_showing("test a::b ... FAILED"));
    }
}
