//! Stages that either pass or fail as a whole.

use std::path::Path;

use anyhow::Result;

use crate::{
    build,
    repo::Repo,
    setup::{self, WASM},
    shell::{command, read, run},
};

/// The crates that run in a browser or in workerd, and so are linted for wasm32.
pub(super) const IN_WASM: [&str; 4] =
    ["deskbell-browser", "deskbell-widget", "deskbell-inbox", "deskbell-edge"];

pub(super) fn format(repo: &Repo) -> Result<()> {
    run(command(setup::cargo(), ["fmt", "--all", "--check"]).current_dir(repo.root()))?;
    // A workspace of its own. There, all would be what the targets depend on, too.
    run(command(setup::cargo(), ["fmt", "--check"]).current_dir(repo.at("fuzz")))
}

pub(super) fn types(repo: &Repo) -> Result<()> {
    // The compiler writes what is wrong to stdout, which `run` shows.
    let mut tsc = setup::npm_tool(repo, "tsc", ["--noEmit", "--project", "widget/loader"]);
    run(tsc.current_dir(repo.root()))
}

pub(super) fn lint_native(repo: &Repo) -> Result<()> {
    clippy(repo.root(), &["--workspace", "--all-targets"])?;
    // A workspace of its own, with the flags of everything else: to build it as it is run would take as long again.
    let target = repo.target().join("fuzz").display().to_string();
    clippy(&repo.at("fuzz"), &["--bins", "--target-dir", &target])
}

pub(super) fn lint_wasm(repo: &Repo) -> Result<()> {
    let packages = IN_WASM.iter().flat_map(|name| ["--package", name]);
    clippy(repo.root(), &["--lib", "--target", WASM].into_iter().chain(packages).collect::<Vec<_>>())
}

fn clippy(workspace: &Path, what: &[&str]) -> Result<()> {
    let mut clippy = command(setup::cargo(), ["clippy", "--quiet"]);
    run(clippy.args(what).args(["--", "--deny", "warnings"]).current_dir(workspace))
}

pub(super) fn build(repo: &Repo) -> Result<()> {
    build::build(repo).map(|_| ())
}

/// What `wrangler deploy` would upload, with its bindings.
pub(super) fn deploy(repo: &Repo) -> Result<()> {
    let said = read(deskbell_wrangler::wrangler(repo.root(), "deploy").arg("--dry-run"))?;
    let told = said.lines().filter(|line| line.contains("Total Upload") || line.starts_with("env."));
    told.for_each(|line| eprintln!("  {line}"));
    Ok(())
}
