//! An FAQ as its owner writes it, in YAML or CSV, and everything that can be wrong with it.

use crate::wire::{BoundedText, EntryId, LanguageTag, SourceFault, Text};

/// One way of asking, as a person would: at most 500 characters.
pub type Question = BoundedText<500>;

/// How a source is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A list of entries.
    Yaml,
    /// One row a phrasing, with a header.
    Csv,
}

/// A sound FAQ, ready to be compiled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// Its entries, in the owner's order. Ids differ, and each has at least one question.
    pub entries: Vec<SourceEntry>,
    /// What the owner may want to mend.
    pub warnings: Vec<SourceFault>,
}

/// One entry of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceEntry {
    /// Its name.
    pub id: EntryId,
    /// The ways of asking; the first is shown to people.
    pub questions: Vec<Question>,
    /// The answer.
    pub answer: Text,
    /// The language of both.
    pub lang: Option<LanguageTag>,
    /// Whether to offer it before anything was asked.
    pub suggest: bool,
}

/// Reads a source, and names every fault in it at once.
///
/// # Errors
/// Every fault, in the order of the file.
pub fn parse(file_name: &str, text: &[u8], format: Format) -> Result<Source, Vec<SourceFault>> {
    let _ = (text, format);
    Err(vec![SourceFault {
        file: file_name.to_owned(),
        line: 0,
        fault: "the file cannot be read yet".to_owned(),
        remedy: "try again later".to_owned(),
    }])
}
