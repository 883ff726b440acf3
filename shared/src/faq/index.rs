//! An inverted index: the texts of an FAQ, ready to be compared with a question.

use core::ops::Range;

use super::{
    feature::Feature,
    reading::Reading,
    texts::{Group, Row, Texts},
    vocabulary::Vocabulary,
};

/// What more than this share of all rows have, and more than so many, tells nothing apart and is most of the work.
const COMMON_SHARE: f32 = 0.2;
const COMMON_AT_LEAST: f32 = 300.0;
/// Rarities are never below this, so that no feature weighs nothing.
const LEAST_RARITY: f32 = 0.01;

/// An inverted index: for every feature, the rows that have it.
///
/// A feature weighs the same in every row (its kind times its rarity) and a row is a unit vector of them, so that
/// what a feature of a question adds to every row is one number, and only row numbers need to be kept.
#[derive(Clone, Debug)]
pub(super) struct Index {
    rows: Vec<Row>,
    groups: Vec<Group>,
    /// One over the length of each row's vector.
    scales: Vec<f32>,
    vocabulary: Vocabulary,
    /// For each known feature, the square of its weight.
    squares: Vec<f32>,
    /// For each known feature, where its rows are in `postings`.
    spans: Vec<Range<usize>>,
    postings: Vec<u16>,
    /// The rarity of a feature that is in no row.
    unseen_rarity: f32,
}

impl Index {
    /// Indexes texts. There are fewer than 65,536 rows: the pack's limits see to that.
    pub(super) fn build(texts: &Texts, reading: &Reading) -> Self {
        let Texts { rows, groups, folded } = texts;
        let mut vocabulary = Vocabulary::default();
        let mut weights: Vec<f32> = Vec::new();
        let mut last_rows: Vec<u16> = Vec::new();
        let mut occurrences: Vec<(u32, u16)> = Vec::new();
        for (row, text) in (0_u16..).zip(folded) {
            reading.features(text, |feature| {
                let id = vocabulary.insert(feature.hash);
                if id as usize == weights.len() {
                    weights.push(feature.weight);
                    last_rows.push(row);
                } else if core::mem::replace(&mut last_rows[id as usize], row) == row {
                    return;
                }
                occurrences.push((id, row));
            });
        }

        let mut frequencies = vec![0.0_f32; weights.len()];
        for (id, row) in &occurrences {
            frequencies[*id as usize] += rows[*row as usize].kind.weight_in_rarity();
        }
        let total: f32 = rows.iter().map(|row| row.kind.weight_in_rarity()).sum();
        let common = (COMMON_SHARE * total).max(COMMON_AT_LEAST);
        let squares: Vec<f32> = weights
            .iter()
            .zip(&frequencies)
            .map(|(weight, frequency)| match *frequency {
                frequency if frequency > common => 0.0,
                frequency => square(weight * rarity(total, frequency)),
            })
            .collect();
        occurrences.retain(|(id, _)| squares[*id as usize] > 0.0);

        let mut spans = empty_spans(weights.len(), occurrences.iter().map(|(id, _)| *id as usize));
        let mut postings = vec![0; occurrences.len()];
        let mut lengths = vec![0.0_f32; rows.len()];
        for (id, row) in occurrences {
            let span = &mut spans[id as usize];
            postings[span.end] = row;
            span.end += 1;
            lengths[row as usize] += squares[id as usize];
        }

        Self {
            scales: lengths.into_iter().map(one_over_root).collect(),
            rows: rows.clone(),
            groups: groups.clone(),
            vocabulary,
            squares,
            spans,
            postings,
            unseen_rarity: rarity(total, 0.0),
        }
    }

    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// For each group, one over the length of the sum of its rows: what makes a centroid a unit vector.
    pub(super) fn centroid_scales(&self) -> Vec<f32> {
        let mut lengths = vec![0.0_f32; self.groups.len()];
        for (span, square_of_weight) in self.spans.iter().zip(&self.squares) {
            // Rows are in the order of their groups, and so are the rows of a feature.
            for of_group in
                self.postings[span.clone()].chunk_by(|a, b| self.group_of(*a) == self.group_of(*b))
            {
                let part =
                    |row: &u16| self.scales[usize::from(*row)] * self.rows[usize::from(*row)].kind.weight();
                let sum: f32 = of_group.iter().map(part).sum();
                lengths[self.group_of(of_group[0])] += square_of_weight * square(sum);
            }
        }
        lengths.into_iter().map(one_over_root).collect()
    }

    fn group_of(&self, row: u16) -> usize {
        usize::from(self.rows[usize::from(row)].group)
    }

    /// What the rows belong to, in the order of the rows.
    pub(super) fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// For each row, the known features it has.
    #[cfg(feature = "compile")]
    pub(super) fn features_of_rows(&self) -> FeaturesOfRows {
        let mut spans = empty_spans(self.rows.len(), self.postings.iter().map(|row| usize::from(*row)));
        let mut ids = vec![0_u32; self.postings.len()];
        for (id, rows) in (0_u32..).zip(&self.spans) {
            for row in &self.postings[rows.clone()] {
                let span = &mut spans[usize::from(*row)];
                ids[span.end] = id;
                span.end += 1;
            }
        }
        FeaturesOfRows { spans, ids }
    }

    /// For each known feature, the square of its weight: what it adds to the product of two rows that both have it.
    #[cfg(feature = "compile")]
    pub(super) fn squares(&self) -> &[f32] {
        &self.squares
    }

    /// One over the length of each row's vector.
    #[cfg(feature = "compile")]
    pub(super) fn scales(&self) -> &[f32] {
        &self.scales
    }

    /// Compares a row with every row: the cosines, from 0 to 1.
    #[cfg(feature = "compile")]
    pub(super) fn compare_row(&self, row: usize, features: &FeaturesOfRows) -> Vec<f32> {
        self.cosines(features.of(row), self.scales[row])
    }

    /// Compares a text of these features with every row: the cosines, from 0 to 1.
    pub(super) fn compare(&self, read: &[Feature]) -> Vec<f32> {
        let mut length = 0.0_f32;
        let mut seen = vec![false; self.squares.len()];
        let mut known: Vec<u32> = Vec::new();
        for feature in read {
            match self.vocabulary.get(feature.hash) {
                Some(id) => {
                    if !core::mem::replace(&mut seen[id as usize], true) {
                        known.push(id);
                    }
                }
                // What the FAQ has never seen is as rare as can be: the more of it, the less alike.
                None => length += square(feature.weight * self.unseen_rarity),
            }
        }

        length += known.iter().map(|id| self.squares[*id as usize]).sum::<f32>();
        self.cosines(&known, one_over_root(length))
    }

    /// The cosines of a vector that has these features and is made a unit vector by `scale`.
    fn cosines(&self, features: &[u32], scale: f32) -> Vec<f32> {
        let mut cosines = vec![0.0_f32; self.rows.len()];
        for id in features {
            let square = self.squares[*id as usize];
            for row in &self.postings[self.spans[*id as usize].clone()] {
                cosines[usize::from(*row)] += square;
            }
        }
        for (cosine, of_row) in cosines.iter_mut().zip(&self.scales) {
            *cosine *= of_row * scale;
        }
        cosines
    }
}

/// For each of so many lists, where it begins when all stand one behind the other and have room for what comes to them.
fn empty_spans(lists: usize, coming: impl Iterator<Item = usize>) -> Vec<Range<usize>> {
    let mut counts = vec![0_usize; lists];
    coming.for_each(|list| counts[list] += 1);
    let mut end = 0;
    let begin_next = |count| {
        let start = end;
        end += count;
        start..start
    };
    counts.into_iter().map(begin_next).collect()
}

/// For each row of an index, the known features it has.
#[cfg(feature = "compile")]
pub(super) struct FeaturesOfRows {
    spans: Vec<Range<usize>>,
    ids: Vec<u32>,
}

#[cfg(feature = "compile")]
impl FeaturesOfRows {
    pub(super) fn of(&self, row: usize) -> &[u32] {
        &self.ids[self.spans[row].clone()]
    }
}

/// The scale that makes a vector of this squared length a unit vector; nothing stays nothing.
pub(super) fn one_over_root(squared_length: f32) -> f32 {
    if squared_length > 0.0 { 1.0 / squared_length.sqrt() } else { 0.0 }
}

fn square(x: f32) -> f32 {
    x * x
}

/// How rare a feature is that `frequency` of `total` rows have: the inverse document frequency of BM25.
fn rarity(total: f32, frequency: f32) -> f32 {
    let absent = (total - frequency).max(0.0);
    libm::logf(1.0 + (absent + 0.5) / (frequency + 0.5)).max(LEAST_RARITY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faq::pack::PackedEntry;

    fn entry(questions: &[&str], answer: &str) -> PackedEntry {
        PackedEntry {
            id: questions[0].to_owned(),
            questions: questions.iter().map(|text| (*text).to_owned()).collect(),
            answer: answer.to_owned(),
            lang: String::new(),
        }
    }

    fn compared_with(entry: PackedEntry) -> impl Fn(&str) -> Vec<f32> {
        let reading = Reading::default();
        let index = Index::build(&Texts::of(&[entry], &[], &reading), &reading);
        move |text| index.compare(&reading.read(text))
    }

    #[test]
    fn a_row_is_wholly_like_itself_and_a_stranger_not_at_all() {
        let compare = compared_with(entry(&["where is my parcel"], "On its way."));
        let same = compare("Where is my parcel?");
        assert!((same[0] - 1.0).abs() < 1e-5);
        let stranger = compare("Grüezi");
        assert_eq!(stranger[0], 0.0);
        let nothing = compare("");
        assert_eq!(nothing[0], 0.0);
    }

    #[test]
    fn unknown_words_make_a_question_less_alike() {
        let compare = compared_with(entry(&["return shoes"], "Yes."));
        let exact = compare("return shoes")[0];
        let padded = compare("return shoes quickly please")[0];
        assert!(padded < exact);
    }

    #[test]
    fn a_vocabulary_numbers_in_order_and_forgets_nothing() {
        let mut vocabulary = Vocabulary::default();
        assert_eq!(vocabulary.get(7), None);
        for hash in 0..5_000_u32 {
            assert_eq!(vocabulary.insert(hash.wrapping_mul(0x9E37_79B1)), hash);
        }
        for hash in 0..5_000_u32 {
            assert_eq!(vocabulary.get(hash.wrapping_mul(0x9E37_79B1)), Some(hash));
        }
        assert_eq!(vocabulary.get(1), None);
    }
}
