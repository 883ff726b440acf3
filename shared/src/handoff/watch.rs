use super::{Cue, Cues, gist::Gist};
use crate::wire::{HandoffReason, Priority};

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
/// As many for somebody whom the site asks not to keep waiting.
const PATIENCE_OF_VIPS: u8 = 1;
/// How many earlier questions a question is compared with.
const REMEMBERED: usize = 6;

/// The memory of one talk: notices when a person should take over, and why.
///
/// Two misses in a row are a reason, and an answer that is asked for again is a miss: the last of them says which reason
/// it is. The count then starts anew, so that a visitor who goes on asking is offered a person again after two more, and
/// not after every question. An answer starts it anew as well.
/// An offer does neither: a list to choose from is no answer yet, and no failure. When the visitor picks
/// from it, that is [`Outcome::Answered`]; when none of it fits, [`Outcome::Missed`].
///
/// What a message itself shows ([`Cues`]) is a reason at once, whatever the FAQ says to it. Abuse with nothing else in it is
/// none, and no miss either.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Watch {
    misses: u8,
    /// What earlier questions were about, oldest first.
    earlier: Vec<Gist>,
    /// The last question, until it is known how it was dealt with.
    open: Open,
    reasons: Vec<HandoffReason>,
    /// Everything that its messages showed.
    seen: Cues,
    /// Whether the site asks not to keep the visitor waiting.
    is_vip: bool,
}

/// A question of which the outcome is not known yet.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Open {
    /// Whether an earlier question is asked again, as far as the words tell.
    repeats: bool,
    /// Whether it is abuse and nothing else.
    is_abuse: bool,
}

impl Watch {
    /// Whether the site asks not to keep the visitor waiting: then one miss is a reason.
    pub fn set_vip(&mut self, is_vip: bool) {
        self.is_vip = is_vip;
    }

    /// What [`Watch::set_vip`] said.
    pub fn is_vip(&self) -> bool {
        self.is_vip
    }

    /// Notes what the visitor wrote and what that shows, before it is looked up.
    pub fn question(&mut self, text: &str, cues: Cues) {
        let gist = Gist::of(text);
        let repeats = cues.has(Cue::Again) || self.earlier.iter().any(|earlier| earlier.is_like(&gist));
        let is_abuse = cues.is_abuse();
        self.open = Open { repeats: repeats && !self.earlier.is_empty(), is_abuse };
        if self.earlier.len() == REMEMBERED {
            self.earlier.remove(0);
        }
        self.earlier.push(gist);
        self.seen = self.seen.and(cues);
        for reason in cues.reasons() {
            self.note(reason);
        }
        if cues.has(Cue::Wish) {
            self.misses = 0;
        }
    }

    /// Notes how the question was dealt with. A reason means that a person should be offered now.
    pub fn outcome(&mut self, outcome: Outcome) -> Option<HandoffReason> {
        let open = std::mem::take(&mut self.open);
        match outcome {
            Outcome::Answered => self.misses = 0,
            Outcome::Offered => {}
            Outcome::Missed if open.is_abuse => {}
            Outcome::Missed | Outcome::Repeated => self.misses += 1,
        }
        let repeats = outcome == Outcome::Repeated || (outcome == Outcome::Missed && open.repeats);
        if repeats {
            self.note(HandoffReason::RepeatedQuestion);
        }
        if self.misses < if self.is_vip { PATIENCE_OF_VIPS } else { PATIENCE } {
            return None;
        }
        self.misses = 0;
        if outcome == Outcome::Missed {
            self.note(HandoffReason::NoAnswer);
        }
        Some(if repeats { HandoffReason::RepeatedQuestion } else { HandoffReason::NoAnswer })
    }

    /// Why a person should take this talk, most telling first; nothing when nobody is needed.
    pub fn reasons(&self) -> Vec<HandoffReason> {
        let mut reasons = self.reasons.clone();
        if self.open.repeats && !reasons.contains(&HandoffReason::RepeatedQuestion) {
            reasons.push(HandoffReason::RepeatedQuestion);
        }
        reasons.sort_by_key(|reason| rank(*reason));
        reasons
    }

    /// How soon a person should come; nothing when nobody is needed.
    pub fn priority(&self) -> Option<Priority> {
        (!self.reasons().is_empty()).then(|| self.seen.priority())
    }

    /// Everything that its messages showed.
    pub fn seen(&self) -> Cues {
        self.seen
    }

    fn note(&mut self, reason: HandoffReason) {
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }
}

/// Which of several reasons tells most: the lowest.
fn rank(reason: HandoffReason) -> u8 {
    match reason {
        HandoffReason::Crisis => 0,
        HandoffReason::Sensitive => 1,
        HandoffReason::ExplicitWish => 2,
        HandoffReason::Upset => 3,
        HandoffReason::RepeatedQuestion => 4,
        HandoffReason::NoAnswer => 5,
        HandoffReason::Button => 6,
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

    fn asked(text: &str, cues: &[Cue]) -> Watch {
        let mut watch = Watch::default();
        watch.question(text, cues.iter().copied().collect());
        watch
    }

    #[test]
    fn two_misses_in_a_row_are_a_reason_and_the_next_one_alone_is_not() {
        let no_answer = Some(HandoffReason::NoAnswer);
        assert_eq!(reasons(&[Missed, Missed, Missed, Missed]), [None, no_answer, None, no_answer]);
    }

    #[test]
    fn somebody_who_should_not_be_kept_waiting_is_offered_a_person_after_one_miss() {
        let mut watch = Watch::default();
        watch.set_vip(true);
        let outcomes = [Answered, Missed, Offered, Missed].map(|outcome| watch.outcome(outcome));
        let no_answer = Some(HandoffReason::NoAnswer);
        assert_eq!(outcomes, [None, no_answer, None, no_answer]);
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
    fn a_wish_starts_the_count_anew() {
        let mut watch = Watch::default();
        assert_eq!(watch.outcome(Missed), None);
        watch.question("转人工", [Cue::Wish].into_iter().collect());
        assert_eq!(watch.outcome(Missed), None);
        assert_eq!(watch.reasons(), [HandoffReason::ExplicitWish]);
    }

    #[test]
    fn what_a_message_shows_is_a_reason_and_the_most_telling_is_first() {
        assert_eq!(asked("hello", &[]).reasons(), []);
        let watch = asked("the tank is burning, and nobody answers!", &[Cue::Upset, Cue::Crisis]);
        assert_eq!(watch.reasons(), [HandoffReason::Crisis, HandoffReason::Upset]);
        assert_eq!(watch.priority(), Some(Priority::Urgent));
    }

    #[test]
    fn how_soon_a_person_should_come() {
        let priority = |cues: &[Cue]| asked("…", cues).priority();
        assert_eq!(priority(&[]), None);
        assert_eq!(priority(&[Cue::Spam]), None);
        assert_eq!(priority(&[Cue::Wish]), Some(Priority::Normal));
        assert_eq!(priority(&[Cue::Upset]), Some(Priority::Normal));
        assert_eq!(priority(&[Cue::Threat]), Some(Priority::High));
        assert_eq!(priority(&[Cue::Upset, Cue::Insult]), Some(Priority::High));
        assert_eq!(priority(&[Cue::Sensitive]), Some(Priority::High));
    }

    #[test]
    fn abuse_and_nothing_else_is_no_reason_and_no_miss() {
        let mut watch = asked("…", &[Cue::Insult]);
        assert_eq!(watch.outcome(Missed), None);
        assert_eq!(watch.outcome(Missed), None);
        assert_eq!(watch.reasons(), []);
        assert!(watch.seen().has(Cue::Insult));
    }

    #[test]
    fn a_question_in_other_words_is_a_repetition_until_it_is_answered_afresh() {
        let mut watch = asked("the lamp on my bicycle flickers", &[]);
        watch.outcome(Answered);
        watch.question("my bicycle lamp goes on and off", Cues::default());
        assert_eq!(watch.reasons(), [HandoffReason::RepeatedQuestion]);
        watch.outcome(Answered);
        assert_eq!(watch.reasons(), []);
        watch.question("and do you sell bells", Cues::default());
        assert_eq!(watch.reasons(), []);
        watch.question("that is not what i meant", [Cue::Again].into_iter().collect());
        watch.outcome(Missed);
        assert_eq!(watch.reasons(), [HandoffReason::RepeatedQuestion]);
    }
}
