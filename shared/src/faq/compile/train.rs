//! Learns how strongly each row speaks, for its own entry and against others.

use super::super::{
    feature::features,
    index::{Index, RowKind, rows_of},
    pack::PackedEntry,
    score::{LOUDEST, Rival, STRENGTH_UNITS, Support},
};
use crate::text::HanPairs;

/// Passes over all rows.
const ROUNDS: usize = 15;
/// How many pairs of rows are kept: what fits into an isolate's memory many times over.
const MAX_PAIRS: usize = 4_000_000;
/// Rows like fewer others than this in a very large FAQ say too little.
const LEAST_NEIGHBOURS: usize = 64;
/// Sentences of answers are learned from with this much force.
const FORCE_OF_SENTENCES: f32 = 0.4;

/// For every row, the rows most like it, itself among them.
pub(super) struct Neighbours(Vec<Vec<(u16, f32)>>);

impl Neighbours {
    /// Compares every row with every other, and keeps as many of the closest as there is room for.
    pub(super) fn of(entries: &[PackedEntry], index: &Index, han: &HanPairs) -> Self {
        let kept = (MAX_PAIRS / index.rows().len().max(1)).max(LEAST_NEIGHBOURS);
        let closest = |(_, text): (_, &str)| {
            let cosines = index.compare(&features(text, han)).cosines;
            let mut alike: Vec<(u16, f32)> = (0..).zip(cosines).filter(|(_, cosine)| *cosine > 0.0).collect();
            if alike.len() > kept {
                alike.select_nth_unstable_by(kept, |(_, a), (_, b)| b.total_cmp(a));
                alike.truncate(kept);
                alike.sort_unstable_by_key(|(row, _)| *row);
            }
            alike
        };
        Self(rows_of(entries).map(closest).collect())
    }

    /// The rows like `row`, in their order, with their cosines.
    pub(super) fn of_row(&self, row: usize) -> &[(u16, f32)] {
        &self.0[row]
    }
}

/// Trains the dual of a softmax regression with a quadratic penalty, row by row.
///
/// At the optimum a row's voice for an entry is `LOUDEST × (1 if it is its own, else 0, minus the entry's probability)`,
/// so voices against entries that are never mistaken for it are nearly nothing, and are dropped: most rows keep one
/// or two.
pub(super) fn train(index: &Index, neighbours: &Neighbours, entries: usize) -> Support {
    let rows = index.rows();
    let smallest = 0.5 * LOUDEST / STRENGTH_UNITS;
    let mut own: Vec<f32> = rows.iter().map(|row| 0.5 * force(row.kind)).collect();
    let mut rivals: Vec<Vec<(u16, f32)>> = vec![Vec::new(); rows.len()];

    let mut scores = vec![0.0_f32; entries];
    for _ in 0..ROUNDS {
        for row in 0..rows.len() {
            scores.fill(0.0);
            for (other, cosine) in neighbours.of_row(row) {
                let other = usize::from(*other);
                scores[usize::from(rows[other].entry)] += own[other] * cosine;
                for (entry, voice) in &rivals[other] {
                    scores[usize::from(*entry)] -= voice * cosine;
                }
            }
            let top = scores.iter().copied().fold(f32::MIN, f32::max);
            scores.iter_mut().for_each(|score| *score = libm::expf(*score - top));
            let sum: f32 = scores.iter().sum();

            let force = force(rows[row].kind);
            let step = 1.0 / (1.0 + 0.5 * force);
            let home = rows[row].entry;
            own[row] += step * (force * (1.0 - scores[usize::from(home)] / sum) - own[row]);
            let mut before = core::mem::take(&mut rivals[row]).into_iter().peekable();
            for (entry, score) in (0_u16..).zip(&scores).filter(|(entry, _)| *entry != home) {
                let voice = before.next_if(|(known, _)| *known == entry).map_or(0.0, |(_, voice)| voice);
                let voice = voice + step * (force * score / sum - voice);
                if voice > smallest {
                    rivals[row].push((entry, voice));
                }
            }
        }
    }

    let quantised = |voice: f32| (voice * (STRENGTH_UNITS / LOUDEST) + 0.5).clamp(0.0, 255.0) as u8;
    Support {
        strengths: own.into_iter().map(quantised).collect(),
        rivals: (0_u16..)
            .zip(rivals)
            .flat_map(|(row, rivals)| {
                rivals.into_iter().map(move |(entry, voice)| Rival { row, entry, strength: quantised(voice) })
            })
            .collect(),
    }
}

/// The most a row of this kind may say.
fn force(kind: RowKind) -> f32 {
    match kind {
        RowKind::Question => LOUDEST,
        RowKind::AnswerSentence => LOUDEST * FORCE_OF_SENTENCES,
    }
}
