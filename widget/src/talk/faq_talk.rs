//! The talk before a person joins it.

use deskbell_shared::{
    faq::{Decision, Matcher, Verdict},
    handoff::{Cue, CueReader, CueTable, Cues, Outcome, Watch},
    throttle::{self, Gcra, QUESTIONS},
    wire::{EntryId, HandoffReason, MessageId, Millis, Priority, Text},
};

/// The talk so far, and how patient it has to be.
#[derive(Default)]
pub(crate) struct FaqTalk {
    items: Vec<Item>,
    watch: Watch,
    reader: CueReader,
    rate: Gcra,
    /// The visitor's last question to the FAQ: the next may go on from it.
    last: Option<Text>,
    /// What has been answered.
    answered: Vec<Answered>,
    /// For what a person was offered beside an answer: once for each is enough.
    cared: Vec<Care>,
}

/// An answer that has been given.
struct Answered {
    /// The entry, which keeps its name when the pack changes.
    entry: Option<EntryId>,
    /// What the matcher made of the question; `None` for an entry that was chosen.
    verdict: Option<Verdict>,
}

/// One line of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Item {
    /// Kept as the message's id when the talk goes to a person.
    pub(crate) id: MessageId,
    /// When it was shown.
    pub(crate) at: Millis,
    pub(crate) kind: ItemKind,
}

/// What a line is. The widget's own lines are meanings, worded when they are shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ItemKind {
    /// The visitor's words, or the suggestion they chose.
    Question(Text),
    /// An entry's answer.
    Answer(Choice),
    /// An answer that stands above already: the visitor has asked again.
    Again(Choice),
    /// "Did you mean".
    Offer(Vec<Choice>),
    /// Nothing fits; a person might help.
    NoAnswer,
    /// The visitor asked for a person.
    PersonWanted,
    /// Beside the answer, or instead of one, a person is offered for this.
    Care(Care),
    /// Abuse, and nothing else to say to it.
    Calm,
}

/// Why a person is offered, whatever the FAQ has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Care {
    /// Somebody is angry or disappointed.
    Upset,
    /// It is nothing that a machine should settle.
    Sensitive,
    /// Somebody is in danger.
    Crisis,
}

impl Care {
    /// What calls for it most.
    fn of(cues: Cues) -> Option<Self> {
        cues.reasons().find_map(|reason| {
            [Self::Crisis, Self::Sensitive, Self::Upset].into_iter().find(|care| care.reason() == reason)
        })
    }

    fn reason(self) -> HandoffReason {
        match self {
            Self::Upset => HandoffReason::Upset,
            Self::Sensitive => HandoffReason::Sensitive,
            Self::Crisis => HandoffReason::Crisis,
        }
    }
}

/// An entry, as it was when it was shown: the pack may change later.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Choice {
    /// `None` when its name is not one that the wire takes.
    pub(crate) id: Option<EntryId>,
    pub(crate) question: String,
    pub(crate) answer: Text,
    /// The language of both; empty when unknown.
    pub(crate) lang: String,
}

/// What became of a question.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Asked {
    /// Not taken: it can be asked again after this many milliseconds.
    TooFast(u64),
    /// Dealt with in the browser.
    Done(Outcome, Option<EntryId>),
    /// Dealt with, and a person should be offered now.
    HandOver(HandoffReason),
}

impl FaqTalk {
    /// Everything said so far, oldest first.
    pub(crate) fn items(&self) -> &[Item] {
        &self.items
    }

    /// A talk that begins, with what has been learned of languages and of the visitor.
    pub(crate) fn anew(&self) -> Self {
        let mut talk = Self { reader: self.reader.clone(), ..Self::default() };
        talk.set_vip(self.watch.is_vip());
        talk
    }

    /// Whether the site asks not to keep the visitor waiting.
    pub(crate) fn set_vip(&mut self, is_vip: bool) {
        self.watch.set_vip(is_vip);
    }

    /// Understands what messages in this language show, from now on.
    pub(crate) fn understand(&mut self, table: CueTable) {
        self.reader.add(table);
    }

    /// What messages are understood with.
    pub(crate) fn reader(&self) -> &CueReader {
        &self.reader
    }

    /// How soon a person should come, as far as the talk itself tells.
    pub(crate) fn priority(&self) -> Priority {
        self.watch.priority().unwrap_or_default()
    }

    /// Why a person should take it, as far as the talk itself tells, most telling first.
    pub(crate) fn reasons(&self) -> Vec<HandoffReason> {
        self.watch.reasons()
    }

    /// Asks a question. `faq` is `None` when there is none to answer from: then every question is a miss.
    pub(crate) fn ask(
        &mut self,
        text: Text,
        faq: Option<&Matcher>,
        now: Millis,
        new_id: &mut dyn FnMut() -> MessageId,
    ) -> Asked {
        if let throttle::Decision::Refused { retry_after_ms } = self.rate.decide(QUESTIONS, 1, now) {
            return Asked::TooFast(retry_after_ms.unwrap_or(QUESTIONS.window_ms()));
        }
        self.say(ItemKind::Question(text.clone()), now, new_id);
        let cues = self.reader.read(text.as_str());
        self.watch.question(text.as_str(), cues);
        let care = Care::of(cues);
        match care {
            // Nobody in danger is kept waiting by an answer about something else.
            Some(Care::Crisis) => {
                self.say(ItemKind::Care(Care::Crisis), now, new_id);
                return Asked::HandOver(HandoffReason::Crisis);
            }
            _ if cues.has(Cue::Wish) => {
                self.say(ItemKind::PersonWanted, now, new_id);
                return Asked::HandOver(HandoffReason::ExplicitWish);
            }
            _ => {}
        }
        let (mut reply, outcome) = self.reply(text.as_str(), faq);
        if let (ItemKind::NoAnswer, true) = (&reply, cues.is_abuse()) {
            reply = ItemKind::Calm;
        }
        let entry = match &reply {
            ItemKind::Answer(choice) | ItemKind::Again(choice) => choice.id.clone(),
            _ => None,
        };
        self.last = Some(text);
        let asked = self.note(outcome, entry);
        let is_missed = reply == ItemKind::NoAnswer;
        let Some(care) = care.filter(|care| is_missed || !self.cared.contains(care)) else {
            self.say(reply, now, new_id);
            return asked;
        };
        if !is_missed {
            self.say(reply, now, new_id);
        }
        self.say(ItemKind::Care(care), now, new_id);
        self.cared.push(care);
        if is_missed { Asked::HandOver(care.reason()) } else { asked }
    }

    /// Takes a suggestion, or one of those offered: as if it had been asked in the entry's own words.
    pub(crate) fn choose(
        &mut self,
        choice: Choice,
        now: Millis,
        new_id: &mut dyn FnMut() -> MessageId,
    ) -> Asked {
        // An entry's question is longer than a message only when its owner means mischief to themselves.
        if let Some(question) = Text::cut(&choice.question) {
            self.say(ItemKind::Question(question.clone()), now, new_id);
            self.last = Some(question);
        }
        let entry = choice.id.clone();
        self.answered.push(Answered { entry: entry.clone(), verdict: None });
        self.say(ItemKind::Answer(choice), now, new_id);
        self.note(Outcome::Answered, entry)
    }

    /// Notes that none of what was offered, or an answer, was what the visitor meant.
    pub(crate) fn none_fits(&mut self, now: Millis, new_id: &mut dyn FnMut() -> MessageId) -> Asked {
        self.say(ItemKind::NoAnswer, now, new_id);
        self.note(Outcome::Missed, None)
    }

    fn reply(&mut self, question: &str, faq: Option<&Matcher>) -> (ItemKind, Outcome) {
        let miss = (ItemKind::NoAnswer, Outcome::Missed);
        let Some(faq) = faq else { return miss };
        let verdict = match &self.last {
            Some(last) => faq.ask_after(question, last.as_str()),
            None => faq.ask(question),
        };
        let mut choices: Vec<Choice> = verdict
            .ranked
            .iter()
            .take(verdict.decision.shown())
            .filter_map(|candidate| Choice::at(faq, candidate.entry))
            .collect();
        match (verdict.decision, choices.pop()) {
            (_, None) => miss,
            (Decision::Answer, Some(best)) => {
                let again = self.was_answered(&verdict, best.id.as_ref());
                self.answered.push(Answered { entry: best.id.clone(), verdict: Some(verdict) });
                if again {
                    (ItemKind::Again(best), Outcome::Repeated)
                } else {
                    (ItemKind::Answer(best), Outcome::Answered)
                }
            }
            (_, Some(last)) => {
                choices.push(last);
                (ItemKind::Offer(choices), Outcome::Offered)
            }
        }
    }

    /// Whether a question asks again for what was answered. The places in an earlier verdict may be those of an earlier
    /// pack, so the entry's name has to be the same as well.
    fn was_answered(&self, verdict: &Verdict, entry: Option<&EntryId>) -> bool {
        entry.is_some()
            && self.answered.iter().any(|earlier| {
                earlier.entry.as_ref() == entry
                    && earlier.verdict.as_ref().is_none_or(|earlier| verdict.repeats(earlier))
            })
    }

    fn note(&mut self, outcome: Outcome, entry: Option<EntryId>) -> Asked {
        match self.watch.outcome(outcome) {
            Some(reason) => Asked::HandOver(reason),
            None => Asked::Done(outcome, entry),
        }
    }

    fn say(&mut self, kind: ItemKind, at: Millis, new_id: &mut dyn FnMut() -> MessageId) {
        self.items.push(Item { id: new_id(), at, kind });
    }
}

impl Choice {
    /// The entry at a place of the FAQ; `None` when there is none, or it has no answer to show.
    pub(crate) fn at(faq: &Matcher, place: usize) -> Option<Self> {
        let entry = faq.entries().get(place)?;
        Some(Self {
            id: entry.id.parse().ok(),
            question: entry.question.clone(),
            answer: Text::cut(&entry.answer)?,
            lang: entry.lang.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use deskbell_shared::{
        faq::compile::{compile, phrasebook::Library, source},
        handoff::cues::{CUES, Learned, PLACES, vector},
        wire::FaqTuning,
    };

    use super::*;

    const FAQ: &str = "
- id: delivery
  questions: [How long does delivery take?, When will my parcel arrive?]
  answer: Two working days.
- id: returns
  questions: [How do I send something back?, Can I return my order?]
  answer: Within thirty days.
";

    fn faq() -> Matcher {
        let source = source::parse("faq.yaml", FAQ.as_bytes(), source::Format::Yaml).unwrap();
        Matcher::load(&compile(&source, &Library::default(), &FaqTuning::default()).pack).unwrap()
    }

    /// A talk, with ids that count up.
    #[derive(Default)]
    struct Bench {
        talk: FaqTalk,
        ids: u8,
    }

    impl Bench {
        fn ask(&mut self, text: &str, now: u64) -> Asked {
            let ids = &mut self.ids;
            let mut new_id = || {
                *ids += 1;
                MessageId([*ids; 16])
            };
            self.talk.ask(Text::new(text).unwrap(), Some(&faq()), Millis(now), &mut new_id)
        }

        fn last(&self) -> &ItemKind {
            &self.talk.items().last().unwrap().kind
        }
    }

    #[test]
    fn an_answer_names_the_entry_it_comes_from() {
        let mut bench = Bench::default();
        let asked = bench.ask("How long does delivery take?", 0);
        assert_eq!(asked, Asked::Done(Outcome::Answered, Some("delivery".parse().unwrap())));
        let ItemKind::Answer(choice) = bench.last() else { panic!("{:?}", bench.last()) };
        assert_eq!(choice.question, "How long does delivery take?");
        assert_eq!(choice.answer.as_str(), "Two working days.");
    }

    #[test]
    fn a_wish_for_a_person_is_not_looked_up() {
        for wish in ["I want to talk to a human", "转人工", "請轉接真人客服"] {
            let mut bench = Bench::default();
            assert_eq!(bench.ask(wish, 0), Asked::HandOver(HandoffReason::ExplicitWish), "{wish}");
            assert_eq!(*bench.last(), ItemKind::PersonWanted);
        }
    }

    /// A reader to whom every message with these words shows this cue.
    fn shown_by(words: &str, cue: Cue) -> CueTable {
        let mut weights = vec![[0; CUES]; PLACES];
        for (place, _) in vector(words) {
            weights[usize::from(place)][cue as usize] = 3;
        }
        CueTable::parse(&Learned { numbers: [(1.0, -1.0); CUES], weights }.table("en", "0")).unwrap()
    }

    #[test]
    fn who_is_upset_gets_the_answer_and_once_the_offer_of_a_person() {
        let mut bench = Bench::default();
        bench.talk.understand(shown_by("disgrace", Cue::Upset));
        let asked = bench.ask("How long does delivery take? disgrace", 0);
        assert!(matches!(asked, Asked::Done(Outcome::Answered, _)), "{asked:?}");
        assert_eq!(*bench.last(), ItemKind::Care(Care::Upset));
        bench.ask("Can I return my order? disgrace", 0);
        assert!(matches!(bench.last(), ItemKind::Answer(_)));
        assert_eq!(bench.ask("disgrace qwzx", 0), Asked::HandOver(HandoffReason::Upset));
        assert_eq!(*bench.last(), ItemKind::Care(Care::Upset));
        assert_eq!(bench.talk.reasons()[0], HandoffReason::Upset);
    }

    #[test]
    fn who_is_in_danger_is_not_kept_by_an_answer() {
        let mut bench = Bench::default();
        bench.talk.understand(shown_by("fire", Cue::Crisis));
        assert_eq!(bench.ask("fire! Can I return my order?", 0), Asked::HandOver(HandoffReason::Crisis));
        assert_eq!(*bench.last(), ItemKind::Care(Care::Crisis));
        assert_eq!(bench.talk.priority(), Priority::Urgent);
    }

    #[test]
    fn abuse_is_met_calmly_and_does_not_call_anybody() {
        let mut bench = Bench::default();
        bench.talk.understand(shown_by("blorf", Cue::Insult));
        for _ in 0..3 {
            assert_eq!(bench.ask("blorf", 0), Asked::Done(Outcome::Missed, None));
            assert_eq!(*bench.last(), ItemKind::Calm);
        }
    }

    #[test]
    fn a_talk_that_begins_anew_understands_what_it_did() {
        let mut talk = FaqTalk::default();
        talk.understand(shown_by("fire", Cue::Crisis));
        assert!(talk.anew().reader().reads("en"));
    }

    #[test]
    fn two_misses_in_a_row_hand_over_and_an_answer_between_them_does_not() {
        let mut bench = Bench::default();
        assert_eq!(bench.ask("qwzx blorf", 0), Asked::Done(Outcome::Missed, None));
        assert_eq!(bench.ask("vrumpf", 0), Asked::HandOver(HandoffReason::NoAnswer));
        let mut bench = Bench::default();
        bench.ask("qwzx blorf", 0);
        bench.ask("Can I return my order?", 0);
        assert_eq!(bench.ask("vrumpf", 0), Asked::Done(Outcome::Missed, None));
    }

    #[test]
    fn an_answer_that_is_asked_for_again_is_said_to_stand_above_and_counts_like_a_miss() {
        let mut bench = Bench::default();
        let returns = Some("returns".parse().unwrap());
        bench.ask("Can I return my order?", 0);
        assert!(matches!(bench.last(), ItemKind::Answer(_)));
        let asked = bench.ask("How do I send something back?", 0);
        assert_eq!(asked, Asked::Done(Outcome::Repeated, returns));
        assert!(
            matches!(bench.last(), ItemKind::Again(choice) if choice.answer.as_str() == "Within thirty days.")
        );
        assert_eq!(bench.ask("Can I return my order?", 0), Asked::HandOver(HandoffReason::RepeatedQuestion));
        assert_eq!(
            bench.ask("How long does delivery take?", 0),
            Asked::Done(Outcome::Answered, Some("delivery".parse().unwrap()))
        );
    }

    #[test]
    fn what_was_chosen_counts_as_answered() {
        let mut talk = FaqTalk::default();
        let mut new_id = || MessageId([1; 16]);
        talk.choose(Choice::at(&faq(), 1).unwrap(), Millis(0), &mut new_id);
        let asked =
            talk.ask(Text::new("Can I return my order?").unwrap(), Some(&faq()), Millis(0), &mut new_id);
        assert!(matches!(asked, Asked::Done(Outcome::Repeated, _)), "{asked:?}");
    }

    #[test]
    fn without_an_faq_every_question_is_a_miss() {
        let mut talk = FaqTalk::default();
        let asked = talk.ask(Text::new("Hello?").unwrap(), None, Millis(0), &mut || MessageId([1; 16]));
        assert_eq!(asked, Asked::Done(Outcome::Missed, None));
    }

    #[test]
    fn a_flood_is_told_to_wait_and_then_heard_again() {
        let mut bench = Bench::default();
        for _ in 0..QUESTIONS.burst() {
            bench.ask("delivery?", 0);
        }
        let said = bench.talk.items().len();
        let Asked::TooFast(wait) = bench.ask("delivery?", 0) else { panic!("the flood was let through") };
        assert_eq!(bench.talk.items().len(), said, "what is not taken is not shown");
        assert!(matches!(bench.ask("delivery?", wait - 1), Asked::TooFast(1)));
        assert!(!matches!(bench.ask("delivery?", wait), Asked::TooFast(_)));
    }

    #[test]
    fn a_choice_reads_as_if_it_had_been_asked() {
        let mut talk = FaqTalk::default();
        let choice = Choice::at(&faq(), 1).unwrap();
        let asked = talk.choose(choice.clone(), Millis(0), &mut || MessageId([1; 16]));
        assert_eq!(asked, Asked::Done(Outcome::Answered, choice.id.clone()));
        let kinds: Vec<_> = talk.items().iter().map(|item| item.kind.clone()).collect();
        assert_eq!(
            kinds,
            [ItemKind::Question(Text::new(&choice.question).unwrap()), ItemKind::Answer(choice)]
        );
        assert_eq!(Choice::at(&faq(), 99), None);
    }
}
