//! Learns how strongly each row speaks, for its own entry and against others.

use super::super::{
    index::{Index, RowKind, rows_of},
    pack::{PackedEntry, PackedIntent},
    score::{Rival, Support},
};
use crate::text::{HanPairs, fold};

/// Passes over all rows: as many as help, or as many as the time of an isolate allows.
const ROUNDS: core::ops::RangeInclusive<usize> = 6..=15;
/// How many pairs of rows are looked at, over all rounds.
const WORK: usize = 60_000_000;
/// How many pairs of rows are kept, at most: 48 MB of the 128 that an isolate has.
const MAX_PAIRS: usize = 12_000_000;
/// How much a row may say, when entries have up to [`FEW`] phrasings; with more, each says less.
const LOUDEST: f32 = 10.0;
const FEW: f32 = 10.0;
/// The most units of strength there are.
const UNITS: f32 = 127.0;
/// Sentences of answers are learned from with this much force.
const FORCE_OF_SENTENCES: f32 = 0.4;
/// Borrowed phrasings too: there are many to an intent.
const FORCE_OF_LOANS: f32 = 0.1;
/// An entry this far below the best has no share worth counting.
const NEGLIGIBLE: f32 = -16.0;

/// For every row, the rows most like it, itself among them, and how alike they are.
pub(super) struct Neighbours {
    /// Where each row's pairs end.
    ends: Vec<usize>,
    /// The other row, and the cosine in 65,535ths.
    pairs: Vec<(u16, u16)>,
}

impl Neighbours {
    /// Compares every row with every other, and keeps as many of the closest as there is room for.
    pub(super) fn of(
        entries: &[PackedEntry],
        intents: &[PackedIntent],
        index: &Index,
        han: &HanPairs,
    ) -> Self {
        let rows = index.rows().len();
        let kept = rows.min(MAX_PAIRS / rows.max(1));
        let mut neighbours = Self { ends: Vec::with_capacity(rows), pairs: Vec::with_capacity(rows * kept) };
        for (_, text) in rows_of(entries, intents) {
            let cosines = index.compare(&han.fold(&fold(text)));
            let sixteen_bits = |cosine: f32| (cosine * 65_535.0 + 0.5) as u16;
            let mut alike: Vec<(u16, u16)> =
                (0..).zip(cosines.into_iter().map(sixteen_bits)).filter(|(_, cosine)| *cosine > 0).collect();
            if alike.len() > kept {
                // Ties are broken by the row, so that the same FAQ always keeps the same pairs.
                alike.select_nth_unstable_by_key(kept, |(row, cosine)| (u16::MAX - cosine, *row));
                alike.truncate(kept);
                alike.sort_unstable_by_key(|(row, _)| *row);
            }
            neighbours.pairs.extend(alike);
            neighbours.ends.push(neighbours.pairs.len());
        }
        neighbours
    }

    /// The rows like `row`, in their order, with their cosines.
    pub(super) fn of_row(&self, row: usize) -> impl Iterator<Item = (usize, f32)> {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        let pairs = &self.pairs[start..self.ends[row]];
        pairs.iter().map(|(row, cosine)| (usize::from(*row), f32::from(*cosine) / 65_535.0))
    }
}

/// Trains the dual of a softmax regression with a quadratic penalty, row by row: the entries' own rows on which entry
/// they belong to, and apart from them the borrowed rows on which intent.
///
/// At the optimum a row's voice for a group is `loudest × (1 if it is its own, else 0, minus the group's probability)`,
/// so voices against groups that are never mistaken for it are nearly nothing, and are dropped: most rows keep one
/// or two.
pub(super) fn train(index: &Index, neighbours: &Neighbours) -> Support {
    let rows = index.rows();
    let groups = index.groups();
    let entries = groups.iter().filter(|group| group.is_own).count();
    let loudest = loudest(index);
    let unit = loudest / UNITS;
    let force = |row: usize| match rows[row].kind {
        RowKind::Question => loudest,
        RowKind::AnswerSentence => loudest * FORCE_OF_SENTENCES,
        RowKind::Borrowed => loudest * FORCE_OF_LOANS,
    };
    let mut own: Vec<f32> = (0..rows.len()).map(|row| 0.5 * force(row)).collect();
    let mut rivals: Vec<Vec<(u16, f32)>> = vec![Vec::new(); rows.len()];
    let mut shares = vec![0.0_f32; groups.len()];
    let rounds = (WORK / neighbours.pairs.len().max(1)).clamp(*ROUNDS.start(), *ROUNDS.end());
    for _ in 0..rounds {
        for row in 0..rows.len() {
            let home = rows[row].group;
            let block = if groups[usize::from(home)].is_own { 0..entries } else { entries..groups.len() };
            shares[block.clone()].fill(0.0);
            for (other, cosine) in neighbours.of_row(row) {
                let group = usize::from(rows[other].group);
                if !block.contains(&group) {
                    continue;
                }
                shares[group] += own[other] * cosine;
                for (rival, voice) in &rivals[other] {
                    shares[usize::from(*rival)] -= voice * cosine;
                }
            }
            softmax(&mut shares[block.clone()]);

            let force = force(row);
            let step = 1.0 / (1.0 + 0.5 * force);
            own[row] += step * (force * (1.0 - shares[usize::from(home)]) - own[row]);
            let mut known = core::mem::take(&mut rivals[row]).into_iter().peekable();
            for group in block.filter(|group| *group != usize::from(home)) {
                let voice =
                    known.next_if(|(known, _)| usize::from(*known) == group).map_or(0.0, |(_, voice)| voice);
                let voice = voice + step * (force * shares[group] - voice);
                // What would be less than half a unit is not worth its bytes.
                if voice > 0.5 * unit {
                    rivals[row].push((group as u16, voice));
                }
            }
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
