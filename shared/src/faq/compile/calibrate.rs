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
        matcher::Decision,
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

/// From careful to eager: the least likelihoods to answer at, and to offer at. A wrong answer costs a visitor more than one
/// more click, and a list to choose from costs little.
const LINES: [(f32, f32); 5] = [(0.93, 0.50), (0.88, 0.40), (0.83, 0.30), (0.74, 0.22), (0.60, 0.15)];

/// A question that was asked, and what came back.
struct Sample {
    certainty: Certainty,
    /// How many entries were found.
    found: usize,
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
    let drawn = |(answer_at, offer_at)| Calibration { typical, answer_at, offer_at };
    let lines = || Eagerness::ALL.into_iter().zip(LINES);
    let levels = lines().map(|(position, lines)| level(position, &drawn(lines), &samples)).collect();
    let chosen = lines()
        .find(|(position, _)| *position == eagerness)
        .map_or(LINES[LINES.len() / 2], |(_, lines)| lines);
    (drawn(chosen), levels)
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
            Sample { certainty, found: ranking.best.len(), rank, is_covered: !expected.is_empty(), weight }
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
fn level(eagerness: Eagerness, calibration: &Calibration, samples: &[Sample]) -> FaqLevel {
    let (mut covered, mut answered, mut answers, mut wrong, mut offered) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for sample in samples {
        let decision = calibration.decide(sample.certainty, sample.found);
        let answers_it = decision == Decision::Answer;
        let weight = |holds: bool| if holds { sample.weight } else { 0.0 };
        covered += weight(sample.is_covered);
        answered += weight(sample.is_covered && answers_it);
        answers += weight(answers_it);
        wrong += weight(answers_it && sample.rank != Some(0));
        offered += weight(sample.rank.is_some_and(|rank| rank < decision.shown()));
    }
    let share = |part: f32, whole: f32| if whole > 0.0 { part / whole } else { 0.0 };
    FaqLevel {
        eagerness,
        answered: share(answered, covered),
        wrong: share(wrong, answers),
        offered: share(offered, covered),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            super::{
                matcher::Verdict,
                pack::PackedEntry,
                reading::Reading,
                sense::{Senses, weights_of},
                texts::Texts,
            },
            distil,
            phrasebook::Library,
            scope::{self, Half},
            trained,
        },
        *,
    };
    use crate::text::HanPairs;

    /// Phrasings of an FAQ, two entries of which ask the same.
    const ENTRIES: [(&str, &[&str]); 5] = [
        (
            "returns",
            &[
                "How do I return an item?",
                "Sending an item back",
                "return my order",
                "Can I cancel my order?",
            ],
        ),
        ("cancel", &["Can I cancel my order?", "cancel the order"]),
        ("cancel-b2b", &["Can I cancel my order?", "cancel the order"]),
        ("pay", &["Which cards do you accept?", "How can I pay?", "pay by card", "Do you accept cards?"]),
        ("opening", &["When are you open?", "opening hours", "Are you open on Sunday?"]),
    ];

    #[test]
    fn the_table_tells_what_is_decided() {
        let entry = |(id, questions): &(&str, &[&str])| PackedEntry {
            id: (*id).to_owned(),
            questions: questions.iter().map(|text| (*text).to_owned()).collect(),
            answer: format!("About {id}."),
            lang: "en".to_owned(),
        };
        let entries: Vec<PackedEntry> = ENTRIES.iter().map(entry).collect();
        let reading = Reading::new(HanPairs::all(), Vec::new());
        let texts = Texts::of(&entries, &[], &reading);
        let languages = vec!["en".to_owned(); entries.len()];
        let embedding = distil::embedding(&languages, &Library::default(), &texts, &reading);
        let vectors = embedding.vectors(texts.all());
        let (scorer, features) = trained(&texts, &reading, &vectors);
        let senses = Senses::of(embedding, &texts, scorer.support());
        let asked = HoldOut {
            scorer: &scorer,
            features: &features,
            texts: &texts,
            weights: weights_of(&texts),
            senses: &senses,
            vectors: &vectors,
            reading: &reading,
            scopes: [Half::One, Half::Other].map(|half| (half, scope::learn(&[], Some(half)))),
        };
        let rows: Vec<usize> = asked.rows(RowKind::Question).collect();
        let mut contested = 0;
        for (place, eagerness) in Eagerness::ALL.into_iter().enumerate() {
            let (calibration, levels) = calibrate(&asked, &[], eagerness);
            let (mut answered, mut offered, mut wrong, mut answers) = (0.0, 0.0, 0.0, 0.0);
            for row in &rows {
                let right = usize::from(texts.rows[*row].group);
                for (scores, share, is_covered) in [
                    (asked.without_it(*row), 1.0 - UNANSWERED, true),
                    (asked.without_its_kin(*row), UNANSWERED, false),
                ] {
                    let verdict = Verdict::of(&Ranking::of(&scores), asked.about(*row), &calibration);
                    let shows = |shown: usize| {
                        is_covered
                            && verdict.ranked.iter().take(shown).any(|candidate| candidate.entry == right)
                    };
                    let weight = share / rows.len() as f32;
                    let is_answer = verdict.decision == Decision::Answer;
                    let is_sure =
                        verdict.ranked.first().is_some_and(|best| best.confidence >= calibration.answer_at);
                    contested += usize::from(is_sure && !is_answer);
                    answers += if is_answer { weight } else { 0.0 };
                    wrong += if is_answer && !shows(1) { weight } else { 0.0 };
                    answered += if is_covered && is_answer { weight } else { 0.0 };
                    offered += if shows(verdict.decision.shown()) { weight } else { 0.0 };
                }
            }
            let (told, covered) = (&levels[place], 1.0 - UNANSWERED);
            for (told, is) in [
                (told.answered, answered / covered),
                (told.offered, offered / covered),
                (told.wrong, if answers > 0.0 { wrong / answers } else { 0.0 }),
            ] {
                assert!((told - is).abs() < 1e-5, "{eagerness:?}: {told} is told, and it is {is}");
            }
        }
        assert!(contested > 0, "no question lacked only the lead");
    }
}
