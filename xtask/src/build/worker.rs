//! The worker: `worker-build` with the tools of the project instead of ones from the web.

use std::{path::Path, process::Command};

use anyhow::Result;

use crate::{
    build::{apps::OPTIMISE, cargo_build},
    files,
    fingerprint::{Fingerprint, Stamp},
    progress::Outcome,
    repo::Repo,
    setup::{self, WASM},
    shell::{command, read, run},
};

/// The module that workerd starts.
const ENTRY: &str = "entry.mjs";

/// Compiles the edge and bundles it for workerd.
pub(super) fn make(repo: &Repo) -> Result<Outcome> {
    // The same command that `worker-build` is about to give, so that it finds everything compiled: what
    // follows takes seconds and is only needed when this has changed the module.
    let module = repo.target().join(WASM).join("release/deskbell_edge.wasm");
    run(cargo_build(repo, &module).current_dir(repo.at("edge")))?;
    let inputs = Fingerprint::new()
        .path(&module)?
        .path(&repo.at("Cargo.toml"))?
        .path(&repo.at("edge/Cargo.toml"))?
        .path(&repo.at("edge/entry.mjs"))?
        .path(&repo.at("package.json"))?;
    let stamp = Stamp::new(repo, "worker", inputs);
    let out = repo.at("edge/build");
    if stamp.holds() && out.join(ENTRY).is_file() {
        return Ok(Outcome::Unchanged);
    }
    stamp.redo(|| bundle(repo, &out))
}

/// Binds and bundles what cargo made.
fn bundle(repo: &Repo, out: &Path) -> Result<()> {
    // Not the last build's staging folder either: `worker-build` would wait for whoever left it behind.
    files::remove(&out.join(".tmp"))?;
    read(
        setup::under_node(repo, command(repo.tool("worker-build"), ["--release"]))
            .current_dir(repo.at("edge"))
            .env("WASM_BINDGEN_BIN", repo.tool("wasm-bindgen"))
            .env("WASM_OPT_BIN", repo.npm_tool("wasm-opt"))
            .env("ESBUILD_BIN", repo.npm_tool("esbuild")),
    )?;
    let bound = out.join("index_bg.wasm");
    let mut optimise = wasm_opt(repo);
    // The platform's functions may throw, and `worker-build` lets the bindings catch.
    read(optimise.arg("--enable-exception-handling").arg(&bound).arg("-o").arg(&bound))?;
    files::write(&out.join(ENTRY), files::read(&repo.at("edge/entry.mjs"))?)
}

/// Binaryen's optimiser.
pub(super) fn wasm_opt(repo: &Repo) -> Command {
    setup::npm_tool(repo, "wasm-opt", OPTIMISE)
}
