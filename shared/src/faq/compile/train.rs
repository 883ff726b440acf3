//! Learns how strongly each row speaks, for its own entry and against others.

use core::ops::Range;

use super::{
    super::{
        embedding::{DIMENSIONS, Vector, add, dot},
        index::{FeaturesOfRows, Index},
        score::{Rival, Support, VOICE},
        texts::{Row, RowKind},
    },
    parallel,
    softmax::softmax,
};

/// Passes over all rows, as time allows.
const ROUNDS: core::ops::RangeInclusive<usize> = 4..=16;
/// How many weights and groups are looked at, over all rounds.
const WORK: usize = 1_500_000_000;
/// How many weights take as long as the product of two directions.
const WORK_OF_DIRECTIONS: usize = 16;
/// How much a row may say.
const LOUDEST: f32 = 10.0;
/// With more phrasings than so many, each has less to say, and begins with less.
const FEW: f32 = 10.0;
/// One unit of strength: half as fine, or twice, changed next to nothing but the pack's size.
const UNIT: f32 = LOUDEST / 48.0;
/// A voice that would change by no more than this part of a unit is left as it is.
const SETTLED: f32 = 0.05;
/// Sentences of answers are learned from with this much force.
const FORCE_OF_SENTENCES: f32 = 0.4;
/// Borrowed phrasings too: there are many to an intent.
const FORCE_OF_LOANS: f32 = 0.7;

/// Trains the dual of a softmax regression with a quadratic penalty, row by row: the entries' own rows on which entry
/// they belong to, and apart from them the borrowed rows on which intent. It is stochastic dual coordinate ascent
/// (Shalev-Shwartz and Zhang, 2013) with the weights that the voices add up to kept beside them.
///
/// What rows are compared by is the words that they share and, for the entries' own, where they point: both are products of
/// vectors, and so is their sum.
///
/// At the optimum a row's voice for a group is `loudest × (1 if it is its own, else 0, minus the group's probability)`,
/// so voices against groups that are never mistaken for it are nearly nothing, and are dropped: most rows keep one
/// or two.
pub(super) fn train(index: &Index, features: &FeaturesOfRows, vectors: &[Vector]) -> Support {
    let (rows, groups) = (index.rows(), index.groups());
    let entries = groups.partition_point(|group| group.is_own);
    let own_rows = rows.partition_point(|row| usize::from(row.group) < entries);
    let blocks = [
        Block { rows: 0..own_rows, groups: 0..entries, vectors },
        Block { rows: own_rows..rows.len(), groups: entries..groups.len(), vectors: &[] },
    ];
    let volume = Volume::of(index);
    let voices = parallel::map(&blocks, |block| block.learn(index, features, volume)).concat();

    let rivals_of = |(row, voices): (usize, &Voices)| -> Vec<Rival> {
        let rival = |(group, voice): &(u16, f32)| Rival {
            row: row as u16,
            group: *group,
            strength: in_units(*voice),
        };
        voices.rivals.iter().map(rival).collect()
    };
    Support {
        unit: UNIT,
        strengths: voices.iter().map(|voices| in_units(voices.own)).collect(),
        rivals: voices.iter().enumerate().flat_map(rivals_of).collect(),
    }
}

/// Rows that have learned nothing yet: each says half of what it may, and nothing against others. It is enough to see which
/// entry a text is about.
pub(super) fn untrained(index: &Index) -> Support {
    let volume = Volume::of(index);
    let first = |row: &Row| in_units(volume.at_first(row.kind));
    Support { unit: UNIT, strengths: index.rows().iter().map(first).collect(), rivals: Vec::new() }
}

/// How much rows say.
#[derive(Clone, Copy)]
struct Volume {
    /// One where entries have few phrasings; the more they have, the less.
    few: f32,
}

impl Volume {
    fn of(index: &Index) -> Self {
        let questions = index.rows().iter().filter(|row| row.kind == RowKind::Question).count();
        let entries = index.groups().iter().filter(|group| group.is_own).count();
        let per_entry = questions as f32 / entries.max(1) as f32;
        Self { few: (FEW / per_entry.max(FEW)).sqrt() }
    }

    /// How much a row of this kind may say.
    fn force(kind: RowKind) -> f32 {
        match kind {
            RowKind::Question => LOUDEST,
            RowKind::AnswerSentence => LOUDEST * FORCE_OF_SENTENCES,
            RowKind::Borrowed => LOUDEST * FORCE_OF_LOANS,
        }
    }

    /// How much it says before it has learned anything.
    fn at_first(self, kind: RowKind) -> f32 {
        0.5 * self.few * Self::force(kind)
    }
}

/// A voice in units of strength.
fn in_units(voice: f32) -> u8 {
    (voice / UNIT + 0.5) as u8
}

/// What a row says: for its own group, and against others, in their order.
#[derive(Clone, Default)]
struct Voices {
    own: f32,
    rivals: Vec<(u16, f32)>,
}

/// Rows that are told apart from each other: the entries' own, or the borrowed ones.
struct Block<'a> {
    rows: Range<usize>,
    groups: Range<usize>,
    /// Where the rows point; none where it does not count.
    vectors: &'a [Vector],
}

impl Block<'_> {
    /// What each of its rows says.
    fn learn(&self, index: &Index, features: &FeaturesOfRows, volume: Volume) -> Vec<Voices> {
        let kind = |row: usize| index.rows()[row].kind;
        let settled = SETTLED * UNIT;
        // What would be less than half a unit is not worth its bytes.
        let inaudible = 0.5 * UNIT;
        let home = |row: usize| index.rows()[row].group - self.groups.start as u16;
        let first = |row| Voices { own: volume.at_first(kind(row)), rivals: Vec::new() };
        let mut voices: Vec<Voices> = self.rows.clone().map(first).collect();
        let mut weights = Weights::new(index, features, self.vectors, self.groups.len());
        for (row, voices) in self.rows.clone().zip(&voices) {
            weights.add(row, &[(home(row), voices.own)]);
        }

        let mut shares = vec![0.0_f32; self.groups.len()];
        let of_group = if self.vectors.is_empty() { 1 } else { 1 + WORK_OF_DIRECTIONS };
        let work = weights.work(self.rows.clone()) + self.rows.len() * self.groups.len() * of_group;
        let rounds = (WORK / work.max(1)).clamp(*ROUNDS.start(), *ROUNDS.end());
        for _ in 0..rounds {
            for (row, voices) in self.rows.clone().zip(&mut voices) {
                shares.fill(0.0);
                weights.scores(row, &mut shares);
                softmax(&mut shares, 1.0);

                let force = Volume::force(kind(row));
                let step = 1.0 / (1.0 + 0.5 * force * weights.square(row));
                // Most groups are never mistaken for it: with so small a share, one that is not known stays silent.
                let small = inaudible / (step * force);
                let mut changes: Vec<(u16, f32)> = Vec::new();
                let mut known = core::mem::take(&mut voices.rivals).into_iter().peekable();
                for (group, share) in (0_u16..).zip(shares.iter().copied()) {
                    if group == home(row) {
                        let change = step * (force * (1.0 - share) - voices.own);
                        if change.abs() > settled {
                            voices.own += change;
                            changes.push((group, change));
                        }
                        continue;
                    }
                    let name = self.groups.start as u16 + group;
                    let said = known.next_if(|(known, _)| *known == name).map(|(_, voice)| voice);
                    if said.is_none() && share <= small {
                        continue;
                    }
                    let before = said.unwrap_or(0.0);
                    let mut voice = before + step * (force * share - before);
                    if voice <= inaudible {
                        voice = 0.0;
                    } else if (voice - before).abs() <= settled {
                        voice = before;
                    }
                    if voice > 0.0 {
                        voices.rivals.push((name, voice));
                    }
                    if voice != before {
                        changes.push((group, before - voice));
                    }
                }
                weights.add(row, &changes);
            }
        }
        voices
    }
}

/// What all rows' voices add up to.
struct Weights<'a> {
    index: &'a Index,
    features: &'a FeaturesOfRows,
    vectors: &'a [Vector],
    groups: usize,
    /// For every feature and group, how much the feature speaks for the group.
    of_features: Vec<OfFeature>,
    /// For every group, which direction speaks for it; none where directions do not count.
    directions: Vec<Vector>,
}

/// For whom a feature speaks, or against whom, with the groups counted from the block's first.
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
    fn new(index: &'a Index, features: &'a FeaturesOfRows, vectors: &'a [Vector], groups: usize) -> Self {
        let of_features = vec![OfFeature::Few(Vec::new()); index.squares().len()];
        let directions = vec![[0.0; DIMENSIONS]; if vectors.is_empty() { 0 } else { groups }];
        Self { index, features, vectors, groups, of_features, directions }
    }

    /// The product of a row with itself.
    fn square(&self, row: usize) -> f32 {
        1.0 + self.vectors.get(row).map_or(0.0, |vector| VOICE * dot(vector, vector))
    }

    /// How many weights a pass over these rows looks at.
    fn work(&self, rows: Range<usize>) -> usize {
        let of_row = |row| self.features.of(row).iter().map(|id| self.of_features[*id as usize].len());
        rows.flat_map(of_row).sum()
    }

    /// Adds to every group's score what the voices of all rows make of this one.
    fn scores(&self, row: usize, scores: &mut [f32]) {
        for (score, direction) in scores.iter_mut().zip(&self.directions) {
            *score += VOICE * dot(&self.vectors[row], direction);
        }
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
        if let Some(vector) = self.vectors.get(row) {
            for (group, change) in changes {
                add(&mut self.directions[usize::from(*group)], vector, *change);
            }
        }
        let scale = self.index.scales()[row];
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
            weights.spread(self.groups);
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
