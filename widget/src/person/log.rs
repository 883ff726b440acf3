//! What was said, in order, and what waits to be sent.

use std::collections::BTreeMap;

use deskbell_shared::wire::{Body, Event, Message, MessageId, Millis, SayRequest, Sender, Seq, Status, Text};

/// The talk with a person, as far as this browser knows it.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    messages: BTreeMap<Seq, Message>,
    /// Written here and not acknowledged yet, oldest first.
    outbox: Vec<SayRequest>,
    /// Refused for good, with its words, so that they can be copied.
    failed: Vec<SayRequest>,
    status: Status,
    /// Up to where the site's people have read.
    read_by_them: Seq,
    /// Up to where the visitor has read.
    read_by_us: Seq,
}

/// How far the visitor's last message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    Sending,
    Sent,
    Seen,
}

impl Log {
    /// A log of which only this is remembered.
    pub(crate) fn new(outbox: Vec<SayRequest>, read_by_us: Seq) -> Self {
        Self {
            messages: BTreeMap::new(),
            outbox,
            failed: Vec::new(),
            status: Status::Open,
            read_by_them: 0,
            read_by_us,
        }
    }

    /// The last sequence number up to which nothing is missing.
    pub(crate) fn last_seq(&self) -> Seq {
        self.messages.keys().next_back().copied().unwrap_or(0)
    }

    /// What the edge has stored, in order.
    pub(crate) fn messages(&self) -> impl Iterator<Item = &Message> {
        self.messages.values()
    }

    /// What waits to be sent, oldest first.
    pub(crate) fn outbox(&self) -> &[SayRequest] {
        &self.outbox
    }

    /// What the edge will never take.
    pub(crate) fn failed(&self) -> &[SayRequest] {
        &self.failed
    }

    pub(crate) fn status(&self) -> Status {
        self.status
    }

    /// Takes what was missed.
    pub(crate) fn catch_up(&mut self, messages: Vec<Message>, status: Status) {
        for message in messages {
            self.insert(message);
        }
        self.status = status;
    }

    /// Takes a new message; false when one before it is missing: then nothing is taken, and it is time to catch up.
    pub(crate) fn take(&mut self, message: Message) -> bool {
        if message.seq > self.last_seq() + 1 {
            return false;
        }
        self.insert(message);
        true
    }

    fn insert(&mut self, message: Message) {
        if let Body::Event { event } = &message.body
            && message.seq > self.last_seq()
        {
            match event {
                Event::Closed { .. } => self.status = Status::Closed,
                Event::Reopened | Event::ReopenedBy { .. } => self.status = Status::Open,
                Event::HandedOver { .. }
                | Event::Banned { .. }
                | Event::Unbanned
                | Event::Rated { .. }
                | Event::Recommended { .. }
                | Event::Undelivered { .. } => {}
            }
        }
        self.outbox.retain(|waiting| waiting.id != message.id);
        self.messages.entry(message.seq).or_insert(message);
    }

    /// Queues a message. Its id makes a repeated delivery harmless.
    pub(crate) fn say(&mut self, id: MessageId, text: Text) -> SayRequest {
        let say = SayRequest { id, text };
        self.outbox.push(say.clone());
        say
    }

    /// The edge has stored it.
    pub(crate) fn acknowledged(&mut self, id: MessageId, seq: Seq, at: Millis) {
        let Some(place) = self.outbox.iter().position(|waiting| waiting.id == id) else { return };
        // Something of somebody else's came in between and is still on its way: catching up brings both.
        if seq != self.last_seq() + 1 {
            return;
        }
        let SayRequest { id, text } = self.outbox.remove(place);
        let body = Body::Text { text, entry: None };
        self.messages.insert(seq, Message { seq, id, at, from: Sender::Visitor, body });
    }

    /// The edge will never take it.
    pub(crate) fn refused(&mut self, id: MessageId) {
        if let Some(place) = self.outbox.iter().position(|waiting| waiting.id == id) {
            self.failed.push(self.outbox.remove(place));
        }
    }

    /// The site's people have read up to here.
    pub(crate) fn they_read(&mut self, seq: Seq) {
        self.read_by_them = self.read_by_them.max(seq);
    }

    /// The visitor has seen everything there is: up to where, if that is news.
    pub(crate) fn we_read(&mut self) -> Option<Seq> {
        let last = self.messages.values().rev().find(|message| is_agent(message))?.seq;
        (last > self.read_by_us).then(|| {
            self.read_by_us = last;
            last
        })
    }

    /// Up to where the visitor has read.
    pub(crate) fn read_by_us(&self) -> Seq {
        self.read_by_us
    }

    /// Messages of the site's people that the visitor has not seen.
    pub(crate) fn unread(&self) -> usize {
        self.messages
            .range(self.read_by_us.saturating_add(1)..)
            .filter(|(_, message)| is_agent(message) && matches!(message.body, Body::Text { .. }))
            .count()
    }

    /// How far the visitor's last words have come; `None` when somebody has spoken since, or nothing was said.
    pub(crate) fn delivery(&self) -> Option<Delivery> {
        if !self.outbox.is_empty() {
            return Some(Delivery::Sending);
        }
        let spoken = |message: &&Message| matches!(message.body, Body::Text { .. });
        let last = self.messages.values().rev().find(spoken)?;
        match last.from {
            Sender::Visitor if last.seq <= self.read_by_them => Some(Delivery::Seen),
            Sender::Visitor => Some(Delivery::Sent),
            _ => None,
        }
    }

    /// Whether the visitor may say how it was: a person has replied and closed it, and they have not said so since.
    pub(crate) fn may_be_rated(&self) -> bool {
        let mut telling = self.latest_events().filter(|event| {
            matches!(
                event,
                Event::Closed { .. } | Event::Reopened | Event::ReopenedBy { .. } | Event::Rated { .. }
            )
        });
        self.agent().is_some() && matches!(telling.next(), Some(Event::Closed { .. }))
    }

    /// Whether the visitor may say how likely they are to recommend the site: a person has replied and closed it, and they
    /// have never said so here.
    pub(crate) fn may_recommend(&self) -> bool {
        let has_said = self.latest_events().any(|event| matches!(event, Event::Recommended { .. }));
        self.agent().is_some() && self.status == Status::Closed && !has_said
    }

    fn latest_events(&self) -> impl Iterator<Item = &Event> {
        self.messages.values().rev().filter_map(|message| match &message.body {
            Body::Event { event } => Some(event),
            Body::Text { .. } => None,
        })
    }

    /// The name of the person who spoke last.
    pub(crate) fn agent(&self) -> Option<&str> {
        self.messages.values().rev().find_map(|message| match &message.from {
            Sender::Agent { name } => Some(name.as_str()),
            _ => None,
        })
    }
}

fn is_agent(message: &Message) -> bool {
    matches!(message.from, Sender::Agent { .. })
}

#[cfg(test)]
mod tests {
    use deskbell_shared::wire::Line;
    use proptest::prelude::*;

    use super::*;

    fn text(words: &str) -> Text {
        Text::new(words).unwrap()
    }

    fn agent() -> Sender {
        Sender::Agent { name: Line::new("Maya").unwrap() }
    }

    fn message(seq: Seq, from: Sender) -> Message {
        let body = Body::Text { text: text("words"), entry: None };
        Message { seq, id: MessageId([seq as u8; 16]), at: Millis(seq), from, body }
    }

    fn seqs(log: &Log) -> Vec<Seq> {
        log.messages().map(|message| message.seq).collect()
    }

    proptest! {
        #[test]
        fn whatever_arrives_how_often_in_which_order_the_log_has_no_gap_and_nothing_twice(
            arrivals in proptest::collection::vec(1_u64..12, 0..60),
        ) {
            let mut log = Log::new(Vec::new(), 0);
            for seq in arrivals {
                if !log.take(message(seq, agent())) {
                    let missed = (log.last_seq() + 1..=seq).map(|seq| message(seq, agent())).collect();
                    log.catch_up(missed, Status::Open);
                }
                prop_assert_eq!(seqs(&log), (1..=log.last_seq()).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn a_message_waits_until_it_is_acknowledged_and_is_then_in_its_place() {
        let mut log = Log::new(Vec::new(), 0);
        let id = MessageId([7; 16]);
        log.say(id, text("hello"));
        assert_eq!((log.outbox().len(), log.delivery()), (1, Some(Delivery::Sending)));
        log.acknowledged(id, 1, Millis(5));
        log.acknowledged(id, 1, Millis(5));
        assert_eq!((log.outbox().len(), seqs(&log), log.delivery()), (0, vec![1], Some(Delivery::Sent)));
        log.they_read(1);
        assert_eq!(log.delivery(), Some(Delivery::Seen));
    }

    #[test]
    fn an_acknowledgement_past_a_gap_waits_for_what_is_missing() {
        let mut log = Log::new(Vec::new(), 0);
        let id = MessageId([2; 16]);
        log.say(id, text("words"));
        log.acknowledged(id, 2, Millis(5));
        assert_eq!((log.outbox().len(), log.last_seq()), (1, 0));
        log.catch_up(vec![message(1, agent()), message(2, Sender::Visitor)], Status::Open);
        assert_eq!((log.outbox().len(), seqs(&log)), (0, vec![1, 2]));
    }

    #[test]
    fn only_words_of_agents_that_were_not_seen_are_unread() {
        let mut log = Log::new(Vec::new(), 1);
        log.catch_up(
            vec![message(1, agent()), message(2, Sender::Visitor), message(3, agent())],
            Status::Open,
        );
        assert_eq!(log.unread(), 1);
        assert_eq!(log.we_read(), Some(3));
        assert_eq!((log.unread(), log.we_read()), (0, None));
        assert_eq!(log.agent(), Some("Maya"));
    }

    #[test]
    fn closing_and_opening_again_are_read_from_the_log() {
        let mut log = Log::new(Vec::new(), 0);
        let event = |seq, event| Message { body: Body::Event { event }, ..message(seq, Sender::System) };
        log.take(event(1, Event::Closed { by: Line::new("Maya").unwrap() }));
        assert_eq!(log.status(), Status::Closed);
        log.take(event(2, Event::Reopened));
        assert_eq!(log.status(), Status::Open);
    }

    #[test]
    fn a_talk_is_rated_once_after_it_was_closed_by_somebody_who_had_replied() {
        let mut log = Log::new(Vec::new(), 0);
        let event = |seq, event| Message { body: Body::Event { event }, ..message(seq, Sender::System) };
        let closed = |seq| event(seq, Event::Closed { by: Line::new("Maya").unwrap() });
        log.take(closed(1));
        assert!(!log.may_be_rated(), "nobody had replied");
        log.take(event(2, Event::Reopened));
        log.take(message(3, agent()));
        assert!(!log.may_be_rated(), "it goes on");
        log.take(closed(4));
        assert!(log.may_be_rated());
        log.take(event(5, Event::Rated { good: true }));
        assert!(!log.may_be_rated());
        log.take(event(6, Event::Reopened));
        log.take(closed(7));
        assert!(log.may_be_rated());
    }

    #[test]
    fn whoever_was_served_may_recommend_once() {
        let mut log = Log::new(Vec::new(), 0);
        let event = |seq, event| Message { body: Body::Event { event }, ..message(seq, Sender::System) };
        let closed = |seq| event(seq, Event::Closed { by: Line::new("Maya").unwrap() });
        log.take(closed(1));
        assert!(!log.may_recommend(), "nobody had replied");
        log.take(event(2, Event::Reopened));
        log.take(message(3, agent()));
        assert!(!log.may_recommend(), "it goes on");
        log.take(closed(4));
        assert!(log.may_recommend());
        log.take(event(5, Event::Recommended { likelihood: 9.try_into().unwrap() }));
        log.take(event(6, Event::Reopened));
        log.take(closed(7));
        assert!(!log.may_recommend(), "once a talk");
    }

    #[test]
    fn what_is_refused_for_good_is_kept_to_be_copied() {
        let mut log = Log::new(Vec::new(), 0);
        let id = MessageId([1; 16]);
        log.say(id, text("lost words"));
        log.refused(id);
        assert_eq!((log.outbox().len(), log.failed()[0].text.as_str()), (0, "lost words"));
    }
}
