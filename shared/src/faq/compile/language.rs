//! Which language an entry is in, when its owner did not say: the phrasebooks to borrow from depend on it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::pack::PackedEntry,
    phrasebook::{CORE, Library},
    source::Source,
};
use crate::text::{Script, fold, tokens};

/// The least share of an entry's words that a language has to know.
const LEAST_KNOWN: f32 = 0.4;

/// For each entry the primary subtag of its language: the owner's, or what its words look like; empty when they look like no
/// language that there are books in.
pub(super) fn languages_of(entries: &[PackedEntry], library: &Library) -> Vec<String> {
    let is_told = |entry: &PackedEntry| !entry.lang.is_empty();
    let words = if entries.iter().all(is_told) { BTreeMap::new() } else { words_by_language(library) };
    let language = |entry: &PackedEntry| {
        if is_told(entry) {
            return Library::language_of(&entry.lang).to_owned();
        }
        let texts: Vec<String> =
            entry.questions.iter().chain([&entry.answer]).map(|text| fold(text)).collect();
        guess(&texts, &words).unwrap_or_default().to_owned()
    };
    entries.iter().map(language).collect()
}

/// The primary subtags of the languages whose phrasebooks an FAQ may borrow from: those its owner told, and of entries
/// without one all that are written in its letters.
pub fn languages_needed(source: &Source) -> BTreeSet<&str> {
    let needed = source.entries.iter().flat_map(|entry| match &entry.lang {
        Some(lang) => vec![Library::language_of(lang.as_str())],
        None => entry
            .questions
            .iter()
            .flat_map(|text| text.as_str().chars())
            .flat_map(languages_with)
            .copied()
            .collect(),
    });
    needed.collect()
}

/// The languages that there are books in and that are written with a letter.
fn languages_with(letter: char) -> &'static [&'static str] {
    match letter {
        'a'..='z' | 'A'..='Z' | '\u{C0}'..='\u{24F}' => &["de", "en", "es", "fr", "pt"],
        '\u{400}'..='\u{4FF}' => &["ru"],
        '\u{600}'..='\u{6FF}' => &["ar"],
        '\u{900}'..='\u{97F}' => &["hi"],
        '\u{3041}'..='\u{30FF}' => &["ja"],
        '\u{4E00}'..='\u{9FFF}' => &["ja", "zh"],
        '\u{AC00}'..='\u{D7AF}' => &["ko"],
        _ => &[],
    }
}

/// The words of each language's core book, which tell languages of one script apart.
fn words_by_language(library: &Library) -> BTreeMap<&str, BTreeSet<String>> {
    let words = |lang| {
        let core = library.of(lang).iter().filter(|intent| intent.book == CORE);
        let texts = core.flat_map(|intent| intent.titles.iter().chain(&intent.phrasings));
        texts.flat_map(|text| words_of(&fold(text)).collect::<Vec<_>>()).collect()
    };
    library.languages().map(|lang| (lang, words(lang))).collect()
}

fn guess<'a>(folded: &[String], words: &BTreeMap<&'a str, BTreeSet<String>>) -> Option<&'a str> {
    let asked: Vec<String> = folded.iter().flat_map(|text| words_of(text)).collect();
    let known = |words: &BTreeSet<String>| asked.iter().filter(|word| words.contains(*word)).count();
    // Of equals the last: English and Chinese have the larger books.
    let (lang, known) =
        words.iter().map(|(lang, words)| (*lang, known(words))).max_by_key(|(_, known)| *known)?;
    (known as f32 > LEAST_KNOWN * asked.len() as f32).then_some(lang)
}

/// Words, and of scripts without blanks between them pairs of characters.
fn words_of(folded: &str) -> impl Iterator<Item = String> {
    tokens(folded).flat_map(|token| match token.script {
        Script::Alphabetic => vec![token.text.to_owned()],
        Script::Syllabic | Script::Unspaced => {
            let chars: Vec<char> = token.text.chars().collect();
            chars.windows(2).map(|pair| pair.iter().collect()).collect()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> BTreeMap<&'static str, BTreeSet<String>> {
        let of = |text: &str| words_of(&fold(text)).collect();
        BTreeMap::from([
            ("de", of("wie kann ich meine rechnung bezahlen was kostet das")),
            ("en", of("how can i pay my invoice what does it cost")),
            ("ja", of("支払い方法を教えてください")),
            ("zh", of("怎么支付 可以开发票吗")),
        ])
    }

    fn language(text: &str) -> Option<&'static str> {
        guess(&[fold(text)], &words())
    }

    #[test]
    fn a_text_is_in_the_language_that_knows_its_words() {
        assert_eq!(language("How can I pay?"), Some("en"));
        assert_eq!(language("Wie kann ich bezahlen?"), Some("de"));
        assert_eq!(language("可以开发票吗"), Some("zh"));
        assert_eq!(language("お支払い方法を教えてください"), Some("ja"));
    }

    #[test]
    fn what_no_language_knows_is_in_none() {
        assert_eq!(language("Kuinka maksan laskun?"), None);
        assert_eq!(language("…"), None);
    }
}
