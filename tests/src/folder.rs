//! A folder for a while, which outlives no test.

use std::{
    io,
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

/// Removes the folder when nobody holds the other end of the standard input: when this process has ended, however that
/// was. What ends with it has a moment for that, so that nothing is written any more.
const UNTIL_LET_GO: &str = r#"cat >/dev/null; sleep 1; rm -rf "$1""#;

/// A new folder. It is removed when this is dropped, and also when it never is: values of statics are not, and nothing is
/// when somebody ends the tests.
pub struct Folder {
    folder: TempDir,
    remover: Child,
}

impl Folder {
    /// Makes one.
    ///
    /// # Errors
    /// There is no room for it, or no shell.
    pub fn new() -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let remover = Command::new("sh")
            .args(["-c", UNTIL_LET_GO, "sh"])
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A group of its own: Ctrl-C is for the tests.
            .process_group(0)
            .spawn()?;
        Ok(Self { folder, remover })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(self.remover.stdin.take());
        // The folder itself goes with this value; nobody need wait for the shell.
        let _ = self.remover.kill();
        let _ = self.remover.wait();
    }
}
