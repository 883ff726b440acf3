//! Parts of the widget alone, compiled and optimised as it is: for weighing and timing, never deployed.

use std::path::PathBuf;

use anyhow::Result;

use super::{apps::OPTIMISE, cargo_build, worker::wasm_opt};
use crate::{
    files,
    fingerprint::{Fingerprint, Stamp},
    progress::{Outcome, step},
    repo::Repo,
    setup::{self, WASM},
    shell::{read, run},
};

/// A part that is built alone.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part {
    /// The matcher.
    Matcher,
    /// The solver of challenges.
    Solver,
}

impl Part {
    fn package(self) -> &'static str {
        match self {
            Self::Matcher => "deskbell-engine",
            Self::Solver => "deskbell-solver",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Matcher => "matcher alone",
            Self::Solver => "solver alone",
        }
    }
}

/// Builds it, and returns the module's path.
///
/// # Errors
/// It does not build, or something that a build needs is missing.
pub(crate) fn make(repo: &Repo, part: Part) -> Result<PathBuf> {
    setup::for_building(repo)?;
    let (package, folder) = (part.package(), repo.memory().join("engine"));
    let optimised = folder.join(format!("{package}.wasm"));
    step(part.label(), || {
        let module =
            repo.target().join(WASM).join("release").join(format!("{}.wasm", package.replace('-', "_")));
        run(cargo_build(repo, &module).args(["--package", package]))?;
        let inputs = Fingerprint::new().path(&module)?.text(&OPTIMISE.join(" "));
        let stamp = Stamp::new(repo, package, inputs.path(&repo.at("package.json"))?);
        if stamp.holds() && optimised.is_file() {
            return Ok(Outcome::Unchanged);
        }
        stamp.redo(|| {
            // The file's folder, and one that it replaces.
            files::write(&optimised, "")?;
            read(wasm_opt(repo).arg(&module).arg("-o").arg(&optimised))?;
            Ok(())
        })
    })?;
    Ok(optimised)
}
