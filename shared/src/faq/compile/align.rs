//! Finds out which intents of the phrasebooks the entries of an FAQ answer.
//!
//! An entry and an intent fit when each points at the other: when the intent's phrasings bring the FAQ, as it is, to that
//! entry, and the entry's questions and answer bring the phrasebook to that intent. The fit is the geometric mean of the two
//! likelihoods. A book counts as the FAQ's trade when it fits a good part of the entries better than any other book does;
//! from the others only what fits very well is taken, because hotels and shops both have a word for "returns".

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{
        index::Index,
        pack::{PackedEntry, PackedIntent},
        reading::Reading,
        score::{Scorer, Support},
        texts::Texts,
    },
    parallel,
    phrasebook::{CORE, Intent, Library},
    softmax::softmax,
};

/// The fit from which on an intent of the FAQ's trade is borrowed.
const FIT: f32 = 0.18;
/// The fit from which on an intent of another trade is borrowed.
const FIT_OF_OTHER_TRADES: f32 = 0.45;
/// An intent that fits an entry at least so well speaks for its book as the FAQ's trade.
const SURE_FIT: f32 = 0.25;
/// A book is the FAQ's trade when, for so large a share of the entries, the intent that fits best is in it and fits surely. To
/// fit alone is not enough: large books fit a few entries of any FAQ.
const SHARE_OF_TRADE: f32 = 0.1;
/// Entries that fit at least so well as this share of the best one share the intent's phrasings.
const SHARE_OF_BEST: f32 = 0.5;
/// An intent that fits an entry at least so well may be answered, even if nothing is borrowed from it.
pub(super) const MAY_FIT: f32 = 0.02;
/// How sharply the scores of entries for a phrasing become likelihoods.
const SHARPNESS_OF_ENTRIES: f32 = 2.0;
/// How sharply the scores of the intents of a book for a question do.
const SHARPNESS_OF_INTENTS: f32 = 6.0;
/// How sharply the scores of books for a question do.
const SHARPNESS_OF_BOOKS: f32 = 1.0;
/// What an entry's answer counts beside its questions: it is about the same thing in more words.
const WEIGHT_OF_ANSWER: f32 = 0.4;
/// What an intent's titles count beside its phrasings: they are in owners' words.
const WEIGHT_OF_TITLES: f32 = 0.5;
/// How many questions of an entry are looked up, and of all entries together.
const QUESTIONS_OF_ENTRY: usize = 40;
const QUESTIONS_IN_ALL: usize = 1_000;
/// How many phrasings of an intent are asked of the FAQ, as time allows: the first ones say best what it is about.
const PHRASINGS_OF_INTENT: core::ops::RangeInclusive<usize> = 4..=32;
/// How many phrasings of an intent a question is compared with; with more of them, alignment takes longer and is no better.
const TAUGHT: usize = 32;
/// How many rows are looked at, over all phrasings of all intents.
const WORK: usize = 50_000_000;

/// An intent of a phrasebook, and how it fits the FAQ.
pub(super) struct Aligned<'a> {
    pub(super) intent: &'a Intent,
    /// The entries that answer it and how well each fits, best first; none for an intent that no entry answers.
    pub(super) entries: Vec<(u16, f32)>,
    /// How well it fits the entry that it fits best, whether that is enough or not.
    pub(super) best_fit: f32,
    /// For each of the first phrasings, the score of the best entry in the FAQ without loans.
    pub(super) tops: Vec<f32>,
}

impl Aligned<'_> {
    /// How like the FAQ its phrasings are, in scores.
    pub(super) fn likeness(&self) -> f32 {
        self.tops.iter().sum::<f32>() / self.tops.len().max(1) as f32
    }
}

/// Aligns the phrasebooks with an FAQ's entries, each with those of its language. `draft` is the FAQ without loans, untrained:
/// training it changes nothing.
pub(super) fn align<'a>(
    entries: &[PackedEntry],
    languages: &[String],
    draft: &Scorer,
    reading: &Reading,
    library: &'a Library,
) -> Vec<Aligned<'a>> {
    let mut by_language: BTreeMap<&str, Vec<u16>> = BTreeMap::new();
    for (place, language) in (0_u16..).zip(languages) {
        by_language.entry(language).or_default().push(place);
    }
    let mut aligned: Vec<Aligned> = by_language
        .into_iter()
        .filter(|(lang, _)| !library.of(lang).is_empty())
        .flat_map(|(lang, places)| align_language(entries, &places, draft, reading, library.of(lang)))
        .collect();
    lend_across(&mut aligned);
    aligned
}

/// What is answered in one language of the FAQ and by far in no other is asked in the others too: better an answer in another
/// language than none.
fn lend_across(aligned: &mut [Aligned]) {
    let mut answered: BTreeMap<String, Vec<(u16, f32)>> = BTreeMap::new();
    for aligned in aligned.iter().filter(|aligned| !aligned.entries.is_empty()) {
        answered.entry(aligned.intent.name()).or_default().extend(&aligned.entries);
    }
    for aligned in
        aligned.iter_mut().filter(|aligned| aligned.entries.is_empty() && aligned.best_fit < MAY_FIT)
    {
        if let Some(entries) = answered.get(&aligned.intent.name()) {
            aligned.entries.clone_from(entries);
        }
    }
}

fn align_language<'a>(
    entries: &[PackedEntry],
    places: &[u16],
    draft: &Scorer,
    reading: &Reading,
    intents: &'a [Intent],
) -> Vec<Aligned<'a>> {
    let teacher = Teacher::of(intents, reading);
    let of_each = (QUESTIONS_IN_ALL / places.len().max(1)).clamp(1, QUESTIONS_OF_ENTRY);
    let intents_of_entries =
        parallel::map(places, |place| teacher.intents_of(&entries[usize::from(*place)], of_each));

    let work = intents.len() * draft.index().rows().len();
    let asked = (WORK / work.max(1)).clamp(*PHRASINGS_OF_INTENT.start(), *PHRASINGS_OF_INTENT.end());
    let entries_of_intents = parallel::map(intents, |intent| entries_for(intent, asked, draft, reading));
    let mut fits = Vec::with_capacity(intents.len());
    let mut tops = Vec::with_capacity(intents.len());
    for (place, (likelihoods, top)) in entries_of_intents.into_iter().enumerate() {
        let fit = |(entry, of_entry): (&u16, &Vec<f32>)| {
            (likelihoods[usize::from(*entry)] * of_entry[place]).sqrt()
        };
        fits.push(places.iter().zip(&intents_of_entries).map(fit).collect::<Vec<f32>>());
        tops.push(top);
    }
    let trades = trades(intents, &fits);
    let aligned = intents.iter().zip(fits).zip(tops).map(|((intent, fits), tops)| {
        let needed = if trades.contains(intent.book.as_str()) { FIT } else { FIT_OF_OTHER_TRADES };
        let best = fits.iter().copied().fold(0.0, f32::max);
        let enough = needed.max(SHARE_OF_BEST * best);
        let mut entries: Vec<(u16, f32)> = places
            .iter()
            .copied()
            .zip(fits)
            .filter(|(_, fit)| *fit >= enough && !intent.is_small_talk())
            .collect();
        entries.sort_by(|(a, x), (b, y)| y.total_cmp(x).then(a.cmp(b)));
        Aligned { intent, entries, best_fit: best, tops }
    });
    aligned.collect()
}

/// The books that are the FAQ's own trade: those that fit enough of its entries better than any other book does.
fn trades<'a>(intents: &'a [Intent], fits: &[Vec<f32>]) -> BTreeSet<&'a str> {
    let entries = fits.first().map_or(0, Vec::len);
    let best_for = |entry: usize| {
        let intents = 0..intents.len();
        let best = intents.max_by(|a, b| fits[*a][entry].total_cmp(&fits[*b][entry]).then(b.cmp(a)));
        best.filter(|best| fits[*best][entry] >= SURE_FIT)
    };
    let mut won: BTreeMap<&str, usize> = BTreeMap::new();
    for best in (0..entries).filter_map(best_for) {
        *won.entry(&intents[best].book).or_default() += 1;
    }
    let is_trade = |won: usize| won as f32 >= SHARE_OF_TRADE * entries as f32;
    won.into_iter().filter(|(_, won)| is_trade(*won)).map(|(book, _)| book).chain([CORE]).collect()
}

/// How likely an intent's first phrasings mean each entry, and for each phrasing the score of the best one.
fn entries_for(intent: &Intent, asked: usize, draft: &Scorer, reading: &Reading) -> (Vec<f32>, Vec<f32>) {
    let mut likelihoods = vec![0.0_f32; draft.entries()];
    let asked = intent.phrasings.len().min(asked);
    let mut tops = Vec::with_capacity(asked);
    let of_title = WEIGHT_OF_TITLES / intent.titles.len() as f32;
    let of_phrasing = (1.0 - WEIGHT_OF_TITLES) / asked as f32;
    let titles = intent.titles.iter().map(|text| (text, of_title));
    let phrasings = intent.phrasings.iter().take(asked).map(|text| (text, of_phrasing));
    for (place, (text, weight)) in titles.chain(phrasings).enumerate() {
        let mut scores = draft.scores(&draft.index().compare(&reading.read(text)), &[]).ranked;
        let top = scores.iter().copied().fold(0.0, f32::max);
        if place >= intent.titles.len() {
            tops.push(top);
        }
        if top > 0.0 {
            softmax(&mut scores, SHARPNESS_OF_ENTRIES);
            likelihoods.iter_mut().zip(scores).for_each(|(sum, share)| *sum += weight * share);
        }
    }
    (likelihoods, tops)
}

/// Phrasebooks that can be asked which of their intents a question means.
struct Teacher<'a> {
    reading: &'a Reading,
    books: Vec<Scorer>,
}

impl<'a> Teacher<'a> {
    fn of(intents: &[Intent], reading: &'a Reading) -> Self {
        let books = intents.chunk_by(|a, b| a.book == b.book).map(|book| {
            let packed: Vec<PackedIntent> = book
                .iter()
                .map(|intent| PackedIntent {
                    name: String::new(),
                    entries: Vec::new(),
                    phrasings: intent
                        .titles
                        .iter()
                        .chain(&intent.starter)
                        .chain(intent.phrasings.iter().take(TAUGHT))
                        .cloned()
                        .collect(),
                })
                .collect();
            let index = Index::build(&Texts::of(&[], &packed, reading), reading);
            let strengths = vec![0; index.rows().len()];
            Scorer::new(index, Support { unit: 0.0, strengths, rivals: Vec::new() })
        });
        Self { reading, books: books.collect() }
    }

    /// How likely an entry means each intent, by so many of its questions and, with time for more than one, by its answer.
    fn intents_of(&self, entry: &PackedEntry, questions: usize) -> Vec<f32> {
        let answer = (questions > 1).then_some((&entry.answer, WEIGHT_OF_ANSWER));
        let asked = entry.questions.len().min(questions);
        let of_question = (1.0 - answer.map_or(0.0, |(_, weight)| weight)) / asked as f32;
        let questions = entry.questions.iter().take(asked).map(|text| (text, of_question));
        let intents = self.books.iter().map(|book| book.index().groups().len()).sum();
        let mut likelihoods = vec![0.0_f32; intents];
        for (text, weight) in questions.chain(answer) {
            likelihoods
                .iter_mut()
                .zip(self.intents_for(text))
                .for_each(|(sum, share)| *sum += weight * share);
        }
        likelihoods
    }

    /// How likely a text means each intent. The likelihoods of a book's intents add up to how well the book as a whole
    /// fits the text, beside the book that fits it best: what two trades both have is not shared out between them.
    fn intents_for(&self, text: &str) -> Vec<f32> {
        let read = self.reading.read(text);
        let mut by_book: Vec<Vec<f32>> =
            self.books.iter().map(|book| book.by_group(&book.index().compare(&read))).collect();
        let best = by_book.iter().flatten().copied().fold(0.0, f32::max);
        for book in &mut by_book {
            let top = book.iter().copied().fold(0.0, f32::max);
            let weight = libm::expf(SHARPNESS_OF_BOOKS * (top - best));
            softmax(book, SHARPNESS_OF_INTENTS);
            book.iter_mut().for_each(|share| *share *= weight);
        }
        by_book.concat()
    }
}
