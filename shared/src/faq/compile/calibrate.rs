//! Finds out what scores mean in an FAQ, by asking it its own phrasings.

use super::{
    super::{
        index::RowKind,
        score::{Calibration, Ranking, Scorer},
    },
    train::Neighbours,
};

/// How many phrasings are tried, at most; more change nothing.
const SAMPLES: usize = 2_000;
/// What to expect before anything was tried, and how many tries that is worth: small FAQs have few.
const EXPECTED: f32 = 2.5;
const WORTH: f32 = 10.0;

/// Takes each phrasing out of the FAQ, asks it, and averages the scores of the best entries.
pub(super) fn calibrate(scorer: &Scorer, neighbours: &Neighbours) -> Calibration {
    let rows = scorer.index().rows();
    let questions: Vec<usize> = (0..rows.len()).filter(|row| rows[*row].kind == RowKind::Question).collect();
    let tried = questions.iter().step_by(questions.len().div_ceil(SAMPLES).max(1));
    let (mut sum, mut count) = (EXPECTED * WORTH, WORTH);
    for row in tried {
        let mut cosines = vec![0.0_f32; rows.len()];
        for (other, cosine) in neighbours.of_row(*row).filter(|(other, _)| other != row) {
            cosines[other] = cosine;
        }
        sum += Ranking::of(&scorer.scores(&cosines)).top().max(0.0);
        count += 1.0;
    }
    Calibration { typical: sum / count }
}
