//! Load, from `wrk`.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::{
    files,
    repo::Repo,
    shell::{answers, command, read},
};

/// Writes the outcome as one line of JSON, after what `wrk` writes for people.
const REPORT: &str = include_str!("report.lua");

/// Connections kept open. Enough to keep one worker busy, few enough that they do not wait for each other.
const CONNECTIONS: u32 = 32;

/// How a server stood a load.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Load {
    /// Requests answered in a second.
    pub(super) requests_per_s: f64,
    /// Half of the answers took at most this, in milliseconds.
    pub(super) latency_ms_p50: f64,
    /// Nearly all of them took at most this, in milliseconds.
    pub(super) latency_ms_p99: f64,
    /// Answers that were none: errors of the connection, or a status that is not as it should be.
    failed: u64,
}

/// `wrk`, ready to be used.
pub(super) struct Wrk {
    script: PathBuf,
}

impl Wrk {
    /// Finds it.
    ///
    /// # Errors
    /// It is not there: says what to install.
    pub(super) fn find(repo: &Repo) -> Result<Self> {
        // It has no way to be asked that succeeds, so its presence is all that can be learned.
        if !answers(&mut command("sh", ["-c", "command -v wrk"])) {
            bail!("`wrk` is missing: run `apt install wrk` (or `brew install wrk`)");
        }
        let script = repo.memory().join("bench/report.lua");
        files::write(&script, REPORT)?;
        Ok(Self { script })
    }

    /// Asks for one address as fast as it is answered.
    ///
    /// # Errors
    /// `wrk` fails, or an answer does.
    pub(super) fn load(&self, url: &str, header: &str, duration: Duration) -> Result<Load> {
        let mut wrk = command("wrk", ["--threads", "1", "--connections", &CONNECTIONS.to_string()]);
        wrk.args(["--duration", &format!("{}s", duration.as_secs().max(1))]);
        wrk.args(["--header", header]);
        let said = read(wrk.arg("--script").arg(&self.script).arg(url))?;
        let report = said.lines().last().unwrap_or_default();
        let load: Load = serde_json::from_str(report).with_context(|| format!("wrk reports {report:?}"))?;
        if load.failed > 0 {
            bail!("{} answers of {url} failed under load", load.failed);
        }
        Ok(load)
    }
}
