//! From how alike a question is to every row, to how well every entry answers it.
//!
//! Three readings of the same cosines are added up. *Trained*: each row speaks for its entry with a strength of its own,
//! and against rivals it is easily mistaken for; the strengths are those of a regularised softmax, in its dual form.
//! *Nearest*: the best single row of the entry. *Centroid*: all its rows as one. Their sum is more robust than any one.

use super::index::{Index, RowKind};

/// What the nearest row, and the centroid, count beside the trained score.
const NEAREST: f32 = 1.5;
const CENTROID: f32 = 1.5;
/// What a sentence of an answer counts when it is the nearest row.
const NEAREST_SENTENCE: f32 = 0.8;

/// What training found about the rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Support {
    /// What one unit of strength adds to a score.
    pub(super) unit: f32,
    /// For each row, how strongly it speaks for its own entry, in units.
    pub(super) strengths: Vec<u8>,
    /// Where rows speak against other entries, in the order of the rows.
    pub(super) rivals: Vec<Rival>,
}

/// A row that speaks against an entry that is not its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rival {
    pub(super) row: u16,
    pub(super) entry: u16,
    /// In units.
    pub(super) strength: u8,
}

/// Everything needed to score the entries of one FAQ.
#[derive(Clone, Debug)]
pub(super) struct Scorer {
    index: Index,
    support: Support,
    /// For each entry, one over the length of the sum of its rows.
    centroid_scales: Vec<f32>,
}

impl Scorer {
    pub(super) fn new(index: Index, support: Support, entries: usize) -> Self {
        let centroid_scales = index.centroid_scales(entries);
        Self { index, support, centroid_scales }
    }

    pub(super) fn index(&self) -> &Index {
        &self.index
    }

    /// Scores every entry: the larger, the better it answers.
    pub(super) fn scores(&self, cosines: &[f32]) -> Vec<f32> {
        let entries = self.centroid_scales.len();
        let unit = self.support.unit;
        let mut trained = vec![0.0_f32; entries];
        let mut nearest = vec![0.0_f32; entries];
        let mut centroid = vec![0.0_f32; entries];
        for ((row, cosine), strength) in self.index.rows().iter().zip(cosines).zip(&self.support.strengths) {
            let entry = usize::from(row.entry);
            trained[entry] += unit * f32::from(*strength) * cosine;
            centroid[entry] += row.kind.weight() * cosine;
            let near = match row.kind {
                RowKind::Question => *cosine,
                RowKind::AnswerSentence => NEAREST_SENTENCE * cosine,
            };
            nearest[entry] = nearest[entry].max(near);
        }
        for rival in &self.support.rivals {
            let cosine = cosines[usize::from(rival.row)];
            trained[usize::from(rival.entry)] -= unit * f32::from(rival.strength) * cosine;
        }
        for (entry, score) in trained.iter_mut().enumerate() {
            *score += NEAREST * nearest[entry] + CENTROID * centroid[entry] * self.centroid_scales[entry];
        }
        trained
    }
}

/// How evidence becomes confidence, and confidence a decision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Calibration {
    /// The weights of a logistic model: of nothing, of the best score, of its share, of what is known.
    pub(super) weights: [f32; 4],
    /// From which confidence the first entry is the answer.
    pub(super) answer_at: f32,
    /// From which confidence entries are offered.
    pub(super) offer_at: f32,
}

impl Calibration {
    /// How many numbers it has.
    pub(super) const NUMBERS: usize = 6;

    pub(super) const fn from_array([a, b, c, d, answer_at, offer_at]: [f32; Self::NUMBERS]) -> Self {
        Self { weights: [a, b, c, d], answer_at, offer_at }
    }

    #[cfg(feature = "compile")]
    pub(super) const fn to_array(self) -> [f32; Self::NUMBERS] {
        let [a, b, c, d] = self.weights;
        [a, b, c, d, self.answer_at, self.offer_at]
    }

    /// How likely the first entry is the right one.
    pub(super) fn confidence(&self, evidence: [f32; 4]) -> f32 {
        let logit: f32 = self.weights.iter().zip(evidence).map(|(weight, x)| weight * x).sum();
        1.0 / (1.0 + libm::expf(-logit))
    }
}

/// The entries, best first, and what speaks for the first of them.
#[derive(Clone, Debug)]
pub(super) struct Ranking {
    /// Entries and scores; of equal scores, the first entry first.
    pub(super) best: Vec<(usize, f32)>,
    /// The share of the first entry among all, from 0 to 1.
    pub(super) share: f32,
}

impl Ranking {
    pub(super) fn of(scores: &[f32]) -> Self {
        let mut best: Vec<(usize, f32)> = scores.iter().copied().enumerate().collect();
        best.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        let top = best.first().map_or(0.0, |(_, score)| *score);
        let sum: f32 = best.iter().map(|(_, score)| libm::expf(score - top)).sum();
        Self { best, share: if sum > 0.0 { 1.0 / sum } else { 0.0 } }
    }

    pub(super) fn evidence(&self, known: f32) -> [f32; 4] {
        [1.0, self.best.first().map_or(0.0, |(_, score)| *score), self.share, known]
    }
}
