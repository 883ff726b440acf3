//! Learns how strongly each row speaks, for its own entry and against others.

use super::super::{
    index::{FeaturesOfRows, Index, RowKind},
    score::{Rival, Support},
};

/// How well to learn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effort {
    /// Well enough to see which entry a text is about.
    Draft,
    /// As well as helps, or as the time of an isolate allows.
    Full,
}

impl Effort {
    /// Passes over all rows.
    const fn rounds(self) -> core::ops::RangeInclusive<usize> {
        match self {
            Self::Draft => 3..=8,
            Self::Full => 4..=8,
        }
    }
}

/// How many weights and groups are looked at, over all rounds.
const WORK: usize = 1_500_000_000;
/// How much a row may say, when entries have up to [`FEW`] phrasings; with more, each says less.
const LOUDEST: f32 = 10.0;
const FEW: f32 = 10.0;
/// The most units of strength there are.
const UNITS: f32 = 127.0;
/// A voice that would change by no more than this part of a unit is left as it is.
const SETTLED: f32 = 0.05;
/// Sentences of answers are learned from with this much force.
const FORCE_OF_SENTENCES: f32 = 0.4;
/// Borrowed phrasings too: there are many to an intent.
const FORCE_OF_LOANS: f32 = 0.7;
/// An entry this far below the best has no share worth counting.
const NEGLIGIBLE: f32 = -16.0;

/// Trains the dual of a softmax regression with a quadratic penalty, row by row: the entries' own rows on which entry
/// they belong to, and apart from them the borrowed rows on which intent. It is stochastic dual coordinate ascent
/// (Shalev-Shwartz and Zhang, 2013) with the weights that the voices add up to kept beside them.
///
/// At the optimum a row's voice for a group is `loudest × (1 if it is its own, else 0, minus the group's probability)`,
/// so voices against groups that are never mistaken for it are nearly nothing, and are dropped: most rows keep one
/// or two.
pub(super) fn train(index: &Index, features: &FeaturesOfRows, effort: Effort) -> Support {
    let rows = index.rows();
    let groups = index.groups();
    let entries = groups.iter().filter(|group| group.is_own).count();
    let loudest = loudest(index);
    let unit = loudest / UNITS;
    let settled = SETTLED * unit;
    let force = |row: usize| match rows[row].kind {
        RowKind::Question => loudest,
        RowKind::AnswerSentence => loudest * FORCE_OF_SENTENCES,
        RowKind::Borrowed => loudest * FORCE_OF_LOANS,
    };
    let mut own: Vec<f32> = (0..rows.len()).map(|row| 0.5 * force(row)).collect();
    let mut rivals: Vec<Vec<(u16, f32)>> = vec![Vec::new(); rows.len()];
    let mut weights = Weights::new(index, features);
    for (row, voice) in own.iter().enumerate() {
        weights.add(row, &[(rows[row].group, *voice)]);
    }

    let mut shares = vec![0.0_f32; groups.len()];
    let (least, most) = effort.rounds().into_inner();
    let rounds = (WORK / (weights.work() + rows.len() * groups.len()).max(1)).clamp(least, most);
    for _ in 0..rounds {
        for row in 0..rows.len() {
            let home = rows[row].group;
            let block = if groups[usize::from(home)].is_own { 0..entries } else { entries..groups.len() };
            shares.fill(0.0);
            weights.scores(row, &mut shares);
            softmax(&mut shares[block.clone()]);

            let force = force(row);
            let step = 1.0 / (1.0 + 0.5 * force);
            let mut changes: Vec<(u16, f32)> = Vec::new();
            let mut known = core::mem::take(&mut rivals[row]).into_iter().peekable();
            for group in block {
                if group == usize::from(home) {
                    let change = step * (force * (1.0 - shares[group]) - own[row]);
                    if change.abs() > settled {
                        own[row] += change;
                        changes.push((home, change));
                    }
                    continue;
                }
                let before =
                    known.next_if(|(known, _)| usize::from(*known) == group).map_or(0.0, |(_, voice)| voice);
                let mut voice = before + step * (force * shares[group] - before);
                // What would be less than half a unit is not worth its bytes.
                if voice <= 0.5 * unit {
                    voice = 0.0;
                } else if (voice - before).abs() <= settled {
                    voice = before;
                }
                if voice > 0.0 {
                    rivals[row].push((group as u16, voice));
                }
                if voice != before {
                    changes.push((group as u16, before - voice));
                }
            }
            weights.add(row, &changes);
        }
    }

    let in_units = |voice: f32| (voice / unit + 0.5) as u8;
    let rival = |(row, (group, voice))| Rival { row, group, strength: in_units(voice) };
    Support {
        unit,
        strengths: own.into_iter().map(in_units).collect(),
        rivals: (0_u16..)
            .zip(rivals)
            .flat_map(|(row, rivals)| rivals.into_iter().map(move |rival| (row, rival)))
            .map(rival)
            .collect(),
    }
}

/// What all rows' voices add up to: for every feature and group, how much the feature speaks for the group.
struct Weights<'a> {
    index: &'a Index,
    features: &'a FeaturesOfRows,
    of_features: Vec<OfFeature>,
}

/// For whom a feature speaks, or against whom.
#[derive(Clone)]
enum OfFeature {
    /// Few groups, in their order.
    Few(Vec<(u16, f32)>),
    /// One weight a group.
    All(Vec<f32>),
}

/// A feature that speaks for more than one in so many groups has a weight for each.
const MANY: usize = 4;

impl<'a> Weights<'a> {
    fn new(index: &'a Index, features: &'a FeaturesOfRows) -> Self {
        Self { index, features, of_features: vec![OfFeature::Few(Vec::new()); index.squares().len()] }
    }

    /// How many weights a pass over all rows looks at.
    fn work(&self) -> usize {
        let of_row = |row| self.features.of(row).iter().map(|id| self.of_features[*id as usize].len());
        (0..self.index.rows().len()).flat_map(of_row).sum()
    }

    /// Adds to every group's score what the voices of all rows make of this one.
    fn scores(&self, row: usize, scores: &mut [f32]) {
        let scale = self.index.scales()[row];
        for id in self.features.of(row) {
            let square = self.index.squares()[*id as usize] * scale;
            match &self.of_features[*id as usize] {
                OfFeature::Few(weights) => {
                    for (group, weight) in weights {
                        scores[usize::from(*group)] += square * weight;
                    }
                }
                OfFeature::All(weights) => {
                    for (score, weight) in scores.iter_mut().zip(weights) {
                        *score += square * weight;
                    }
                }
            }
        }
    }

    /// Changes a row's voices for groups, which are given in their order.
    fn add(&mut self, row: usize, changes: &[(u16, f32)]) {
        if changes.is_empty() {
            return;
        }
        let scale = self.index.scales()[row];
        let groups = self.index.groups().len();
        for id in self.features.of(row) {
            let weights = &mut self.of_features[*id as usize];
            match weights {
                OfFeature::Few(weights) => {
                    let mut at = 0;
                    for (group, change) in changes {
                        at += weights[at..].iter().take_while(|(other, _)| other < group).count();
                        match weights.get_mut(at) {
                            Some((other, weight)) if other == group => *weight += change * scale,
                            _ => weights.insert(at, (*group, change * scale)),
                        }
                    }
                }
                OfFeature::All(weights) => {
                    for (group, change) in changes {
                        weights[usize::from(*group)] += change * scale;
                    }
                }
            }
            weights.spread(groups);
        }
    }
}

impl OfFeature {
    fn len(&self) -> usize {
        match self {
            Self::Few(weights) => weights.len(),
            Self::All(weights) => weights.len(),
        }
    }

    /// Keeps a weight for each group when it has many.
    fn spread(&mut self, groups: usize) {
        if let Self::Few(few) = self
            && few.len() * MANY > groups
        {
            let mut all = vec![0.0; groups];
            few.iter().for_each(|(group, weight)| all[usize::from(*group)] = *weight);
            *self = Self::All(all);
        }
    }
}

/// The more phrasings speak for an entry, the less each of them may say.
fn loudest(index: &Index) -> f32 {
    let questions = index.rows().iter().filter(|row| row.kind == RowKind::Question).count();
    let entries = index.groups().iter().filter(|group| group.is_own).count();
    let per_entry = questions as f32 / entries.max(1) as f32;
    LOUDEST * (FEW / per_entry.max(FEW)).sqrt()
}

/// Turns scores into shares of one.
fn softmax(scores: &mut [f32]) {
    let top = scores.iter().copied().fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        let below = *score - top;
        *score = if below > NEGLIGIBLE { libm::expf(below) } else { 0.0 };
        sum += *score;
    }
    scores.iter_mut().for_each(|share| *share /= sum);
}
