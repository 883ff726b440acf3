//! What entries have learned from what visitors asked: phrasings of theirs, as good as the owner's own.

use std::collections::HashSet;

use super::source::{Question, Source};
use crate::{faq::MAX_PHRASINGS, text::fold, wire::Learned};

impl Source {
    /// The same FAQ with what it has learned. What its entries ask already, what says nothing, what belongs to an entry that is
    /// gone and what a pack has no room for is left out.
    pub(super) fn having_learned(&self, learned: &[Learned]) -> Self {
        let mut faq = self.clone();
        let questions = faq.entries.iter().flat_map(|entry| &entry.questions);
        let mut known: HashSet<String> = questions.map(|question| fold(question.as_str())).collect();
        let mut phrasings: usize = faq.entries.iter().map(|entry| entry.questions.len()).sum();
        for Learned { entry, phrasing } in learned {
            let Some(entry) = faq.entries.iter_mut().find(|known| known.id == *entry) else { continue };
            let folded = fold(phrasing.as_str());
            if phrasings == MAX_PHRASINGS || folded.is_empty() || known.contains(&folded) {
                continue;
            }
            if let Ok(question) = Question::new(phrasing.as_str()) {
                entry.questions.push(question);
                known.insert(folded);
                phrasings += 1;
            }
        }
        faq
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        faq::{
            Decision, Matcher,
            compile::{
                compile,
                phrasebook::Library,
                source::{Format, parse},
            },
        },
        wire::{FaqTuning, Line},
    };

    const FAQ: &str = "
- id: colour
  questions: [Do the colours fade?, How colourfast is it?]
  answer: Wash it cold.
- id: invoice
  questions: [Can I get an invoice?]
  answer: It is in your account.
- id: hours
  questions: [When are you open?]
  answer: Nine to six.
";

    fn source() -> Source {
        parse("f", FAQ.as_bytes(), Format::Yaml).unwrap()
    }

    fn learned(entry: &str, phrasing: &str) -> Learned {
        Learned { entry: entry.parse().unwrap(), phrasing: Line::new(phrasing).unwrap() }
    }

    #[test]
    fn what_was_learned_is_answered_from_then_on() {
        let tuned = |learned: Vec<Learned>| {
            let tuning = FaqTuning { learned, ..FaqTuning::default() };
            let compiled = compile(&source(), &Library::default(), &tuning);
            assert_eq!(compiled.report.tuning, tuning);
            Matcher::load(&compiled.pack).unwrap()
        };
        let asks = "it bled all over my shirts";
        let answer = |matcher: &Matcher| {
            let verdict = matcher.ask(asks);
            let best = verdict.ranked.first().filter(|_| verdict.decision == Decision::Answer)?;
            Some(matcher.entries()[best.entry].id.clone())
        };
        assert_eq!(answer(&tuned(vec![])), None);
        let matcher = tuned(vec![learned("colour", "It bled all over my shirts!")]);
        assert_eq!(answer(&matcher).as_deref(), Some("colour"));
        // What is shown as the question is the owner's.
        assert_eq!(matcher.entries()[0].question, "Do the colours fade?");
    }

    #[test]
    fn what_is_known_says_nothing_or_belongs_to_nothing_is_left_out() {
        let faq = source();
        for nothing in [
            learned("gone", "Where has it gone?"),
            learned("hours", "CAN I GET AN INVOICE"),
            learned("hours", "???"),
        ] {
            assert_eq!(faq.having_learned(&[nothing]), faq);
        }
        let twice = [learned("hours", "are you open now"), learned("colour", "Are you open now?")];
        let learned = faq.having_learned(&twice);
        let questions: Vec<_> = learned.entries.iter().map(|entry| entry.questions.len()).collect();
        assert_eq!(questions, [2, 1, 2]);
    }
}
