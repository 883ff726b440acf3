//! A conversation as the console knows it: what is stored, what is on its way, who has seen what.
//!
//! Frames go in, and what is to be sent next comes out. Delivered twice, out of order or with a hole in
//! between, they lead to the same conversation.

use std::sync::Arc;

use deskbell_shared::wire::{
    Body, Event, InternalNote, Message, MessageId, Millis, NoteEvent, Problem, SayRequest, Sender, Seq,
    Status, TalkEvent, TalkRequest, Text,
};
use serde::{Deserialize, Serialize};

/// How long somebody counts as typing after they last said so, in milliseconds.
const TYPING_LASTS_MS: u64 = 6_000;
/// After how long without an acknowledgement the connection is not to be trusted, in milliseconds.
const OVERDUE_MS: u64 = 10_000;

/// A conversation as the console knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Talk {
    /// In the order of their sequence numbers.
    messages: Vec<Arc<Message>>,
    outbox: Vec<Arc<Outgoing>>,
    /// Oldest first.
    notes: Vec<Arc<InternalNote>>,
    status: Option<Status>,
    seen: Seq,
    typing: Option<(Sender, Millis)>,
    complete: bool,
}

/// A message of this agent's that is not in the conversation yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// What was written, and the id it was given.
    pub say: SayRequest,
    /// When it was last handed to the connection.
    pub tried: Millis,
    /// How far it has come.
    pub delivery: Delivery,
}

/// A message of this agent's that the edge did not take: it is sent when they say so, and not before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// What was written, and the id it was given.
    pub say: SayRequest,
    /// Why it was not taken.
    pub problem: Problem,
}

/// How far a message has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// On its way, or waiting for the connection.
    Sending,
    /// Stored at the edge; the message itself is about to come.
    Stored,
    /// Not taken, and why.
    Refused(Box<Problem>),
}

impl Talk {
    /// A conversation of which nothing is known but what this browser still has to send, and what was refused.
    pub fn with_outbox(outbox: Vec<SayRequest>, refused: Vec<Refused>, now: Millis) -> Self {
        let outgoing = |say, delivery| Arc::new(Outgoing { say, tried: now, delivery });
        let refused = refused
            .into_iter()
            .map(|refused| outgoing(refused.say, Delivery::Refused(Box::new(refused.problem))));
        let sending = outbox.into_iter().map(|say| outgoing(say, Delivery::Sending));
        Self { outbox: refused.chain(sending).collect(), ..Self::default() }
    }

    /// Takes in what the edge sent, at the moment `now`; what comes back is to be sent.
    pub fn apply(&mut self, event: TalkEvent, now: Millis) -> Option<TalkRequest> {
        match event {
            TalkEvent::CatchUp { messages, more, status, .. } => {
                let before = self.contiguous();
                for message in messages {
                    self.take(message);
                }
                self.status = Some(status);
                self.complete = !more;
                // An edge that promises more and brings nothing new would be asked for ever.
                return (more && self.contiguous() > before).then(|| self.hello());
            }
            TalkEvent::Message { message } => {
                self.follow(&message);
                let hole = message.seq > self.contiguous() + 1;
                self.take(message);
                return hole.then(|| self.hello());
            }
            TalkEvent::Ack { id, .. } => self.delivered(id, Delivery::Stored),
            TalkEvent::Refused { id: Some(id), problem } => {
                self.delivered(id, Delivery::Refused(Box::new(problem)));
            }
            // What was no message, nobody waits for.
            TalkEvent::Refused { id: None, .. } => {}
            TalkEvent::Read { seq } => self.seen = self.seen.max(seq),
            TalkEvent::Typing { from } => self.typing = Some((from, now.plus(TYPING_LASTS_MS))),
            // The guard says these to visitors alone.
            TalkEvent::Noticed { .. } | TalkEvent::Proven => {}
        }
        None
    }

    /// Takes in what colleagues have noted.
    pub fn apply_note(&mut self, event: NoteEvent) {
        match event {
            NoteEvent::Notes { notes } => self.notes = notes.into_iter().map(Arc::new).collect(),
            NoteEvent::Noted { note } if self.notes.iter().all(|known| known.id != note.id) => {
                self.notes.push(Arc::new(note));
                // One's own may overtake one of a colleague's.
                self.notes.sort_by_key(|note| (note.after, note.at));
            }
            NoteEvent::Noted { .. } => {}
        }
    }

    /// Puts a message of this agent's on its way; what comes back is to be sent.
    pub fn say(&mut self, say: SayRequest, now: Millis) -> TalkRequest {
        let frame = TalkRequest::Say { id: say.id, text: say.text.clone() };
        self.outbox.retain(|other| other.say.id != say.id);
        self.outbox.push(Arc::new(Outgoing { say, tried: now, delivery: Delivery::Sending }));
        frame
    }

    /// Takes back a message that was refused, to write it differently or not at all.
    pub fn take_back(&mut self, id: MessageId) -> Option<Text> {
        let place = self.outbox.iter().position(|outgoing| {
            outgoing.say.id == id && matches!(outgoing.delivery, Delivery::Refused(_))
        })?;
        Some(self.outbox.remove(place).say.text.clone())
    }

    /// What to say on a fresh connection: what is missing here, then what is missing there, and before it how far its
    /// writer had read: only that is answered by it.
    pub fn greetings(&mut self, now: Millis) -> Vec<TalkRequest> {
        let mut frames = vec![self.hello()];
        let seq = self.contiguous();
        if seq > 0 && self.outbox.iter().any(|outgoing| outgoing.delivery == Delivery::Sending) {
            frames.push(TalkRequest::Read { seq });
        }
        for outgoing in self.outbox.iter_mut().filter(|o| o.delivery == Delivery::Sending) {
            Arc::make_mut(outgoing).tried = now;
            frames.push(TalkRequest::Say { id: outgoing.say.id, text: outgoing.say.text.clone() });
        }
        frames
    }

    /// What is on its way and not known to be stored, oldest first.
    pub fn sending(&self) -> Vec<SayRequest> {
        let sending = self.outbox.iter().filter(|outgoing| outgoing.delivery == Delivery::Sending);
        sending.map(|outgoing| outgoing.say.clone()).collect()
    }

    /// Whether a message of this agent's has not arrived.
    pub fn is_unsent(&self) -> bool {
        self.outbox.iter().any(|outgoing| outgoing.delivery != Delivery::Stored)
    }

    /// What was not taken, oldest first.
    pub fn refused(&self) -> Vec<Refused> {
        let refused = self.outbox.iter().filter_map(|outgoing| match &outgoing.delivery {
            Delivery::Refused(problem) => {
                Some(Refused { say: outgoing.say.clone(), problem: (**problem).clone() })
            }
            _ => None,
        });
        refused.collect()
    }

    /// Whether a message has waited for its acknowledgement longer than a working connection takes.
    pub fn is_overdue(&self, now: Millis) -> bool {
        self.outbox.iter().any(|o| o.delivery == Delivery::Sending && now.since(o.tried) > OVERDUE_MS)
    }

    /// The conversation so far.
    pub fn messages(&self) -> &[Arc<Message>] {
        &self.messages
    }

    /// What was noted, oldest first.
    pub fn notes(&self) -> &[Arc<InternalNote>] {
        &self.notes
    }

    /// What is on its way, oldest first.
    pub fn outbox(&self) -> &[Arc<Outgoing>] {
        &self.outbox
    }

    /// Where the conversation stands; `None` before the edge has said so.
    pub fn status(&self) -> Option<Status> {
        self.status
    }

    /// Up to where the visitor has seen it.
    pub fn seen(&self) -> Seq {
        self.seen
    }

    /// Who is typing at the moment `now`.
    pub fn typing(&self, now: Millis) -> Option<&Sender> {
        self.typing.as_ref().filter(|(_, until)| now < *until).map(|(from, _)| from)
    }

    /// Whether everything stored is here.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// The last sequence number of those that are here without a hole before them.
    pub fn contiguous(&self) -> Seq {
        let expected = self.messages.iter().zip(1..);
        expected.take_while(|(message, seq)| message.seq == *seq).map(|(_, seq)| seq).last().unwrap_or(0)
    }

    fn hello(&self) -> TalkRequest {
        TalkRequest::Hello { after: self.contiguous() }
    }

    fn take(&mut self, message: Message) {
        self.outbox.retain(|outgoing| outgoing.say.id != message.id);
        if self.typing.as_ref().is_some_and(|(from, _)| *from == message.from) {
            self.typing = None;
        }
        if let Err(place) = self.messages.binary_search_by_key(&message.seq, |known| known.seq) {
            self.messages.insert(place, Arc::new(message));
        }
    }

    /// What a live message says about where the conversation stands.
    fn follow(&mut self, message: &Message) {
        if let Body::Event { event } = &message.body {
            match event {
                Event::Closed { .. } => self.status = Some(Status::Closed),
                Event::Reopened
                | Event::ReopenedBy { .. }
                | Event::HandedOver { .. }
                | Event::Undelivered { .. } => self.status = Some(Status::Open),
                Event::Banned { .. } | Event::Unbanned | Event::Rated { .. } | Event::Recommended { .. } => {}
            }
        }
    }

    fn delivered(&mut self, id: MessageId, delivery: Delivery) {
        if let Some(outgoing) = self.outbox.iter_mut().find(|outgoing| outgoing.say.id == id) {
            Arc::make_mut(outgoing).delivery = delivery;
        }
    }
}

#[cfg(test)]
mod tests {
    use deskbell_shared::wire::{Email, Line, ProblemKind, Teammate};

    use super::*;

    const NOW: Millis = Millis(1_000_000);

    fn text(text: &str) -> Text {
        Text::new(text).unwrap()
    }

    fn message(seq: Seq) -> Message {
        Message {
            seq,
            id: MessageId([seq as u8; 16]),
            at: Millis(seq),
            from: Sender::Visitor,
            body: Body::Text { text: text("hello"), entry: None },
        }
    }

    fn say(id: u8) -> SayRequest {
        SayRequest { id: MessageId([id; 16]), text: text("an answer") }
    }

    fn catch_up(seqs: impl IntoIterator<Item = Seq>, more: bool) -> TalkEvent {
        let messages = seqs.into_iter().map(message).collect();
        TalkEvent::CatchUp { messages, more, status: Status::Open, now: None }
    }

    fn seqs(talk: &Talk) -> Vec<Seq> {
        talk.messages().iter().map(|message| message.seq).collect()
    }

    #[test]
    fn in_any_order_and_twice_it_is_the_same_conversation() {
        let mut talk = Talk::default();
        for seq in [2, 1, 3, 2, 1] {
            talk.apply(TalkEvent::Message { message: message(seq) }, NOW);
        }
        assert_eq!(seqs(&talk), [1, 2, 3]);
    }

    #[test]
    fn a_hole_is_asked_for() {
        let mut talk = Talk::default();
        assert_eq!(talk.apply(catch_up(1..=2, false), NOW), None);
        let asked = talk.apply(TalkEvent::Message { message: message(5) }, NOW);
        assert_eq!(asked, Some(TalkRequest::Hello { after: 2 }));
        talk.apply(catch_up(3..=5, false), NOW);
        assert_eq!(seqs(&talk), [1, 2, 3, 4, 5]);
        assert_eq!(talk.contiguous(), 5);
    }

    #[test]
    fn it_asks_on_until_all_is_here_and_never_for_ever() {
        let mut talk = Talk::default();
        assert_eq!(talk.apply(catch_up(1..=2, true), NOW), Some(TalkRequest::Hello { after: 2 }));
        assert!(!talk.is_complete());
        assert_eq!(talk.apply(catch_up([], true), NOW), None);
        assert_eq!(talk.apply(catch_up([3], false), NOW), None);
        assert!(talk.is_complete());
    }

    #[test]
    fn a_message_of_ours_leaves_the_outbox_when_it_is_in_the_conversation() {
        let mut talk = Talk::default();
        talk.say(say(9), NOW);
        talk.apply(TalkEvent::Ack { id: MessageId([9; 16]), seq: 1, at: NOW }, NOW);
        assert_eq!(talk.outbox()[0].delivery, Delivery::Stored);
        assert_eq!(talk.sending(), []);
        let mine = Message { id: MessageId([9; 16]), ..message(1) };
        talk.apply(TalkEvent::Message { message: mine }, NOW);
        assert!(talk.outbox().is_empty());
    }

    #[test]
    fn a_new_connection_repeats_what_was_not_acknowledged() {
        let mut talk = Talk::with_outbox(vec![say(8)], Vec::new(), NOW);
        talk.say(say(9), NOW);
        talk.apply(TalkEvent::Ack { id: MessageId([8; 16]), seq: 1, at: NOW }, NOW);
        let frames = talk.greetings(NOW);
        assert_eq!(frames[0], TalkRequest::Hello { after: 0 });
        assert_eq!(frames.len(), 2);
        assert!(matches!(&frames[1], TalkRequest::Say { id, .. } if id.0 == [9; 16]));
        talk.apply(TalkEvent::Message { message: message(1) }, NOW);
        assert_eq!(talk.greetings(NOW)[..2], [TalkRequest::Hello { after: 1 }, TalkRequest::Read { seq: 1 }]);
    }

    #[test]
    fn a_refused_message_can_be_taken_back() {
        let mut talk = Talk::default();
        let id = MessageId([9; 16]);
        talk.say(say(9), NOW);
        assert_eq!(talk.take_back(id), None, "it may still arrive");
        let problem = Problem::new(ProblemKind::Throttled, "slow");
        talk.apply(TalkEvent::Refused { id: Some(id), problem }, NOW);
        assert!(!talk.is_overdue(NOW.plus(60_000)));
        assert_eq!(talk.sending(), [], "it is not sent without being told to");
        let mut again = Talk::with_outbox(talk.sending(), talk.refused(), NOW);
        assert_eq!(again.greetings(NOW), [TalkRequest::Hello { after: 0 }], "nor after a reload");
        assert_eq!(again.refused(), talk.refused());
        assert_eq!(talk.take_back(id), Some(text("an answer")));
        assert!(talk.outbox().is_empty());
    }

    #[test]
    fn silence_makes_the_connection_suspect() {
        let mut talk = Talk::default();
        talk.say(say(9), NOW);
        assert!(!talk.is_overdue(NOW.plus(OVERDUE_MS)));
        assert!(talk.is_overdue(NOW.plus(OVERDUE_MS + 1)));
    }

    #[test]
    fn typing_ends_with_the_words_or_with_time() {
        let mut talk = Talk::default();
        talk.apply(TalkEvent::Typing { from: Sender::Visitor }, NOW);
        assert_eq!(talk.typing(NOW), Some(&Sender::Visitor));
        assert_eq!(talk.typing(NOW.plus(TYPING_LASTS_MS)), None);
        talk.apply(TalkEvent::Message { message: message(1) }, NOW);
        assert_eq!(talk.typing(NOW), None);
    }

    #[test]
    fn what_happens_decides_where_it_stands() {
        let happened = |seq, event| TalkEvent::Message {
            message: Message { from: Sender::System, body: Body::Event { event }, ..message(seq) },
        };
        let mut talk = Talk::default();
        talk.apply(happened(1, Event::Closed { by: Line::new("Ana").unwrap() }), NOW);
        assert_eq!(talk.status(), Some(Status::Closed));
        talk.apply(happened(2, Event::Reopened), NOW);
        assert_eq!(talk.status(), Some(Status::Open));
    }

    #[test]
    fn a_note_is_there_once_however_often_it_is_told() {
        let note = |id: u8| InternalNote {
            id: MessageId([id; 16]),
            after: 1,
            at: NOW,
            by: Teammate {
                email: Email::try_from("ana@shop.example".to_owned()).unwrap(),
                name: Line::new("Ana").unwrap(),
            },
            text: text("asks for the third time"),
        };
        let mut talk = Talk::default();
        for id in [1, 2, 1] {
            talk.apply_note(NoteEvent::Noted { note: note(id) });
        }
        let ids = |talk: &Talk| talk.notes().iter().map(|note| note.id.0[0]).collect::<Vec<_>>();
        assert_eq!(ids(&talk), [1, 2]);
        talk.apply_note(NoteEvent::Notes { notes: vec![note(1), note(2), note(3)] });
        assert_eq!(ids(&talk), [1, 2, 3]);
    }

    #[test]
    fn what_the_visitor_has_seen_only_grows() {
        let mut talk = Talk::default();
        talk.apply(TalkEvent::Read { seq: 4 }, NOW);
        talk.apply(TalkEvent::Read { seq: 2 }, NOW);
        assert_eq!(talk.seen(), 4);
    }
}
