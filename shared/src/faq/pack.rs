//! A pack: a compiled FAQ as it crosses the network.
//!
//! The texts themselves are the smallest form of an index: a browser rebuilds the index from them in milliseconds,
//! so a pack carries the texts, what was learned about them, and nothing that can be derived.
//!
//! | part | layout |
//! |---|---|
//! | magic | the bytes `DBFQ` |
//! | version | 1 byte |
//! | length | 4 bytes, little endian: of everything after the checksum |
//! | checksum | 4 bytes, little endian: FNV-1a of everything after it |
//! | entries | their number; then for each how many phrasings it has |
//! | intents | their number; then for each how many entries answer it (none: a stranger), which they are, and how many phrasings it lends |
//! | swaps | how many words are swapped to; then for each how many words are swapped for it |
//! | aspects | how many aspects are known; then for each how many phrases ask for it |
//! | syllables | how many syllables of Chinese are known |
//! | texts | their length in bytes, then UTF-8, each ended by a zero byte: all ids, all languages, all phrasings, all answers; the names of the intents, all their phrasings; each word that is swapped to, followed by those that are swapped for it; the phrases of each aspect; each syllable, followed by the characters that sound so; the traditional characters, the simplified ones they fold to |
//! | suggested | their number; then the entries to offer before anything was asked |
//! | strengths | the unit they are in, a 32-bit float; then a byte for each row of the index: how strongly it speaks for its own group, by its words and by where it points |
//! | rivals | their number; then all rows (as differences), all groups, and a byte each: how strongly the row speaks against that group |
//! | scope | a byte that says whether there is one; then the unit of its weights and its bias, 32-bit floats, and 4,096 weights in four bits each: the weight plus eight, the first of two in the lower half |
//! | embedding | as `embedding::Embedding::write` says: how many terms it has and the length of an unknown one (a byte); the 20-bit hashes of the terms as distances; a byte each for their lengths; eight bytes each for their signs |
//! | calibration | what a score means, 32-bit floats: the score that is typical, the likelihood to answer at, the likelihood to offer at |
//!
//! A *group* is an entry, or behind the last entry an intent. A *row* is a text that is compared with questions: see
//! `texts::rows_of`.
//!
//! Numbers are LEB128 varints, and floats little endian. Entries are in the order of their ids, so that the order of the owner's file changes
//! nothing but the suggestions. A pack is named by its content: see [`crate::wire::PackHash`].

mod read;

use thiserror::Error;

use super::{
    bytes::Reader,
    certainty::Calibration,
    embedding::Embedding,
    hash::{SEED, hash},
    reading::Reading,
    scope::Scope,
    score::Support,
    synonyms::Synonyms,
};
#[cfg(feature = "compile")]
use super::{bytes::Writer, compile::phrasebook::SMALL_TALK};
use crate::{text::Pinyin, wire::MAX_FAQ_BYTES};

/// The version of the format that this code reads and writes.
pub const PACK_VERSION: u8 = 7;
/// The most entries a pack may have.
pub const MAX_ENTRIES: usize = 4_000;
/// The most phrasings a pack may have, over all entries.
pub const MAX_PHRASINGS: usize = 20_000;
/// The most intents of phrasebooks a pack may carry.
pub(super) const MAX_INTENTS: usize = 1_500;
/// The most entries that answer an intent.
pub(super) const MAX_ENTRIES_OF_INTENT: usize = 30;
/// The most phrasings a pack may borrow, over all intents.
pub(super) const MAX_BORROWED: usize = 10_000;
/// The most words a pack may swap for others.
pub(super) const MAX_SWAPS: usize = 10_000;
/// The most phrases that ask for an aspect, over all aspects.
const MAX_ASPECT_PHRASES: usize = 20_000;
/// The most syllables of Chinese: there are some four hundred.
const MAX_SYLLABLES: usize = 1_000;
/// The largest pack there can be, in bytes: the largest source, and room for what is learned from it.
pub const MAX_PACK_BYTES: usize = MAX_FAQ_BYTES + 1024 * 1024;

const MAGIC: &[u8; 4] = b"DBFQ";

/// Why bytes are not a pack that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PackError {
    /// The bytes are something else.
    #[error("this is not a pack")]
    NotAPack,
    /// Made by a newer compiler than this reader knows.
    #[error("the pack has version {found}; this reader knows version {PACK_VERSION}")]
    NewerVersion {
        /// The version it has.
        found: u8,
    },
    /// Made by an older compiler than this reader knows: the FAQ has to be published again.
    #[error("the pack has version {found}; this reader knows version {PACK_VERSION}: publish the FAQ again")]
    OlderVersion {
        /// The version it has.
        found: u8,
    },
    /// The end is missing.
    #[error("the pack is cut short")]
    Truncated,
    /// Its checksum or its content contradicts itself.
    #[error("the pack is damaged")]
    Corrupted,
    /// Larger than any pack the compiler makes.
    #[error("the pack is larger than any pack can be")]
    TooLarge,
}

/// What a pack says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pack {
    pub(super) entries: Vec<PackedEntry>,
    /// What is borrowed from phrasebooks, and what no entry answers.
    pub(super) intents: Vec<PackedIntent>,
    pub(super) synonyms: Synonyms,
    pub(super) reading: Reading,
    /// Of everything Chinese in it.
    pub(super) pinyin: Pinyin,
    pub(super) suggested: Vec<u16>,
    pub(super) support: Support,
    pub(super) scope: Scope,
    /// What words have to do with each other, in the FAQ's languages.
    pub(super) embedding: Embedding,
    pub(super) calibration: Calibration,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct PackedEntry {
    pub(super) id: String,
    /// At least one.
    pub(super) questions: Vec<String>,
    pub(super) answer: String,
    pub(super) lang: String,
}

/// Phrasings of one intent of a phrasebook.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PackedIntent {
    pub(super) name: String,
    /// The entries that answer it, each once, the one that it fits best first; none when it is answered by none. Several share
    /// what the intent cannot tell apart, such as the opening hours of each shop.
    pub(super) entries: Vec<u16>,
    /// At least one.
    pub(super) phrasings: Vec<String>,
}

#[cfg(feature = "compile")]
impl PackedIntent {
    /// Whether it is small talk.
    pub(super) fn is_small_talk(&self) -> bool {
        let book = self.name.split_once('/').map(|(book, _)| book);
        book == Some(SMALL_TALK) && self.entries.is_empty()
    }
}

impl Pack {
    /// Reads a pack. Nothing is allocated that the bytes do not account for.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, PackError> {
        let (magic, rest) = bytes.split_at_checked(MAGIC.len()).ok_or(PackError::NotAPack)?;
        if magic != MAGIC {
            return Err(PackError::NotAPack);
        }
        let mut header = Reader::new(rest);
        match header.byte().ok_or(PackError::Truncated)? {
            PACK_VERSION => {}
            0 => return Err(PackError::Corrupted),
            found if found < PACK_VERSION => return Err(PackError::OlderVersion { found }),
            found => return Err(PackError::NewerVersion { found }),
        }
        let length = header.u32().ok_or(PackError::Truncated)? as usize;
        let checksum = header.u32().ok_or(PackError::Truncated)?;
        let body = header.rest();
        if length > MAX_PACK_BYTES {
            return Err(PackError::TooLarge);
        }
        if body.len() < length {
            return Err(PackError::Truncated);
        }
        if body.len() > length || hash(SEED, body) != checksum {
            return Err(PackError::Corrupted);
        }
        read::body(&mut Reader::new(body)).ok_or(PackError::Corrupted)
    }

    /// Writes a pack.
    #[cfg(feature = "compile")]
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut body = Writer::default();
        body.number(self.entries.len());
        for entry in &self.entries {
            body.number(entry.questions.len());
        }
        body.number(self.intents.len());
        for intent in &self.intents {
            body.number(intent.entries.len());
            intent.entries.iter().for_each(|entry| body.number(usize::from(*entry)));
            body.number(intent.phrasings.len());
        }
        let swaps: Vec<&[(String, String)]> = self.synonyms.by_target().collect();
        body.number(swaps.len());
        swaps.iter().for_each(|sources| body.number(sources.len()));
        body.number(self.reading.aspects().len());
        self.reading.aspects().iter().for_each(|aspect| body.number(aspect.len()));
        body.number(self.pinyin.syllables().len());

        let mut texts = String::new();
        let mut push = |text: &str| {
            texts.push_str(text);
            texts.push('\0');
        };
        self.entries.iter().for_each(|entry| push(&entry.id));
        self.entries.iter().for_each(|entry| push(&entry.lang));
        self.entries.iter().flat_map(|entry| &entry.questions).for_each(|text| push(text));
        self.entries.iter().for_each(|entry| push(&entry.answer));
        self.intents.iter().for_each(|intent| push(&intent.name));
        self.intents.iter().flat_map(|intent| &intent.phrasings).for_each(|text| push(text));
        for sources in swaps {
            push(&sources[0].1);
            sources.iter().for_each(|(source, _)| push(source));
        }
        self.reading.aspects().iter().flatten().for_each(|phrase| push(phrase));
        for (syllable, chars) in self.pinyin.syllables() {
            push(syllable);
            push(chars);
        }
        let (traditional, simplified): (String, String) = self.reading.han().iter().unzip();
        push(&traditional);
        push(&simplified);
        body.number(texts.len());
        body.bytes(texts.as_bytes());

        body.number(self.suggested.len());
        for entry in &self.suggested {
            body.number((*entry).into());
        }

        body.bytes(&self.support.unit.to_le_bytes());
        body.bytes(&self.support.strengths);
        body.number(self.support.rivals.len());
        let mut last_row = 0;
        for rival in &self.support.rivals {
            body.number((rival.row - last_row).into());
            last_row = rival.row;
        }
        self.support.rivals.iter().for_each(|rival| body.number(rival.group.into()));
        self.support.rivals.iter().for_each(|rival| body.bytes(&[rival.strength]));

        self.scope.write(&mut body);
        self.embedding.write(&mut body);

        let Calibration { typical, answer_at, offer_at } = self.calibration;
        [typical, answer_at, offer_at].iter().for_each(|number| body.bytes(&number.to_le_bytes()));

        let body = body.into_bytes();
        let mut pack = Writer::default();
        pack.bytes(MAGIC);
        pack.bytes(&[PACK_VERSION]);
        pack.bytes(&(body.len() as u32).to_le_bytes());
        pack.bytes(&hash(SEED, &body).to_le_bytes());
        pack.bytes(&body);
        pack.into_bytes()
    }
}

#[cfg(test)]
#[cfg(feature = "compile")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        faq::{
            Matcher,
            embedding::term_of,
            scope::{LARGEST, WEIGHTS},
            score::Rival,
        },
        text::HanPairs,
    };

    fn pack() -> Pack {
        let entry = |id: &str, questions: &[&str]| PackedEntry {
            id: id.to_owned(),
            questions: questions.iter().map(|text| (*text).to_owned()).collect(),
            answer: "One. Two.".to_owned(),
            lang: "en".to_owned(),
        };
        Pack {
            entries: vec![entry("a", &["how much", "price"]), entry("b", &["where"])],
            intents: vec![
                PackedIntent {
                    name: "core/price".into(),
                    entries: vec![1, 0],
                    phrasings: vec!["cost".into(), "fee".into()],
                },
                PackedIntent { name: "talk/hello".into(), entries: Vec::new(), phrasings: vec!["hi".into()] },
            ],
            synonyms: Synonyms::new(vec![("cost".into(), "price".into())]),
            reading: Reading::new(
                HanPairs::in_order(vec![('單', '单')]).unwrap(),
                vec![vec!["how much".into(), "price".into()]],
            ),
            pinyin: Pinyin::in_order(vec![("dan".into(), "单丹".into())]).unwrap(),
            suggested: vec![1],
            support: Support {
                unit: 0.5,
                strengths: vec![7; 10],
                rivals: vec![
                    Rival { row: 2, group: 1, strength: 3 },
                    Rival { row: 6, group: 2, strength: 9 },
                ],
            },
            scope: Scope {
                unit: 0.5,
                bias: -1.0,
                weights: (0..WEIGHTS).map(|place| (place % 15) as i8 - LARGEST).collect(),
            },
            embedding: Embedding::new(vec![(term_of("hi"), 5, 0), (term_of("price"), 9, 1)], 2),
            calibration: Calibration { typical: 2.0, answer_at: 0.7, offer_at: 0.3 },
        }
    }

    /// The same bytes with another body, under a header that fits it.
    fn with_body(body: &[u8]) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.push(PACK_VERSION);
        bytes.extend((body.len() as u32).to_le_bytes());
        bytes.extend(hash(SEED, body).to_le_bytes());
        bytes.extend(body);
        bytes
    }

    const HEADER: usize = 13;

    #[test]
    fn a_pack_survives_the_network() {
        assert_eq!(Pack::decode(&pack().encode()), Ok(pack()));
    }

    #[test]
    fn a_pack_cut_short_anywhere_is_refused() {
        let bytes = pack().encode();
        for length in 0..bytes.len() {
            let expected = if length < MAGIC.len() { PackError::NotAPack } else { PackError::Truncated };
            assert_eq!(Pack::decode(&bytes[..length]), Err(expected), "{length} bytes");
        }
    }

    #[test]
    fn a_pack_with_any_bit_flipped_is_refused() {
        let bytes = pack().encode();
        for bit in 0..8 * bytes.len() {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(Pack::decode(&flipped).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn the_refusal_says_why() {
        let mut newer = pack().encode();
        newer[4] = PACK_VERSION + 1;
        assert_eq!(Pack::decode(&newer), Err(PackError::NewerVersion { found: PACK_VERSION + 1 }));
        let mut older = pack().encode();
        older[4] = PACK_VERSION - 1;
        assert_eq!(Pack::decode(&older), Err(PackError::OlderVersion { found: PACK_VERSION - 1 }));
        assert_eq!(Pack::decode(b"<!doctype html>"), Err(PackError::NotAPack));
        let mut longer = pack().encode();
        longer.push(0);
        assert_eq!(Pack::decode(&longer), Err(PackError::Corrupted));
        let mut huge = pack().encode();
        huge[5..9].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(Pack::decode(&huge), Err(PackError::TooLarge));
    }

    #[test]
    fn counts_that_the_bytes_do_not_account_for_are_refused() {
        // Thousands of entries of 20,000 phrasings each, and nothing else.
        let mut body = Writer::default();
        body.number(MAX_ENTRIES);
        (0..MAX_ENTRIES).for_each(|_| body.number(MAX_PHRASINGS));
        assert_eq!(Pack::decode(&with_body(&body.into_bytes())), Err(PackError::Corrupted));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn any_bytes_are_a_pack_or_refused(bytes in any::<Vec<u8>>()) {
            let _ = Matcher::load(&bytes);
            let _ = Matcher::load(&with_body(&bytes));
        }

        #[test]
        fn a_forged_body_is_a_pack_that_works_or_refused(
            forgeries in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        ) {
            let bytes = pack().encode();
            let mut body = bytes[HEADER..].to_vec();
            for (place, byte) in forgeries {
                let place = place.index(body.len());
                body[place] = byte;
            }
            if let Ok(matcher) = Matcher::load(&with_body(&body)) {
                matcher.ask("how much is it");
                matcher.explain("price");
                matcher.suggestions(3);
            }
        }
    }
}
