//! Questions as they arrive on bad days: mistyped, or in the other Chinese script.

use std::collections::BTreeMap;

use deskbell_shared::text::{HanPairs, Script};

/// Every so manyth word is mistyped, if it has as many letters.
const EVERY: usize = 4;
const LEAST_LETTERS: usize = 4;

/// The question with every fourth word mistyped: two neighbouring letters swapped, one left out, or one doubled, in turn.
/// `None` when no word can be.
pub(super) fn mistyped(question: &str) -> Option<String> {
    let mut changed = 0;
    let words: Vec<String> = question
        .split(' ')
        .enumerate()
        .map(|(place, word)| {
            let mut letters: Vec<char> = word.chars().collect();
            let is_due = place % EVERY == EVERY - 1 || question.split(' ').count() < EVERY && place == 0;
            if !is_due || letters.len() < LEAST_LETTERS || !letters.iter().all(is_letter) {
                return word.to_owned();
            }
            let middle = letters.len() / 2;
            match changed % 3 {
                0 => letters.swap(middle - 1, middle),
                1 => drop(letters.remove(middle)),
                _ => letters.insert(middle, letters[middle]),
            }
            changed += 1;
            letters.into_iter().collect()
        })
        .collect();
    (changed > 0).then(|| words.join(" "))
}

/// Whether a finger can slip on it: Chinese is typed by sound.
fn is_letter(c: &char) -> bool {
    c.is_alphabetic() && Script::of(*c) == Script::Alphabetic
}

/// Writes a text in the other Chinese script.
pub(super) struct Scripts {
    to_simplified: HanPairs,
    to_traditional: BTreeMap<char, char>,
}

impl Scripts {
    pub(super) fn new() -> Self {
        let to_simplified = HanPairs::all();
        let mut to_traditional = BTreeMap::new();
        for (traditional, simplified) in to_simplified.iter() {
            to_traditional.entry(simplified).or_insert(traditional);
        }
        Self { to_simplified, to_traditional }
    }

    /// The text in the other script; `None` when it is the same in both.
    pub(super) fn other(&self, text: &str) -> Option<String> {
        let simplified = self.to_simplified.fold(text);
        if simplified != text {
            return Some(simplified);
        }
        let traditional: String = text.chars().map(|c| *self.to_traditional.get(&c).unwrap_or(&c)).collect();
        (traditional != text).then_some(traditional)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fourth_word_is_mistyped() {
        assert_eq!(mistyped("where is my parcel").as_deref(), Some("where is my pacrel"));
        assert_eq!(
            mistyped("where is my parcel now please tell someone").as_deref(),
            Some("where is my pacrel now please tell somone")
        );
        assert_eq!(mistyped("退货"), None);
    }

    #[test]
    fn a_text_goes_to_the_other_script_and_back() {
        let scripts = Scripts::new();
        assert_eq!(scripts.other("訂單").as_deref(), Some("订单"));
        assert_eq!(scripts.other("订单").as_deref(), Some("訂單"));
        assert_eq!(scripts.other("hello"), None);
    }
}
