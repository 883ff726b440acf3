//! The phrasebooks of the repository: for whatever compiles an FAQ on this machine, and bundled for the edge.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use anyhow::{Context, Result, anyhow};
use deskbell_shared::faq::compile::{
    phrasebook::{self, CORE, Library},
    starter,
};

use crate::{files, operator::Faults, repo::Repo};

/// Reads every phrasebook, and what was learned from them.
///
/// # Errors
/// A file cannot be read, or has a fault.
pub(crate) fn library(repo: &Repo) -> Result<Library> {
    let mut library = books(repo)?;
    for (lang, embedding) in embeddings(repo)? {
        library.add_embedding(&lang, &embedding).with_context(|| format!("the embedding of `{lang}`"))?;
    }
    Ok(library)
}

/// What was learned from the phrasebooks, by primary language subtag.
///
/// # Errors
/// A file cannot be read.
pub(crate) fn embeddings(repo: &Repo) -> Result<BTreeMap<String, Vec<u8>>> {
    let named = |path: PathBuf| {
        let lang = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok((lang, files::read(&path)?))
    };
    let mut paths = files::below(&repo.at(EMBEDDINGS))?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "bin"));
    paths.into_iter().map(named).collect()
}

/// Where the embedding of a language is kept.
pub(crate) fn embedding_of(repo: &Repo, lang: &str) -> PathBuf {
    repo.at(EMBEDDINGS).join(format!("{lang}.bin"))
}

/// The folder of the embeddings.
const EMBEDDINGS: &str = "shared/embeddings";

/// Reads every phrasebook.
///
/// # Errors
/// A file cannot be read, or has a fault.
pub(crate) fn books(repo: &Repo) -> Result<Library> {
    let mut library = Library::default();
    for path in paths(repo)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let says = "a phrasebook has faults";
        library.add(&name, &files::read_text(&path)?).map_err(|faults| anyhow!(Faults { says, faults }))?;
    }
    Ok(library)
}

/// One text for each language, by its primary subtag; every book has been checked.
///
/// # Errors
/// A file cannot be read, or has a fault.
pub(crate) fn bundles(repo: &Repo) -> Result<BTreeMap<String, String>> {
    books(repo)?;
    let files: Vec<(String, String)> = paths(repo)?
        .into_iter()
        .map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            Ok((name, files::read_text(&path)?))
        })
        .collect::<Result<_>>()?;
    Ok(phrasebook::bundles(files.iter().map(|(name, text)| (name.as_str(), text.as_str()))))
}

/// The languages whose books cover every trade, and so have starter FAQs in the inbox.
const STARTER_LANGUAGES: [&str; 2] = ["en", "zh-Hans"];

/// Starter FAQs by `BOOK.LANG`: what every business is asked, and one trade.
///
/// # Errors
/// A file cannot be read, or has a fault.
pub(crate) fn starters(repo: &Repo) -> Result<BTreeMap<String, String>> {
    let library = books(repo)?;
    let mut starters = BTreeMap::new();
    for lang in STARTER_LANGUAGES {
        let trades: BTreeSet<&str> = library
            .of(lang)
            .iter()
            .filter(|intent| intent.starter.is_some() && intent.book != CORE)
            .map(|intent| intent.book.as_str())
            .collect();
        for trade in trades {
            let file = starter::starter(&library, &[trade, CORE], lang);
            starters.extend(file.map(|file| (format!("{trade}.{lang}"), file)));
        }
    }
    Ok(starters)
}

/// The files, in the order of their names.
///
/// # Errors
/// The folder cannot be read.
fn paths(repo: &Repo) -> Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> =
        repo.at("shared/phrasebooks").read_dir()?.map(|file| Ok(file?.path())).collect::<Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    Ok(paths)
}
