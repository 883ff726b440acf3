//! What texts are compared by: their words, pairs of neighbouring words, and pieces of words.

use core::ops::RangeInclusive;

use super::hash::{SEED, hash};
use crate::text::{Script, Token};

/// A feature of a text: the hash of its name. Names that collide within one FAQ are too rare to matter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Feature {
    pub(crate) hash: u32,
    /// How much it counts before its rarity is considered; the same wherever the feature occurs.
    pub(crate) weight: f32,
}

const WORD: f32 = 1.0;
const PAIR: f32 = 0.8;
const PIECE: f32 = 0.8;
const SYLLABLES: f32 = 1.0;
const ASPECT: f32 = 1.0;

impl Feature {
    /// Where it stands in a table of so many places, a power of two of no more than 65,536: by Knuth's multiplicative hash,
    /// since the pieces of a word differ in few bits.
    pub(crate) fn place(self, places: usize) -> u16 {
        (self.hash.wrapping_mul(0x9E37_79B1) >> (u32::BITS - places.trailing_zeros())) as u16
    }

    /// That a text asks for the aspect of this number.
    pub(super) fn of_aspect(number: u16) -> Self {
        Self { hash: hash(hash(SEED, b"aspect "), &number.to_be_bytes()), weight: ASPECT }
    }
}

/// Calls `found` with every feature of a text of these tokens, as often as it comes.
pub(crate) fn features(tokens: &[Token], mut found: impl FnMut(Feature)) {
    let mut last_word: Option<&str> = None;
    for token in tokens {
        let letters = token.text.chars();
        match token.script {
            Script::Alphabetic => {
                found(Feature { hash: word(token.text), weight: WORD });
                if let Some(last) = last_word.replace(token.text) {
                    let first = hash(hash(SEED, b"pair "), last.as_bytes());
                    let pair = hash(hash(first, b" "), token.text.as_bytes());
                    found(Feature { hash: pair, weight: PAIR });
                }
                // Pieces of two letters are in nearly every text: they cost most of the time, and told nothing apart.
                let letters = ['<'].into_iter().chain(letters).chain(['>']);
                pieces(letters, 3..=4, |hash| found(Feature { hash, weight: PIECE }));
            }
            Script::Syllabic => pieces(letters, 1..=2, |hash| found(Feature { hash, weight: SYLLABLES })),
            Script::Unspaced => pieces(letters, 2..=4, |hash| found(Feature { hash, weight: PIECE })),
        }
    }
}

/// The hash of a word.
pub(super) fn word(text: &str) -> u32 {
    hash(hash(SEED, b"word "), text.as_bytes())
}

/// The most characters of a piece.
const LONGEST_PIECE: usize = 4;

/// Calls `found` with the hash of every stretch of so many characters, at most [`LONGEST_PIECE`].
pub(super) fn pieces(
    letters: impl Iterator<Item = char>,
    lengths: RangeInclusive<usize>,
    mut found: impl FnMut(u32),
) {
    // The hashes of the stretches that end with the last character, the shortest first.
    let mut ending = [SEED; LONGEST_PIECE];
    for (place, c) in letters.enumerate() {
        for length in (1..=(place + 1).min(*lengths.end())).rev() {
            let before = if length > 1 { ending[length - 2] } else { SEED };
            ending[length - 1] = hash(before, c.encode_utf8(&mut [0; 4]).as_bytes());
            if lengths.contains(&length) {
                found(ending[length - 1]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::text::{fold, tokens};

    fn hashes(text: &str) -> BTreeSet<u32> {
        let mut hashes = BTreeSet::new();
        features(&tokens(&fold(text)).collect::<Vec<_>>(), |feature| {
            hashes.insert(feature.hash);
        });
        hashes
    }

    fn shared(one: &str, other: &str) -> usize {
        hashes(one).intersection(&hashes(other)).count()
    }

    #[test]
    fn a_word_is_itself_and_its_pieces() {
        // The word; of «<tea>» three triples, two quadruples.
        assert_eq!(hashes("tea").len(), 1 + 3 + 2);
        // The pair of the two, and nothing else that is new.
        assert_eq!(hashes("tea tea").len(), hashes("tea").len() + 1);
    }

    #[test]
    fn a_slip_of_the_finger_leaves_most_pieces() {
        assert!(shared("delivery", "delivrey") >= 7);
        assert_eq!(shared("delivery", "FAQ"), 0);
    }

    #[test]
    fn a_run_of_han_is_compared_by_characters_and_pairs_of_them() {
        assert_eq!(hashes("退货").len(), 3);
        assert_eq!(shared("怎么退货", "退货流程"), 3);
    }

    #[test]
    fn letters_without_blanks_are_compared_by_pieces() {
        assert!(shared("จัดส่งฟรี", "จัดส่งกี่วัน") >= 6);
    }
}
