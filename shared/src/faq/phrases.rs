//! Finds phrases in a folded text: the longest that begins at a place.

use super::{
    hash::{SEED, hash},
    table::Table,
};
use crate::text::{Script, Token};

/// The longest phrase, in words where a script has blanks between words, and in characters where it has none.
pub(super) const MAX_WORDS: usize = 4;
pub(super) const MAX_CHARS: usize = 8;

/// Phrases, each with a number.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Phrases(Table<u32, u16>);

impl Phrases {
    /// Folded phrases; of equal ones the first counts.
    pub(super) fn new<'a>(phrases: impl Iterator<Item = (&'a str, u16)>) -> Self {
        let mut numbers = Table::default();
        for (phrase, number) in phrases {
            numbers.entry(hash(SEED, phrase.as_bytes())).or_insert(number);
        }
        Self(numbers)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The longest phrase of words that the tokens begin with: how many words it has, and its number.
    pub(super) fn of_words(&self, tokens: &[Token]) -> Option<(usize, u16)> {
        let mut state = SEED;
        let mut longest = None;
        for (count, token) in (1..=MAX_WORDS).zip(tokens) {
            if token.script != Script::Alphabetic {
                break;
            }
            if count > 1 {
                state = hash(state, b" ");
            }
            state = hash(state, token.text.as_bytes());
            if let Some(number) = self.0.get(&state) {
                longest = Some((count, *number));
            }
        }
        longest
    }

    /// The longest phrase that a run without blanks begins with: how many bytes it has, and its number.
    pub(super) fn of_run(&self, run: &str) -> Option<(usize, u16)> {
        let mut state = SEED;
        let mut longest = None;
        for (at, c) in run.char_indices().take(MAX_CHARS) {
            let end = at + c.len_utf8();
            state = hash(state, &run.as_bytes()[at..end]);
            if let Some(number) = self.0.get(&state) {
                longest = Some((end, *number));
            }
        }
        longest
    }
}
