//! The widget and the inbox, from Rust to WebAssembly that a browser loads.

use std::path::PathBuf;

use anyhow::Result;

use crate::{
    build::{cargo_build, worker},
    files,
    fingerprint::{Fingerprint, Stamp},
    progress::Outcome,
    repo::Repo,
    setup::WASM,
    shell::{command, read, run},
};

/// The apps, by the name of their folder; their crates are `deskbell-NAME`.
pub(crate) const ALL: [&str; 2] = ["widget", "inbox"];

/// Compiles both at once, so that what they share is compiled once.
pub(super) fn compile(repo: &Repo) -> Result<Outcome> {
    let before = print(repo)?;
    let mut build = cargo_build(repo, &module(repo, ALL[0]));
    for app in ALL {
        build.arg("--package").arg(format!("deskbell-{app}"));
    }
    run(&mut build)?;
    Ok(if print(repo)? == before { Outcome::Unchanged } else { Outcome::Done })
}

/// Makes the glue, and optimises the module.
pub(super) fn bind(repo: &Repo, app: &str) -> Result<Outcome> {
    let module = module(repo, app);
    let stamp = Stamp::new(
        repo,
        app,
        Fingerprint::new()
            .path(&module)?
            .text(&OPTIMISE.join(" "))
            .path(&repo.at("package.json"))?
            .path(&repo.at("Cargo.toml"))?,
    );
    let (glue, optimised) = (glue(repo, app), wasm(repo, app));
    if stamp.holds() && glue.is_file() && optimised.is_file() {
        return Ok(Outcome::Unchanged);
    }
    let out = out(repo, app);
    files::remove(&out)?;
    read(
        command(
            repo.tool("wasm-bindgen"),
            [
                "--target",
                "web",
                "--no-typescript",
                "--omit-default-module-path",
                "--out-name",
                "app",
                "--out-dir",
            ],
        )
        .arg(&out)
        .arg(&module),
    )?;
    let bound = out.join("app_bg.wasm");
    read(command(worker::wasm_opt(repo), OPTIMISE).arg(&bound).arg("-o").arg(&optimised))?;
    stamp.set()?;
    Ok(Outcome::Done)
}

/// Features that browsers have had for years, each named: with all of them on, the module would use what Chromium refuses.
pub(super) const OPTIMISE: [&str; 8] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--strip-producers",
];

/// The module that a page loads.
pub(super) fn wasm(repo: &Repo, app: &str) -> PathBuf {
    out(repo, app).join("app.wasm")
}

/// The script that instantiates it.
pub(super) fn glue(repo: &Repo, app: &str) -> PathBuf {
    out(repo, app).join("app.js")
}

fn out(repo: &Repo, app: &str) -> PathBuf {
    repo.memory().join(app)
}

/// What cargo made.
fn module(repo: &Repo, app: &str) -> PathBuf {
    repo.target().join(WASM).join("release").join(format!("deskbell_{app}.wasm"))
}

fn print(repo: &Repo) -> Result<String> {
    let mut print = Fingerprint::new();
    for app in ALL {
        print = print.path(&module(repo, app))?;
    }
    Ok(print.finish())
}
