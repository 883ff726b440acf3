//! Why the matcher says what it says: for agents who read along, and for owners who try out their FAQ.

use super::{
    Decision, Matcher,
    certainty::Certainty,
    embedding::{Vector, dot},
    matcher::{Asked, WEIGHT_OF_CONTEXT},
    score::{Ranking, Scores},
    texts::homes_of,
};
use crate::text::{Script, Token, tokens};

/// The most parts of a question whose share is told.
const MAX_PARTS: usize = 40;
/// Parts with a smaller share carried nothing.
const LEAST_SHARE: f32 = 0.04;

/// Why a question got its verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// What was decided.
    pub decision: Decision,
    /// The place of the best entry in [`Matcher::entries`]; `None` when nothing is like the question.
    pub entry: Option<usize>,
    /// How likely the best entry is the right one, and from which likelihood on it is given as the answer.
    pub right: f32,
    /// The line for that.
    pub answer_at: f32,
    /// Whether nothing but the lead was missing: the best entry is that likely, and another fits nearly as well.
    pub contested: bool,
    /// How likely the FAQ answers the question at all.
    pub covered: f32,
    /// From which likelihood on entries are offered.
    pub offer_at: f32,
    /// The phrasing of the best entry that is most like the question, and where it is from.
    pub phrasing: Option<Phrasing>,
    /// What in the question made it alike, the strongest first; the shares add up to at most one.
    pub carried: Vec<Carried>,
    /// The question in the FAQ's own words, where it was read with some of them swapped.
    pub read_as: Option<String>,
    /// Whether it was understood as going on from the question before it.
    pub goes_on: bool,
    /// The intent that the question looks like most and that no entry answers: `talk/weather`. Only where it comes close.
    pub stranger: Option<String>,
}

/// A text that is like the question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrasing {
    /// The text.
    pub text: String,
    /// The intent it was borrowed from; `None` for the owner's own words.
    pub intent: Option<String>,
}

/// A part of the question, and how much of the likeness rests on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Carried {
    /// The part, folded: a word, or a stretch of characters.
    pub text: String,
    /// Its share, from 0 to 1.
    pub share: f32,
}

/// The row that is most like a question.
struct Nearest {
    row: usize,
    /// Where it points.
    vector: Vector,
    /// By the words they share, and by what both are about.
    likeness: f32,
}

impl Matcher {
    /// Says why a question gets the verdict of [`Self::ask`]. Slower than asking, by as many times as the question has words.
    pub fn explain(&self, question: &str) -> Explanation {
        self.explain_heard(&self.fold(question), None)
    }

    /// The same for the verdict of [`Self::ask_after`].
    pub fn explain_after(&self, question: &str, before: &str) -> Explanation {
        let goes_on = self.ask_after(question, before) != self.ask(question);
        let before = goes_on.then(|| self.fold(before));
        self.explain_heard(&self.fold(question), before.as_deref())
    }

    /// Explains a folded question, which goes on from the one before it where there is one.
    fn explain_heard(&self, folded: &str, before: Option<&str>) -> Explanation {
        let alone = self.asked(folded);
        let asked = match before {
            Some(before) => self.together(alone, folded, before),
            None => alone,
        };
        let verdict = self.judge(&asked);
        let scores = self.scores(&asked);
        let Asked { cosines, about, .. } = asked;
        let ranking = Ranking::of(&scores);
        let calibration = &self.faq.calibration;
        let Certainty { covered, right, is_ahead } = Certainty::of(&ranking, about, calibration.typical);
        let entry = verdict.ranked.first().map(|candidate| candidate.entry);
        let row = entry.and_then(|entry| self.nearest_row(entry, &readings(folded, before), &cosines));
        Explanation {
            decision: verdict.decision,
            entry,
            right,
            answer_at: calibration.answer_at,
            contested: right >= calibration.answer_at && !is_ahead,
            covered,
            offer_at: calibration.offer_at,
            phrasing: row.as_ref().and_then(|nearest| self.phrasing(nearest.row)),
            carried: row.map_or_else(Vec::new, |nearest| self.carried(folded, before, &nearest)),
            read_as: self.faq.swaps.rewrite(folded).map(|text| text.trim().to_owned()),
            goes_on: before.is_some(),
            stranger: self.stranger(&scores, &ranking),
        }
    }

    /// The row of an entry that is most like a question of these readings and cosines.
    fn nearest_row(&self, entry: usize, readings: &[Heard], cosines: &[f32]) -> Option<Nearest> {
        let groups = self.faq.scorer.index().groups();
        let vectors: Vec<(f32, Vector)> =
            readings.iter().map(|(weight, text)| (*weight, self.faq.senses.vector(text))).collect();
        let of_entry =
            self.texts().enumerate().filter(|(_, (row, _))| homes_of(row, groups).any(|home| home == entry));
        let nearest = of_entry.map(|(row, (_, text))| {
            let of_row = self.faq.senses.vector(&self.fold(text));
            let likeness =
                cosines[row] + most(vectors.iter().map(|(weight, vector)| weight * dot(vector, &of_row)));
            Nearest { row, vector: of_row, likeness }
        });
        nearest
            .max_by(|a, b| a.likeness.total_cmp(&b.likeness).then(b.row.cmp(&a.row)))
            .filter(|nearest| nearest.likeness > 0.0)
    }

    fn phrasing(&self, row: usize) -> Option<Phrasing> {
        let (row, text) = self.texts().nth(row)?;
        let place = usize::from(row.group).checked_sub(self.entries().len());
        let intent = place.and_then(|place| self.faq.intents.get(place)).map(|intent| intent.name.clone());
        Some(Phrasing { text: text.to_owned(), intent })
    }

    /// What the likeness to a row loses when a part of the question is left out.
    fn carried(&self, folded: &str, before: Option<&str>, nearest: &Nearest) -> Vec<Carried> {
        let cosine = |text: &str| {
            let read = self.faq.reading.read_folded(text);
            self.cosines(&read, self.faq.swaps.rewrite(text).as_deref())[nearest.row]
        };
        let sense = |text: &str| dot(&self.faq.senses.vector(text), &nearest.vector);
        let parts = parts(folded);
        let mut losses: Vec<(usize, f32)> = (0..parts.len().min(MAX_PARTS))
            .map(|left_out| {
                let rest: Vec<&str> = parts
                    .iter()
                    .enumerate()
                    .filter(|(place, _)| *place != left_out)
                    .map(|(_, part)| *part)
                    .collect();
                let readings = readings(&join(&rest), before);
                let likeness = most(readings.iter().map(|(weight, text)| weight * cosine(text)))
                    + most(readings.iter().map(|(weight, text)| weight * sense(text)));
                (left_out, (nearest.likeness - likeness).max(0.0))
            })
            .collect();
        let sum: f32 = losses.iter().map(|(_, loss)| loss).sum();
        losses.sort_by(|(a, x), (b, y)| y.total_cmp(x).then(a.cmp(b)));
        let share =
            |(place, loss): (usize, f32)| Carried { text: parts[place].to_owned(), share: loss / sum };
        losses.into_iter().filter(|(_, loss)| *loss > LEAST_SHARE * sum).map(share).collect()
    }

    fn stranger(&self, scores: &Scores, ranking: &Ranking) -> Option<String> {
        let (group, score) = scores.stranger.filter(|(_, score)| *score > 0.0)?;
        let place = usize::from(group).checked_sub(self.entries().len())?;
        (2.0 * score >= ranking.grounded)
            .then(|| self.faq.intents.get(place).map(|intent| intent.name.clone()))
            .flatten()
    }
}

/// A text that a question is read as, and what it counts.
type Heard = (f32, String);

/// What a folded question is read as: what it is, and together with the one before it.
fn readings(folded: &str, before: Option<&str>) -> Vec<Heard> {
    let together = before.map(|before| (WEIGHT_OF_CONTEXT, format!("{before} {folded}")));
    [(1.0, folded.to_owned())].into_iter().chain(together).collect()
}

/// The greatest likeness; what is below zero is none.
fn most(likenesses: impl Iterator<Item = f32>) -> f32 {
    likenesses.fold(0.0, f32::max)
}

/// The words of a folded text; of runs without blanks, pairs of characters.
fn parts(folded: &str) -> Vec<&str> {
    let pairs = |run: &str| {
        let starts: Vec<usize> = run.char_indices().map(|(at, _)| at).step_by(2).chain([run.len()]).collect();
        starts.windows(2).map(|pair| pair[0]..pair[1]).collect::<Vec<_>>()
    };
    tokens(folded)
        .flat_map(|Token { text, script }| match script {
            Script::Alphabetic => vec![text],
            Script::Syllabic | Script::Unspaced => {
                pairs(text).into_iter().map(|range| &text[range]).collect()
            }
        })
        .collect()
}

/// Puts parts together again, with blanks where their script has them.
fn join(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        let has_blanks = part.chars().next().is_some_and(|c| Script::of(c) == Script::Alphabetic);
        if has_blanks && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(part);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_falls_into_words_and_pairs_of_characters() {
        assert_eq!(parts("refund 多久到账"), ["refund", "多久", "到账"]);
        assert_eq!(join(&["where", "is", "多久", "到"]), "where is多久到");
        assert!(parts("").is_empty());
    }
}
