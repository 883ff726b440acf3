//! What was said, in order, and what waits to be sent.

use std::collections::BTreeMap;

use deskbell_shared::wire::{Body, Message, MessageId, Millis, SayRequest, Sender, Seq, Status, Text};

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
        use deskbell_shared::wire::Event;
        if let Body::Event { event } = &message.body
            && message.seq > self.last_seq()
        {
            match event {
                Event::Closed { .. } => self.status = Status::Closed,
                Event::Reopened => self.status = Status::Open,
                Event::HandedOver { .. } | Event::Banned { .. } | Event::Unbanned => {}
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
