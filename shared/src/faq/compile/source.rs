//! An FAQ as its owner writes it, and everything that can be wrong with it.
//!
//! In YAML, a list of entries:
//!
//! ```yaml
//! - id: returns
//!   questions:
//!     - How do I return something?
//!     - I want to send it back
//!   answer: Within 30 days, from your account.
//!   lang: en          # may be left out
//!   suggest: true     # offered before anything was asked; may be left out
//!   subject: Returns  # what talks that begin with it are about; may be left out
//! ```
//!
//! In CSV, with a header, one row a phrasing. Rows of the same id belong together; the answer need only be in one:
//!
//! ```csv
//! id,question,answer,lang,suggest,subject
//! returns,How do I return something?,"Within 30 days, from your account.",en,true,Returns
//! returns,I want to send it back,,,,
//! ```

use std::{borrow::Cow, collections::BTreeMap};

use thiserror::Error;

use super::{check::check, csv, yaml};
use crate::wire::{BoundedText, EntryId, LanguageTag, MAX_FAQ_BYTES, SourceFault, Subject, Text};

/// The most faults, and the most warnings, that are listed.
const MAX_LISTED: usize = 100;
/// The most faults that are kept until they are listed in the order of their lines; of others only the number is.
const MAX_KEPT: usize = 10 * MAX_LISTED;

/// One way of asking, as a person would.
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

impl Source {
    /// What its entries are about, those of which that is said.
    pub fn subjects(&self) -> BTreeMap<EntryId, Subject> {
        let subject = |entry: &SourceEntry| Some((entry.id.clone(), entry.subject.clone()?));
        self.entries.iter().filter_map(subject).collect()
    }
}

/// A source that cannot be compiled.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{total} faults")]
pub struct Unsound {
    /// Its faults, in the order of the file; of more than a hundred the first, and one line that there are others.
    pub faults: Vec<SourceFault>,
    /// How many there are.
    pub total: usize,
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
    /// What it is about. Nothing is matched by it: it says whose business a talk is.
    pub subject: Option<Subject>,
}

/// Reads a source, and names every fault in it at once. `file_name` is only what the faults call it.
///
/// # Errors
/// Every fault.
pub fn parse(file_name: &str, bytes: &[u8], format: Format) -> Result<Source, Unsound> {
    let mut faults = Faults::new(file_name);
    if bytes.len() > MAX_FAQ_BYTES {
        faults.add(
            0,
            format!("the file has {} bytes; the limit is {MAX_FAQ_BYTES}", bytes.len()),
            "split the FAQ, or leave out what nobody asks",
        );
        return Err(faults.unsound());
    }
    let Some(text) = decode(bytes, &mut faults) else { return Err(faults.unsound()) };
    let drafts = match format {
        Format::Yaml => yaml::read(&text, &mut faults),
        Format::Csv => csv::read(&text, &mut faults),
    };
    let mut warnings = Faults::new(file_name);
    let entries = check(drafts, &mut faults, &mut warnings);
    if faults.is_empty() { Ok(Source { entries, warnings: warnings.list() }) } else { Err(faults.unsound()) }
}

/// Faults found so far: the first ones, and how many more. A file can have one on each of a million lines.
pub(super) struct Faults {
    file: String,
    found: Vec<SourceFault>,
    more: usize,
}

impl Faults {
    pub(super) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), found: Vec::new(), more: 0 }
    }

    /// Notes a fault; line 0 is the whole file.
    pub(super) fn add(&mut self, line: usize, fault: impl Into<String>, remedy: impl Into<String>) {
        if self.found.len() == MAX_KEPT {
            self.more += 1;
            return;
        }
        let (fault, remedy) = (fault.into(), remedy.into());
        self.found.push(SourceFault { file: self.file.clone(), line, fault, remedy });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    fn unsound(self) -> Unsound {
        Unsound { total: self.found.len() + self.more, faults: self.list() }
    }

    pub(super) fn list(mut self) -> Vec<SourceFault> {
        self.found.sort_by_key(|fault| fault.line);
        let more = self.more + self.found.len().saturating_sub(MAX_LISTED);
        if more > 0 {
            self.found.truncate(MAX_LISTED);
            self.add(0, format!("there are {more} more like these"), "mend these first, then try again");
        }
        self.found
    }
}

/// A text and the line it is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) line: usize,
    pub(super) text: String,
}

/// An entry as it was written, before it is known to be sound.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Draft {
    pub(super) line: usize,
    pub(super) id: Option<Spot>,
    pub(super) questions: Vec<Spot>,
    pub(super) answer: Option<Spot>,
    pub(super) lang: Option<Spot>,
    pub(super) suggest: Option<Spot>,
    pub(super) subject: Option<Spot>,
}

/// The file as text; `None` when it is in an encoding in which nothing else can be checked.
fn decode<'a>(bytes: &'a [u8], faults: &mut Faults) -> Option<Cow<'a, str>> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        faults.add(
            0,
            "the file is saved as UTF-16",
            "save it as UTF-8: in a spreadsheet choose 'CSV UTF-8', in a text editor the encoding 'UTF-8'",
        );
        return None;
    }
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    for (line, content) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        if core::str::from_utf8(content).is_err() {
            faults.add(line, "the line is not UTF-8 text", "save the file as UTF-8");
        }
    }
    Some(String::from_utf8_lossy(bytes))
}

/// The beginning of a text, for a message.
pub(super) fn excerpt(text: &str) -> String {
    const LENGTH: usize = 40;
    let clean = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut excerpt: String = clean.take(LENGTH).collect();
    if text.trim().chars().count() > LENGTH {
        excerpt.push('…');
    }
    excerpt
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{faq::compile::MAX_SOURCE_ENTRIES, wire::MAX_SUBJECTS};

    fn lines(result: Result<Source, Unsound>) -> Vec<(usize, String)> {
        result
            .expect_err("the source has faults")
            .faults
            .into_iter()
            .map(|fault| (fault.line, fault.fault))
            .collect()
    }

    #[test]
    fn a_fault_on_every_line_is_counted_and_not_kept() {
        let mut faults = Faults::new("faq.yaml");
        for line in (1..=3 * MAX_KEPT).rev() {
            faults.add(line, "no", "yes");
        }
        assert_eq!(faults.found.len(), MAX_KEPT);
        let Unsound { faults: listed, total } = faults.unsound();
        assert_eq!((listed.len(), total), (MAX_LISTED + 1, 3 * MAX_KEPT));
        assert!(listed[MAX_LISTED].fault.contains(&(3 * MAX_KEPT - MAX_LISTED).to_string()));
    }

    #[test]
    fn every_fault_is_named_at_once_with_its_line() {
        let yaml = "\
- id: returns
  questions: [How do I return it?]
  answer: Within 30 days.
- id: returns
  questions:
    - ''
  answer: Soon.
- questions: [Who are you?]
  answer: We.
  lang: not_a_tag
- id: 'with blanks'
  questions: []
  suggest: perhaps
";
        assert_eq!(
            lines(parse("faq.yaml", yaml.as_bytes(), Format::Yaml)),
            [
                (4, "the id 'returns' is already taken on line 1".to_owned()),
                (6, "the question cannot be used: the text is empty".to_owned()),
                (8, "the entry has no id".to_owned()),
                (10, "'not_a_tag' is not a language".to_owned()),
                (11, "'with blanks' cannot be an id".to_owned()),
                (11, "the entry has no question".to_owned()),
                (11, "the entry has no answer".to_owned()),
                (13, "'suggest' is neither true nor false".to_owned()),
            ]
        );
    }

    #[test]
    fn faults_name_the_file_and_a_remedy() {
        let unsound = parse("shop.csv", b"", Format::Csv).expect_err("nothing in it");
        assert_eq!(
            unsound.faults,
            [SourceFault {
                file: "shop.csv".to_owned(),
                line: 0,
                fault: "the file has no entries".to_owned(),
                remedy: "write at least one entry with an id, a question and an answer".to_owned(),
            }]
        );
    }

    #[test]
    fn what_is_too_large_is_refused() {
        let entry = |question: &str, answer: &str| format!("id,question,answer\na,{question},{answer}\n");
        let long = entry(&"q".repeat(501), &"a".repeat(4_001));
        assert_eq!(
            lines(parse("f", long.as_bytes(), Format::Csv)),
            [
                (2, "the question cannot be used: the text has 501 characters; the limit is 500".to_owned()),
                (2, "the answer cannot be used: the text has 4001 characters; the limit is 4000".to_owned()),
            ]
        );
        assert!(parse("f", entry(&"长".repeat(500), &"长".repeat(4_000)).as_bytes(), Format::Csv).is_ok());

        let huge = vec![b'a'; MAX_FAQ_BYTES + 1];
        assert_eq!(lines(parse("f", &huge, Format::Yaml)).len(), 1);

        let rows: String = (0..=MAX_SOURCE_ENTRIES).map(|n| format!("e{n},question {n},answer\n")).collect();
        let many = format!("id,question,answer\n{rows}");
        assert_eq!(
            lines(parse("f", many.as_bytes(), Format::Csv)),
            [(MAX_SOURCE_ENTRIES + 2, "there are 2001 entries; the limit is 2000".to_owned())]
        );
    }

    #[test]
    fn encodings_are_told_apart() {
        let csv = "id,question,answer\na,Où ?,Là.\n";
        assert!(parse("f", format!("\u{FEFF}{csv}").as_bytes(), Format::Csv).is_ok());

        let utf16: Vec<u8> = format!("\u{FEFF}{csv}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(lines(parse("f", &utf16, Format::Csv)), [(0, "the file is saved as UTF-16".to_owned())]);

        let latin1: Vec<u8> = csv.chars().map(|c| c as u8).collect();
        assert_eq!(lines(parse("f", &latin1, Format::Csv)), [(2, "the line is not UTF-8 text".to_owned())]);
    }

    #[test]
    fn control_characters_are_named() {
        let faults = lines(parse("f", b"id,question,answer\na,what\x07,that\n", Format::Csv));
        assert_eq!(faults, [(2, "the question contains the control character U+0007".to_owned())]);
    }

    #[test]
    fn repeated_phrasings_are_warned_about_and_stop_nothing() {
        let csv = "id,question,answer\na,How much?,1\na,how MUCH,\nb,How much,2\nb,???,\n";
        let source = parse("f", csv.as_bytes(), Format::Csv).unwrap();
        let warnings: Vec<_> =
            source.warnings.iter().map(|warning| (warning.line, warning.fault.as_str())).collect();
        assert_eq!(
            warnings,
            [
                (3, "'a' already asks 'how MUCH' on line 2"),
                (4, "'How much' is asked by both 'a' (line 2) and 'b'"),
                (5, "the question '???' has no letters, so nothing can match it"),
            ]
        );
        assert_eq!(source.entries[0].questions.len(), 1);
        assert_eq!(source.entries[1].questions.len(), 2);
    }

    #[test]
    fn a_subject_is_one_however_it_is_written() {
        let csv = "id,question,answer,subject\na,b?,c,Billing\nd,e?,f, BILLING \ng,h?,i,\nj,k?,l,¿?\n";
        let source = parse("f", csv.as_bytes(), Format::Csv).unwrap();
        let subjects: Vec<_> = source.subjects().into_values().map(String::from).collect();
        assert_eq!(subjects, ["Billing", "Billing", "¿?"]);

        let long = format!("id,question,answer,subject\na,b?,c,{}\n", "s".repeat(41));
        let fault = "the subject cannot be used: the text has 41 characters; the limit is 40";
        assert_eq!(lines(parse("f", long.as_bytes(), Format::Csv)), [(2, fault.to_owned())]);

        let rows = |number: usize| -> String {
            (0..number).map(|n| format!("e{n},question {n},answer,subject {n}\n")).collect()
        };
        let csv = |number| format!("id,question,answer,subject\n{}", rows(number));
        assert!(parse("f", csv(MAX_SUBJECTS).as_bytes(), Format::Csv).is_ok());
        let fault = format!("there are more than {MAX_SUBJECTS} subjects");
        assert_eq!(
            lines(parse("f", csv(MAX_SUBJECTS + 5).as_bytes(), Format::Csv)),
            [(MAX_SUBJECTS + 2, fault)]
        );
    }

    #[test]
    fn a_thousand_faults_are_not_all_listed() {
        let rows = "a,b,c,d\n".repeat(1_000);
        let faults = lines(parse("f", format!("id,question,answer\n{rows}").as_bytes(), Format::Csv));
        assert_eq!(faults.len(), MAX_LISTED + 1);
        assert_eq!(faults.last().map(|(_, fault)| fault.as_str()), Some("there are 900 more like these"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn any_bytes_are_a_source_or_have_faults(bytes in any::<Vec<u8>>()) {
            for format in [Format::Yaml, Format::Csv] {
                if let Err(unsound) = parse("f", &bytes, format) {
                    prop_assert!(!unsound.faults.is_empty() && unsound.total >= 1);
                }
            }
        }

        #[test]
        fn any_punctuation_is_a_source_or_has_faults(text in "(id|questions|answer|[-:,\"'\\[\\]{}&*#|> \n\ta\u{e9}])*") {
            for format in [Format::Yaml, Format::Csv] {
                if let Err(unsound) = parse("f", text.as_bytes(), format) {
                    let lines = text.matches('\n').count() + 1;
                    prop_assert!(unsound.faults.iter().all(|fault| fault.line <= lines + 1), "{:?}", unsound);
                }
            }
        }

        #[test]
        fn what_a_spreadsheet_writes_is_read_back(texts in proptest::collection::vec("[a-z][a-z,;\"\n é长]{0,20}", 1..5)) {
            let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
            let rows: String = texts.iter().enumerate()
                .map(|(n, text)| format!("e{n},{},{}\r\n", quoted(text), quoted(text))).collect();
            let source = parse("f", format!("id,question,answer\r\n{rows}").as_bytes(), Format::Csv).unwrap();
            let read: Vec<_> = source.entries.iter().map(|entry| entry.answer.as_str()).collect();
            let written: Vec<_> = texts.iter().map(|text| text.trim()).collect();
            prop_assert_eq!(read, written);
        }
    }
}
