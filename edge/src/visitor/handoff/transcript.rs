//! What was said before the handoff, as agents will read it.
//!
//! All of it comes from the visitor's browser, also what the widget is said to have answered. So an answer is what the FAQ
//! says itself, whatever was sent; and what the FAQ does not say, and a widget would not, is the visitor's.

use std::collections::{HashMap, HashSet};

use deskbell_shared::{
    faq::Entry,
    guard::spam::Baggage,
    wire::{Millis, Text, Turn, TurnSender},
};

use crate::conversation::watch::Watcher;

/// What stands before each question that the widget offers.
const OFFERED: &str = "• ";

/// The turns, each with who answers for it.
pub(super) fn checked(turns: Vec<Turn>, faq: &[Entry], watcher: &Watcher, now: Millis) -> Vec<Turn> {
    let answers: HashMap<&str, &str> =
        faq.iter().map(|entry| (entry.id.as_str(), entry.answer.as_str())).collect();
    let texts = faq.iter().flat_map(|entry| entry.answer.lines().chain([entry.question.as_str()]));
    let lines: HashSet<&str> = texts.map(str::trim).collect();
    let check = |turn: Turn| {
        if turn.from == TurnSender::Visitor {
            return Turn { entry: None, ..turn };
        }
        let answer = turn.entry.as_ref().and_then(|entry| answers.get(entry.as_str()));
        if let Some(text) = answer.and_then(|answer| Text::cut(answer)) {
            return Turn { text, ..turn };
        }
        let is_faqs = |line: &&str| lines.contains(line.strip_prefix(OFFERED).unwrap_or(line).trim());
        let rest: Vec<&str> = turn.text.as_str().lines().filter(|line| !is_faqs(line)).collect();
        let from = if is_harmless(&rest.join("\n"), watcher, now) { turn.from } else { TurnSender::Visitor };
        Turn { from, entry: None, ..turn }
    };
    turns.into_iter().map(check).collect()
}

/// Whether a widget could say this of itself: that it knows no answer, or which questions it offers.
fn is_harmless(text: &str, watcher: &Watcher, now: Millis) -> bool {
    let leads_away = Baggage::of(text).is_any();
    !leads_away && watcher.weigh(text).signals.is_empty() && watcher.admit_words(text, now).is_ok()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use deskbell_shared::{
        guard::rules::Keyword,
        wire::{BanId, MessageId},
    };

    use super::*;
    use crate::conversation::watch::{StoppedWords, Watch, Words};

    fn turn(from: TurnSender, text: &str, entry: Option<&str>) -> Turn {
        let entry = entry.map(|entry| entry.parse().unwrap());
        Turn { id: MessageId([1; 16]), at: Millis(1), from, text: Text::new(text).unwrap(), entry }
    }

    fn faq() -> Vec<Entry> {
        let entry = |id: &str, question: &str, answer: &str| Entry {
            id: id.to_owned(),
            question: question.to_owned(),
            answer: answer.to_owned(),
            lang: "en".to_owned(),
        };
        vec![
            entry("tracking", "Where is my parcel?", "See https://shop.example/tracking\nor write to us."),
            entry("watches", "Are these cheap watches?", "No."),
        ]
    }

    fn watcher() -> Rc<Watcher> {
        let words = Words::Keyword(Keyword::new("cheap watches").unwrap());
        let stopped = StoppedWords { id: BanId([1; 16]), words, reason: None, until: None };
        let watch = Watch { stopped: vec![stopped], ..Watch::default() };
        Watcher::of(&"handoffs".parse().unwrap(), &watch)
    }

    /// Who answers for a turn of the widget's, with which words, and from which entry.
    fn of_bot(text: &str, entry: Option<&str>) -> (TurnSender, String, Option<String>) {
        let turns = checked(vec![turn(TurnSender::Bot, text, entry)], &faq(), &watcher(), Millis(5));
        let [Turn { from, text, entry, .. }] = <[Turn; 1]>::try_from(turns).unwrap();
        (from, text.to_string(), entry.map(|entry| entry.to_string()))
    }

    #[test]
    fn an_answer_is_what_the_faq_says_whatever_was_sent() {
        let says = (TurnSender::Bot, faq()[0].answer.clone(), Some("tracking".to_owned()));
        assert_eq!(of_bot(&faq()[0].answer, Some("tracking")), says);
        assert_eq!(of_bot("Send your card number to this address", Some("tracking")), says);
    }

    #[test]
    fn what_a_widget_says_of_itself_stays_the_widgets() {
        let offer = "Did you mean:\n• Where is my parcel?\n• Are these cheap watches?";
        for said in ["I do not know an answer to this.", offer, &faq()[0].answer] {
            assert_eq!(of_bot(said, None), (TurnSender::Bot, said.to_owned(), None));
        }
        let gone = "We do not ship to the moon.";
        assert_eq!(of_bot(gone, Some("moon")), (TurnSender::Bot, gone.to_owned(), None));
    }

    #[test]
    fn what_neither_would_say_is_the_visitors() {
        for said in [
            "Best casino: https://casino.example",
            "Buy CHEAP w4tches",
            "You bastard",
            "Write to me@spam.example",
            "Did you mean:\n• Cheap watches for everybody",
        ] {
            assert_eq!(of_bot(said, Some("casino")), (TurnSender::Visitor, said.to_owned(), None));
        }
        let visitor = turn(TurnSender::Visitor, "From the FAQ", Some("tracking"));
        let turns = checked(vec![visitor], &faq(), &watcher(), Millis(5));
        assert_eq!(turns[0].entry, None, "a visitor's words are of no entry");
    }
}
