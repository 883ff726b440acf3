//! How a conversation is laid out: what belongs together, and where a day begins.

use std::sync::Arc;

use deskbell_shared::wire::{Body, InternalNote, Message, MessageId, Millis, Sender, Seq};

/// Words further apart than this stand under a heading of their own, in milliseconds.
const APART_MS: u64 = 5 * 60 * 1000;

/// What stands in the transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Laid {
    /// A message.
    Message {
        /// The message.
        message: Arc<Message>,
        /// Whether it is the first of its day.
        opens_day: bool,
        /// Whether it stands under a heading of its own, rather than under that of the one before.
        opens_group: bool,
    },
    /// A note, which the visitor does not see.
    Note {
        /// The note.
        note: Arc<InternalNote>,
        /// Whether it is the first of its day.
        opens_day: bool,
    },
}

impl Laid {
    /// What tells it from others; it changes when it has to be drawn anew.
    pub fn key(&self) -> (Result<Seq, MessageId>, bool, bool) {
        match self {
            Self::Message { message, opens_day, opens_group } => (Ok(message.seq), *opens_day, *opens_group),
            Self::Note { note, opens_day } => (Err(note.id), *opens_day, false),
        }
    }
}

/// Lays out a conversation: each note stands where it was written. `day` says which day a moment is in the reader's time
/// zone.
pub fn lay_out<D: PartialEq>(
    messages: &[Arc<Message>],
    notes: &[Arc<InternalNote>],
    day: impl Fn(Millis) -> D,
) -> Vec<Laid> {
    let mut laid = Vec::with_capacity(messages.len() + notes.len());
    let mut before: Option<&Arc<Message>> = None;
    let mut last_day = None;
    let mut opens_day = |at: Millis| {
        let today = Some(day(at));
        let is_new = today != last_day;
        last_day = today;
        is_new
    };
    let mut notes = notes.iter().peekable();
    for message in messages {
        let mut is_parted = false;
        while let Some(note) = notes.next_if(|note| note.after < message.seq) {
            laid.push(Laid::Note { note: note.clone(), opens_day: opens_day(note.at) });
            is_parted = true;
        }
        let opens_day = opens_day(message.at);
        let follows = before.is_some_and(|before| {
            before.from == message.from
                && is_words(before)
                && is_words(message)
                && message.at.since(before.at) < APART_MS
        });
        let opens_group = opens_day || is_parted || !follows;
        laid.push(Laid::Message { message: message.clone(), opens_day, opens_group });
        before = Some(message);
    }
    for note in notes {
        laid.push(Laid::Note { note: note.clone(), opens_day: opens_day(note.at) });
    }
    laid
}

/// The last message of the site's people that no visitor has written after: the one whose arrival matters.
pub fn last_of_ours(messages: &[Arc<Message>]) -> Option<Seq> {
    let last = messages.iter().rev().find(|message| is_words(message))?;
    matches!(last.from, Sender::Agent { .. }).then_some(last.seq)
}

fn is_words(message: &Message) -> bool {
    matches!(message.body, Body::Text { .. })
}

#[cfg(test)]
mod tests {
    use deskbell_shared::wire::{Email, Event, Line, MessageId, Teammate, Text};

    use super::*;

    const DAY: u64 = 24 * 60 * 60 * 1000;

    fn said(seq: Seq, at: u64, from: Sender) -> Arc<Message> {
        let body = Body::Text { text: Text::new("words").unwrap(), entry: None };
        Arc::new(Message { seq, id: MessageId([seq as u8; 16]), at: Millis(at), from, body })
    }

    fn agent() -> Sender {
        Sender::Agent { name: Line::new("Ana").unwrap() }
    }

    fn closed(seq: Seq, at: u64) -> Arc<Message> {
        let body = Body::Event { event: Event::Closed { by: Line::new("Ana").unwrap() } };
        Arc::new(Message { seq, id: MessageId([seq as u8; 16]), at: Millis(at), from: Sender::System, body })
    }

    #[test]
    fn words_of_one_sender_stand_together_until_time_or_the_day_parts_them() {
        let messages = [
            said(1, 0, Sender::Visitor),
            said(2, 1_000, Sender::Visitor),
            said(3, 2_000, agent()),
            said(4, 3_000 + APART_MS, agent()),
            said(5, DAY - 1, agent()),
            said(6, DAY, agent()),
        ];
        let laid = lay_out(&messages, &[], |at| at.0 / DAY);
        let shape: Vec<_> = laid.iter().map(|laid| (laid.key().1, laid.key().2)).collect();
        assert_eq!(
            shape,
            [(true, true), (false, false), (false, true), (false, true), (false, true), (true, true)]
        );
    }

    #[test]
    fn a_note_stands_where_it_was_written_and_parts_what_it_stands_between() {
        let note = |id: u8, after, at| {
            let (email, name) = (Email::try_from("ana@shop.example".to_owned()), Line::new("Ana"));
            let by = Teammate { email: email.unwrap(), name: name.unwrap() };
            let text = Text::new("a note").unwrap();
            Arc::new(InternalNote { id: MessageId([id; 16]), after, at: Millis(at), by, text })
        };
        let messages = [1, 2, 3].map(|seq| said(seq, seq * 1_000, Sender::Visitor));
        let notes = [note(7, 2, 2_500), note(8, 2, 2_600), note(9, 5, DAY)];
        let shape = lay_out(&messages, &notes, |at| at.0 / DAY).into_iter().map(|laid| {
            let (name, opens_day, opens_group) = laid.key();
            (name.map_err(|id| id.0[0]), opens_day, opens_group)
        });
        assert_eq!(
            shape.collect::<Vec<_>>(),
            [
                (Ok(1), true, true),
                (Ok(2), false, false),
                (Err(7), false, false),
                (Err(8), false, false),
                (Ok(3), false, true),
                (Err(9), true, false),
            ]
        );
    }

    #[test]
    fn the_receipt_stands_under_our_last_words_until_the_visitor_answers() {
        let mut messages = vec![said(1, 0, Sender::Visitor), said(2, 1, agent()), closed(3, 2)];
        assert_eq!(last_of_ours(&messages), Some(2));
        messages.push(said(4, 3, Sender::Visitor));
        assert_eq!(last_of_ours(&messages), None);
        assert_eq!(last_of_ours(&[]), None);
    }
}
