//! `fuzz`: what the world may send, at random, for a while; the targets are in `fuzz/`.
//!
//! What a run finds worth keeping is kept for the next one, below cargo's target folder.

mod seeds;

use std::{
    fs::{self, File},
    path::Path,
    process::Stdio,
};

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use crate::{
    files,
    progress::{Outcome, step},
    repo::Repo,
    setup,
    shell::{command, run as show},
};

/// The binaries of `fuzz/Cargo.toml`.
const TARGETS: [&str; 4] = ["pack", "yaml", "csv", "text"];

/// The longest input that is tried, in bytes: longer ones cost speed, and find what shorter ones do.
const LONGEST: usize = 8 * 1024;

/// How long to try, and what.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Seconds for each target
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// Only this target; repeat it for more
    #[arg(long, value_name = "TARGET", value_parser = TARGETS)]
    only: Vec<String>,
}

/// Runs the targets one after the other. One that finds something does not keep the others from running.
///
/// # Errors
/// Something was found, or a target does not build.
pub(crate) fn run(repo: &Repo, arguments: &Arguments) -> Result<Value> {
    setup::for_fuzzing(repo)?;
    step("seeds", || seeds::write(repo))?;
    step("targets", || {
        show(fuzz(repo, "build", &[])?.current_dir(repo.at("fuzz")))?;
        Ok(Outcome::Done)
    })?;
    let wanted = |name: &&&str| arguments.only.is_empty() || arguments.only.iter().any(|only| only == **name);
    let mut results = Map::new();
    let mut found = Vec::new();
    for target in TARGETS.iter().filter(wanted) {
        step(target, || {
            let result = try_at_random(repo, target, arguments.seconds)?;
            if let Some(input) = result["found"].as_str() {
                found.push(format!("{target}: {input}"));
            }
            results.insert((*target).to_owned(), result);
            Ok(Outcome::Done)
        })?;
    }
    if !found.is_empty() {
        // They are among the seeds of the next run.
        bail!("inputs that break a target, tried first from now on: {}", found.join(", "));
    }
    Ok(json!({ "targets": results }))
}

/// `cargo fuzz COMMAND`. Without the address sanitizer: `shared` has no unsafe code, and runs twice as fast so.
fn fuzz(repo: &Repo, what: &str, arguments: &[&str]) -> Result<std::process::Command> {
    let target = repo.target().join("fuzz");
    fs::create_dir_all(&target).with_context(|| format!("cannot make {}", target.display()))?;
    let mut fuzz = command(repo.tool("cargo-fuzz"), ["fuzz", what, "--fuzz-dir", ".", "--sanitizer", "none"]);
    // The flags that instrument code are for nightly compilers only, unless one insists.
    fuzz.arg("--target-dir").arg(target).args(arguments).env("RUSTC_BOOTSTRAP", "1");
    Ok(fuzz)
}

/// Runs a target; returns how much it tried, and the input that breaks it, if one does.
fn try_at_random(repo: &Repo, target: &str, seconds: u32) -> Result<Value> {
    let place = repo.memory().join("fuzz");
    let (corpus, breaking) = (place.join("corpus").join(target), place.join("found").join(target));
    for folder in [&corpus, &breaking] {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let log = place.join(target).with_extension("log");
    let said = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
    let status = fuzz(repo, "run", &[target])?
        .args([&corpus, &seeds::folder(repo, target), &breaking])
        .arg("--")
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-max_len={LONGEST}"))
        .args(["-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1"])
        .arg(format!("-artifact_prefix={}/", breaking.display()))
        .current_dir(repo.at("fuzz"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(said)
        .status()
        .context("cannot start cargo-fuzz")?;
    let words = String::from_utf8_lossy(&files::read(&log)?).into_owned();
    let tried = statistic(&words, "number_of_executed_units");
    if status.success() {
        return Ok(json!({ "tried": tried, "found": null, "corpus": files::below(&corpus)?.len() }));
    }
    let input = words.lines().find_map(|line| line.split_once("Test unit written to ")).map(|(_, path)| path);
    let Some(input) = input else { bail!("{target} did not run: {}", last_lines(&words)) };
    eprintln!("{}", last_lines(&words));
    Ok(json!({ "tried": tried, "found": repo.show(Path::new(input)) }))
}

/// A number of libFuzzer's closing statistics: `stat::NAME: 12`.
fn statistic(words: &str, name: &str) -> Option<u64> {
    let line = words.lines().find_map(|line| line.strip_prefix("stat::")?.strip_prefix(name))?;
    line.trim_start_matches(':').trim().parse().ok()
}

fn last_lines(words: &str) -> String {
    let lines: Vec<&str> = words.lines().collect();
    lines[lines.len().saturating_sub(30)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statistic_is_read_from_what_the_fuzzer_says() {
        let words = "#12 DONE\nstat::number_of_executed_units: 1234\nstat::peak_rss_mb: 40\n";
        assert_eq!(statistic(words, "number_of_executed_units"), Some(1234));
        assert_eq!(statistic(words, "new_units_added"), None);
    }
}
