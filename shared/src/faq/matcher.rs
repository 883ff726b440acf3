use super::{
    PackError,
    index::Index,
    pack::{Pack, PackedEntry},
    score::{Calibration, Ranking, Scorer},
};
use crate::text::HanPairs;

/// The most characters of a question that are looked at: who writes more tells a story, and begins with its point.
const MAX_QUESTION_CHARS: usize = 600;
/// The most entries that are offered.
const MAX_OFFERED: usize = 3;
/// From which certainty on the best entry is the answer. A wrong answer costs a visitor more than one more click.
const ANSWER_AT: f32 = 0.75;
/// From which certainty on that there is an answer at all, entries are offered.
const OFFER_AT: f32 = 0.6;

/// One entry of the FAQ, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name its owner gave it.
    pub id: String,
    /// The question in the owner's words: the first of its phrasings.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// The language of both as a BCP 47 tag; empty when the owner did not say.
    pub lang: String,
}

/// What to do with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Give the first candidate's answer.
    Answer,
    /// Ask "did you mean" with this many of the first candidates, one to three.
    Offer(usize),
    /// No entry answers this: offer a person.
    Abstain,
}

/// An entry that may answer the question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Its place in [`Matcher::entries`].
    pub entry: usize,
    /// How likely it is the right one, from 0 to 1.
    pub confidence: f32,
}

/// What the matcher makes of a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// What to do.
    pub decision: Decision,
    /// How likely it is that the FAQ answers the question at all, from 0 to 1.
    pub confidence: f32,
    /// The best entries, best first, at most ten.
    pub ranked: Vec<Candidate>,
}

/// A compiled FAQ, ready to be asked.
///
/// Its arithmetic is that of IEEE 754 without anything a platform may do its own way: a question gets the same
/// verdict, to the last bit, in every browser and at the edge.
#[derive(Clone, Debug)]
pub struct Matcher {
    entries: Vec<Entry>,
    suggested: Vec<u16>,
    han: HanPairs,
    scorer: Scorer,
    calibration: Calibration,
}

impl Matcher {
    /// Reads a pack.
    ///
    /// # Errors
    /// [`PackError`] when the bytes are not a whole and sound pack of a version that is known here.
    pub fn load(bytes: &[u8]) -> Result<Self, PackError> {
        let pack = Pack::decode(bytes)?;
        let index = Index::build(&pack.entries, &pack.han);
        Ok(Self {
            scorer: Scorer::new(index, pack.support, pack.entries.len()),
            entries: pack.entries.into_iter().map(Entry::from).collect(),
            suggested: pack.suggested,
            han: pack.han,
            calibration: pack.calibration,
        })
    }

    /// All entries, in the order of their ids.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// At most `n` entries to offer before anything was asked: those the owner chose, else the first ones of the file.
    pub fn suggestions(&self, n: usize) -> Vec<usize> {
        self.suggested.iter().take(n).map(|entry| usize::from(*entry)).collect()
    }

    /// Ranks the entries for a question and decides what to do. The same question always gets the same verdict.
    pub fn ask(&self, question: &str) -> Verdict {
        let end = question.char_indices().nth(MAX_QUESTION_CHARS).map_or(question.len(), |(at, _)| at);
        let cosines = self.scorer.index().compare(&question[..end], &self.han);
        let ranking = Ranking::of(&self.scorer.scores(&cosines));
        if ranking.top() <= 0.0 {
            return Verdict { decision: Decision::Abstain, confidence: 0.0, ranked: Vec::new() };
        }
        let certainty = self.calibration.certainty(&ranking);
        let candidate = |(entry, score): &(usize, f32)| Candidate {
            entry: *entry,
            confidence: certainty.right * libm::expf(score - ranking.top()),
        };
        let ranked: Vec<Candidate> = ranking.best.iter().map(candidate).collect();
        let decision = if certainty.right >= ANSWER_AT {
            Decision::Answer
        } else if certainty.covered >= OFFER_AT {
            Decision::Offer(ranked.len().min(MAX_OFFERED))
        } else {
            Decision::Abstain
        };
        Verdict { decision, confidence: certainty.covered, ranked }
    }
}

impl From<PackedEntry> for Entry {
    fn from(packed: PackedEntry) -> Self {
        let question = packed.questions.into_iter().next().unwrap_or_default();
        Self { id: packed.id, question, answer: packed.answer, lang: packed.lang }
    }
}
