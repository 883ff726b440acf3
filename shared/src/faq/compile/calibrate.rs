//! Finds out what scores mean in an FAQ, by asking it questions with a known answer while they are taken out of it.
//!
//! Its own phrasings and those it borrows are asked as visitors would ask them: known to be answered, and by what. Small
//! talk, or where there is none phrasings whose whole entry is taken out, are known not to be answered. What comes back also
//! tells the owner what each position of the slider costs. For the FAQ's own phrasings it is a cautious
//! estimate: a phrasing that is taken out takes with it words that visitors will use. For borrowed ones and small talk it is a
//! hopeful one: the embedding has learned them.

use super::{
    super::{
        certainty::{Calibration, Certainty},
        pack::PackedIntent,
        score::Ranking,
        texts::RowKind,
    },
    holdout::HoldOut,
    parallel,
};
use crate::wire::{Eagerness, FaqLevel};

/// How many questions of a kind are asked, at most; more change nothing.
const SAMPLES: usize = 600;
/// What score to expect before anything was tried, and how many tries that is worth.
const EXPECTED: f32 = 2.5;
const WORTH: f32 = 10.0;
/// The share of questions that no entry answers, as a site has to expect it.
const UNANSWERED: f32 = 0.35;
/// How many of the best entries an offer shows.
const OFFERED: usize = 3;

/// From careful to eager: the least likelihoods to answer at, and to offer at. A wrong answer costs a visitor more than one
/// more click, and a list to choose from costs little.
const LINES: [(f32, f32); 5] = [(0.93, 0.50), (0.88, 0.40), (0.83, 0.30), (0.74, 0.22), (0.60, 0.15)];

/// A question that was asked, and what came back.
struct Sample {
    certainty: Certainty,
    /// The rank of the right entry, from 0; `None` when none is right, or it was not ranked.
    rank: Option<usize>,
    /// Whether some entry answers it.
    is_covered: bool,
    weight: f32,
}

/// Calibrates an FAQ; also tells how it fares at every position of the slider.
pub(super) fn calibrate(
    asked: &HoldOut,
    intents: &[PackedIntent],
    eagerness: Eagerness,
) -> (Calibration, Vec<FaqLevel>) {
    let typical = typical(asked);
    let samples = samples(asked, intents, typical);
    let lines = || Eagerness::ALL.into_iter().zip(LINES);
    let levels = lines().map(|(position, lines)| level(position, lines, &samples)).collect();
    let (answer_at, offer_at) = lines()
        .find(|(position, _)| *position == eagerness)
        .map_or(LINES[LINES.len() / 2], |(_, lines)| lines);
    (Calibration { typical, answer_at, offer_at }, levels)
}

/// The rows, evenly thinned to as many as are worth asking.
fn some_of(rows: Vec<usize>) -> Vec<usize> {
    let step = rows.len().div_ceil(SAMPLES).max(1);
    rows.into_iter().step_by(step).collect()
}

/// The score that the best entry typically gets for a phrasing that is taken out.
fn typical(asked: &HoldOut) -> f32 {
    let rows = some_of(asked.rows(RowKind::Question).collect());
    let scores = parallel::map(&rows, |row| Ranking::of(&asked.without_it(*row)).grounded.max(0.0));
    let sum: f32 = scores.iter().sum();
    (EXPECTED * WORTH + sum) / (WORTH + rows.len() as f32)
}

fn samples(asked: &HoldOut, intents: &[PackedIntent], typical: f32) -> Vec<Sample> {
    let index = asked.scorer.index();
    let group_of = |row: usize| &index.groups()[usize::from(index.rows()[row].group)];
    let questions: Vec<usize> = asked.rows(RowKind::Question).collect();
    let loans: Vec<usize> =
        asked.rows(RowKind::Borrowed).filter(|row| !group_of(*row).entries.is_empty()).collect();
    // Other strangers may be answered all the same, by an entry that does not look like it.
    let intent_of = |row: usize| &intents[usize::from(index.rows()[row].group) - asked.scorer.entries()];
    let small_talk: Vec<usize> =
        asked.rows(RowKind::Borrowed).filter(|row| intent_of(*row).is_small_talk()).collect();

    let mut samples = Vec::new();
    let mut ask = |rows: Vec<usize>, share: f32, without_kin: bool| {
        let rows = some_of(rows);
        let weight = share / rows.len().max(1) as f32;
        samples.extend(parallel::map(&rows, |&row| {
            let scores = if without_kin { asked.without_its_kin(row) } else { asked.without_it(row) };
            let ranking = Ranking::of(&scores);
            let expected: &[u16] = if without_kin { &[] } else { &group_of(row).entries };
            let is_expected = |(entry, _): &(usize, f32)| expected.contains(&(*entry as u16));
            let rank = ranking.best.iter().position(is_expected);
            let certainty = Certainty::of(&ranking, asked.about(row), typical);
            Sample { certainty, rank, is_covered: !expected.is_empty(), weight }
        }));
    };
    let answered = 1.0 - UNANSWERED;
    let of_loans = if loans.is_empty() { 0.0 } else { 0.5 };
    let (unanswered, without_kin) =
        if small_talk.is_empty() { (questions.clone(), true) } else { (small_talk, false) };
    ask(questions, answered * (1.0 - of_loans), false);
    ask(loans, answered * of_loans, false);
    ask(unanswered, UNANSWERED, without_kin);
    samples
}

/// How an FAQ fares when the lines are drawn there.
fn level(eagerness: Eagerness, (answer_at, offer_at): (f32, f32), samples: &[Sample]) -> FaqLevel {
    let (mut covered, mut answered, mut answers, mut wrong, mut offered) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for sample in samples {
        let answers_it = sample.certainty.right >= answer_at;
        let shown = match (answers_it, sample.certainty.covered >= offer_at) {
            (true, _) => 1,
            (false, true) => OFFERED,
            (false, false) => 0,
        };
        let weight = |holds: bool| if holds { sample.weight } else { 0.0 };
        covered += weight(sample.is_covered);
        answered += weight(sample.is_covered && answers_it);
        answers += weight(answers_it);
        wrong += weight(answers_it && sample.rank != Some(0));
        offered += weight(sample.rank.is_some_and(|rank| rank < shown));
    }
    let share = |part: f32, whole: f32| if whole > 0.0 { part / whole } else { 0.0 };
    FaqLevel {
        eagerness,
        answered: share(answered, covered),
        wrong: share(wrong, answers),
        offered: share(offered, covered),
    }
}
