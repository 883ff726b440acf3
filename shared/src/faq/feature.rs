//! What texts are compared by: their words, pairs of neighbouring words, and pieces of words.

use core::ops::RangeInclusive;

use crate::text::{HanPairs, Script, fold, tokens};

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

/// The features of a text, each once, in the order of their hashes.
pub(super) fn features(text: &str, han: &HanPairs) -> Vec<Feature> {
    let folded = han.fold(&fold(text));
    let mut found = Vec::with_capacity(4 * folded.len());
    let mut last_word: Option<&str> = None;
    for token in tokens(&folded) {
        match token.script {
            Script::Alphabetic => {
                let word = token.text.as_bytes();
                found.push(Feature { hash: hash(&[b"word ", word]), weight: WORD });
                if let Some(last) = last_word.replace(token.text) {
                    let pair = hash(&[b"pair ", last.as_bytes(), b" ", word]);
                    found.push(Feature { hash: pair, weight: PAIR });
                }
                pieces(&format!("<{}>", token.text), 2..=4, PIECE, &mut found);
            }
            Script::Syllabic => pieces(token.text, 1..=2, SYLLABLES, &mut found),
            Script::Unspaced => pieces(token.text, 2..=4, PIECE, &mut found),
        }
    }
    found.sort_unstable_by_key(|feature| feature.hash);
    found.dedup_by_key(|feature| feature.hash);
    found
}

fn pieces(text: &str, lengths: RangeInclusive<usize>, weight: f32, found: &mut Vec<Feature>) {
    let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    for (first, start) in bounds.iter().enumerate() {
        for end in lengths.clone().map_while(|length| bounds.get(first + length)) {
            found.push(Feature { hash: hash(&[&text.as_bytes()[*start..*end]]), weight });
        }
    }
}

/// FNV-1a, 32 bits, of the parts one after the other.
pub(super) fn hash(parts: &[&[u8]]) -> u32 {
    let bytes = parts.iter().copied().flatten();
    bytes.fold(0x811C_9DC5, |state, byte| (state ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(one: &str, other: &str) -> usize {
        let none = HanPairs::default();
        let others = features(other, &none);
        features(one, &none).iter().filter(|feature| others.contains(feature)).count()
    }

    #[test]
    fn a_slip_of_the_finger_leaves_most_pieces() {
        assert!(shared("delivery", "delivrey") >= 8);
        assert_eq!(shared("delivery", "FAQ"), 0);
    }

    #[test]
    fn a_run_of_han_is_compared_by_characters_and_pairs_of_them() {
        assert_eq!(features("退货", &HanPairs::default()).len(), 3);
        assert_eq!(shared("怎么退货", "退货流程"), 3);
    }

    #[test]
    fn no_feature_comes_twice() {
        assert_eq!(
            features("tea tea", &HanPairs::default()).len(),
            features("tea", &HanPairs::default()).len() + 1
        );
    }
}
