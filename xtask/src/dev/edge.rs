//! The edge as a child process: `wrangler dev`, which runs workerd with everything the deployment has.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Write},
    path::PathBuf,
    process::{Child, Stdio},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, RecvTimeoutError, Sender},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use deskbell_wrangler::{End, without_build};

use super::Event;
use crate::{
    files,
    progress::{Outcome, step},
    repo::Repo,
};

/// How long workerd may take to come up, also on a machine that has other things to do.
const PATIENCE: Duration = Duration::from_secs(90);

/// The deployable's configuration without its build command: wrangler picks up every build that this command finishes.
const CONFIG: &str = "wrangler.dev.toml";

/// A running edge; it ends when this is dropped, and when this process ends in any way.
pub(crate) struct Edge {
    child: Child,
}

impl Edge {
    /// Starts it. Its words go to the log; errors among them also to the terminal.
    ///
    /// # Errors
    /// Wrangler cannot be started.
    pub(super) fn start(repo: &Repo, port: u16, events: Sender<Event>) -> Result<Self> {
        let log = log_file(repo);
        files::write(&log, "")?;
        let log = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let log = Arc::new(Mutex::new(log));
        files::write(&repo.at(CONFIG), without_build(&files::read_text(&repo.at("wrangler.toml"))?))?;
        let mut child = deskbell_wrangler::dev(repo.root(), End::InOrder)
            .args(["--config", CONFIG, "--port", &port.to_string()])
            .arg("--persist-to")
            .arg(repo.at(".dev/state"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot start wrangler")?;
        let said = child.stdout.take().map(|pipe| follow(pipe, Arc::clone(&log), Some(events)));
        let complained = child.stderr.take().map(|pipe| follow(pipe, log, None));
        debug_assert!(said.is_some() && complained.is_some(), "both pipes were asked for");
        Ok(Self { child })
    }

    /// Waits until the edge answers.
    ///
    /// # Errors
    /// It ends, takes too long, or somebody says stop.
    pub(super) fn wait_until_healthy(&self, address: &str, events: &Receiver<Event>) -> Result<()> {
        step("edge", || {
            let start = Instant::now();
            while start.elapsed() < PATIENCE {
                if ureq::get(address).call().is_ok() {
                    return Ok(Outcome::Done);
                }
                match events.recv_timeout(Duration::from_millis(100)) {
                    Ok(Event::Stop) => bail!("stopped"),
                    Ok(Event::EdgeEnded) => bail!("the edge did not start: .dev/edge.log says why"),
                    Ok(Event::Changed(_)) | Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => bail!("nobody is listening"),
                }
            }
            bail!(
                "the edge does not answer at {address} after {} s: .dev/edge.log says more",
                PATIENCE.as_secs()
            )
        })?;
        Ok(())
    }
}

impl Drop for Edge {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Where the edge's words go.
pub(super) fn log_file(repo: &Repo) -> PathBuf {
    repo.at(".dev/edge.log")
}

/// Copies lines to the log, and those that say an error to the terminal. The end of a stream is the end of the edge.
fn follow(pipe: impl Read + Send + 'static, log: Arc<Mutex<File>>, events: Option<Sender<Event>>) {
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if line.contains("[ERROR]") {
                eprintln!("  edge: {line}");
            }
            if let Ok(mut log) = log.lock() {
                let _ = writeln!(log, "{line}");
            }
        }
        if let Some(events) = events {
            let _ = events.send(Event::EdgeEnded);
        }
    });
}
