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

    #[cfg(feature = "compile")]
    pub(super) fn into_support(self) -> Support {
        self.support
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

/// The most entries a ranking keeps.
const MAX_RANKED: usize = 10;

/// The best entries, best first.
#[derive(Clone, Debug)]
pub(super) struct Ranking {
    /// Entries and scores; of equal scores, the first entry first.
    pub(super) best: Vec<(usize, f32)>,
}

impl Ranking {
    pub(super) fn of(scores: &[f32]) -> Self {
        let mut best: Vec<(usize, f32)> = Vec::with_capacity(MAX_RANKED + 1);
        for (entry, score) in scores.iter().copied().enumerate() {
            // Nearly every entry is worse than the last that is kept, so this is quicker than sorting them all.
            let place = best.iter().rposition(|(_, better)| *better >= score).map_or(0, |place| place + 1);
            if place < MAX_RANKED {
                best.insert(place, (entry, score));
                best.truncate(MAX_RANKED);
            }
        }
        Self { best }
    }

    /// The score of the best entry.
    pub(super) fn top(&self) -> f32 {
        self.score_of(0)
    }

    /// How far the best entry is ahead of the next.
    pub(super) fn lead(&self) -> f32 {
        self.top() - self.score_of(1)
    }

    fn score_of(&self, place: usize) -> f32 {
        self.best.get(place).map_or(0.0, |(_, score)| *score)
    }
}

/// What scores mean in one FAQ: how sure to be at a given score.
///
/// Scores grow with the number of phrasings and shrink with the number of words an FAQ knows, so they are measured
/// by what the FAQ's own phrasings get when they are taken out of it. Against that measure, one logistic curve for the
/// level and one for the lead hold for FAQs of every size and language that were tried.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Calibration {
    /// The score that the best entry typically gets for a phrasing that the FAQ does not have. Above zero.
    pub(super) typical: f32,
}

/// The curve from the level of the best score, in logarithms of the typical one, to how likely there is an answer.
const LEVEL_AT_ZERO: f32 = 0.05;
const COVERED_BY_LEVEL: (f32, f32) = (2.44, 2.46);
/// The curve from the lead of the best entry to how likely it is the right one, if there is one.
const RIGHT_BY_LEAD: (f32, f32) = (-1.01, 1.94);

/// How sure to be of a question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Certainty {
    /// How likely some entry answers it.
    pub(super) covered: f32,
    /// How likely the best entry does.
    pub(super) right: f32,
}

impl Calibration {
    pub(super) fn certainty(self, ranking: &Ranking) -> Certainty {
        let level = libm::logf(LEVEL_AT_ZERO + ranking.top().max(0.0) / self.typical);
        let covered = logistic(COVERED_BY_LEVEL, level);
        Certainty { covered, right: covered * logistic(RIGHT_BY_LEAD, ranking.lead()) }
    }
}

fn logistic((offset, slope): (f32, f32), x: f32) -> f32 {
    1.0 / (1.0 + libm::expf(-(offset + slope * x)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_ranking_is_the_beginning_of_all_sorted(scores in proptest::collection::vec(-2_i8..8, 0..60)) {
            let scores: Vec<f32> = scores.into_iter().map(f32::from).collect();
            let mut sorted: Vec<(usize, f32)> = scores.iter().copied().enumerate().collect();
            sorted.sort_by(|(_, a), (_, b)| b.total_cmp(a));
            sorted.truncate(MAX_RANKED);
            prop_assert_eq!(Ranking::of(&scores).best, sorted);
        }

        #[test]
        fn more_score_and_more_lead_make_more_certain(
            typical in 0.5_f32..8.0,
            second in 0.0_f32..8.0,
            lead in 0.0_f32..4.0,
            more in 0.01_f32..2.0,
        ) {
            let certainty = |scores: &[f32]| Calibration { typical }.certainty(&Ranking::of(scores));
            let (less, more) = (certainty(&[second + lead, second]), certainty(&[second + lead + more, second]));
            prop_assert!(more.covered >= less.covered && more.right >= less.right);
            prop_assert!(less.right <= less.covered);
        }
    }
}
