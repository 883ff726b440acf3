//! Trains the vectors of terms: a linear classifier of texts into intents, with signs for weights. And, in [`cues`], what shows
//! that a person is needed.

pub mod cues;

use core::{fmt, ops::Range};
use std::collections::{BTreeMap, HashMap};

use deskbell_shared::faq::compile::{
    embedding::{DIMENSIONS, Learned, Terms},
    phrasebook::{Intent, Library},
};
use fastrand::Rng;
use ndarray::{Array1, Array2, ArrayView1, ArrayViewMut1};

/// Terms that fewer texts have are left out, and of the others no more than so many in each language, the most frequent ones.
const LEAST_TEXTS: u32 = 3;
const MOST_TERMS: usize = 24_000;
/// Passes over all texts, and how many are looked at together.
const ROUNDS: usize = 20;
const BATCH: usize = 256;
/// How AdaGrad (Duchi, Hazan and Singer, 2011) steps.
const RATE: f32 = 0.3;
/// How sharply likeness becomes likelihood.
const SHARPNESS: f32 = 11.0;
/// The share of a text's terms that is hidden each time, so that none is relied on alone.
const HIDDEN: f32 = 0.2;
/// Vectors begin with values up to so much either way.
const AT_FIRST: f32 = 0.5;
/// What keeps a quotient finite.
const NEXT_TO_NOTHING: f32 = 1e-6;

/// How a training went.
#[derive(Debug)]
pub struct Report {
    texts: usize,
    intents: usize,
    terms: usize,
    /// The share of texts that pointed at their own intent ahead of all others, in the last pass.
    pub right: f32,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { texts, intents, terms, right } = self;
        write!(f, "{texts} texts, {intents} intents, {terms} terms, {:.1} % right", 100.0 * right)
    }
}

/// A text: the places of its terms with what each weighs, and its intent.
struct Text {
    terms: Vec<(usize, f32)>,
    intent: usize,
}

/// Learns the terms of all languages. The same books give the same numbers on the same machine.
pub fn learn(library: &Library) -> (BTreeMap<String, Vec<Learned>>, Report) {
    let mut intents: HashMap<(&str, &str), usize> = HashMap::new();
    let mut known: Vec<(u32, f32)> = Vec::new();
    let mut of_languages: Vec<(&str, Range<usize>)> = Vec::new();
    let mut texts: Vec<Text> = Vec::new();
    for lang in library.languages() {
        let read = read(library.of(lang), &mut intents);
        let first = known.len();
        known.extend(known_terms(&read));
        of_languages.push((lang, first..known.len()));
        let places: HashMap<u32, usize> =
            (first..).zip(&known[first..]).map(|(place, (term, _))| (*term, place)).collect();
        let text = |(intent, terms): (usize, Vec<u32>)| {
            let places = terms.iter().filter_map(|term| places.get(term));
            Text { terms: places.map(|place| (*place, known[*place].1)).collect(), intent }
        };
        texts.extend(read.into_iter().map(text).filter(|text| !text.terms.is_empty()));
    }

    let mut rng = Rng::with_seed(0);
    let mut model = Model::new(known.len(), intents.len(), &mut rng);
    let mut right = 0;
    for _ in 0..ROUNDS {
        rng.shuffle(&mut texts);
        right = texts.chunks(BATCH).map(|batch| model.step(batch, &mut rng)).sum();
    }

    let report = Report {
        texts: texts.len(),
        intents: intents.len(),
        terms: known.len(),
        right: right as f32 / texts.len().max(1) as f32,
    };
    let learned = |place: usize| {
        let (term, rarity) = known[place];
        learned_of(term, rarity, model.terms.values.row(place))
    };
    let of_language = |(lang, places): (&str, Range<usize>)| (lang.to_owned(), places.map(learned).collect());
    (of_languages.into_iter().map(of_language).collect(), report)
}

/// The terms of every text of a language with the number of its intent: intents of the same name have the same number in every
/// language.
fn read<'a>(books: &'a [Intent], intents: &mut HashMap<(&'a str, &'a str), usize>) -> Vec<(usize, Vec<u32>)> {
    let terms = Terms::default();
    let mut read = Vec::new();
    for intent in books {
        let next = intents.len();
        let number = *intents.entry((&intent.book, &intent.id)).or_insert(next);
        read.extend(intent.texts().map(|text| (number, terms.of(text))));
    }
    read
}

/// The terms that are learned, each with how rare it is.
fn known_terms(read: &[(usize, Vec<u32>)]) -> Vec<(u32, f32)> {
    let mut counts: HashMap<u32, u32> = HashMap::new();
    read.iter().flat_map(|(_, terms)| terms).for_each(|term| *counts.entry(*term).or_default() += 1);
    let mut known: Vec<(u32, u32)> = counts.into_iter().filter(|(_, count)| *count >= LEAST_TEXTS).collect();
    known.sort_by(|(a, x), (b, y)| y.cmp(x).then(a.cmp(b)));
    known.truncate(MOST_TERMS);
    let all = read.len() as f32;
    known.into_iter().map(|(term, count)| (term, (1.0 + all / count as f32).ln())).collect()
}

fn learned_of(term: u32, rarity: f32, vector: ArrayView1<f32>) -> Learned {
    let signs = vector
        .iter()
        .enumerate()
        .fold(0, |signs, (dimension, value)| signs | u64::from(value.is_sign_negative()) << dimension);
    Learned { term, signs, length: rarity * mean_of(vector) }
}

struct Model {
    terms: Vectors,
    intents: Vectors,
}

impl Model {
    fn new(terms: usize, intents: usize, rng: &mut Rng) -> Self {
        Self { terms: Vectors::new(terms, rng), intents: Vectors::new(intents, rng) }
    }

    /// Learns from some texts; says how many of them pointed at their own intent ahead of all others.
    fn step(&mut self, texts: &[Text], rng: &mut Rng) -> usize {
        let seen: Vec<Vec<(usize, f32)>> = texts
            .iter()
            .map(|text| text.terms.iter().copied().filter(|_| rng.f32() >= HIDDEN).collect())
            .collect();
        let mut of_texts = Array2::zeros((texts.len(), DIMENSIONS));
        for (terms, mut sum) in seen.iter().zip(of_texts.rows_mut()) {
            for (place, weight) in terms {
                let vector = self.terms.values.row(*place);
                let length = weight * mean_of(vector);
                sum.zip_mut_with(&vector, |sum, value| *sum += length.copysign(*value));
            }
        }
        let lengths_of_texts = make_units(&mut of_texts);
        let mut of_intents = self.intents.values.clone();
        let lengths_of_intents = make_units(&mut of_intents);

        let mut slopes = of_texts.dot(&of_intents.t());
        let mut right = 0;
        for (text, mut likeness) in texts.iter().zip(slopes.rows_mut()) {
            let top = likeness.fold(f32::MIN, |top, other| top.max(*other));
            right += usize::from(likeness[text.intent] >= top);
            likeness.mapv_inplace(|other| (SHARPNESS * (other - top)).exp());
            likeness *= SHARPNESS / likeness.sum();
            likeness[text.intent] -= SHARPNESS;
        }
        let mut slopes_of_texts = slopes.dot(&of_intents);
        let mut slopes_of_intents = slopes.t().dot(&of_texts);
        through_units(&mut slopes_of_texts, &of_texts, &lengths_of_texts);
        through_units(&mut slopes_of_intents, &of_intents, &lengths_of_intents);

        let mut slopes_of_terms: HashMap<usize, Array1<f32>> = HashMap::new();
        for (terms, slope) in seen.iter().zip(slopes_of_texts.rows()) {
            for (place, weight) in terms {
                let sum = slopes_of_terms.entry(*place).or_insert_with(|| Array1::zeros(DIMENSIONS));
                sum.scaled_add(*weight, &slope);
            }
        }
        // The signs have no slope of their own: that of the vectors they come from is taken instead.
        slopes_of_terms.iter().for_each(|(place, slope)| self.terms.descend(*place, slope.view()));
        slopes_of_intents
            .rows()
            .into_iter()
            .enumerate()
            .for_each(|(place, slope)| self.intents.descend(place, slope));
        right
    }
}

/// Vectors that are learned, one a row.
struct Vectors {
    values: Array2<f32>,
    /// For each vector, the sum of its mean squared slopes.
    energies: Vec<f32>,
}

impl Vectors {
    fn new(count: usize, rng: &mut Rng) -> Self {
        Self {
            values: Array2::from_shape_simple_fn((count, DIMENSIONS), || AT_FIRST * (2.0 * rng.f32() - 1.0)),
            energies: vec![NEXT_TO_NOTHING; count],
        }
    }

    /// A step down the slope of one vector.
    fn descend(&mut self, place: usize, slope: ArrayView1<f32>) {
        let energy = &mut self.energies[place];
        *energy += slope.dot(&slope) / DIMENSIONS as f32;
        self.values.row_mut(place).scaled_add(-RATE / energy.sqrt(), &slope);
    }
}

/// The mean of the absolute values.
fn mean_of(vector: ArrayView1<f32>) -> f32 {
    vector.iter().map(|value| value.abs()).sum::<f32>() / vector.len() as f32
}

/// Makes every row a unit vector, and says how long each was.
fn make_units(vectors: &mut Array2<f32>) -> Vec<f32> {
    let make_unit = |mut vector: ArrayViewMut1<f32>| {
        let length = vector.dot(&vector).sqrt() + NEXT_TO_NOTHING;
        vector /= length;
        length
    };
    vectors.rows_mut().into_iter().map(make_unit).collect()
}

/// From slopes by unit vectors to slopes by the vectors that they were made from.
fn through_units(slopes: &mut Array2<f32>, units: &Array2<f32>, lengths: &[f32]) {
    for ((mut slope, unit), length) in slopes.rows_mut().into_iter().zip(units.rows()).zip(lengths) {
        let along = slope.dot(&unit);
        slope.zip_mut_with(&unit, |slope, unit| *slope = (*slope - along * unit) / length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(intents: &[(&str, &[&str])]) -> String {
        let intent =
            |(id, texts): &(&str, &[&str])| format!("## {id}\n? {}\n{}\n", texts[0], texts[1..].join("\n"));
        intents.iter().map(intent).collect()
    }

    #[test]
    fn a_word_points_where_its_translation_does() {
        let mut library = Library::default();
        let english = book(&[
            ("post", &["send a parcel", "parcel to post", "my parcel", "a parcel"]),
            ("pay", &["pay by invoice", "invoice please", "my invoice", "an invoice"]),
        ]);
        let german = book(&[
            ("post", &["Paket senden", "ein Paket", "mein Paket", "Paket bitte"]),
            ("pay", &["auf Rechnung zahlen", "eine Rechnung", "meine Rechnung", "Rechnung bitte"]),
        ]);
        library.add("shop.en.txt", &english).unwrap();
        library.add("shop.de.txt", &german).unwrap();
        let (learned, report) = learn(&library);
        assert_eq!((report.texts, report.intents), (16, 2));

        let terms = Terms::default();
        let signs = |lang: &str, word: &str| {
            let wanted = terms.of(word);
            learned[lang].iter().find(|learned| wanted.contains(&learned.term)).unwrap().signs
        };
        let apart = |one: u64, other: u64| (one ^ other).count_ones();
        let parcel = signs("en", "parcel");
        assert!(apart(parcel, signs("de", "paket")) < apart(parcel, signs("de", "rechnung")));
        assert!(apart(parcel, signs("de", "paket")) < apart(parcel, signs("en", "invoice")));
    }
}
