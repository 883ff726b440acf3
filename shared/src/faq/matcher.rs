use super::{PackError, pack};

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
    /// How likely it is that the first candidate is right, from 0 to 1; 0 when there is none.
    pub confidence: f32,
    /// The best entries, best first, at most ten.
    pub ranked: Vec<Candidate>,
}

/// A compiled FAQ, ready to be asked.
#[derive(Clone, Debug)]
pub struct Matcher {
    entries: Vec<Entry>,
    suggested: Vec<usize>,
}

impl Matcher {
    /// Reads a pack.
    ///
    /// # Errors
    /// [`PackError`] when the bytes are not a whole and sound pack of a version that is known here.
    pub fn load(bytes: &[u8]) -> Result<Self, PackError> {
        let pack = pack::Pack::decode(bytes)?;
        Ok(Self { entries: pack.entries, suggested: pack.suggested })
    }

    /// All entries.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// At most `n` entries to offer before anything was asked: those the owner chose, else the first ones.
    pub fn suggestions(&self, n: usize) -> Vec<usize> {
        self.suggested.iter().copied().take(n).collect()
    }

    /// Ranks the entries for a question and decides what to do. The same question always gets the same verdict.
    pub fn ask(&self, question: &str) -> Verdict {
        let asked = question.trim();
        let ranked: Vec<Candidate> = self
            .entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| !asked.is_empty() && entry.question == asked)
            .map(|(entry, _)| Candidate { entry, confidence: 1.0 })
            .collect();
        match ranked.is_empty() {
            true => Verdict { decision: Decision::Abstain, confidence: 0.0, ranked },
            false => Verdict { decision: Decision::Answer, confidence: 1.0, ranked },
        }
    }
}
