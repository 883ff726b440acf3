//! Parts of an app that are modules of their own, fetched when they are wanted.
//!
//! In the sources a part is a function with `#[wasm_split(NAME)]`. What nothing but that function reaches goes into the
//! part, data and all; the rest of the module loads it through a script.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use wasm_split_cli_support::{Options, transform};

use crate::files;

/// The parts of an app.
pub(super) fn of(app: &str) -> &'static [&'static str] {
    match app {
        "widget" => &["person"],
        _ => &[],
    }
}

/// The script by which the module loads its parts, as the module's own glue calls it.
pub(super) const SCRIPT: &str = "./parts.js";

/// Cuts the parts off a module that cargo made: `main.wasm`, a `split_NAME.wasm` for each part, and the script, as a
/// template that wants the parts' addresses. Returns the path of the main module.
///
/// # Errors
/// The module has other parts than [`of`] says, or was linked without its relocations.
pub(super) fn cut(app: &str, module: &Path, out: &Path) -> Result<PathBuf> {
    let bytes = files::read(module)?;
    let main = out.join("main.wasm");
    let mut options = Options::new(&bytes);
    options.output_dir = out;
    options.main_out_path = &main;
    options.main_module = "./app.js";
    options.link_name = SCRIPT;
    let split =
        transform(options).map_err(|fault| anyhow!("{fault:#}")).context("cannot cut the parts off")?;
    let wanted: Vec<PathBuf> = of(app).iter().map(|part| path(out, part)).collect();
    ensure!(split.split_modules == wanted, "the {app} has the parts {:?}", split.split_modules);

    let mut script = files::read_text(&out.join(SCRIPT))?;
    for part in of(app) {
        let address = format!("new URL(\"./split_{part}.wasm\", import.meta.url)");
        ensure!(script.matches(&address).count() == 1, "the script fetches {part} in another way");
        script = script.replace(&address, &format!("\"{{{{{}}}}}\"", asset(app, part)));
    }
    files::write(&template(out), script)?;
    Ok(main)
}

/// Where a part is, as it was cut off.
pub(super) fn path(out: &Path, part: &str) -> PathBuf {
    out.join(format!("split_{part}.wasm"))
}

/// Where the script is, with places for addresses.
pub(super) fn template(out: &Path) -> PathBuf {
    out.join("parts.template.js")
}

/// What templates call a part.
pub(super) fn asset(app: &str, part: &str) -> String {
    format!("{app}_{part}_wasm")
}
