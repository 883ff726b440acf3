//! The embedding of the phrasebooks, as it is learned and kept: a file for each language.
//!
//! `cargo xtask embed` learns it: the terms of a phrasing are added up, and the sum has to point at the phrasing's intent,
//! ahead of all others. It is the linear text classifier of fastText (Joulin et al., 2016), of which the vectors of the terms
//! are kept; they are trained as the signs that they will be cut down to (Courbariaux et al., 2015). Each language has terms of
//! its own, and all have the same intents: languages with few books learn from those with many, and a text points where its
//! translation does.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use thiserror::Error;

use super::{
    super::{
        bytes::{Reader, Writer},
        embedding::{Embedding, place_of, terms},
        reading::Reading,
    },
    phrasebook::Library,
};
use crate::text::HanPairs;

/// How many dimensions a term's vector has.
pub const DIMENSIONS: usize = super::super::embedding::DIMENSIONS;

/// What a file of an embedding begins with. The last byte is the version: of its format, of what the terms of a text are, and of
/// how they are learned; after a change of any of these, it has to be raised for `cargo xtask embed` to begin anew.
const MAGIC: &[u8] = b"DBEM\x02";
/// How many bytes name the books that it was learned from.
const NAME: usize = 8;

/// The bytes are no embedding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("this is not an embedding: make it anew with `cargo xtask embed`")]
pub struct NotAnEmbedding;

/// A term, and what was learned about it.
#[derive(Clone, Debug)]
pub struct Learned {
    /// Its hash, as [`Terms`] tells it.
    pub term: u32,
    /// A bit for each dimension, set where the term's vector is negative.
    pub signs: u64,
    /// How long its vector is.
    pub length: f32,
}

/// Finds the terms of texts.
#[derive(Debug)]
pub struct Terms(Reading);

impl Default for Terms {
    fn default() -> Self {
        Self(Reading::new(HanPairs::all(), Vec::new()))
    }
}

impl Terms {
    /// The terms of a text, each once.
    pub fn of(&self, text: &str) -> Vec<u32> {
        terms(&self.0.fold(text))
    }
}

/// Names the books of all languages as they are: other books, another name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BooksName([u8; NAME]);

impl BooksName {
    /// Names these books.
    pub fn of(library: &Library) -> Self {
        let mut digest = Sha256::new();
        for lang in library.languages() {
            digest.update(lang);
            for intent in library.of(lang) {
                for text in [&intent.book, &intent.id].into_iter().chain(intent.texts()) {
                    digest.update([0]);
                    digest.update(text);
                }
            }
            digest.update([0, 0]);
        }
        let mut name = [0; NAME];
        name.copy_from_slice(&digest.finalize()[..NAME]);
        Self(name)
    }
}

/// What the embeddings of all languages are kept as, that were learned from these books.
pub fn encode(library: &Library, learned: BTreeMap<String, Vec<Learned>>) -> BTreeMap<String, Vec<u8>> {
    let name = BooksName::of(library);
    // One measure for all, so that terms of several languages can be added up.
    let lengths = learned.values().flatten().map(|learned| learned.length);
    let longest = lengths.fold(f32::MIN_POSITIVE, f32::max);
    let encode = |(lang, learned)| (lang, encode_language(name, longest, learned));
    learned.into_iter().map(encode).collect()
}

fn encode_language(BooksName(name): BooksName, longest: f32, mut learned: Vec<Learned>) -> Vec<u8> {
    learned.sort_by_key(|learned| learned.term);
    learned.dedup_by_key(|learned| learned.term);
    let squares: f32 =
        learned.iter().map(|learned| (learned.length / longest) * (learned.length / longest)).sum();
    let typical = (squares / learned.len().max(1) as f32).sqrt();
    let terms =
        learned.iter().map(|learned| (learned.term, learned.signs, place_of(learned.length / longest)));
    let mut writer = Writer::default();
    writer.bytes(MAGIC);
    writer.bytes(&name);
    Embedding::new(terms.collect(), place_of(typical)).write(&mut writer);
    writer.into_bytes()
}

/// Whether the bytes are an embedding that was learned from these books.
pub fn is_of(bytes: &[u8], books: BooksName) -> bool {
    decode(bytes).is_ok_and(|(name, _)| name == books)
}

/// Reads what [`encode`] made: the name of the books, and the embedding.
pub(super) fn decode(bytes: &[u8]) -> Result<(BooksName, Embedding), NotAnEmbedding> {
    let mut reader = Reader::new(bytes);
    let read = |reader: &mut Reader| {
        reader.bytes(MAGIC.len()).filter(|magic| *magic == MAGIC)?;
        let name = BooksName(reader.bytes(NAME)?.try_into().ok()?);
        let embedding = Embedding::read(reader)?;
        (reader.left() == 0).then_some((name, embedding))
    };
    read(&mut reader).ok_or(NotAnEmbedding)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BOOK: &str = "## a\n? Post\nmail\n";

    fn books(lang: &str, text: &str) -> Library {
        let mut library = Library::default();
        library.add(&format!("shop.{lang}.txt"), text).unwrap();
        library
    }

    fn encode_one(library: &Library, learned: Vec<Learned>) -> Vec<u8> {
        let mut encoded = encode(library, [("en".to_owned(), learned)].into());
        encoded.remove("en").unwrap()
    }

    #[test]
    fn an_embedding_knows_the_books_it_was_learned_from() {
        let learned = |term, length| Learned { term, signs: 7, length };
        let library = books("en", BOOK);
        let bytes = encode_one(&library, vec![learned(9, 2.0), learned(3, 1.0), learned(9, 2.0)]);
        let (_, embedding) = decode(&bytes).unwrap();
        assert_eq!((embedding.len(), embedding.place(3), embedding.place(9)), (2, Some(0), Some(1)));
        let is_of = |library: &Library| is_of(&bytes, BooksName::of(library));
        assert!(is_of(&library));
        assert!(!is_of(&books("en", "## a\n? Post\nmails\n")));
        assert!(!is_of(&books("de", BOOK)));
        assert!(!super::is_of(b"", BooksName::of(&library)));
    }

    #[test]
    fn the_lengths_of_all_languages_have_one_measure() {
        let learned = |length| vec![Learned { term: 3, signs: 0, length }];
        let of_each = [("de".to_owned(), learned(1.0)), ("en".to_owned(), learned(4.0))];
        let encoded = encode(&books("en", BOOK), of_each.into());
        let length = |lang: &str| decode(&encoded[lang]).unwrap().1.lengths().next().unwrap();
        assert_eq!(length("en"), 1.0);
        assert!((0.2..=0.25).contains(&length("de")));
    }

    #[test]
    fn a_library_takes_an_embedding_and_nothing_else() {
        let mut library = Library::default();
        assert_eq!(library.add_embedding("en", b"DBEM\x01"), Err(NotAnEmbedding));
        let mut bytes = encode_one(&books("en", BOOK), Vec::new());
        assert_eq!(library.add_embedding("zh-Hans", &bytes), Ok(()));
        assert!(library.embedding("zh-Hant").is_some() && library.embedding("en").is_none());
        bytes.push(0);
        assert_eq!(library.add_embedding("en", &bytes), Err(NotAnEmbedding));
    }

    #[test]
    fn terms_are_the_same_in_both_chinese_scripts() {
        let terms = Terms::default();
        assert_eq!(terms.of("取消訂單"), terms.of("取消订单"));
        assert_eq!(terms.of("post, POST"), terms.of("post"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_embedding_or_refused(bytes in any::<Vec<u8>>()) {
            let _ = decode(&bytes);
            let _ = decode(&[MAGIC, &[0; NAME], &bytes].concat());
        }
    }
}
