//! Knowing that nothing has changed: the digest of a step's inputs, kept from one run to the next.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;
use sha2::{Digest, Sha256};

use crate::{files, progress::Outcome, repo::Repo};

/// The digest of everything a step reads.
pub(crate) struct Fingerprint(Sha256);

impl Fingerprint {
    /// Of nothing yet.
    pub(crate) fn new() -> Self {
        Self(Sha256::new())
    }

    /// With a text: a version, an option.
    pub(crate) fn text(mut self, text: &str) -> Self {
        self.part(text.as_bytes());
        self
    }

    /// With a file, or everything below a folder. Where there is nothing, that counts too.
    ///
    /// # Errors
    /// Something that is there cannot be read.
    pub(crate) fn path(mut self, path: &Path) -> Result<Self> {
        let files = files::below(path)?;
        self.part(&files.len().to_be_bytes());
        for file in files {
            self.part(file.to_string_lossy().as_bytes());
            self.part(&files::read(&file)?);
        }
        Ok(self)
    }

    /// The digest, in hexadecimal.
    pub(crate) fn finish(self) -> String {
        self.0.finalize().iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// The length goes first, so that two parts never run into each other.
    fn part(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }
}

/// The digest that a step's outputs were made from.
pub(crate) struct Stamp {
    path: PathBuf,
    fingerprint: String,
}

impl Stamp {
    /// The stamp of a step of this name, for these inputs.
    pub(crate) fn new(repo: &Repo, step: &str, inputs: Fingerprint) -> Self {
        Self::at(repo.memory().join(step).with_extension("stamp"), inputs)
    }

    /// The same, kept beside the outputs, to disappear with them.
    pub(crate) fn at(path: PathBuf, inputs: Fingerprint) -> Self {
        Self { path, fingerprint: inputs.finish() }
    }

    /// Whether the step was last done with these inputs.
    pub(crate) fn holds(&self) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|text| text == self.fingerprint)
    }

    /// Does the step, and remembers that it is done. What ends half way has touched the outputs: from its beginning on
    /// nothing says any more that they are those of any inputs.
    ///
    /// # Errors
    /// Those of the step; or the stamp cannot be removed or written.
    pub(crate) fn redo(&self, step: impl FnOnce() -> Result<()>) -> Result<Outcome> {
        files::remove(&self.path)?;
        step()?;
        files::write(&self.path, &self.fingerprint)?;
        Ok(Outcome::Done)
    }
}

/// The digest of some bytes, short enough for a file's name.
pub(crate) fn short(bytes: &[u8]) -> String {
    let mut print = Fingerprint::new();
    print.part(bytes);
    print.finish()[..8].to_owned()
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::*;

    #[test]
    fn a_step_that_ends_half_way_is_done_again_whatever_its_inputs_are_then() {
        let folder = tempfile::tempdir().unwrap();
        let stamp = |input| Stamp::at(folder.path().join("step.stamp"), Fingerprint::new().text(input));
        stamp("a").redo(|| Ok(())).unwrap();
        assert!(stamp("a").holds() && !stamp("b").holds());
        assert!(stamp("b").redo(|| bail!("a fault")).is_err());
        assert!(!stamp("a").holds() && !stamp("b").holds());
        stamp("a").redo(|| Ok(())).unwrap();
        assert!(stamp("a").holds());
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        let a = Fingerprint::new().text("ab").text("c").finish();
        let b = Fingerprint::new().text("a").text("bc").finish();
        assert_ne!(a, b);
    }

    #[test]
    fn a_short_digest_names_a_file() {
        assert_eq!(short(b"x").len(), 8);
        assert_ne!(short(b"x"), short(b"y"));
    }
}
