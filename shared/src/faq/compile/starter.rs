//! A first FAQ for a new site: the questions and answers of phrasebooks, for the owner to fill in.

use std::{collections::BTreeSet, fmt::Write};

use super::phrasebook::Library;

/// Where an answer still has a place to fill in, as its text with the braces; `None` when there is none.
///
/// A place is what stands between two braces on one line: `{My orders}`.
pub(super) fn place_to_fill(answer: &str) -> Option<&str> {
    let start = answer.find('{')?;
    let rest = &answer[start..];
    let end = rest.find(['}', '\n'])?;
    match rest[end..].chars().next() {
        Some('}') if end > 1 => Some(&rest[..=end]),
        _ => place_to_fill(&rest[1..]),
    }
}

/// An FAQ file in YAML from the intents of these books that have an answer to start from, in the books' order; `None`
/// when there is none in this language. What the owner has to fill in stays in its braces, and publishing warns of it.
/// `lang` is a BCP 47 tag.
pub fn starter(library: &Library, books: &[&str], lang: &str) -> Option<String> {
    let mut file = String::new();
    let mut ids = BTreeSet::new();
    for book in books {
        for intent in library.of(lang).iter().filter(|intent| intent.book == *book) {
            let Some(answer) = &intent.starter else { continue };
            let id = if ids.insert(intent.id.clone()) {
                intent.id.clone()
            } else {
                format!("{book}-{}", intent.id)
            };
            ids.insert(id.clone());
            let _ = write!(file, "- id: {id}\n  questions:\n");
            for title in &intent.titles {
                let _ = writeln!(file, "    - {}", quoted(title));
            }
            let _ = write!(file, "  answer: {}\n  lang: {lang}\n\n", quoted(answer));
        }
    }
    file.truncate(file.trim_end().len());
    (!file.is_empty()).then(|| file + "\n")
}

/// A text as YAML and JSON both write it.
fn quoted(text: &str) -> String {
    // A string is always JSON.
    serde_json::to_string(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faq::compile::source::{Format, parse};

    fn library() -> Library {
        let mut library = Library::default();
        let shop = "## cancel\n? How do I \"cancel\"?\n? Cancelling: how\n> Open {My orders}.\nstop\n\n## talk\n? Hi\nhello\n";
        let core = "## cancel\n? Cancel my plan\n> Write to {e-mail}.\nend it\n";
        library.add("shop.en.txt", shop).unwrap();
        library.add("core.en.txt", core).unwrap();
        library
    }

    #[test]
    fn a_starter_is_an_faq_that_says_what_is_left_to_fill_in() {
        let file = starter(&library(), &["shop", "core"], "en").unwrap();
        let source = parse("faq.yaml", file.as_bytes(), Format::Yaml).unwrap();
        let ids: Vec<&str> = source.entries.iter().map(|entry| entry.id.as_str()).collect();
        assert_eq!(ids, ["cancel", "core-cancel"]);
        assert_eq!(source.entries[0].questions.len(), 2);
        assert_eq!(source.entries[0].answer.as_str(), "Open {My orders}.");
        let warned: Vec<usize> = source.warnings.iter().map(|warning| warning.line).collect();
        assert_eq!(warned, [5, 11], "{:?}", source.warnings);
        assert!(source.warnings[0].fault.contains("{My orders}"));
        assert_eq!(starter(&library(), &["shop"], "fr"), None);
        assert_eq!(starter(&library(), &["garden"], "en"), None);
    }

    #[test]
    fn a_place_to_fill_stands_between_braces_on_one_line() {
        for (answer, place) in [
            ("Open {My orders} now {x}", Some("{My orders}")),
            ("以{天数}天为限", Some("{天数}")),
            ("a { b\n c {d}", Some("{d}")),
            ("{} and {", None),
            ("}{", None),
            ("none", None),
        ] {
            assert_eq!(place_to_fill(answer), place, "{answer}");
        }
    }
}
