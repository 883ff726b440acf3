//! Learns how strongly each row speaks, for its own entry and against others.

use core::ops::Range;

use super::{
    super::{
        index::{FeaturesOfRows, Index},
        score::{Rival, Support},
        texts::{Row, RowKind},
    },
    parallel,
    softmax::softmax,
};

/// Passes over all rows, as time allows.
const ROUNDS: core::ops::RangeInclusive<usize> = 4..=8;
/// How many weights and groups are looked at, over all rounds.
const WORK: usize = 300_000_000;
/// How much a row may say, when entries have up to [`FEW`] phrasings; with more, each says less.
const LOUDEST: f32 = 10.0;
const FEW: f32 = 10.0;
/// The most units of strength there are.
const UNITS: f32 = 31.0;
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
/// At the optimum a row's voice for a group is `loudest × (1 if it is its own, else 0, minus the group's probability)`,
/// so voices against groups that are never mistaken for it are nearly nothing, and are dropped: most rows keep one
/// or two.
pub(super) fn train(index: &Index, features: &FeaturesOfRows) -> Support {
    let (rows, groups) = (index.rows(), index.groups());
    let entries = groups.partition_point(|group| group.is_own);
    let own_rows = rows.partition_point(|row| usize::from(row.group) < entries);
    let blocks = [
        Block { rows: 0..own_rows, groups: 0..entries },
        Block { rows: own_rows..rows.len(), groups: entries..groups.len() },
    ];
    let volume = Volume::of(index);
    let voices = parallel::map(&blocks, |block| block.learn(index, features, volume)).concat();

    Support {
        unit: volume.unit(),
        strengths: voices.iter().map(|voices| volume.in_units(voices.own)).collect(),
        rivals: (0_u16..)
            .zip(&voices)
            .flat_map(|(row, voices)| voices.rivals.iter().map(move |rival| (row, rival)))
            .map(|(row, (group, voice))| Rival { row, group: *group, strength: volume.in_units(*voice) })
            .collect(),
    }
}

/// Rows that have learned nothing yet: each says half of what it may, and nothing against others. It is enough to see which
/// entry a text is about.
pub(super) fn untrained(index: &Index) -> Support {
    let volume = Volume::of(index);
    let first = |row: &Row| volume.in_units(volume.at_first(row.kind));
    Support { unit: volume.unit(), strengths: index.rows().iter().map(first).collect(), rivals: Vec::new() }
}

/// How much rows may say.
#[derive(Clone, Copy)]
struct Volume {
    loudest: f32,
}

impl Volume {
    /// The more phrasings speak for an entry, the less each of them may say.
    fn of(index: &Index) -> Self {
        let questions = index.rows().iter().filter(|row| row.kind == RowKind::Question).count();
        let entries = index.groups().iter().filter(|group| group.is_own).count();
        let per_entry = questions as f32 / entries.max(1) as f32;
        Self { loudest: LOUDEST * (FEW / per_entry.max(FEW)).sqrt() }
    }

    /// How much a row of this kind may say.
    fn force(self, kind: RowKind) -> f32 {
        match kind {
            RowKind::Question => self.loudest,
            RowKind::AnswerSentence => self.loudest * FORCE_OF_SENTENCES,
            RowKind::Borrowed => self.loudest * FORCE_OF_LOANS,
        }
    }

    /// How much it says before it has learned anything.
    fn at_first(self, kind: RowKind) -> f32 {
        0.5 * self.force(kind)
    }

    /// One unit of strength.
    fn unit(self) -> f32 {
        self.loudest / UNITS
    }

    fn in_units(self, voice: f32) -> u8 {
        (voice / self.unit() + 0.5) as u8
    }
}

/// What a row says: for its own group, and against others, in their order.
#[derive(Clone, Default)]
struct Voices {
    own: f32,
    rivals: Vec<(u16, f32)>,
}

/// Rows that are told apart from each other: the entries' own, or the borrowed ones.
struct Block {
    rows: Range<usize>,
    groups: Range<usize>,
}

impl Block {
    /// What each of its rows says.
    fn learn(&self, index: &Index, features: &FeaturesOfRows, volume: Volume) -> Vec<Voices> {
        let settled = SETTLED * volume.unit();
        // What would be less than half a unit is not worth its bytes.
        let inaudible = 0.5 * volume.unit();
        let kind = |row: usize| index.rows()[row].kind;
        let home = |row: usize| index.rows()[row].group - self.groups.start as u16;
        let first = |row| Voices { own: volume.at_first(kind(row)), rivals: Vec::new() };
        let mut voices: Vec<Voices> = self.rows.clone().map(first).collect();
        let mut weights = Weights::new(index, features, self.groups.len());
        for (row, voices) in self.rows.clone().zip(&voices) {
            weights.add(row, &[(home(row), voices.own)]);
        }

        let mut shares = vec![0.0_f32; self.groups.len()];
        let work = weights.work(self.rows.clone()) + self.rows.len() * self.groups.len();
        let rounds = (WORK / work.max(1)).clamp(*ROUNDS.start(), *ROUNDS.end());
        for _ in 0..rounds {
            for (row, voices) in self.rows.clone().zip(&mut voices) {
                shares.fill(0.0);
                weights.scores(row, &mut shares);
                softmax(&mut shares, 1.0);

                let force = volume.force(kind(row));
                let step = 1.0 / (1.0 + 0.5 * force);
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

/// What all rows' voices add up to: for every feature and group, how much the feature speaks for the group.
struct Weights<'a> {
    index: &'a Index,
    features: &'a FeaturesOfRows,
    groups: usize,
    of_features: Vec<OfFeature>,
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
    fn new(index: &'a Index, features: &'a FeaturesOfRows, groups: usize) -> Self {
        Self { index, features, groups, of_features: vec![OfFeature::Few(Vec::new()); index.squares().len()] }
    }

    /// How many weights a pass over these rows looks at.
    fn work(&self, rows: Range<usize>) -> usize {
        let of_row = |row| self.features.of(row).iter().map(|id| self.of_features[*id as usize].len());
        rows.flat_map(of_row).sum()
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
