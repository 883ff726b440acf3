//! Who reads the answer. Of what an FAQ says in several languages, the one that is read is the answer; which question is
//! asked is decided by the question.

use super::{Entry, pack::PackedIntent, score::Scores};
use crate::locale::{is_same_language, negotiate};

/// What an entry in another language loses: of two that fit alike, the one that is read comes first.
const FOREIGN: f32 = 0.6;
/// An entry that says the same in the reader's language takes the place of one that is ahead of it by no more than so many
/// typical scores. What is asked in the other language's own words is ahead by more.
const NEARLY: f32 = 0.4;

/// What is in the reader's language. Nothing of it matters where the FAQ has one language, or none that serves the reader.
#[derive(Clone, Debug, Default)]
pub(super) struct Reader {
    /// For each entry, whether it is in another language; empty where none is.
    foreign: Vec<bool>,
    /// Entries in another language, in order, each with one that may say the same in the reader's: both borrow from an intent
    /// of one name.
    copies: Vec<(usize, usize)>,
}

impl Reader {
    /// Somebody who wants these languages, most wanted first.
    pub(super) fn of(wanted: &[&str], entries: &[Entry], intents: &[PackedIntent]) -> Self {
        let languages = entries.iter().map(|entry| entry.lang.as_str());
        let languages: Vec<&str> = languages.filter(|lang| !lang.is_empty()).collect();
        let own = negotiate(wanted, &languages, "");
        let is_foreign = |entry: &Entry| !entry.lang.is_empty() && !is_same_language(&entry.lang, own);
        if own.is_empty() || !entries.iter().any(is_foreign) {
            return Self::default();
        }
        let mut reader = Self { foreign: entries.iter().map(is_foreign).collect(), copies: Vec::new() };
        let loans = || intents.iter().filter(|intent| !intent.entries.is_empty());
        let places = |intent: &PackedIntent, foreign: bool| -> Vec<usize> {
            let places = intent.entries.iter().map(|entry| usize::from(*entry));
            places.filter(|entry| reader.is_foreign(*entry) == foreign).collect()
        };
        let mut copies: Vec<(usize, usize)> = loans()
            .flat_map(|one| loans().filter(|other| one.name == other.name).map(move |other| (one, other)))
            .flat_map(|(one, other)| {
                let own = places(other, false);
                places(one, true)
                    .into_iter()
                    .flat_map(move |foreign| own.clone().into_iter().map(move |own| (foreign, own)))
            })
            .collect();
        copies.sort_unstable();
        reader.copies = copies;
        reader
    }

    /// Whether an entry is in a language that the reader wants less than another of the FAQ's.
    pub(super) fn is_foreign(&self, entry: usize) -> bool {
        self.foreign.get(entry).is_some_and(|foreign| *foreign)
    }

    /// Puts what is read before what says the same in another language. `typical` is the typical score.
    pub(super) fn prefer(&self, scores: &mut Scores, typical: f32) {
        let Scores { ranked, grounded, .. } = scores;
        ranked
            .iter_mut()
            .zip(&self.foreign)
            .filter(|(_, foreign)| **foreign)
            .for_each(|(score, _)| *score -= FOREIGN);
        let near = NEARLY * typical;
        for copies in self.copies.chunk_by(|(one, _), (other, _)| one == other) {
            let best = copies.iter().rev().max_by(|(_, a), (_, b)| ranked[*a].total_cmp(&ranked[*b]));
            let Some((foreign, own)) =
                best.copied().filter(|(foreign, own)| ranked[*own] + near >= ranked[*foreign])
            else {
                continue;
            };
            if ranked[foreign] > ranked[own] {
                ranked.swap(foreign, own);
                grounded.swap(foreign, own);
            }
            // It is no rival: to offer both would be to ask which language is meant.
            ranked[foreign] -= near;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(languages: &[&str]) -> Vec<Entry> {
        let entry = |lang: &&str| Entry {
            id: String::new(),
            question: String::new(),
            answer: String::new(),
            lang: (*lang).to_owned(),
        };
        languages.iter().map(entry).collect()
    }

    fn preferred(reader: &Reader, ranked: &[f32]) -> Vec<f32> {
        let mut scores = Scores { ranked: ranked.to_vec(), grounded: ranked.to_vec(), stranger: None };
        reader.prefer(&mut scores, 10.0);
        scores.ranked
    }

    #[test]
    fn what_says_the_same_in_another_language_gives_way_and_what_says_something_else_does_not() {
        let loan = |name: &str, entries: &[u16]| PackedIntent {
            name: name.to_owned(),
            entries: entries.to_vec(),
            phrasings: Vec::new(),
        };
        let intents = [
            loan("shop/pay", &[0]),
            loan("shop/pay", &[1, 3]),
            loan("talk/hi", &[]),
            loan("shop/post", &[2]),
        ];
        let reader = Reader::of(&["en-GB"], &entries(&["de", "en", "de", "en", ""]), &intents);
        let lower = |score: f32, by: f32| score - FOREIGN - by;
        let near = NEARLY * 10.0;
        assert_eq!(
            preferred(&reader, &[9.0, 6.0, 9.0, 1.0, 2.0]),
            [6.0 - near, lower(9.0, 0.0), lower(9.0, 0.0), 1.0, 2.0]
        );
        let far = [12.0, 6.0, 9.0, 1.0, 2.0];
        assert_eq!(preferred(&reader, &far), [lower(12.0, 0.0), 6.0, lower(9.0, 0.0), 1.0, 2.0]);
        assert_eq!(preferred(&reader, &[5.0, 6.0, 0.0, 1.0, 2.0])[..2], [lower(5.0, near), 6.0]);
    }

    #[test]
    fn nothing_changes_where_no_language_is_preferred() {
        let ranked = [3.0, 3.0, 1.0];
        for (languages, wanted) in [
            (["de", "de-AT", ""], "en"),
            (["de", "de-AT", ""], "de"),
            (["zh-Hans", "zh-TW", "zh"], "zh-HK"),
            (["de", "en", "fr"], "pl"),
            (["", "", ""], "en"),
        ] {
            let reader = Reader::of(&[wanted], &entries(&languages), &[]);
            assert_eq!(preferred(&reader, &ranked), ranked, "{languages:?} {wanted}");
        }
        let reader = Reader::of(&["pl", "en"], &entries(&["de", "en", "fr"]), &[]);
        assert_eq!(preferred(&reader, &ranked), [3.0 - FOREIGN, 3.0, 1.0 - FOREIGN]);
    }
}
