use super::wants_person;
use crate::wire::HandoffReason;

/// How the FAQ dealt with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It had the answer.
    Answered,
    /// It was not sure, and offered two or three entries to choose from.
    Offered,
    /// It had nothing.
    Missed,
    /// It had the answer that it had given before: the visitor asks again, so it did not help.
    Repeated,
}

/// Misses in a row after which a person is offered.
const PATIENCE: u8 = 2;

/// The memory of one talk: notices when a person should take over.
///
/// Two misses in a row are a reason, and an answer that is asked for again is a miss: the last of them says which reason
/// it is. The count then starts anew, so that a visitor who goes on asking is offered a person again after two more, and
/// not after every question. An answer starts it anew as well.
/// An offer does neither: a list to choose from is no answer yet, and no failure. When the visitor picks
/// from it, that is [`Outcome::Answered`]; when none of it fits, [`Outcome::Missed`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    misses: u8,
}

impl Watch {
    /// Notes what the visitor asked, before it is looked up. A reason means: do not look it up, hand over.
    pub fn question(&mut self, text: &str) -> Option<HandoffReason> {
        if !wants_person(text) {
            return None;
        }
        self.misses = 0;
        Some(HandoffReason::ExplicitWish)
    }

    /// Notes how the question was dealt with.
    pub fn outcome(&mut self, outcome: Outcome) -> Option<HandoffReason> {
        match outcome {
            Outcome::Answered => self.misses = 0,
            Outcome::Offered => {}
            Outcome::Missed | Outcome::Repeated => self.misses += 1,
        }
        if self.misses < PATIENCE {
            return None;
        }
        self.misses = 0;
        Some(if outcome == Outcome::Repeated {
            HandoffReason::RepeatedQuestion
        } else {
            HandoffReason::NoAnswer
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Outcome::{Answered, Missed, Offered, Repeated};

    fn reasons(outcomes: &[Outcome]) -> Vec<Option<HandoffReason>> {
        let mut watch = Watch::default();
        outcomes.iter().map(|outcome| watch.outcome(*outcome)).collect()
    }

    #[test]
    fn two_misses_in_a_row_are_a_reason_and_the_next_one_alone_is_not() {
        let no_answer = Some(HandoffReason::NoAnswer);
        assert_eq!(reasons(&[Missed, Missed, Missed, Missed]), [None, no_answer, None, no_answer]);
    }

    #[test]
    fn an_answer_between_two_misses_starts_the_count_anew_and_an_offer_does_not() {
        assert_eq!(reasons(&[Missed, Answered, Missed]), [None; 3]);
        assert_eq!(reasons(&[Missed, Offered, Missed]), [None, None, Some(HandoffReason::NoAnswer)]);
        assert_eq!(reasons(&[Offered, Offered, Offered]), [None; 3]);
    }

    #[test]
    fn a_repeated_question_counts_like_a_miss_and_says_so_itself() {
        let again = Some(HandoffReason::RepeatedQuestion);
        assert_eq!(reasons(&[Answered, Repeated, Repeated]), [None, None, again]);
        assert_eq!(reasons(&[Missed, Repeated]), [None, again]);
        assert_eq!(reasons(&[Repeated, Missed]), [None, Some(HandoffReason::NoAnswer)]);
        assert_eq!(reasons(&[Repeated, Answered, Repeated]), [None; 3]);
    }

    #[test]
    fn a_wish_is_a_reason_at_once_and_starts_the_count_anew() {
        let mut watch = Watch::default();
        assert_eq!(watch.outcome(Missed), None);
        assert_eq!(watch.question("转人工"), Some(HandoffReason::ExplicitWish));
        assert_eq!(watch.outcome(Missed), None);
    }
}
