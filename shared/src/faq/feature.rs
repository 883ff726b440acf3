//! What texts are compared by: their words, pairs of neighbouring words, and pieces of words.

use core::ops::RangeInclusive;

use super::reading::is_mark;
use crate::text::{Script, tokens};

/// A feature of a text: the hash of its name. Names that collide within one FAQ are too rare to matter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Feature {
    pub(super) hash: u32,
    /// How much it counts before its rarity is considered; the same wherever the feature occurs.
    pub(super) weight: f32,
}

const WORD: f32 = 1.0;
const PAIR: f32 = 0.8;
const PIECE: f32 = 0.8;
const SYLLABLES: f32 = 1.0;
const ASPECT: f32 = 1.0;

/// Calls `found` with every feature of a text as it is read, in the order they come and as often as they come.
pub(super) fn features(read: &str, mut found: impl FnMut(Feature)) {
    let mut last_word: Option<&str> = None;
    for token in tokens(read) {
        match token.script {
            _ if token.text.starts_with(is_mark) => {
                for mark in token.text.chars() {
                    let mark = hash(hash(SEED, b"aspect "), mark.encode_utf8(&mut [0; 4]).as_bytes());
                    found(Feature { hash: mark, weight: ASPECT });
                }
            }
            Script::Alphabetic => {
                found(Feature { hash: hash(hash(SEED, b"word "), token.text.as_bytes()), weight: WORD });
                if let Some(last) = last_word.replace(token.text) {
                    let first = hash(hash(SEED, b"pair "), last.as_bytes());
                    let pair = hash(hash(first, b" "), token.text.as_bytes());
                    found(Feature { hash: pair, weight: PAIR });
                }
                pieces(&["<", token.text, ">"], 2..=4, PIECE, &mut found);
            }
            Script::Syllabic => pieces(&[token.text], 1..=2, SYLLABLES, &mut found),
            Script::Unspaced => pieces(&[token.text], 2..=4, PIECE, &mut found),
        }
    }
}

/// Every stretch of so many characters in the parts, one after the other.
fn pieces(parts: &[&str], lengths: RangeInclusive<usize>, weight: f32, found: &mut impl FnMut(Feature)) {
    let mut rest = parts.iter().flat_map(|part| part.chars());
    loop {
        let mut state = SEED;
        for (length, c) in (1..=*lengths.end()).zip(rest.clone()) {
            state = hash(state, c.encode_utf8(&mut [0; 4]).as_bytes());
            if lengths.contains(&length) {
                found(Feature { hash: state, weight });
            }
        }
        if rest.next().is_none() {
            return;
        }
    }
}

/// Where a hash begins.
pub(super) const SEED: u32 = 0x811C_9DC5;

/// FNV-1a, 32 bits: a hash that goes on from where it was.
pub(super) fn hash(state: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(state, |state, byte| (state ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::text::fold;

    fn hashes(text: &str) -> BTreeSet<u32> {
        let mut hashes = BTreeSet::new();
        features(&fold(text), |feature| {
            hashes.insert(feature.hash);
        });
        hashes
    }

    fn shared(one: &str, other: &str) -> usize {
        hashes(one).intersection(&hashes(other)).count()
    }

    #[test]
    fn a_word_is_itself_and_its_pieces() {
        // The word; of «<tea>» four pairs, three triples, two quadruples.
        assert_eq!(hashes("tea").len(), 1 + 4 + 3 + 2);
        // The pair of the two, and nothing else that is new.
        assert_eq!(hashes("tea tea").len(), hashes("tea").len() + 1);
    }

    #[test]
    fn a_slip_of_the_finger_leaves_most_pieces() {
        assert!(shared("delivery", "delivrey") >= 8);
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
