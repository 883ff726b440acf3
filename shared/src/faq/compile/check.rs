//! Whether what was written is an FAQ: everything that holds for YAML and CSV alike.

use std::collections::HashMap;

use super::{
    MAX_SOURCE_ENTRIES,
    source::{Draft, Faults, Question, SourceEntry, Spot, excerpt},
    starter::place_to_fill,
};
use crate::{
    faq::MAX_PHRASINGS,
    text::fold,
    wire::{BoundedText, EntryId, LanguageTag, MAX_SUBJECTS, Subject},
};

/// Makes entries of drafts. What is returned is only of use when no fault was added.
pub(super) fn check(drafts: Vec<Draft>, faults: &mut Faults, warnings: &mut Faults) -> Vec<SourceEntry> {
    if drafts.is_empty() && faults.is_empty() {
        faults.add(
            0,
            "the file has no entries",
            "write at least one entry with an id, a question and an answer",
        );
    }
    if let Some(first_too_many) = drafts.get(MAX_SOURCE_ENTRIES) {
        let fault = format!("there are {} entries; the limit is {MAX_SOURCE_ENTRIES}", drafts.len());
        faults.add(first_too_many.line, fault, "leave out entries that nobody asks for");
    }
    let phrasings: usize = drafts.iter().map(|draft| draft.questions.len()).sum();
    if phrasings > MAX_PHRASINGS {
        let fault = format!("there are {phrasings} phrasings; the limit is {MAX_PHRASINGS}");
        faults.add(0, fault, "keep the phrasings that differ most");
    }
    let mut checker = Checker {
        faults,
        warnings,
        ids: HashMap::new(),
        phrasings: HashMap::new(),
        subjects: HashMap::new(),
    };
    drafts.into_iter().filter_map(|draft| checker.entry(draft)).collect()
}

struct Checker<'a> {
    faults: &'a mut Faults,
    warnings: &'a mut Faults,
    /// Every id so far, and its line.
    ids: HashMap<String, usize>,
    /// Every phrasing so far, folded; the entry it belongs to, and its line.
    phrasings: HashMap<String, (EntryId, usize)>,
    /// Every subject so far, by its folded name.
    subjects: HashMap<String, Subject>,
}

impl Checker<'_> {
    fn entry(&mut self, draft: Draft) -> Option<SourceEntry> {
        let id = self.id(draft.id, draft.line);
        let questions = self.questions(draft.questions, draft.line, id.as_ref());
        let answer = match draft.answer {
            Some(spot) => {
                self.warn_of_place_to_fill(&spot);
                self.bounded(spot, "answer")
            }
            None => {
                let remedy = "add an 'answer' with what a visitor should read";
                self.faults.add(draft.line, "the entry has no answer", remedy);
                None
            }
        };
        let lang = draft.lang.and_then(|spot| self.lang(&spot));
        let suggest = draft.suggest.is_some_and(|spot| self.suggest(&spot));
        let subject = draft.subject.filter(|spot| !spot.text.trim().is_empty());
        let subject = subject.and_then(|spot| self.subject(spot));
        Some(SourceEntry { id: id?, questions, answer: answer?, lang, suggest, subject })
    }

    /// A subject, as it was written first: `billing` is no other one than `Billing`.
    fn subject(&mut self, spot: Spot) -> Option<Subject> {
        let line = spot.line;
        let subject: Subject = self.bounded(spot, "subject")?;
        let (known, folded) = (self.subjects.len(), fold(subject.as_str()));
        // What has no letters is told apart as it is written.
        let folded = if folded.is_empty() { subject.to_string() } else { folded };
        let first = self.subjects.entry(folded).or_insert(subject).clone();
        if known == MAX_SUBJECTS && self.subjects.len() > known {
            let fault = format!("there are more than {MAX_SUBJECTS} subjects");
            self.faults.add(line, fault, "use one for all that the same people look after");
        }
        Some(first)
    }

    /// Visitors would read the braces of a starter FAQ.
    fn warn_of_place_to_fill(&mut self, answer: &Spot) {
        if let Some(place) = place_to_fill(&answer.text) {
            let fault = format!("the answer still has a place to fill in: {}", excerpt(place));
            self.warnings.add(answer.line, fault, "write what holds for you, without the braces");
        }
    }

    fn id(&mut self, spot: Option<Spot>, line_of_entry: usize) -> Option<EntryId> {
        let Some(spot) = spot else {
            self.faults.add(
                line_of_entry,
                "the entry has no id",
                "add an 'id', a short name such as 'returns'",
            );
            return None;
        };
        let id: EntryId = match spot.text.trim().parse() {
            Ok(id) => id,
            Err(error) => {
                let fault = format!("'{}' cannot be an id", excerpt(&spot.text));
                self.faults.add(spot.line, fault, error.to_string());
                return None;
            }
        };
        if let Some(first) = self.ids.get(id.as_str()) {
            let fault = format!("the id '{id}' is already taken on line {first}");
            self.faults.add(spot.line, fault, "give one of the two another id, or join them into one entry");
            return None;
        }
        self.ids.insert(id.to_string(), spot.line);
        Some(id)
    }

    fn questions(&mut self, spots: Vec<Spot>, line_of_entry: usize, id: Option<&EntryId>) -> Vec<Question> {
        if spots.is_empty() {
            let remedy = "add at least one question, as a visitor would ask it";
            self.faults.add(line_of_entry, "the entry has no question", remedy);
        }
        let mut questions = Vec::new();
        for spot in spots {
            let line = spot.line;
            let Some(question) = self.bounded(spot, "question") else { continue };
            if id.is_none_or(|id| self.is_worth_keeping(&question, line, id)) {
                questions.push(question);
            }
        }
        questions
    }

    /// Warns of a phrasing that says nothing, or says what another says; only the same entry's is not kept twice.
    fn is_worth_keeping(&mut self, question: &Question, line: usize, id: &EntryId) -> bool {
        let folded = fold(question.as_str());
        let excerpt = excerpt(question.as_str());
        if folded.is_empty() {
            let fault = format!("the question '{excerpt}' has no letters, so nothing can match it");
            self.warnings.add(line, fault, "write it in words");
            return true;
        }
        match self.phrasings.get(&folded) {
            None => {
                self.phrasings.insert(folded, (id.clone(), line));
                true
            }
            Some((other, first)) if other == id => {
                let fault = format!("'{id}' already asks '{excerpt}' on line {first}");
                self.warnings.add(line, fault, "delete one of the two");
                false
            }
            Some((other, first)) => {
                let fault = format!("'{excerpt}' is asked by both '{other}' (line {first}) and '{id}'");
                self.warnings.add(line, fault, "keep it where its answer fits best");
                true
            }
        }
    }

    fn bounded<const LIMIT: usize>(&mut self, spot: Spot, what: &str) -> Option<BoundedText<LIMIT>> {
        let invisible = |c: &char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        if let Some(control) = spot.text.chars().find(invisible) {
            let fault = format!("the {what} contains the control character U+{:04X}", u32::from(control));
            self.faults.add(spot.line, fault, "delete it; it cannot be seen, so retype the words around it");
            return None;
        }
        match BoundedText::new(&spot.text) {
            Ok(text) => Some(text),
            Err(error) => {
                let blank = spot.text.trim().is_empty();
                let remedy = if blank { "write one, or delete the line" } else { "shorten it" };
                self.faults.add(spot.line, format!("the {what} cannot be used: {error}"), remedy);
                None
            }
        }
    }

    fn lang(&mut self, spot: &Spot) -> Option<LanguageTag> {
        match LanguageTag::try_from(spot.text.trim().to_owned()) {
            Ok(lang) => Some(lang),
            Err(error) => {
                let fault = format!("'{}' is not a language", excerpt(&spot.text));
                self.faults.add(spot.line, fault, error.to_string());
                None
            }
        }
    }

    fn suggest(&mut self, spot: &Spot) -> bool {
        match spot.text.trim().to_ascii_lowercase().as_str() {
            "true" => true,
            "false" => false,
            _ => {
                let remedy = "write true or false, or leave it out";
                self.faults.add(spot.line, "'suggest' is neither true nor false", remedy);
                false
            }
        }
    }
}
