//! Hears a mistyped word as the word it is one slip away from.
//!
//! Words are found by what is left of them when a letter is left out, as SymSpell does: a letter too few, too many, another
//! one, or two that changed places all leave something in common with the word that was meant.

use std::collections::{HashMap, HashSet};

use super::feature::{SEED, hash};
use crate::text::{Script, tokens};

/// How many letters a word has whose slips are worth hearing: shorter ones are too like each other.
const LETTERS: core::ops::RangeInclusive<usize> = 4..=24;

/// The words that an FAQ knows.
#[derive(Clone, Debug, Default)]
pub(super) struct Spelling {
    words: Vec<String>,
    known: HashSet<u32>,
    /// By the hash of a word, or of what is left of it without one letter: the word that is used most.
    by_remainder: HashMap<u32, u32>,
}

impl Spelling {
    /// Of texts that are folded.
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut counts: HashMap<String, u32> = HashMap::new();
        for text in texts {
            for token in tokens(text).filter(|token| token.script == Script::Alphabetic) {
                match counts.get_mut(token.text) {
                    Some(count) => *count += 1,
                    None => drop(counts.insert(token.text.to_owned(), 1)),
                }
            }
        }
        let known = counts.keys().map(|word| hash(SEED, word.as_bytes())).collect();
        // The most frequent first, and of equals in order: the same in every browser.
        let mut words: Vec<(String, u32)> =
            counts.into_iter().filter(|(word, _)| LETTERS.contains(&word.chars().count())).collect();
        words.sort_by(|(a, x), (b, y)| y.cmp(x).then_with(|| a.cmp(b)));
        let mut by_remainder = HashMap::new();
        for (place, (word, _)) in (0_u32..).zip(&words) {
            for remainder in remainders(word) {
                by_remainder.entry(remainder).or_insert(place);
            }
        }
        Self { words: words.into_iter().map(|(word, _)| word).collect(), known, by_remainder }
    }

    /// The word that was probably meant; `None` for a word that is known, or like none.
    pub(super) fn heard(&self, word: &str) -> Option<&str> {
        if self.known.contains(&hash(SEED, word.as_bytes())) || !LETTERS.contains(&word.chars().count()) {
            return None;
        }
        let candidates = remainders(word).filter_map(|remainder| self.by_remainder.get(&remainder).copied());
        let mut candidates: Vec<u32> = candidates.collect();
        candidates.sort_unstable();
        let words = candidates.into_iter().filter_map(|place| self.words.get(place as usize));
        words.map(String::as_str).find(|known| is_one_slip(word, known))
    }
}

/// The hashes of a word, and of what is left of it without each of its letters.
fn remainders(word: &str) -> impl Iterator<Item = u32> {
    let without = word
        .char_indices()
        .map(|(at, c)| hash(hash(SEED, &word.as_bytes()[..at]), &word.as_bytes()[at + c.len_utf8()..]));
    core::iter::once(hash(SEED, word.as_bytes())).chain(without)
}

/// Whether two words differ by one letter too few, too many or another, or by two neighbours that changed places.
fn is_one_slip(one: &str, other: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let begin = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let rest = a.len().min(b.len()) - begin;
    let end = a.iter().rev().zip(b.iter().rev()).take(rest).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[begin..a.len() - end], &b[begin..b.len() - end]);
    match (a, b) {
        ([_], [] | [_]) | ([], [_]) => true,
        ([w, x], [y, z]) => w == z && x == y,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_heard_and_two_are_not() {
        let spelling = Spelling::of(["delivery of a parcel", "cancel my delivery"].into_iter());
        for slip in ["delivrey", "delivry", "dellivery", "deluvery", "elivery"] {
            assert_eq!(spelling.heard(slip), Some("delivery"), "{slip}");
        }
        for other in ["delivery", "dlvry", "my", "of", "banana", "canc", "", "取消"] {
            assert_eq!(spelling.heard(other), None, "{other}");
        }
    }

    #[test]
    fn of_two_the_more_frequent_one_is_heard() {
        let spelling = Spelling::of(["lost", "post post", "cost"].into_iter());
        assert_eq!(spelling.heard("lpst"), Some("lost"));
        assert_eq!(spelling.heard("xost"), Some("post"));
    }
}
