//! `cues`: learns from the books of cues what shows that a person is needed, and keeps it in `shared/cues`, a table a language.
//!
//! The tables are part of the repository: they are numbers that come from texts beside them, and a test says when these have
//! changed.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use deskbell_shared::{
    faq::compile::phrasebook::Library,
    handoff::{
        CueReader, CueTable,
        cues::{
            books::{self, Example},
            is_of,
        },
    },
    text::HanPairs,
};
use serde_json::{Value, json};

use crate::{files, phrasebooks, progress, repo::Repo};

/// The folder of the books and of the tables.
const FOLDER: &str = "shared/cues";
/// How the names of tables end.
pub(crate) const TABLE: &str = ".cues.txt";

/// Learns the tables of all languages whose books have changed since.
///
/// # Errors
/// A book has a fault, or a file cannot be read or written.
pub(crate) fn run(repo: &Repo) -> Result<Value> {
    let library = phrasebooks::books(repo)?;
    let mut scores = json!({});
    for (lang, texts) in texts(repo, &library)? {
        let name = books::name_of(texts.iter().map(|(_, text)| text.as_str()), library.of(&lang));
        let path = repo.at(FOLDER).join(format!("{lang}{TABLE}"));
        if files::read_text(&path).is_ok_and(|table| is_of(&table, &lang, &name)) {
            continue;
        }
        let mut examples: Vec<Example> = Vec::new();
        for (file, text) in &texts {
            examples.extend(books::parse(text).with_context(|| file.clone())?);
        }
        let (learned, report) = deskbell_embed::cues::learn(&lang, &examples, &library, &HanPairs::all());
        progress::announce(&format!("{lang}: {report}"));
        files::write(&path, learned.table(&lang, &name))?;
        scores[&lang] = json!(report.scores);
    }
    Ok(json!({ "cues": scores }))
}

/// What reads the cues of each language, by its primary subtag.
///
/// # Errors
/// A table cannot be read.
pub(crate) fn readers(repo: &Repo) -> Result<BTreeMap<String, CueReader>> {
    let read = |(lang, table): (String, String)| {
        let mut reader = CueReader::default();
        reader.add(CueTable::parse(&table).with_context(|| format!("the cues of `{lang}`"))?);
        Ok((lang, reader))
    };
    tables(repo)?.into_iter().map(read).collect()
}

/// The tables, by language.
///
/// # Errors
/// One cannot be read.
pub(crate) fn tables(repo: &Repo) -> Result<BTreeMap<String, String>> {
    let files = files::below(&repo.at(FOLDER))?;
    let named = files.into_iter().filter_map(|path| {
        let lang = path.file_name()?.to_str()?.strip_suffix(TABLE)?.to_owned();
        Some((lang, path))
    });
    named.map(|(lang, path)| Ok((lang, files::read_text(&path)?))).collect()
}

/// The books, by language and then by the names of their files; none for languages that have only phrasebooks.
fn texts(repo: &Repo, library: &Library) -> Result<BTreeMap<String, Vec<(String, String)>>> {
    let languages = library.languages().map(|lang| (lang.to_owned(), Vec::new()));
    let mut texts: BTreeMap<String, Vec<(String, String)>> = languages.collect();
    for path in files::below(&repo.at(FOLDER))? {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let Some((lang, _)) =
            name.split_once('.').filter(|_| name.ends_with(".txt") && !name.ends_with(TABLE))
        else {
            continue;
        };
        let text = files::read_text(&path)?;
        texts.entry(Library::language_of(lang).to_owned()).or_default().push((name.to_owned(), text));
    }
    Ok(texts)
}
