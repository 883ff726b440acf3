//! `embed`: learns from the phrasebooks what words have to do with each other, and keeps it in `shared/embeddings`.
//!
//! The files are part of the repository: they are numbers that come from texts beside them, and a test says when the texts
//! have changed since.

use anyhow::Result;
use deskbell_shared::faq::compile::embedding::{self, BooksName};
use serde_json::{Value, json};

use crate::{files, phrasebooks, progress, repo::Repo};

/// Learns the embeddings of all languages, unless the books have not changed since.
///
/// # Errors
/// A phrasebook has a fault, or a file cannot be written.
pub(crate) fn run(repo: &Repo) -> Result<Value> {
    let library = phrasebooks::books(repo)?;
    let books = BooksName::of(&library);
    let is_current = |lang: &str| {
        files::read(&phrasebooks::embedding_of(repo, lang)).is_ok_and(|bytes| embedding::is_of(&bytes, books))
    };
    if library.languages().all(is_current) {
        return Ok(json!({ "embed": "unchanged" }));
    }
    let (learned, report) = deskbell_embed::learn(&library);
    progress::announce(&report.to_string());
    let mut sizes = json!({});
    for (lang, bytes) in embedding::encode(&library, learned) {
        sizes[&lang] = bytes.len().into();
        files::write(&phrasebooks::embedding_of(repo, &lang), bytes)?;
    }
    Ok(json!({ "embed": { "bytes": sizes, "right": report.right } }))
}
