//! The matcher alone, compiled and optimised as the widget is: for weighing and timing, never deployed.

use std::path::PathBuf;

use anyhow::Result;

use super::{apps::OPTIMISE, cargo_build, worker::wasm_opt};
use crate::{
    files,
    fingerprint::{Fingerprint, Stamp},
    progress::{Outcome, step},
    repo::Repo,
    setup::{self, WASM},
    shell::{command, read, run},
};

/// Builds it, and returns the module's path.
///
/// # Errors
/// It does not build, or something that a build needs is missing.
pub(crate) fn make(repo: &Repo) -> Result<PathBuf> {
    setup::for_building(repo)?;
    let optimised = repo.memory().join("engine/engine.wasm");
    step("matcher alone", || {
        let module = repo.target().join(WASM).join("release/deskbell_engine.wasm");
        run(cargo_build(repo, &module).args(["--package", "deskbell-engine"]))?;
        let inputs = Fingerprint::new().path(&module)?.text(&OPTIMISE.join(" "));
        let stamp = Stamp::new(repo, "engine", inputs.path(&repo.at("package.json"))?);
        if stamp.holds() && optimised.is_file() {
            return Ok(Outcome::Unchanged);
        }
        // The file's folder, and one that it replaces.
        files::write(&optimised, "")?;
        read(command(wasm_opt(repo), OPTIMISE).arg(&module).arg("-o").arg(&optimised))?;
        stamp.set()?;
        Ok(Outcome::Done)
    })?;
    Ok(optimised)
}
