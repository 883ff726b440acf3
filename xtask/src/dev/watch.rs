//! Noticing that sources change, in batches: an editor that saves, a branch that is switched.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread,
    time::Duration,
};

use anyhow::{Context, Result};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::Event;
use crate::repo::Repo;

/// How long nothing may change before a batch is complete.
const QUIET: Duration = Duration::from_millis(250);

/// What changed in a batch.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// Something that is built.
    pub(super) sources: bool,
    /// FAQ files of the demo shops.
    pub(super) faqs: BTreeSet<PathBuf>,
}

/// Watches the folders of sources and reports each batch.
pub(super) fn start(repo: &Repo, events: Sender<Event>) -> Result<RecommendedWatcher> {
    let (sender, paths) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if let Ok(event) = event
            && !matches!(event.kind, EventKind::Access(_))
        {
            let _ = sender.send(event.paths);
        }
    })
    .context("cannot watch files")?;
    for folder in ["shared", "browser", "widget", "inbox", "edge", "www"] {
        watcher
            .watch(&repo.at(folder), RecursiveMode::Recursive)
            .with_context(|| format!("cannot watch {folder}"))?;
    }
    let root = repo.root().to_owned();
    thread::spawn(move || {
        while let Ok(mut batch) = paths.recv() {
            loop {
                match paths.recv_timeout(QUIET) {
                    Ok(more) => batch.extend(more),
                    Err(RecvTimeoutError::Timeout) => break,
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
            let changes = sort_out(&root, batch);
            if changes != Changes::default() && events.send(Event::Changed(changes)).is_err() {
                return;
            }
        }
    });
    Ok(watcher)
}

/// What a batch of paths means. Build outputs and editors' own files mean nothing.
fn sort_out(root: &Path, batch: Vec<PathBuf>) -> Changes {
    let mut changes = Changes::default();
    for path in batch {
        let relative = path.strip_prefix(root).unwrap_or(&path);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if relative.starts_with("edge/build")
            || name.starts_with('.')
            || name.ends_with('~')
            || name.ends_with(".swp")
        {
            continue;
        }
        if relative.starts_with("www/demo") && name == "faq.yaml" {
            changes.faqs.insert(path);
        } else {
            changes.sources = true;
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(paths: &[&str]) -> Changes {
        sort_out(Path::new("/repo"), paths.iter().map(|path| Path::new("/repo").join(path)).collect())
    }

    #[test]
    fn only_what_is_built_or_published_counts() {
        assert_eq!(
            after(&["edge/build/index.js", "widget/src/.app.rs.swp", "edge/src/lib.rs~"]),
            Changes::default()
        );
        assert!(after(&["edge/src/lib.rs"]).sources);
        let faq = after(&["www/demo/en/faq.yaml"]);
        assert!(!faq.sources);
        assert_eq!(faq.faqs.len(), 1);
    }
}
