//! A folder of labelled questions.
//!
//! It holds `faq.jsonl`, one entry a line (`id`, `questions`, `answer`, `lang`), and `queries.jsonl`, one visitor's
//! question a line (`text`, and the `id` of the entry that answers it, or null where none does).

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use deskbell_shared::{
    faq::{
        MAX_ENTRIES, MAX_PHRASINGS,
        compile::source::{Question, Source, SourceEntry},
    },
    wire::{EntryId, LanguageTag, Text},
};
use serde::{Deserialize, de::DeserializeOwned};
use walkdir::WalkDir;

/// An FAQ, and questions with the entry that answers each.
pub(crate) struct LabelledSet {
    /// The FAQ. Its ids are numbers in the file's order, which is then the matcher's order too.
    pub(crate) source: Source,
    pub(crate) queries: Vec<Query>,
}

/// A visitor's question.
#[derive(Clone)]
pub(crate) struct Query {
    pub(crate) text: String,
    /// The place of the entry that answers it; `None` when none does.
    pub(crate) expected: Option<usize>,
}

#[derive(Deserialize)]
struct LabelledEntry {
    id: String,
    questions: Vec<String>,
    answer: String,
    lang: Option<LanguageTag>,
}

#[derive(Deserialize)]
struct LabelledQuestion {
    text: String,
    id: Option<String>,
}

impl LabelledSet {
    /// Reads a folder.
    ///
    /// # Errors
    /// When the folder or a line of its files is not as described above, or the FAQ is larger than a pack can be.
    pub(crate) fn read(dir: &Path) -> Result<Self> {
        let labelled: Vec<LabelledEntry> = read_lines(&dir.join("faq.jsonl"))?;
        let questions: Vec<LabelledQuestion> = read_lines(&dir.join("queries.jsonl"))?;
        let entries = numbered(&labelled)?;
        let phrasings: usize = entries.iter().map(|entry| entry.questions.len()).sum();
        ensure!(
            labelled.len() <= MAX_ENTRIES && phrasings <= MAX_PHRASINGS,
            "faq.jsonl has {} entries and {phrasings} phrasings; a pack takes {MAX_ENTRIES} and {MAX_PHRASINGS}",
            labelled.len()
        );
        let place_of: HashMap<&str, usize> =
            labelled.iter().enumerate().map(|(place, entry)| (entry.id.as_str(), place)).collect();
        let queries = questions
            .into_iter()
            .map(|question| {
                let place = |id: String| match place_of.get(id.as_str()) {
                    Some(place) => Ok(*place),
                    None => bail!("queries.jsonl asks for entry {id:?}, which faq.jsonl does not have"),
                };
                Ok(Query { text: question.text, expected: question.id.map(place).transpose()? })
            })
            .collect::<Result<Vec<_>>>()?;
        ensure!(
            queries.iter().any(|query| query.expected.is_some()),
            "queries.jsonl has no question that an entry answers"
        );
        Ok(Self { source: Source { entries, warnings: Vec::new() }, queries })
    }
}

/// Every folder below `root` that holds a set, in the order of their names.
pub(crate) fn find(root: &Path) -> Vec<PathBuf> {
    WalkDir::new(root)
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok)
        .map(|found| found.into_path())
        .filter(|path| path.join("faq.jsonl").is_file() && path.join("queries.jsonl").is_file())
        .collect()
}

fn numbered(labelled: &[LabelledEntry]) -> Result<Vec<SourceEntry>> {
    let entry = |(place, entry): (usize, &LabelledEntry)| {
        let questions: Vec<Question> =
            entry.questions.iter().filter_map(|text| Question::cut(text)).collect();
        ensure!(!questions.is_empty(), "faq.jsonl, line {}: {:?} has no questions", place + 1, entry.id);
        let answer = Text::cut(&entry.answer)
            .with_context(|| format!("faq.jsonl, line {}: {:?} has no answer", place + 1, entry.id))?;
        let id: EntryId = format!("{place:06}").parse()?;
        Ok(SourceEntry { id, questions, answer, lang: entry.lang.clone(), suggest: false })
    };
    let mut seen = HashMap::new();
    for (place, labelled) in labelled.iter().enumerate() {
        if let Some(first) = seen.insert(&labelled.id, place) {
            bail!("faq.jsonl, line {}: {:?} is already on line {}", place + 1, labelled.id, first + 1);
        }
    }
    labelled.iter().enumerate().map(entry).collect()
}

fn read_lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read: Vec<T> = lines
        .map(|(place, line)| {
            serde_json::from_str(line).with_context(|| format!("{}, line {}", path.display(), place + 1))
        })
        .collect::<Result<_>>()?;
    ensure!(!read.is_empty(), "{} is empty", path.display());
    Ok(read)
}
