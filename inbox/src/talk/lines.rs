//! How a conversation is laid out: what belongs together, and where a day begins.

use std::sync::Arc;

use deskbell_shared::wire::{Body, Message, Millis, Sender, Seq};

/// Words further apart than this stand under a heading of their own, in milliseconds.
const APART_MS: u64 = 5 * 60 * 1000;

/// A message and its place in the layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Laid {
    /// The message.
    pub message: Arc<Message>,
    /// Whether it is the first of its day.
    pub opens_day: bool,
    /// Whether it stands under a heading of its own, rather than under that of the one before.
    pub opens_group: bool,
}

impl Laid {
    /// What tells it from others; it changes when it has to be drawn anew.
    pub fn key(&self) -> (Seq, bool, bool) {
        (self.message.seq, self.opens_day, self.opens_group)
    }
}

/// Lays out a conversation. `day` says which day a moment is in the reader's time zone.
pub fn lay_out<D: PartialEq>(messages: &[Arc<Message>], day: impl Fn(Millis) -> D) -> Vec<Laid> {
    let before = std::iter::once(None).chain(messages.iter().map(Some));
    let lay = |(message, before): (&Arc<Message>, Option<&Arc<Message>>)| {
        let opens_day = before.is_none_or(|before| day(before.at) != day(message.at));
        let follows = before.is_some_and(|before| {
            before.from == message.from
                && is_words(before)
                && is_words(message)
                && message.at.since(before.at) < APART_MS
        });
        Laid { message: message.clone(), opens_day, opens_group: opens_day || !follows }
    };
    messages.iter().zip(before).map(lay).collect()
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
    use deskbell_shared::wire::{Event, Line, MessageId, Text};

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
        let laid = lay_out(&messages, |at| at.0 / DAY);
        let shape: Vec<_> = laid.iter().map(|laid| (laid.opens_day, laid.opens_group)).collect();
        assert_eq!(
            shape,
            [(true, true), (false, false), (false, true), (false, true), (false, true), (true, true)]
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
