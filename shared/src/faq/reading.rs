//! How an FAQ reads a text before it compares it: folded, in one Chinese script, and with the *aspects* it asks for.
//!
//! "What does it cost", "the fee" and "is it free" ask for the same aspect of different things. Entries that are about the
//! same thing differ by nothing but the aspect, in words that owner and visitor rarely share; so each aspect is one more
//! feature of a text, whatever words it is asked for with.

use super::{
    feature::{Feature, features},
    phrases::Phrases,
};
use crate::text::{HanPairs, Script, Token, fold, tokens};

/// The most aspects.
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
        let folded = fold(text);
        if folded.is_ascii() { folded } else { self.han.fold(&folded) }
    }

    /// The features of a text: what is compared.
    #[cfg(any(test, feature = "compile"))]
    pub(super) fn read(&self, text: &str) -> Vec<Feature> {
        self.read_folded(&self.fold(text))
    }

    /// The features of a folded text.
    pub(super) fn read_folded(&self, folded: &str) -> Vec<Feature> {
        let mut found = Vec::with_capacity(4 * folded.len());
        self.features(folded, |feature| found.push(feature));
        found
    }

    /// Calls `found` with every feature of a folded text, and at last with each aspect it asks for.
    pub(super) fn features(&self, folded: &str, mut found: impl FnMut(Feature)) {
        let tokens: Vec<Token> = tokens(folded).collect();
        features(&tokens, &mut found);
        if !self.phrases.is_empty() {
            self.aspects_of(&tokens).into_iter().for_each(|number| found(Feature::of_aspect(number)));
        }
    }

    /// The aspects that a text asks for, in the order it does; some may come twice.
    fn aspects_of(&self, tokens: &[Token]) -> Vec<u16> {
        let mut found = Vec::new();
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

#[cfg(test)]
mod tests {
    use super::*;

    fn reading() -> Reading {
        let aspect = |phrases: &[&str]| phrases.iter().map(|phrase| (*phrase).to_owned()).collect();
        let aspects =
            vec![aspect(&["how much", "fee", "多少钱"]), aspect(&["how", "怎么"]), aspect(&["哪里"])];
        Reading::new(HanPairs::in_order(vec![('錢', '钱')]).unwrap(), aspects)
    }

    fn aspects(text: &str) -> Vec<u16> {
        let reading = reading();
        let folded = reading.fold(text);
        reading.aspects_of(&tokens(&folded).collect::<Vec<_>>())
    }

    #[test]
    fn a_text_is_read_with_what_it_asks_for() {
        assert_eq!(aspects("How much is it?"), [0]);
        assert_eq!(aspects("how do I pay the fee"), [1, 0]);
        assert_eq!(aspects("运费多少錢，哪里看"), [0, 2]);
        assert_eq!(aspects("refund"), Vec::<u16>::new());
        let read = reading().read("The fee!");
        assert_eq!(read.last(), Some(&Feature::of_aspect(0)));
        assert_eq!(read[..read.len() - 1], Reading::default().read("The fee!"));
    }
}
