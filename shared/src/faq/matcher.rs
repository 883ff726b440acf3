use std::sync::Arc;

use super::{
    PackError,
    certainty::{Calibration, Certainty},
    embedding::dot,
    feature::Feature,
    index::Index,
    pack::{Pack, PackedEntry, PackedIntent},
    reader::Reader,
    reading::Reading,
    scope::Scope,
    score::{Ranking, Scorer, Scores},
    sense::{Bearing, Senses},
    spelling::Spelling,
    synonyms::{Homophones, Swaps},
    texts::{Row, Texts, rows_of},
};
use crate::text::{Script, tokens};

/// The most characters of a question that are looked at: who writes more tells a story, and begins with its point.
const MAX_QUESTION_CHARS: usize = 600;
/// What a row counts that is like the question only after words were swapped.
const WEIGHT_OF_SWAPPED: f32 = 0.95;
/// A question of at most so many words, or characters where words have no blanks between them, may go on from the last one.
const FOLLOW_UP_WORDS: usize = 6;
const FOLLOW_UP_CHARS: usize = 10;
/// What a row counts that is like a question only together with the one before it.
pub(super) const WEIGHT_OF_CONTEXT: f32 = 0.8;

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

impl Decision {
    /// How many of the first candidates are shown.
    pub const fn shown(self) -> usize {
        match self {
            Self::Answer => 1,
            Self::Offer(several) => several,
            Self::Abstain => 0,
        }
    }
}

impl Verdict {
    /// What is made of a ranking, where `about` is the evidence that the question is about what the FAQ is about.
    pub(super) fn of(ranking: &Ranking, about: f32, calibration: &Calibration) -> Self {
        if ranking.grounded <= 0.0 {
            return Self { decision: Decision::Abstain, confidence: 0.0, ranked: Vec::new() };
        }
        let certainty = Certainty::of(ranking, about, calibration.typical);
        let candidate = |(entry, score): &(usize, f32)| Candidate {
            entry: *entry,
            confidence: certainty.right * libm::expf(score - ranking.top()),
        };
        let ranked: Vec<Candidate> = ranking.best.iter().map(candidate).collect();
        Self { decision: calibration.decide(certainty, ranked.len()), confidence: certainty.covered, ranked }
    }

    /// Whether this question asks again what `earlier` asked, in whatever words: the same entry is the most likely
    /// one for both, and neither is a guess.
    pub fn repeats(&self, earlier: &Self) -> bool {
        let best = |verdict: &Self| match verdict.decision {
            Decision::Answer | Decision::Offer(_) => verdict.ranked.first().map(|candidate| candidate.entry),
            Decision::Abstain => None,
        };
        best(self).is_some_and(|entry| best(earlier) == Some(entry))
    }
}

/// What is found out about a question before it is judged.
pub(super) struct Asked {
    /// How alike it is to every row.
    pub(super) cosines: Vec<f32>,
    /// How its direction compares with every group.
    pub(super) bearings: Vec<Bearing>,
    /// Whether it is about what the FAQ is about: see [`Scope::evidence`].
    pub(super) about: f32,
}

/// A compiled FAQ, ready to be asked.
///
/// Its arithmetic is that of IEEE 754 without anything a platform may do its own way: a question gets the same
/// verdict, to the last bit, in every browser and at the edge. A handle: copying it copies nothing of the FAQ.
#[derive(Clone, Debug)]
pub struct Matcher {
    pub(super) faq: Arc<Faq>,
    reader: Reader,
}

/// What a pack holds, ready to be asked.
#[derive(Debug)]
pub(super) struct Faq {
    entries: Vec<PackedEntry>,
    pub(super) intents: Vec<PackedIntent>,
    shown: Vec<Entry>,
    suggested: Vec<u16>,
    pub(super) reading: Reading,
    pub(super) swaps: Swaps,
    pub(super) scorer: Scorer,
    pub(super) senses: Senses,
    scope: Scope,
    pub(super) calibration: Calibration,
}

impl Matcher {
    /// Reads a pack.
    ///
    /// # Errors
    /// [`PackError`] when the bytes are not a whole and sound pack of a version that is known here.
    pub fn load(bytes: &[u8]) -> Result<Self, PackError> {
        let pack = Pack::decode(bytes)?;
        let texts = Texts::of(&pack.entries, &pack.intents, &pack.reading);
        let homophones = Homophones::new(pack.pinyin, texts.own());
        let spelling = Spelling::of(texts.all());
        let senses = Senses::of(pack.embedding, &texts, &pack.support);
        let index = Index::build(&texts, &pack.reading);
        let faq = Faq {
            scorer: Scorer::new(index, pack.support),
            senses,
            swaps: Swaps::new(pack.synonyms, homophones, spelling),
            shown: pack.entries.iter().map(Entry::from).collect(),
            entries: pack.entries,
            intents: pack.intents,
            suggested: pack.suggested,
            reading: pack.reading,
            scope: pack.scope,
            calibration: pack.calibration,
        };
        Ok(Self { faq: Arc::new(faq), reader: Reader::default() })
    }

    /// The same FAQ for somebody who wants these languages, as BCP 47 tags, most wanted first. Of entries that fit a question
    /// alike those come first that are in the one of the FAQ's languages which serves them best, in whatever script. An
    /// entry whose language is not told is in everybody's.
    pub fn for_reader(&self, wanted: &[&str]) -> Self {
        let reader = Reader::of(wanted, self.entries(), &self.faq.intents);
        Self { faq: Arc::clone(&self.faq), reader }
    }

    /// All entries, in the order of their ids.
    pub fn entries(&self) -> &[Entry] {
        &self.faq.shown
    }

    /// Every text that is compared with questions.
    pub(super) fn texts(&self) -> impl Iterator<Item = (Row, &str)> {
        rows_of(&self.faq.entries, &self.faq.intents)
    }

    /// At most `n` entries to offer before anything was asked: those the owner chose, else the first ones of the file. Those
    /// in other languages than the reader's only after them, and only where the FAQ has fewer than `n` in it.
    pub fn suggestions(&self, n: usize) -> Vec<usize> {
        let suggested = self.faq.suggested.iter().map(|entry| usize::from(*entry));
        let (foreign, own): (Vec<usize>, Vec<usize>) =
            suggested.partition(|entry| self.reader.is_foreign(*entry));
        let readable = (0..self.entries().len()).filter(|entry| !self.reader.is_foreign(*entry)).count();
        let others = foreign.into_iter().filter(|_| readable < n);
        own.into_iter().chain(others).take(n).collect()
    }

    /// Ranks the entries for a question and decides what to do. The same question always gets the same verdict.
    pub fn ask(&self, question: &str) -> Verdict {
        self.judge(&self.asked(&self.fold(question)))
    }

    /// The place of an entry among all of them for a question, from 1, however far down it is: for measuring. `None` when
    /// the question ranks none.
    pub fn place_of(&self, entry: usize, question: &str) -> Option<usize> {
        let asked = self.asked(&self.fold(question));
        let scores = self.scores(&asked);
        let own = *scores.ranked.get(entry)?;
        let is_before = |(other, score): (usize, &f32)| *score > own || *score == own && other < entry;
        let before = scores.ranked.iter().enumerate().filter(|other| is_before(*other)).count();
        (Ranking::of(&scores).grounded > 0.0).then_some(before + 1)
    }

    /// Like [`Self::ask`], for a question that may go on from the one before: "and for children?" means little alone.
    /// A long question, and one that is answered alone, is taken as it is; so is one after a question that the FAQ knows
    /// nothing of, such as a greeting, and one that changes nothing about what the one before it asked, or makes it less sure.
    pub fn ask_after(&self, question: &str, before: &str) -> Verdict {
        let folded = self.fold(question);
        let asked = self.asked(&folded);
        let alone = self.judge(&asked);
        if alone.decision == Decision::Answer || !may_follow(&folded) {
            return alone;
        }
        let before = self.fold(before);
        let earlier = self.judge(&self.asked(&before));
        if earlier.decision == Decision::Abstain {
            return alone;
        }
        let followed = self.judge(&self.together(asked, &folded, &before));
        let best = |verdict: &Verdict| verdict.ranked.first().map(|candidate| candidate.entry);
        let is_lost = followed.decision == Decision::Abstain;
        if is_lost || best(&followed) == best(&earlier) { alone } else { followed }
    }

    /// What is found out about a folded question, together with the one before it.
    pub(super) fn together(&self, mut asked: Asked, folded: &str, before: &str) -> Asked {
        let together = self.asked(&format!("{before} {folded}"));
        raise(&mut asked.cosines, &together.cosines, WEIGHT_OF_CONTEXT);
        for (bearing, other) in asked.bearings.iter_mut().zip(&together.bearings) {
            bearing.sense = raised(bearing.sense, other.sense, WEIGHT_OF_CONTEXT);
            bearing.voice = raised(bearing.voice, other.voice, WEIGHT_OF_CONTEXT);
        }
        asked.about = together.about;
        asked
    }

    pub(super) fn fold(&self, text: &str) -> String {
        let end = text.char_indices().nth(MAX_QUESTION_CHARS).map_or(text.len(), |(at, _)| at);
        self.faq.reading.fold(&text[..end])
    }

    /// Looks at a folded text, as it is and in the FAQ's own words.
    pub(super) fn asked(&self, folded: &str) -> Asked {
        let read = self.faq.reading.read_folded(folded);
        let rewritten = self.faq.swaps.rewrite(folded);
        let cosines = self.cosines(&read, rewritten.as_deref());
        let mut vector = self.faq.senses.vector(folded);
        if let Some(rewritten) = rewritten {
            // The more of a text is known, the longer its vector.
            let other = self.faq.senses.vector(&rewritten);
            if dot(&other, &other) > dot(&vector, &vector) {
                vector = other;
            }
        }
        let bearings = self.faq.senses.compare(&vector);
        Asked { cosines, bearings, about: self.faq.scope.evidence(&read) }
    }

    /// How alike a text of these features is to every row, as it is and rewritten.
    pub(super) fn cosines(&self, read: &[Feature], rewritten: Option<&str>) -> Vec<f32> {
        let index = self.faq.scorer.index();
        let mut cosines = index.compare(read);
        if let Some(rewritten) = rewritten {
            let other = index.compare(&self.faq.reading.read_folded(rewritten));
            raise(&mut cosines, &other, WEIGHT_OF_SWAPPED);
        }
        cosines
    }

    /// How well every entry answers, for this reader.
    pub(super) fn scores(&self, asked: &Asked) -> Scores {
        let mut scores = self.faq.scorer.scores(&asked.cosines, &asked.bearings);
        self.reader.prefer(&mut scores, self.faq.calibration.typical);
        scores
    }

    pub(super) fn judge(&self, asked: &Asked) -> Verdict {
        Verdict::of(&Ranking::of(&self.scores(asked)), asked.about, &self.faq.calibration)
    }
}

/// Takes from others what is more, with so much weight.
fn raise(likeness: &mut [f32], others: &[f32], weight: f32) {
    likeness.iter_mut().zip(others).for_each(|(like, other)| *like = raised(*like, *other, weight));
}

/// The greater of the two, the other with so much weight; what is below zero is no likeness, and not taken.
fn raised(like: f32, other: f32, weight: f32) -> f32 {
    if other > 0.0 { like.max(weight * other) } else { like }
}

/// Whether a folded question is so short that it may lean on the one before.
fn may_follow(folded: &str) -> bool {
    let (mut words, mut chars) = (0, 0);
    for token in tokens(folded) {
        match token.script {
            Script::Alphabetic => words += 1,
            Script::Syllabic | Script::Unspaced => chars += token.text.chars().count(),
        }
    }
    words <= FOLLOW_UP_WORDS && chars <= FOLLOW_UP_CHARS
}

impl Entry {
    /// The entries in a pack, for whoever asks it nothing: no index is built.
    ///
    /// # Errors
    /// As [`Matcher::load`].
    pub fn all_in(pack: &[u8]) -> Result<Vec<Self>, PackError> {
        Ok(Pack::decode(pack)?.entries.iter().map(Self::from).collect())
    }
}

impl From<&PackedEntry> for Entry {
    fn from(packed: &PackedEntry) -> Self {
        Self {
            id: packed.id.clone(),
            question: packed.questions.first().cloned().unwrap_or_default(),
            answer: packed.answer.clone(),
            lang: packed.lang.clone(),
        }
    }
}
