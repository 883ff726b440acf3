//! From scores to how sure to be, and from that to what to do.
//!
//! Scores grow with the number of phrasings and shrink with the number of words an FAQ knows, so they are measured by what
//! the FAQ's own phrasings get while they are taken out of it. Against that measure, one logistic curve for whether there
//! is an answer, and one for whether the best entry is it, hold for FAQs of every size, trade and language that were
//! tried. Where to draw the line is found for each FAQ when it is compiled: see `compile/calibrate.rs`.

use super::score::Ranking;

/// What a score means in one FAQ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Calibration {
    /// The score that the best entry typically gets for a phrasing that the FAQ does not have. Above zero.
    pub(super) typical: f32,
    /// From which likelihood on that it is right the best entry is the answer.
    pub(super) answer_at: f32,
    /// From which likelihood on that there is an answer entries are offered.
    pub(super) offer_at: f32,
}

/// How sure to be of a question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Certainty {
    /// How likely some entry answers it.
    pub(super) covered: f32,
    /// How likely the best entry does.
    pub(super) right: f32,
}

/// Added before taking the logarithm, so that nothing at all is not infinitely little.
const LEVEL_AT_ZERO: f32 = 0.05;
/// Leads beyond this say nothing more.
const CLEAR_LEAD: f32 = 6.0;
/// The best entry is never further above or below the best stranger than so many typical scores.
const FAR_ABOVE: f32 = 2.0;

/// A constant; what the level of the best score weighs, in logarithms of the typical one; and what it weighs how far it is
/// above the best intent that no entry answers, in typical scores; and what the evidence of the scope weighs.
const COVERED: [f32; 4] = [1.12, 1.66, 1.34, 0.2];
/// A constant; what the level weighs; what the lead of the best entry weighs; and what it weighs how far it is above the best
/// intent that no entry answers.
const RIGHT: [f32; 4] = [-0.8, 1.43, 0.35, 1.49];

impl Certainty {
    /// How sure to be, where `about` is the evidence that the question is about what the FAQ is about, and `typical` the
    /// typical score.
    pub(super) fn of(ranking: &Ranking, about: f32, typical: f32) -> Self {
        let level = libm::logf(LEVEL_AT_ZERO + ranking.grounded.max(0.0) / typical);
        let above = ((ranking.grounded - ranking.stranger) / typical).clamp(-FAR_ABOVE, FAR_ABOVE);
        let lead = ranking.lead().clamp(0.0, CLEAR_LEAD);
        let covered = logistic(COVERED, [1.0, level, above, about]);
        // What is right is covered as well.
        Self { covered, right: logistic(RIGHT, [1.0, level, lead, above]).min(covered) }
    }
}

fn logistic<const N: usize>(weights: [f32; N], evidence: [f32; N]) -> f32 {
    let x: f32 = weights.iter().zip(evidence).map(|(weight, value)| weight * value).sum();
    1.0 / (1.0 + libm::expf(-x))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::faq::score::Scores;

    proptest! {
        #[test]
        fn more_score_and_more_lead_make_more_certain(
            typical in 0.5_f32..8.0,
            second in 0.0_f32..8.0,
            lead in 0.0_f32..4.0,
            more in 0.01_f32..2.0,
            stranger in 0.0_f32..8.0,
            about in -4.0_f32..4.0,
        ) {
            let certainty = |best: f32| {
                let scores = vec![best, second];
                let scores = Scores { grounded: scores.clone(), ranked: scores, stranger: Some((2, stranger)) };
                Certainty::of(&Ranking::of(&scores), about, typical)
            };
            let (less, more) = (certainty(second + lead), certainty(second + lead + more));
            prop_assert!(more.covered >= less.covered && more.right >= less.right);
            prop_assert!(less.right <= less.covered);
        }
    }
}
