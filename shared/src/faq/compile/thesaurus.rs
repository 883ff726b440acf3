//! Thesauri: which words may stand for each other in a question to a business.
//!
//! Their format is described beside them, in `shared/phrasebooks/README.md`. Of all sets, a pack carries only the swaps
//! from words that its FAQ does not use to words that it does.

use std::collections::BTreeSet;

use super::{
    super::phrases::{MAX_CHARS, MAX_WORDS},
    source::{Faults, excerpt},
};
use crate::text::{Script, fold, tokens};

/// The name of a thesaurus among the phrasebooks: `words.LANG.txt`.
pub const THESAURUS: &str = "words";

/// Words that may stand for each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordSet {
    /// The word that an owner would most likely use.
    pub head: String,
    /// Other words.
    pub others: Vec<String>,
    /// What the others are to it.
    pub relation: Relation,
}

impl WordSet {
    /// All its words, the head first.
    pub fn words(&self) -> impl Iterator<Item = &String> {
        core::iter::once(&self.head).chain(&self.others)
    }
}

/// What the other words of a set are to its head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// They mean the same: any answers for any.
    Same,
    /// They are kinds of it: only the head answers for them.
    Kinds,
    /// They ask for the same aspect of whatever a question is about.
    Aspect,
}

impl Relation {
    /// The sign between the head and the others.
    fn of(sign: &str) -> Self {
        match sign {
            ">" => Self::Kinds,
            "~" => Self::Aspect,
            _ => Self::Same,
        }
    }
}

/// Reads a thesaurus; what is wrong with it is added to `faults`.
pub(super) fn parse(text: &str, faults: &mut Faults) -> Vec<WordSet> {
    let mut sets = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let sign = line.find(['=', '>', '~']);
        let parts = sign.map(|at| (&line[..at], &line[at..=at], &line[at + 1..]));
        let words = |text: &str| -> Vec<String> {
            text.split([',', '、', '，'])
                .map(|word| word.trim().to_owned())
                .filter(|word| !word.is_empty())
                .collect()
        };
        match parts.map(|(head, sign, others)| (words(head), sign, words(others))) {
            Some((head, sign, others)) if head.len() == 1 && !others.is_empty() => {
                sets.extend(head.into_iter().map(|head| WordSet {
                    head,
                    others: others.clone(),
                    relation: Relation::of(sign),
                }));
            }
            _ => faults.add(
                number,
                format!("'{}' is not a set of words", excerpt(line)),
                "write A = B, C or A > B, C or A ~ B, C",
            ),
        }
    }
    sets
}

/// The swaps that an FAQ needs: from folded words to folded words that its texts have.
pub(super) fn swaps(sets: &[WordSet], vocabulary: &Vocabulary) -> Vec<(String, String)> {
    let mut taken = BTreeSet::new();
    let mut swaps = Vec::new();
    for set in sets.iter().filter(|set| set.relation != Relation::Aspect) {
        let words: Vec<String> = set.words().map(|word| fold(word)).collect();
        let targets = if set.relation == Relation::Same { &words[..] } else { &words[..1] };
        let Some(target) = targets.iter().find(|word| vocabulary.has(word)) else { continue };
        for source in &words {
            if source != target
                && !source.is_empty()
                && !vocabulary.has(source)
                && taken.insert(source.clone())
            {
                swaps.push((source.clone(), target.clone()));
            }
        }
    }
    // Those with the same target together: the target is then written once.
    swaps.sort_by(|(a, x), (b, y)| x.cmp(y).then(a.cmp(b)));
    swaps
}

/// Every stretch of words that the texts of an FAQ have.
pub(super) struct Vocabulary(BTreeSet<String>);

impl Vocabulary {
    /// Of texts that are folded.
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut found = BTreeSet::new();
        for text in texts {
            let tokens: Vec<_> = tokens(text).collect();
            for start in 0..tokens.len() {
                if tokens[start].script == Script::Alphabetic {
                    let mut stretch = String::new();
                    for token in tokens[start..]
                        .iter()
                        .take(MAX_WORDS)
                        .take_while(|token| token.script == Script::Alphabetic)
                    {
                        if !stretch.is_empty() {
                            stretch.push(' ');
                        }
                        stretch.push_str(token.text);
                        found.insert(stretch.clone());
                    }
                } else {
                    let run = tokens[start].text;
                    for (from, _) in run.char_indices() {
                        let chars = run[from..].char_indices().take(MAX_CHARS);
                        found.extend(chars.map(|(at, c)| run[from..from + at + c.len_utf8()].to_owned()));
                    }
                }
            }
        }
        Self(found)
    }

    fn has(&self, folded: &str) -> bool {
        !folded.is_empty() && self.0.contains(folded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_gets_the_swaps_it_needs_and_no_others() {
        let mut faults = Faults::new("words.en.txt");
        let sets =
            parse("# x\nrefund = money back, reimburse\nclothes > hoodie, jeans\ncar = auto\n", &mut faults);
        assert!(faults.is_empty());
        let vocabulary = Vocabulary::of(["do you refund me", "clothes and jeans"].into_iter());
        let found = swaps(&sets, &vocabulary);
        let found: Vec<(&str, &str)> =
            found.iter().map(|(source, target)| (source.as_str(), target.as_str())).collect();
        assert_eq!(found, [("hoodie", "clothes"), ("money back", "refund"), ("reimburse", "refund")]);
    }

    #[test]
    fn kinds_do_not_stand_for_each_other_and_words_do() {
        let mut faults = Faults::new("words.en.txt");
        let sets = parse("clothes > hoodie, jeans\norder = purchase, buy", &mut faults);
        let vocabulary = Vocabulary::of(["jeans", "a purchase"].into_iter());
        let found = swaps(&sets, &vocabulary);
        assert_eq!(
            found,
            [("buy", "purchase"), ("order", "purchase")].map(|(a, b)| (a.to_owned(), b.to_owned()))
        );
    }

    #[test]
    fn a_line_that_is_no_set_is_a_fault() {
        let mut faults = Faults::new("words.en.txt");
        parse("one two three\n= a\na =\n", &mut faults);
        assert_eq!(faults.list().iter().map(|fault| fault.line).collect::<Vec<_>>(), [1, 2, 3]);
    }
}
