//! What the visitor asked before a person came, and what the FAQ made of it.

use std::sync::Arc;

use deskbell_shared::wire::{Body, EntryId, Event, Message, Sender, Seq, Text};

/// A question of the visitor's to the FAQ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Where it stands in the conversation.
    pub seq: Seq,
    /// The question.
    pub question: Text,
    /// The one before it, from which it may go on.
    pub before: Option<Text>,
    /// The entries it was answered from; empty when the FAQ had no answer.
    pub entries: Vec<EntryId>,
}

/// The questions before the first handoff, oldest first. What the visitor said without any reply is not one.
pub fn asked_before(messages: &[Arc<Message>]) -> Vec<Asked> {
    let mut asked: Vec<Asked> = Vec::new();
    let mut pending: Option<Asked> = None;
    for message in messages {
        match (&message.from, &message.body) {
            (_, Body::Event { event: Event::HandedOver { .. } }) => break,
            (Sender::Visitor, Body::Text { text, .. }) => {
                let before = asked.last().map(|before| before.question.clone());
                pending =
                    Some(Asked { seq: message.seq, question: text.clone(), before, entries: Vec::new() });
            }
            (Sender::Bot, Body::Text { entry, .. }) => {
                asked.extend(pending.take());
                if let (Some(last), Some(entry)) = (asked.last_mut(), entry) {
                    last.entries.push(entry.clone());
                }
            }
            _ => {}
        }
    }
    asked
}

#[cfg(test)]
mod tests {
    use deskbell_shared::wire::{HandoffReason, MessageId, Millis};

    use super::*;

    fn says(text: &str, entry: Option<&str>) -> Body {
        Body::Text { text: Text::new(text).unwrap(), entry: entry.map(|entry| entry.parse().unwrap()) }
    }

    fn talk(lines: Vec<(Sender, Body)>) -> Vec<Arc<Message>> {
        let message = |(seq, (from, body)): (Seq, _)| {
            Arc::new(Message { seq, id: MessageId([seq as u8; 16]), at: Millis(0), from, body })
        };
        (1..).zip(lines).map(message).collect()
    }

    fn visitor(text: &str) -> (Sender, Body) {
        (Sender::Visitor, says(text, None))
    }

    fn bot(entry: Option<&str>) -> (Sender, Body) {
        (Sender::Bot, says("…", entry))
    }

    #[test]
    fn each_question_is_shown_with_what_answered_it() {
        let handed_over = Body::Event { event: Event::HandedOver { reasons: vec![HandoffReason::NoAnswer] } };
        let talk = talk(vec![
            bot(None),
            visitor("Where is my parcel?"),
            bot(Some("tracking")),
            visitor("And if it is lost?"),
            bot(None),
            visitor("A person, please"),
            (Sender::System, handed_over),
            visitor("Hello?"),
            bot(None),
        ]);
        let asked = asked_before(&talk);
        let shown: Vec<_> = asked
            .iter()
            .map(|asked| (asked.seq, asked.before.as_ref().map(Text::as_str), asked.entries.len()))
            .collect();
        assert_eq!(shown, [(2, None, 1), (4, Some("Where is my parcel?"), 0)]);
    }

    #[test]
    fn without_a_talk_before_there_is_nothing() {
        assert_eq!(asked_before(&[]), []);
    }
}
