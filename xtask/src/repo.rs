//! Where things are in the repository.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// The repository this command was started from.
#[derive(Clone, Debug)]
pub(crate) struct Repo {
    root: PathBuf,
}

impl Repo {
    /// The repository whose `xtask` cargo is running.
    pub(crate) fn find() -> Result<Self> {
        let here = env::var_os("CARGO_MANIFEST_DIR").context("start this as `cargo xtask`")?;
        let root = Path::new(&here).parent().context("xtask has no folder above it")?;
        Ok(Self { root: root.to_owned() })
    }

    /// A path in the repository, from one relative to its root.
    pub(crate) fn at(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root.join(path)
    }

    /// The root.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The path as people write it: relative to the root where it is inside.
    pub(crate) fn show(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }

    /// What the worker serves as static files.
    pub(crate) fn dist(&self) -> PathBuf {
        self.at("dist")
    }

    /// What cargo writes to; respects the usual variable.
    pub(crate) fn target(&self) -> PathBuf {
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.at("target"), |dir| self.at(dir))
    }

    /// Where the chores keep what they remember from one run to the next.
    pub(crate) fn memory(&self) -> PathBuf {
        self.target().join("xtask")
    }

    /// A tool installed by cargo into the project.
    pub(crate) fn tool(&self, name: &str) -> PathBuf {
        self.at(".tools/bin").join(name)
    }

    /// A tool that an npm package brings.
    pub(crate) fn npm_tool(&self, name: &str) -> PathBuf {
        self.at("node_modules/.bin").join(name)
    }
}
