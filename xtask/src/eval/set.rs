//! A folder of labelled questions.
//!
//! It holds `faq.jsonl`, one entry a line (`id`, `questions`, `answer`, `lang`, and, where it has one, `subject`), and
//! `queries.jsonl`, one visitor's question a line (`text`, and the `id` of the entry that answers it, or null where none
//! does).

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
    wire::{EntryId, LanguageTag, Subject, Text},
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

/// A line of a file, by its number from 1, and what it holds.
type Line<T> = (usize, T);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LabelledEntry {
    id: String,
    questions: Vec<String>,
    answer: String,
    lang: Option<LanguageTag>,
    subject: Option<Subject>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LabelledQuestion {
    text: String,
    /// Where no entry answers it this is null. It has to be said: to forget it would say the same.
    #[serde(deserialize_with = "Option::deserialize")]
    id: Option<String>,
}

impl LabelledSet {
    /// Reads a folder.
    ///
    /// # Errors
    /// When the folder or a line of its files is not as described above, or the FAQ is larger than a pack can be.
    pub(crate) fn read(dir: &Path) -> Result<Self> {
        let labelled: Vec<Line<LabelledEntry>> = read_lines(&dir.join("faq.jsonl"))?;
        let questions: Vec<Line<LabelledQuestion>> = read_lines(&dir.join("queries.jsonl"))?;
        let entries = numbered(&labelled)?;
        let phrasings: usize = entries.iter().map(|entry| entry.questions.len()).sum();
        ensure!(
            labelled.len() <= MAX_ENTRIES && phrasings <= MAX_PHRASINGS,
            "faq.jsonl has {} entries and {phrasings} phrasings; a pack takes {MAX_ENTRIES} and {MAX_PHRASINGS}",
            labelled.len()
        );
        let place_of: HashMap<&str, usize> =
            labelled.iter().enumerate().map(|(place, (_, entry))| (entry.id.as_str(), place)).collect();
        let queries = questions
            .into_iter()
            .map(|(line, question)| {
                let place = |id: String| match place_of.get(id.as_str()) {
                    Some(place) => Ok(*place),
                    None => {
                        bail!("queries.jsonl, line {line}: there is no entry {id:?} in faq.jsonl")
                    }
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

fn numbered(labelled: &[Line<LabelledEntry>]) -> Result<Vec<SourceEntry>> {
    let entry = |(place, (line, entry)): (usize, &Line<LabelledEntry>)| {
        let questions: Vec<Question> =
            entry.questions.iter().filter_map(|text| Question::cut(text)).collect();
        ensure!(!questions.is_empty(), "faq.jsonl, line {line}: {:?} has no questions", entry.id);
        let answer = Text::cut(&entry.answer)
            .with_context(|| format!("faq.jsonl, line {line}: {:?} has no answer", entry.id))?;
        let id: EntryId = format!("{place:06}").parse()?;
        Ok(SourceEntry {
            id,
            questions,
            answer,
            lang: entry.lang.clone(),
            suggest: false,
            subject: entry.subject.clone(),
        })
    };
    let mut seen = HashMap::new();
    for (line, labelled) in labelled {
        if let Some(first) = seen.insert(&labelled.id, line) {
            bail!("faq.jsonl, line {line}: {:?} is already on line {first}", labelled.id);
        }
    }
    labelled.iter().enumerate().map(entry).collect()
}

fn read_lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<Line<T>>> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read: Vec<Line<T>> = lines
        .map(|(place, line)| {
            let number = place + 1;
            let holds =
                serde_json::from_str(line).with_context(|| format!("{}, line {number}", path.display()))?;
            Ok((number, holds))
        })
        .collect::<Result<_>>()?;
    ensure!(!read.is_empty(), "{} is empty", path.display());
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAQ: &str = r#"{"id": "refund", "questions": ["a refund"], "answer": "Yes."}"#;

    /// Why a folder with these two files is refused.
    fn refused(faq: &str, queries: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("faq.jsonl"), faq).unwrap();
        fs::write(folder.path().join("queries.jsonl"), queries).unwrap();
        LabelledSet::read(folder.path()).map_or_else(|fault| format!("{fault:#}"), |_| String::new())
    }

    #[test]
    fn what_is_not_as_described_is_refused_with_its_line() {
        let right = r#"{"text": "money back", "id": "refund"}"#;
        assert_eq!(refused(FAQ, &format!("{right}\n\n{{\"text\": \"hello\", \"id\": null}}\n")), "");
        for (line, says) in [
            (r#"{"text": "hello"}"#, "missing field `id`"),
            (r#"{"text": "hello", "Id": "refund"}"#, "unknown field `Id`"),
            (r#"{"text": "hello", "id": "hours"}"#, "there is no entry \"hours\""),
        ] {
            let said = refused(FAQ, &format!("{right}\n\n\n{line}\n"));
            assert!(said.contains("queries.jsonl, line 4") && said.contains(says), "{said}");
        }
        let empty = r#"{"id": "hours", "questions": [], "answer": "Nine to five."}"#;
        let said = refused(&format!("\n\n{FAQ}\n\n{empty}\n"), right);
        assert!(said.contains("faq.jsonl, line 5: \"hours\" has no questions"), "{said}");
        let said = refused(&format!("{FAQ}\n\n{FAQ}\n"), right);
        assert!(said.contains("faq.jsonl, line 3: \"refund\" is already on line 1"), "{said}");
    }
}
