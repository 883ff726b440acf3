//! The widget and the inbox, from Rust to WebAssembly that a browser loads.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::{
    build::{cargo_build, parts, worker},
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

/// Cuts off what is fetched later, makes the glue, and optimises the modules.
pub(super) fn bind(repo: &Repo, app: &str) -> Result<Outcome> {
    let module = module(repo, app);
    let stamp = Stamp::new(
        repo,
        app,
        Fingerprint::new()
            .path(&module)?
            .path(&repo.at("xtask/src/build"))?
            .path(&repo.at("package.json"))?
            .path(&repo.at("Cargo.toml"))?,
    );
    let (glue, optimised) = (glue(repo, app), wasm(repo, app));
    let made = parts::of(app).iter().all(|part| self::part(repo, app, part).is_file());
    if stamp.holds() && glue.is_file() && optimised.is_file() && made {
        return Ok(Outcome::Unchanged);
    }
    stamp.redo(|| make(repo, app, &module))
}

fn make(repo: &Repo, app: &str, module: &Path) -> Result<()> {
    let (out, parts) = (out(repo, app), parts::of(app));
    files::remove(&out)?;
    let main = if parts.is_empty() { module.to_owned() } else { parts::cut(app, module, &out)? };
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
        // A part is linked to the table of functions.
        .args((!parts.is_empty()).then_some("--keep-lld-exports"))
        .arg(&main),
    )?;
    let optimise = |from: &Path, to: &Path| read(worker::wasm_opt(repo).arg(from).arg("-o").arg(to));
    optimise(&out.join("app_bg.wasm"), &wasm(repo, app))?;
    for part in parts {
        optimise(&parts::path(&out, part), &self::part(repo, app, part))?;
    }
    Ok(())
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

/// A part of it that is fetched later.
pub(super) fn part(repo: &Repo, app: &str, part: &str) -> PathBuf {
    out(repo, app).join(format!("{part}.wasm"))
}

/// The script by which it fetches its parts, with places for their addresses.
pub(super) fn parts_template(repo: &Repo, app: &str) -> PathBuf {
    parts::template(&out(repo, app))
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
