//! The phrasebooks under test: whether they are sound, and whether a language is what its file says.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its data fails")]

mod books;

use std::{collections::HashMap, fs, path::Path};

use deskbell_shared::{
    faq::compile::{
        embedding::{self, BooksName},
        phrasebook::Intent,
    },
    guard::{signal::Signal, words::WordList},
    text::fold,
};

use books::library;

/// The least phrasings of an intent: in the languages in depth, and in the others; each also of small talk.
const IN_DEPTH: usize = 50;
const OF_SMALL_TALK_IN_DEPTH: usize = 30;
const OTHERWISE: usize = 20;
const OF_SMALL_TALK: usize = 10;

fn texts(intent: &Intent) -> impl Iterator<Item = &String> {
    intent.titles.iter().chain(&intent.phrasings)
}

/// Whoever asks what the books expect is not taken for an insulter. Small talk has insults among it.
#[test]
fn no_question_of_a_trade_is_an_insult() {
    let (library, list) = (library(), WordList::new([]));
    let mut insults = Vec::new();
    for lang in library.languages() {
        for text in library.of(lang).iter().filter(|intent| !intent.is_small_talk()).flat_map(texts) {
            let hits = list.find(text).into_iter().filter(|hit| hit.signal == Signal::Insult);
            insults.extend(hits.map(|hit| format!("{lang}: {} in {text}", hit.word)));
        }
    }
    assert_eq!(insults, [] as [String; 0]);
}

#[test]
fn every_book_can_be_read_and_the_promised_languages_are_there() {
    let library = library();
    let languages: Vec<&str> = library.languages().collect();
    for lang in
        ["ar", "de", "en", "es", "fr", "hi", "id", "it", "ja", "ko", "pl", "pt", "ru", "th", "tr", "vi", "zh"]
    {
        assert!(languages.contains(&lang), "{lang}");
    }
    for lang in ["en", "zh"] {
        let intents = library.of(lang).iter().filter(|intent| !intent.is_small_talk()).count();
        assert!(intents >= 400, "{lang}: {intents} intents");
    }
}

#[test]
fn every_embedding_was_learned_from_the_books_as_they_are() {
    let library = library();
    let books = BooksName::of(&library);
    for lang in library.languages() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("embeddings/{lang}.bin"));
        let bytes = fs::read(path).unwrap_or_default();
        assert!(
            embedding::is_of(&bytes, books),
            "the books have changed since `{lang}` was learned: run `cargo xtask embed`"
        );
    }
}

#[test]
fn every_intent_has_enough_phrasings() {
    let library = library();
    for lang in library.languages() {
        let least = |intent: &Intent| match (lang, intent.is_small_talk()) {
            ("en" | "zh", true) => OF_SMALL_TALK_IN_DEPTH,
            ("en" | "zh", false) => IN_DEPTH,
            (_, true) => OF_SMALL_TALK,
            (_, false) => OTHERWISE,
        };
        for intent in library.of(lang) {
            assert!(
                intent.phrasings.len() >= least(intent),
                "{lang} {}: {}",
                intent.name(),
                intent.phrasings.len()
            );
        }
    }
}

#[test]
fn no_phrasing_stands_twice() {
    let library = library();
    let mut twice = Vec::new();
    for lang in library.languages() {
        let mut seen: HashMap<String, String> = HashMap::new();
        for intent in library.of(lang) {
            for text in texts(intent) {
                let key = fold(text).replace(' ', "");
                if let Some(other) = seen.insert(key, intent.name()) {
                    twice.push(format!("{lang} {}: '{text}' is also in {other}", intent.name()));
                }
            }
        }
    }
    assert!(twice.is_empty(), "{} phrasings:\n{}", twice.len(), twice.join("\n"));
}

#[test]
fn every_phrasing_says_something() {
    let library = library();
    for lang in library.languages() {
        for intent in library.of(lang) {
            for text in texts(intent) {
                assert!(
                    !fold(text).is_empty() && text.chars().count() <= 300,
                    "{lang} {}: '{text}'",
                    intent.name()
                );
            }
        }
    }
}

#[test]
fn an_intent_answers_with_one_line_that_owners_complete() {
    let library = library();
    for lang in library.languages() {
        for intent in library.of(lang) {
            assert_eq!(intent.starter.is_none(), intent.is_small_talk(), "{lang} {}", intent.name());
        }
    }
}

#[test]
fn a_book_is_written_in_the_script_of_its_language() {
    let library = library();
    for lang in library.languages() {
        let is_of_script = |c: char| match lang {
            "zh" => matches!(c, '\u{4E00}'..='\u{9FFF}'),
            "ja" => matches!(c, '\u{3040}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}'),
            "ko" => matches!(c, '\u{AC00}'..='\u{D7AF}'),
            "ru" => matches!(c, '\u{0400}'..='\u{04FF}'),
            "ar" => matches!(c, '\u{0600}'..='\u{06FF}'),
            "th" => matches!(c, '\u{0E00}'..='\u{0E7F}'),
            "hi" => matches!(c, '\u{0900}'..='\u{097F}'),
            _ => c.is_ascii_alphabetic() || matches!(c, '\u{C0}'..='\u{1B0}' | '\u{1E00}'..='\u{1EFF}'),
        };
        // Visitors mix in Latin letters, Hindi speakers for whole sentences.
        let least = if lang == "hi" { 0.4 } else { 0.8 };
        for book in library.of(lang).chunk_by(|a, b| a.book == b.book).filter(|book| !book[0].is_small_talk())
        {
            let letters: Vec<char> = book
                .iter()
                .flat_map(texts)
                .flat_map(|text| text.chars())
                .filter(|c| c.is_alphabetic())
                .collect();
            let share = letters.iter().filter(|c| is_of_script(**c)).count() as f32 / letters.len() as f32;
            assert!(share >= least, "{lang} {}: {share}", book[0].book);
        }
    }
}
