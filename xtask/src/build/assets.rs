//! Files that never change: their names carry the digest of their bytes, so browsers keep them for good.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{files, fingerprint, repo::Repo};

/// What is served below `/a/`, by the name that templates use.
#[derive(Debug, Default)]
pub(crate) struct Assets {
    addresses: BTreeMap<String, String>,
    folder: PathBuf,
}

impl Assets {
    /// None yet.
    pub(super) fn new(repo: &Repo) -> Self {
        Self { addresses: BTreeMap::new(), folder: repo.dist().join("a") }
    }

    /// One, for tests of what uses them.
    #[cfg(test)]
    pub(super) fn with(name: &str, address: &str) -> Self {
        Self { addresses: [(name.to_owned(), address.to_owned())].into(), folder: PathBuf::new() }
    }

    /// Adds a file and returns its address. `stem` and `extension` make its name, with the digest between them.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn add(&mut self, name: &str, stem: &str, extension: &str, bytes: &[u8]) -> Result<String> {
        let file = format!("{stem}-{}.{extension}", fingerprint::short(bytes));
        files::write(&self.folder.join(&file), bytes)?;
        let address = format!("/a/{file}");
        self.addresses.insert(name.to_owned(), address.clone());
        Ok(address)
    }

    /// The address of the file of this name.
    pub(crate) fn address(&self, name: &str) -> Option<&str> {
        self.addresses.get(name).map(String::as_str)
    }

    /// The names there are.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.addresses.keys().map(String::as_str)
    }

    /// Removes what earlier builds left, and writes down what there is.
    ///
    /// # Errors
    /// A file cannot be removed or written.
    pub(super) fn finish(&self, repo: &Repo) -> Result<()> {
        for file in files::below(&self.folder)? {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            if !self.addresses.values().any(|address| address.strip_prefix("/a/") == Some(&name)) {
                files::remove(&file)?;
            }
        }
        files::write(&list(repo), serde_json::to_vec_pretty(&self.addresses)?)
    }

    /// What the last build made.
    ///
    /// # Errors
    /// Nothing has been built.
    pub(crate) fn of_last_build(repo: &Repo) -> Result<Self> {
        let list = files::read(&list(repo)).context("nothing is built yet: `cargo xtask build`")?;
        Ok(Self { addresses: serde_json::from_slice(&list)?, ..Self::new(repo) })
    }

    /// The file of this name.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn path(&self, name: &str) -> Result<PathBuf> {
        let address = self.address(name).with_context(|| format!("the build makes no `{name}`"))?;
        Ok(self.folder.join(Path::new(address).file_name().unwrap_or_default()))
    }
}

fn list(repo: &Repo) -> PathBuf {
    repo.memory().join("assets.json")
}
