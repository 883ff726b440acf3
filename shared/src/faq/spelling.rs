//! Hears a mistyped word as the word it is one slip away from.
//!
//! Words are found by what is left of them when a letter is left out, as SymSpell does: a letter too few, too many, another
//! one, or two that changed places all leave something in common with the word that was meant.

use core::cmp::Reverse;

use super::{
    hash::{SEED, hash},
    table::{Set, Table},
};
use crate::text::{Script, tokens};

/// How many letters a word has whose slips are worth hearing: shorter ones are too like each other.
const LETTERS: core::ops::RangeInclusive<usize> = 4..=24;

/// The words that an FAQ knows: also those of what no entry answers, which are no slips of its own.
#[derive(Clone, Debug, Default)]
pub(super) struct Spelling {
    /// Each with how often it is used.
    words: Vec<(String, u32)>,
    known: Set<u32>,
    /// By the hash of a word, or of what is left of it without one letter: the word that is used most.
    by_remainder: Table<u32, u32>,
}

impl Spelling {
    /// Of texts that are folded.
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut places: Table<u32, u32> = Table::default();
        let mut words: Vec<(String, u32)> = Vec::new();
        for text in texts {
            for token in tokens(text).filter(|token| token.script == Script::Alphabetic) {
                let place = *places.entry(hash(SEED, token.text.as_bytes())).or_insert(words.len() as u32);
                match words.get_mut(place as usize) {
                    Some((_, count)) => *count += 1,
                    None => words.push((token.text.to_owned(), 1)),
                }
            }
        }
        let mut spelling =
            Self { words, known: places.keys().copied().collect(), by_remainder: Table::default() };
        for (place, (word, _)) in (0_u32..).zip(&spelling.words) {
            if may_slip(word) {
                for remainder in remainders(word) {
                    let best = spelling.by_remainder.entry(remainder).or_insert(place);
                    if rank(&spelling.words, place) > rank(&spelling.words, *best) {
                        *best = place;
                    }
                }
            }
        }
        spelling
    }

    /// The word that was probably meant; `None` for a word that is known, or like none.
    pub(super) fn heard(&self, word: &str) -> Option<&str> {
        if self.known.contains(&hash(SEED, word.as_bytes())) || !may_slip(word) {
            return None;
        }
        let candidates = remainders(word).filter_map(|remainder| self.by_remainder.get(&remainder).copied());
        let slips = candidates.filter(|place| is_one_slip(word, &self.words[*place as usize].0));
        let best = slips.max_by_key(|place| rank(&self.words, *place))?;
        Some(&self.words[best as usize].0)
    }
}

/// Whether a word may be a slip of another, or another of it: a number that is nearly another one is another one.
fn may_slip(word: &str) -> bool {
    LETTERS.contains(&word.chars().count()) && !word.contains(|c: char| c.is_numeric())
}

/// The most frequent word ranks highest, and of equals the first in order: the same in every browser.
fn rank(words: &[(String, u32)], place: u32) -> (u32, Reverse<&str>) {
    let (word, count) = &words[place as usize];
    (*count, Reverse(word))
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
        let spelling =
            Spelling::of(["delivery of a parcel", "cancel my delivery", "form1120 8829"].into_iter());
        for slip in ["delivrey", "delivry", "dellivery", "deluvery", "elivery"] {
            assert_eq!(spelling.heard(slip), Some("delivery"), "{slip}");
        }
        for other in ["delivery", "dlvry", "my", "of", "banana", "canc", "", "取消", "form1121", "8828"] {
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
