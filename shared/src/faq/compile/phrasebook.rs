//! Phrasebooks: what visitors type for each thing they may want, by trade and language.
//!
//! Their format is described beside them, in `shared/phrasebooks/README.md`. The compiler is handed those of a
//! [`Library`]; it never reads them itself.

use std::collections::BTreeMap;

use super::{
    super::embedding::Embedding,
    embedding::{self, NotAnEmbedding},
    source::Faults,
    thesaurus::{self, THESAURUS, WordSet},
};
use crate::wire::SourceFault;

/// The book of what no FAQ answers: its intents are never borrowed.
pub const SMALL_TALK: &str = "talk";
/// The book of what people ask of any business.
pub const CORE: &str = "core";

/// In a bundle, what stands before the name of each file.
const FILE_MARK: &str = "#= ";

/// All phrasebooks, by language.
#[derive(Clone, Debug, Default)]
pub struct Library {
    /// By primary language subtag: `zh` for every Chinese.
    by_language: BTreeMap<String, Vec<Intent>>,
    /// Thesauri, by primary language subtag.
    words: BTreeMap<String, Vec<WordSet>>,
    /// What the words of the books mean, by primary language subtag.
    embeddings: BTreeMap<String, Embedding>,
}

/// One thing that visitors may want.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// The book it is in: a trade, or [`CORE`], or [`SMALL_TALK`].
    pub book: String,
    /// Its name in the book, the same in every language.
    pub id: String,
    /// The question as owners would put it, in several ways; the first is the starter's. At least one.
    pub titles: Vec<String>,
    /// The answer to start from, with `{…}` where the owner fills in.
    pub starter: Option<String>,
    /// What visitors type. At least one.
    pub phrasings: Vec<String>,
}

impl Intent {
    /// Its name among all intents: `shop/return-window`.
    pub fn name(&self) -> String {
        format!("{}/{}", self.book, self.id)
    }

    /// Whether it is small talk.
    pub fn is_small_talk(&self) -> bool {
        self.book == SMALL_TALK
    }

    /// Its titles, its answer and its phrasings.
    pub fn texts(&self) -> impl Iterator<Item = &String> {
        self.titles.iter().chain(&self.starter).chain(&self.phrasings)
    }
}

impl Library {
    /// Adds a book in one language. `file_name` is `BOOK.LANG.txt`.
    ///
    /// # Errors
    /// Every fault of the file; nothing is added then.
    pub fn add(&mut self, file_name: &str, text: &str) -> Result<(), Vec<SourceFault>> {
        let mut faults = Faults::new(file_name);
        let name = file_name.strip_suffix(".txt").and_then(|name| name.split_once('.'));
        let Some((book, lang)) = name.filter(|(book, lang)| !book.is_empty() && !lang.is_empty()) else {
            faults.add(0, "the name is not BOOK.LANG.txt", "rename it, for instance to shop.en.txt");
            return Err(faults.list());
        };
        let language = Self::language_of(lang).to_owned();
        if book == THESAURUS {
            let sets = thesaurus::parse(text, &mut faults);
            if faults.is_empty() {
                self.words.entry(language).or_default().extend(sets);
            }
        } else {
            let intents = parse(book, text, &mut faults);
            if faults.is_empty() {
                self.by_language.entry(language).or_default().extend(intents);
            }
        }
        if !faults.is_empty() {
            return Err(faults.list());
        }
        Ok(())
    }

    /// Adds every book of a bundle, as [`bundles`] makes them.
    ///
    /// # Errors
    /// Every fault of its files; nothing is added then.
    pub fn add_bundle(&mut self, bundle: &str) -> Result<(), Vec<SourceFault>> {
        let mut files: Vec<(&str, &str)> = Vec::new();
        let mut start = None;
        let mut at = 0;
        for line in bundle.split_inclusive('\n') {
            if let Some(name) = line.strip_prefix(FILE_MARK) {
                files.extend(start.map(|(name, from)| (name, &bundle[from..at])));
                start = Some((name.trim(), at + line.len()));
            }
            at += line.len();
        }
        files.extend(start.map(|(name, from)| (name, &bundle[from..])));
        let mut added = Self::default();
        let faults: Vec<SourceFault> =
            files.into_iter().filter_map(|(name, text)| added.add(name, text).err()).flatten().collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        for (language, intents) in added.by_language {
            self.by_language.entry(language).or_default().extend(intents);
        }
        for (language, sets) in added.words {
            self.words.entry(language).or_default().extend(sets);
        }
        Ok(())
    }

    /// Adds the embedding of a language's books, as [`super::embedding::encode`] makes it.
    ///
    /// # Errors
    /// The bytes are none.
    pub fn add_embedding(&mut self, lang: &str, bytes: &[u8]) -> Result<(), NotAnEmbedding> {
        let (_, embedding) = embedding::decode(bytes)?;
        self.embeddings.insert(Self::language_of(lang).to_owned(), embedding);
        Ok(())
    }

    /// The embedding of a language, given as a BCP 47 tag; none when it was not added.
    pub(super) fn embedding(&self, lang: &str) -> Option<&Embedding> {
        self.embeddings.get(Self::language_of(lang))
    }

    /// The key of a language, given as a BCP 47 tag: its primary subtag.
    pub fn language_of(lang: &str) -> &str {
        lang.split('-').next().unwrap_or_default()
    }

    /// The intents of a language, given as a BCP 47 tag; none when there is no book in it.
    pub fn of(&self, lang: &str) -> &[Intent] {
        self.by_language.get(Self::language_of(lang)).map_or(&[], Vec::as_slice)
    }

    /// The thesaurus of a language, given as a BCP 47 tag.
    pub fn words(&self, lang: &str) -> &[WordSet] {
        self.words.get(Self::language_of(lang)).map_or(&[], Vec::as_slice)
    }

    /// The languages there are books in, as primary subtags.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.by_language.keys().map(String::as_str)
    }
}

/// Puts the files of each language together, in their order: a bundle for [`Library::add_bundle`] by the language's
/// primary subtag. `files` are names, `BOOK.LANG.txt`, and texts.
pub fn bundles<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> BTreeMap<String, String> {
    let mut bundles: BTreeMap<String, String> = BTreeMap::new();
    for (name, text) in files {
        let lang =
            name.strip_suffix(".txt").and_then(|name| name.split_once('.')).map_or("", |(_, lang)| lang);
        let bundle = bundles.entry(Library::language_of(lang).to_owned()).or_default();
        bundle.extend([FILE_MARK, name, "\n", text]);
        if !text.is_empty() && !text.ends_with('\n') {
            bundle.push('\n');
        }
    }
    bundles
}

fn parse(book: &str, text: &str, faults: &mut Faults) -> Vec<Intent> {
    let mut intents: Vec<Intent> = Vec::new();
    let mut starts = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if let Some(id) = line.strip_prefix("## ") {
            let id = id.trim();
            let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if !id.chars().all(is_name) {
                faults.add(
                    number,
                    format!("'{id}' is not a name"),
                    "use lower-case letters, digits and hyphens",
                );
            }
            if let Some(first) = intents.iter().position(|intent| intent.id == id) {
                faults.add(number, format!("'{id}' is already on line {}", starts[first]), "join the two");
            }
            starts.push(number);
            intents.push(Intent {
                book: book.to_owned(),
                id: id.to_owned(),
                titles: Vec::new(),
                starter: None,
                phrasings: Vec::new(),
            });
        } else if line.is_empty() || line.starts_with('#') {
        } else if let Some(intent) = intents.last_mut() {
            if let Some(title) = line.strip_prefix("? ") {
                intent.titles.push(title.to_owned());
            } else if let Some(starter) = line.strip_prefix("> ") {
                if intent.starter.replace(starter.to_owned()).is_some() {
                    faults.add(number, "a second answer", "keep one");
                }
            } else {
                intent.phrasings.push(line.to_owned());
            }
        } else {
            faults.add(number, "a phrasing before the first intent", "begin an intent with '## NAME'");
        }
    }
    for (intent, start) in intents.iter().zip(starts) {
        if intent.titles.is_empty() || intent.phrasings.is_empty() {
            let remedy = "give it at least one line with '? ' and one phrasing";
            faults.add(start, format!("'{}' is not complete", intent.id), remedy);
        }
    }
    intents
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOOK: &str = "# Shop.\n\n## cancel\n? How do I cancel?\n> Press {Cancel}.\nstop my order\n取消\n\n## returns\n? Returns\nsend it back\n";

    #[test]
    fn a_book_is_read_and_found_by_every_tag_of_its_language() {
        let mut library = Library::default();
        library.add("shop.zh-Hans.txt", BOOK).unwrap();
        let intents = library.of("zh-Hant-TW");
        assert_eq!(intents.len(), 2);
        assert_eq!(intents[0].name(), "shop/cancel");
        assert_eq!(intents[0].starter.as_deref(), Some("Press {Cancel}."));
        assert_eq!(intents[0].phrasings, ["stop my order", "取消"]);
        assert!(library.of("en").is_empty());
        assert_eq!(library.languages().collect::<Vec<_>>(), ["zh"]);
    }

    #[test]
    fn every_fault_is_named_with_its_line() {
        let mut library = Library::default();
        let faults = library
            .add("shop.en.txt", "early\n## Bad Name\n? a\nb\n## x\n## x\n? a\n> b\n> c\nd")
            .unwrap_err();
        let lines: Vec<usize> = faults.iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [1, 2, 5, 6, 9]);
        assert!(library.of("en").is_empty());
        assert!(library.add("shop", "").is_err());
    }

    #[test]
    fn a_bundle_is_its_files() {
        let files =
            [("shop.zh-Hans.txt", BOOK), ("pet.en.txt", "## a\n? A\nb"), ("pet.zh-Hant.txt", "## x\n? X\ny")];
        let bundles = bundles(files);
        assert_eq!(bundles.keys().collect::<Vec<_>>(), ["en", "zh"]);
        let (mut together, mut apart) = (Library::default(), Library::default());
        for bundle in bundles.values() {
            together.add_bundle(bundle).unwrap();
        }
        for (name, text) in files {
            apart.add(name, text).unwrap();
        }
        assert_eq!((together.of("zh"), together.of("en")), (apart.of("zh"), apart.of("en")));
        assert_eq!(together.of("zh").len(), 3);
    }

    #[test]
    fn a_bundle_with_a_fault_adds_nothing_and_names_file_and_line() {
        let mut library = Library::default();
        let bundle = format!("#= shop.en.txt\n{BOOK}#= pet.en.txt\n## Bad Name\n? a\nb\n");
        let faults = library.add_bundle(&bundle).unwrap_err();
        assert_eq!(
            faults.iter().map(|fault| (fault.file.as_str(), fault.line)).collect::<Vec<_>>(),
            [("pet.en.txt", 1)]
        );
        assert!(library.of("en").is_empty());
        assert!(library.add_bundle("").is_ok() && library.add_bundle("no mark\n").is_ok());
    }
}
