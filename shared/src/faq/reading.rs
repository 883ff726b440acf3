//! How an FAQ reads a text before it compares it: folded, in one Chinese script, and with a mark for every *aspect* asked for.
//!
//! "What does it cost", "the fee" and "is it free" ask for the same aspect of different things. Entries that are about the
//! same thing differ by nothing but the aspect, in words that owner and visitor rarely share; so each aspect is one more
//! feature of a text, whatever words it is asked for with.

use super::phrases::Phrases;
use crate::text::{HanPairs, Script, fold, tokens};

/// The mark of the first aspect. Private characters are no letters, so folding never leaves one that a visitor typed.
const FIRST_MARK: u32 = 0xE000;
/// The most aspects: as many as there are marks.
pub(super) const MAX_ASPECTS: usize = 1_000;

/// Phrases that ask for the same aspect of whatever they are about, folded.
pub(super) type Aspect = Vec<String>;

/// What an FAQ needs to read a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Reading {
    han: HanPairs,
    aspects: Vec<Aspect>,
    phrases: Phrases,
}

impl Reading {
    /// At most [`MAX_ASPECTS`] are known.
    pub(super) fn new(han: HanPairs, aspects: Vec<Aspect>) -> Self {
        let numbered = (0..).zip(&aspects).take(MAX_ASPECTS);
        let phrases = Phrases::new(
            numbered.flat_map(|(number, aspect)| aspect.iter().map(move |phrase| (phrase.as_str(), number))),
        );
        Self { han, aspects, phrases }
    }

    #[cfg(feature = "compile")]
    pub(super) fn han(&self) -> &HanPairs {
        &self.han
    }

    #[cfg(feature = "compile")]
    pub(super) fn aspects(&self) -> &[Aspect] {
        &self.aspects
    }

    /// The text folded, in simplified script.
    pub(super) fn fold(&self, text: &str) -> String {
        self.han.fold(&fold(text))
    }

    /// A folded text with the marks of its aspects behind it.
    pub(super) fn mark(&self, mut folded: String) -> String {
        let aspects = self.aspects_of(&folded);
        if !aspects.is_empty() {
            folded.push(' ');
            folded.extend(
                aspects.into_iter().filter_map(|number| char::from_u32(FIRST_MARK + u32::from(number))),
            );
        }
        folded
    }

    /// The text folded and marked: what is compared.
    pub(super) fn read(&self, text: &str) -> String {
        self.mark(self.fold(text))
    }

    /// The aspects that a folded text asks for, in the order it does; some may come twice.
    fn aspects_of(&self, folded: &str) -> Vec<u16> {
        let mut found = Vec::new();
        if self.phrases.is_empty() {
            return found;
        }
        let tokens: Vec<_> = tokens(folded).collect();
        let mut place = 0;
        while let Some(token) = tokens.get(place) {
            if token.script == Script::Alphabetic {
                let phrase = self.phrases.of_words(&tokens[place..]);
                found.extend(phrase.map(|(_, number)| number));
                place += phrase.map_or(1, |(words, _)| words);
                continue;
            }
            let mut rest = token.text;
            while let Some(first) = rest.chars().next() {
                let phrase = self.phrases.of_run(rest);
                found.extend(phrase.map(|(_, number)| number));
                rest = &rest[phrase.map_or(first.len_utf8(), |(end, _)| end)..];
            }
            place += 1;
        }
        found
    }
}

/// Whether a character is the mark of an aspect.
pub(super) fn is_mark(c: char) -> bool {
    (FIRST_MARK..FIRST_MARK + MAX_ASPECTS as u32).contains(&u32::from(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading() -> Reading {
        let aspect = |phrases: &[&str]| phrases.iter().map(|phrase| (*phrase).to_owned()).collect();
        let aspects =
            vec![aspect(&["how much", "fee", "多少钱"]), aspect(&["how", "怎么"]), aspect(&["哪里"])];
        Reading::new(HanPairs::in_order(vec![('錢', '钱')]).unwrap(), aspects)
    }

    fn marks(text: &str) -> Vec<u32> {
        reading().read(text).chars().filter(|c| is_mark(*c)).map(|c| u32::from(c) - FIRST_MARK).collect()
    }

    #[test]
    fn a_text_is_marked_with_what_it_asks_for() {
        assert_eq!(marks("How much is it?"), [0]);
        assert_eq!(marks("how do I pay the fee"), [1, 0]);
        assert_eq!(marks("运费多少錢，哪里看"), [0, 2]);
        assert_eq!(marks("refund"), Vec::<u32>::new());
        assert_eq!(reading().read("Refund!"), "refund");
    }

    #[test]
    fn a_visitor_cannot_type_a_mark() {
        assert_eq!(marks("\u{E000}\u{E001} hello"), Vec::<u32>::new());
    }
}
