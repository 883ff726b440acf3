//! `starter`: a first FAQ file, from the questions and answers of phrasebooks.

use anyhow::{Result, ensure};
use deskbell_shared::{faq::compile::starter, wire::LanguageTag};

use crate::{phrasebooks, repo::Repo};

/// Which books, in which language.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The books, such as `core,shop`
    #[arg(value_delimiter = ',', required = true)]
    books: Vec<String>,
    /// The language, such as `en` or `zh-Hans`
    #[arg(long, value_parser = |tag: &str| LanguageTag::try_from(tag.to_owned()))]
    lang: LanguageTag,
}

/// The file, in YAML: the one chore whose result is not JSON, since it is meant to be kept and edited.
///
/// # Errors
/// A book is not there in this language, or a phrasebook has a fault.
pub(crate) fn run(repo: &Repo, arguments: &Arguments) -> Result<String> {
    let library = phrasebooks::books(repo)?;
    let lang = arguments.lang.as_str();
    for book in &arguments.books {
        let known = library.of(lang).iter().any(|intent| intent.book == *book && intent.starter.is_some());
        ensure!(known, "there is no book `{book}` with answers in `{lang}`: see shared/phrasebooks");
    }
    let books: Vec<&str> = arguments.books.iter().map(String::as_str).collect();
    let file = starter::starter(&library, &books, lang).unwrap_or_default();
    eprintln!(
        "fill in what stands in {{braces}}, delete what you do not need, then: cargo xtask publish SITE FILE"
    );
    Ok(file.trim_end().to_owned())
}
