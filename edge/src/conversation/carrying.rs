//! A conversation that goes through a channel: which it is, and how far what was said has come.

use std::mem;

use deskbell_shared::wire::{
    Body, ChannelId, Event, HandoffReason, Line, Message, MessageId, Millis, Priority, ProblemKind, Sender,
    Seq, Status, Subject, Text, Via,
};

use super::{
    calls::{FaqAnswer, FaqUse},
    head::{Head, NewId},
};
use crate::refusal::{Outcome, Refusal};

/// What is written so long after anything else was said is about something else. Before, it may answer what a person has said,
/// or say that the FAQ has not.
const ANOTHER_MATTER_MS: u64 = 12 * 60 * 60 * 1000;

impl Head {
    /// The channel that it goes through, if that is this one.
    ///
    /// # Errors
    /// *Conversation unknown*, when it is another, or none.
    pub(crate) fn via_channel(&self, channel: &ChannelId) -> Outcome<&Via> {
        self.via.as_ref().filter(|via| via.channel == *channel).ok_or_else(|| {
            Refusal::new(ProblemKind::ConversationUnknown, "There is no such conversation on this channel.")
        })
    }

    /// What the site's people have said up to there has reached the visitor, or cannot: then somebody has to look at it again.
    /// `None` when there is nothing to show, also when it is known already.
    pub(crate) fn delivered(
        &mut self,
        channel: &ChannelId,
        seq: Seq,
        failed: Option<Line>,
        now: Millis,
        new_id: NewId<'_>,
    ) -> Outcome<Option<Message>> {
        let seq = seq.min(self.via_channel(channel)?.said);
        let Some(via) = self.via.as_mut().filter(|via| seq > via.delivered) else { return Ok(None) };
        via.delivered = seq;
        let Some(why) = failed else {
            self.visitor_read = self.visitor_read.max(seq);
            return Ok(None);
        };
        self.comes_to_people(now);
        self.status = Status::Open;
        self.waiting_since.get_or_insert(now);
        self.happened(Event::Undelivered { why }, now, new_id).map(Some)
    }

    /// Whether the FAQ may answer what the visitor says now: it begins a matter, and answers nothing that somebody has said.
    pub(crate) fn begins_a_matter(&self, now: Millis) -> bool {
        self.via.is_some()
            && self.status == Status::Closed
            && now.since(self.last_said()) >= ANOTHER_MATTER_MS
    }

    /// Takes words that were admitted, and that the FAQ answers: it is, or stays, closed, and nobody waits.
    pub(crate) fn ask_faq(
        &mut self,
        id: MessageId,
        text: Text,
        answer: FaqAnswer,
        now: Millis,
    ) -> Vec<Message> {
        let asked = self.append(id, Sender::Visitor, Body::Text { text, entry: None }, now);
        vec![asked, self.answered(answer, now)]
    }

    /// The FAQ has answered what the visitor has just said.
    pub(crate) fn answered(&mut self, answer: FaqAnswer, now: Millis) -> Message {
        let FaqAnswer { id, entry, text } = answer;
        let answer = self.append(id, Sender::Bot, Body::Text { text, entry: Some(entry) }, now);
        (self.status, self.waiting_since, self.before_closing) = (Status::Closed, None, None);
        if let Some(via) = &mut self.via {
            (via.said, via.by_faq) = (answer.seq, true);
        }
        answer
    }

    /// What the FAQ may be asked for about what the visitor says now.
    pub(crate) fn faq_is_for(&self, now: Millis) -> FaqUse {
        FaqUse { answers: self.begins_a_matter(now), tells_subject: self.calls_anew() }
    }

    /// Whether what the visitor says now says what they want: nobody has answered yet, and people greet before they say what it is
    /// about; or what was before is over. Within what goes on, people know.
    fn calls_anew(&self) -> bool {
        self.via.is_some() && (self.status == Status::Closed || self.first_reply.is_none())
    }

    /// Why a person should come to what is said now, how soon, and what it is about.
    pub(crate) fn heed(&mut self, reasons: Vec<HandoffReason>, priority: Priority, subject: Option<Subject>) {
        if self.calls_anew() {
            self.priority = self.priority.max(priority);
            if self.status == Status::Closed || self.subject.is_none() {
                self.subject = subject.or_else(|| self.subject.take());
            }
            let news: Vec<_> = reasons.into_iter().filter(|reason| !self.reasons.contains(reason)).collect();
            self.reasons.extend(news);
        }
    }

    /// It is with people from now on; whether it was before. What the FAQ alone had answered begins for them now.
    pub(super) fn comes_to_people(&mut self, now: Millis) -> bool {
        let Some(via) = &mut self.via else { return true };
        via.by_faq = false;
        let was_before = mem::replace(&mut via.had_people, true);
        if !was_before {
            self.opened = now;
        }
        was_before
    }
}

#[cfg(test)]
mod tests {
    use deskbell_shared::{
        guard::conduct::Conduct,
        wire::{ConversationId, LanguageTag, Turn, TurnSender, VisitorContext},
    };

    use super::*;
    use crate::conversation::{
        calls::{Open, Speaker, VisitorKeys},
        watch::Watch,
    };

    const NOW: Millis = Millis(1_000_000);
    const LATER: Millis = Millis(NOW.0 + ANOTHER_MATTER_MS);

    fn new_id() -> Outcome<MessageId> {
        Ok(MessageId([9; 16]))
    }

    fn text(text: &str) -> Text {
        Text::new(text).unwrap()
    }

    fn sms() -> ChannelId {
        "sms".parse().unwrap()
    }

    fn answer(n: u8) -> FaqAnswer {
        FaqAnswer { id: MessageId([n; 16]), entry: "hours".parse().unwrap(), text: text("Nine to six.") }
    }

    /// A talk on a channel, which has just begun.
    fn begun() -> Head {
        let line = |text: &str| Line::new(text).unwrap();
        let via = Via {
            channel: sms(),
            name: line("SMS"),
            from: line("+49 1"),
            called: None,
            said: 0,
            delivered: 0,
            by_faq: false,
            had_people: false,
        };
        let turn = Turn {
            id: MessageId([1; 16]),
            at: NOW,
            from: TurnSender::Visitor,
            text: text("When are you open?"),
            entry: None,
        };
        let open = Open {
            site: "acme".parse().unwrap(),
            conversation: ConversationId([1; 16]),
            reasons: Vec::new(),
            priority: Priority::Normal,
            transcript: vec![turn],
            context: VisitorContext {
                language: LanguageTag::english(),
                page: None,
                title: None,
                utc_offset_minutes: 0,
            },
            subject: None,
            customer: None,
            via: Some(via),
            answer: None,
            visitor: VisitorKeys { visitor: "v".to_owned(), address: "v".to_owned(), around: Vec::new() },
            conduct: Conduct::default(),
            watch: Watch::default(),
        };
        Head::open(open, NOW, &mut new_id).unwrap().0
    }

    fn says(head: &mut Head, speaker: &Speaker, n: u8, at: Millis) {
        head.say(speaker, MessageId([n; 16]), text("Hm"), at, &mut new_id).unwrap();
    }

    fn mei() -> Speaker {
        let person = "mei@shop.example".to_owned().try_into().unwrap();
        Speaker::Agent { person, name: Line::new("Mei").unwrap() }
    }

    #[test]
    fn what_the_faq_has_answered_is_closed_and_begins_for_people_when_they_are_needed() {
        let mut head = begun();
        head.answered(answer(2), NOW);
        let via = |head: &Head| head.via.clone().map(|via| (via.said, via.by_faq, via.had_people));
        assert_eq!(
            (head.status, head.waiting_since, via(&head)),
            (Status::Closed, None, Some((2, true, false)))
        );
        assert!(!head.begins_a_matter(NOW.plus(1)), "so soon, it was not the answer");
        assert!(head.begins_a_matter(LATER));
        head.ask_faq(MessageId([3; 16]), text("And on Sundays?"), answer(4), LATER);
        assert_eq!((head.status, head.reopened, via(&head)), (Status::Closed, 0, Some((4, true, false))));
        head.heed(vec![HandoffReason::Upset], Priority::High, None);
        says(&mut head, &Speaker::Visitor, 5, LATER.plus(1));
        assert_eq!((head.status, head.reopened, head.opened), (Status::Open, 0, LATER.plus(1)));
        assert_eq!((head.waiting_since, head.priority), (Some(LATER.plus(1)), Priority::High));
        assert_eq!((&head.reasons[..], via(&head)), (&[HandoffReason::Upset][..], Some((4, false, true))));
    }

    #[test]
    fn what_people_had_is_theirs_until_long_after_the_last_word() {
        let mut head = begun();
        says(&mut head, &mei(), 2, NOW);
        head.close(Line::new("Mei").unwrap(), NOW, &mut new_id).unwrap();
        says(&mut head, &mei(), 3, NOW.plus(5));
        assert!(!head.begins_a_matter(LATER), "that is what they answer");
        assert!(head.begins_a_matter(LATER.plus(5)));
        let opened = head.opened;
        head.ask_faq(MessageId([4; 16]), text("When are you open?"), answer(5), LATER.plus(5));
        assert_eq!((head.status, head.reopened), (Status::Closed, 0), "nobody was needed");
        says(&mut head, &Speaker::Visitor, 6, LATER.plus(6));
        assert_eq!((head.reopened, head.opened), (1, opened));
        head.heed(vec![HandoffReason::Crisis], Priority::Urgent, None);
        assert_eq!(head.priority, Priority::Normal, "within what goes on, people know");
    }

    #[test]
    fn what_it_is_about_is_what_was_told_first_until_it_is_over() {
        let mut head = begun();
        let subject = |name: &str| Subject::new(name).ok();
        let tell = |head: &mut Head, name: &str| {
            head.heed(Vec::new(), Priority::Normal, subject(name));
            head.subject.clone()
        };
        assert_eq!(tell(&mut head, ""), None, "a greeting");
        assert_eq!(tell(&mut head, "Billing"), subject("Billing"));
        assert_eq!(tell(&mut head, "Delivery"), subject("Billing"), "nobody has answered that yet");
        says(&mut head, &mei(), 2, NOW);
        assert_eq!(head.faq_is_for(NOW), FaqUse { answers: false, tells_subject: false });
        head.close(Line::new("Mei").unwrap(), NOW, &mut new_id).unwrap();
        assert_eq!(head.faq_is_for(LATER), FaqUse::ALL);
        assert_eq!(tell(&mut head, ""), subject("Billing"), "perhaps the same still");
        assert_eq!(tell(&mut head, "Delivery"), subject("Delivery"));
    }

    #[test]
    fn what_cannot_be_delivered_comes_to_people() {
        let mut head = begun();
        head.answered(answer(2), NOW);
        assert!(head.delivered(&"mail".parse().unwrap(), 2, None, NOW, &mut new_id).is_err());
        let why = Line::new("Out of use").unwrap();
        let told = head.delivered(&sms(), 9, Some(why.clone()), NOW.plus(7), &mut new_id).unwrap();
        assert!(told.is_some_and(|told| told.body == Body::Event { event: Event::Undelivered { why } }));
        assert_eq!((head.status, head.waiting_since), (Status::Open, Some(NOW.plus(7))));
        assert_eq!((head.opened, head.visitor_read), (NOW.plus(7), 1), "it has reached nobody");
        assert!(head.via.as_ref().is_some_and(|via| !via.owes() && via.had_people && !via.by_faq));
        assert_eq!(head.delivered(&sms(), 2, None, NOW.plus(8), &mut new_id).unwrap(), None);
    }
}
