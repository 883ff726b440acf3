//! A talk that has been had, read again from its beginning.

use super::{CueReader, Outcome, Watch};

/// A line of a talk before a person joined it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard<'a> {
    /// What the visitor wrote.
    Visitor(&'a str),
    /// What the FAQ said: the answer's name or its words, or `None` when it had none.
    Bot(Option<&'a str>),
}

/// What a watch over this talk would know at its end.
pub fn triage<'a>(talk: impl IntoIterator<Item = Heard<'a>>, reader: &CueReader) -> Watch {
    let mut watch = Watch::default();
    let mut answers = Vec::new();
    for line in talk {
        match line {
            Heard::Visitor(text) => watch.question(text, reader.read(text)),
            Heard::Bot(None) => {
                watch.outcome(Outcome::Missed);
            }
            Heard::Bot(Some(answer)) if answers.contains(&answer) => {
                watch.outcome(Outcome::Repeated);
            }
            Heard::Bot(Some(answer)) => {
                answers.push(answer);
                watch.outcome(Outcome::Answered);
            }
        }
    }
    watch
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::HandoffReason;

    #[test]
    fn the_same_answer_given_twice_is_a_repetition_and_two_misses_are_no_answer() {
        let reasons = |talk: &[Heard]| triage(talk.iter().copied(), &CueReader::default()).reasons();
        let days = Heard::Bot(Some("Five days."));
        assert_eq!(
            reasons(&[Heard::Visitor("when?"), days, Heard::Visitor("and abroad?"), days]),
            [HandoffReason::RepeatedQuestion]
        );
        assert_eq!(reasons(&[Heard::Visitor("when?"), days, Heard::Visitor("thanks")]), []);
        let missed =
            [Heard::Visitor("bouncy castles"), Heard::Bot(None), Heard::Visitor("tents"), Heard::Bot(None)];
        assert_eq!(reasons(&missed), [HandoffReason::NoAnswer]);
        assert_eq!(reasons(&missed[..2]), []);
    }

    #[test]
    fn a_wish_is_heard_without_any_table() {
        let watch = triage([Heard::Visitor("a human please")], &CueReader::default());
        assert_eq!(watch.reasons(), [HandoffReason::ExplicitWish]);
    }
}
