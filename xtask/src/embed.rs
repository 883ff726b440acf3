//! `embed`: learns from the phrasebooks what words have to do with each other, and keeps it in `shared/embeddings`.
//!
//! The files are part of the repository: they are numbers that come from texts beside them, and a test says when the texts
//! have changed since.

use std::{
    sync::Mutex,
    thread::{self, ScopedJoinHandle},
};

use anyhow::{Result, anyhow, ensure};
use deskbell_shared::faq::compile::{embedding, phrasebook::Library};
use serde_json::{Map, Value, json};

use crate::{files, phrasebooks, progress, repo::Repo};

/// Which languages.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The languages, such as `en` or `zh`; without one, all that have changed
    langs: Vec<String>,
}

/// Learns the embeddings, one language on each core.
///
/// # Errors
/// A phrasebook has a fault, there is none in a language, or a file cannot be written.
pub(crate) fn run(repo: &Repo, arguments: &Arguments) -> Result<Value> {
    let library = phrasebooks::books(repo)?;
    let mut langs: Vec<&str> = arguments.langs.iter().map(|lang| Library::language_of(lang)).collect();
    if langs.is_empty() {
        langs = library.languages().filter(|lang| !is_current(repo, &library, lang)).collect();
    }
    for lang in &langs {
        ensure!(!library.of(lang).is_empty(), "there is no phrasebook in `{lang}`");
    }
    // The largest first, so that none is waited for alone.
    langs.sort_by_key(|lang| (library.of(lang).len(), *lang));
    langs.dedup();
    let cores = thread::available_parallelism()?.get();
    let (left, learned) = (Mutex::new(langs), Mutex::new(Map::new()));
    let work = || -> Result<()> {
        while let Some(lang) = left.lock().ok().and_then(|mut left| left.pop()) {
            let intents = library.of(lang);
            let (terms, report) = deskbell_embed::learn(intents);
            let bytes = embedding::encode(intents, terms);
            progress::announce(&format!("{lang}: {report}"));
            let size = bytes.len();
            files::write(&phrasebooks::embedding_of(repo, lang), bytes)?;
            if let Ok(mut learned) = learned.lock() {
                learned.insert(lang.to_owned(), json!({ "bytes": size, "right": report.right }));
            }
        }
        Ok(())
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        let join = |worker: ScopedJoinHandle<Result<()>>| {
            worker.join().map_err(|_| anyhow!("a worker has panicked"))?
        };
        workers.into_iter().try_for_each(join)
    })?;
    Ok(json!({ "embed": learned.into_inner().unwrap_or_default() }))
}

/// Whether a language's embedding was learned from the books as they are.
fn is_current(repo: &Repo, library: &Library, lang: &str) -> bool {
    files::read(&phrasebooks::embedding_of(repo, lang))
        .is_ok_and(|bytes| embedding::is_of(&bytes, library.of(lang)))
}
