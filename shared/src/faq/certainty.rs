//! From scores to how sure to be, and from that to what to do.
//!
//! Scores grow with the number of phrasings and shrink with the number of words an FAQ knows, so they are measured by what
//! the FAQ's own phrasings get while they are taken out of it. Against that measure, one logistic curve for whether there
//! is an answer, and one for whether the best entry is it, hold for FAQs of every size, trade and language that were
//! tried. Where to draw the line is found for each FAQ when it is compiled: see `compile/calibrate.rs`.

use super::{matcher::Decision, score::Ranking};

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
    /// Whether the best entry is far enough ahead of the second to be the answer: else another asks nearly the same.
    pub(super) is_ahead: bool,
}

/// The most entries that are offered.
const MAX_OFFERED: usize = 3;
/// The lead that the best entry needs to be given as the answer.
const LEAST_LEAD: f32 = 0.5;

/// Added before taking the logarithm, so that nothing at all is not infinitely little.
const LEVEL_AT_ZERO: f32 = 0.05;
/// Leads beyond this say nothing more.
const CLEAR_LEAD: f32 = 6.0;
/// The best entry is never further above or below the best stranger than so many typical scores.
const FAR_ABOVE: f32 = 2.0;

/// Whether some entry answers the question.
const COVERED: Curve = Curve { constant: 1.12, level: 1.66, lead: 0.0, above: 1.34, about: 0.2 };
/// Whether the best entry does.
const RIGHT: Curve = Curve { constant: -0.8, level: 1.43, lead: 0.35, above: 1.49, about: 0.0 };

/// A logistic curve: what each piece of evidence weighs.
///
/// The weights are a logistic regression on the questions of labelled FAQs of many trades and languages, each question with
/// whether it had an answer and whether the best entry was it. What `cargo xtask eval faq --all` calls `auroc` and `wrong`
/// shows when they no longer hold.
#[derive(Clone, Copy)]
struct Curve {
    constant: f32,
    /// Of the logarithm of the best score, in typical ones.
    level: f32,
    /// Of how far the best entry is ahead of the second.
    lead: f32,
    /// Of how far the best entry is above the best intent that no entry answers, in typical scores.
    above: f32,
    /// Of the evidence that the question is about what the FAQ is about.
    about: f32,
}

impl Calibration {
    /// What to do when this sure, with so many entries to offer.
    pub(super) fn decide(&self, certainty: Certainty, entries: usize) -> Decision {
        if certainty.covered <= 0.0 {
            Decision::Abstain
        } else if certainty.right >= self.answer_at && certainty.is_ahead {
            Decision::Answer
        } else if certainty.covered >= self.offer_at {
            Decision::Offer(entries.min(MAX_OFFERED))
        } else {
            Decision::Abstain
        }
    }
}

impl Certainty {
    /// How sure to be, where `about` is the evidence that the question is about what the FAQ is about, and `typical` the
    /// typical score. Where nothing speaks for the best entry, it is certain of nothing.
    pub(super) fn of(ranking: &Ranking, about: f32, typical: f32) -> Self {
        let is_ahead = ranking.lead() >= LEAST_LEAD;
        if ranking.grounded <= 0.0 {
            return Self { covered: 0.0, right: 0.0, is_ahead };
        }
        let level = libm::logf(LEVEL_AT_ZERO + ranking.grounded / typical);
        let above = ((ranking.grounded - ranking.stranger) / typical).clamp(-FAR_ABOVE, FAR_ABOVE);
        let lead = ranking.lead().clamp(0.0, CLEAR_LEAD);
        let likelihood = |curve: Curve| {
            let Curve { constant, level: of_level, lead: of_lead, above: of_above, about: of_about } = curve;
            let evidence = constant + of_level * level + of_lead * lead + of_above * above + of_about * about;
            1.0 / (1.0 + libm::expf(-evidence))
        };
        let covered = likelihood(COVERED);
        // What is right is covered as well.
        Self { covered, right: likelihood(RIGHT).min(covered), is_ahead }
    }
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
