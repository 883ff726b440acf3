//! What a visitor asked before people came: what the FAQ could learn from.

use deskbell_shared::{
    handoff::wants_person,
    wire::{Body, EntryId, Event, HandoffReason, Line, Message, Sender, Seq},
};
use serde::{Deserialize, Serialize};

use super::head::Head;

/// The most questions of a talk that are noted, the last.
const MOST: usize = 10;

/// Something that a visitor asked before people came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Asked {
    /// Its place in the talk.
    pub(crate) seq: Seq,
    /// Their words, cut to a line.
    pub(crate) text: Line,
    /// Which entry of the FAQ was the answer.
    pub(crate) answered: Option<EntryId>,
}

impl Head {
    /// Whether the desk is to be told what was asked: once people have come, and once. Who is in danger asks no FAQ.
    pub(crate) fn owes_asked(&self) -> bool {
        let is_with_people = self.via.as_ref().is_none_or(|via| via.had_people);
        is_with_people && !self.asked_told && !self.reasons.contains(&HandoffReason::Crisis)
    }
}

/// What was asked, of what a talk begins with. That somebody wants a person is no question for an FAQ.
pub(crate) fn asked(messages: &[Message]) -> Vec<Asked> {
    let is_before_people = |message: &&Message| {
        !matches!(message.from, Sender::Agent { .. })
            && !matches!(message.body, Body::Event { event: Event::HandedOver { .. } })
    };
    let mut asked: Vec<Asked> = Vec::new();
    for message in messages.iter().take_while(is_before_people) {
        match (&message.from, &message.body) {
            (Sender::Visitor, Body::Text { text, .. }) => {
                asked.extend(Line::cut(text.as_str()).map(|text| Asked {
                    seq: message.seq,
                    text,
                    answered: None,
                }));
            }
            (Sender::Bot, Body::Text { entry: Some(entry), .. }) => {
                if let Some(asked) = asked.last_mut() {
                    asked.answered = Some(entry.clone());
                }
            }
            _ => {}
        }
    }
    asked.retain(|asked| !wants_person(asked.text.as_str()));
    asked.split_off(asked.len().saturating_sub(MOST))
}

#[cfg(test)]
mod tests {
    use deskbell_shared::wire::{MessageId, Millis, Text};

    use super::*;

    fn message(seq: Seq, from: Sender, text: &str, entry: Option<&str>) -> Message {
        let entry = entry.map(|entry| entry.parse().unwrap());
        let body = Body::Text { text: Text::new(text).unwrap(), entry };
        Message { seq, id: MessageId([1; 16]), at: Millis(1), from, body }
    }

    fn told(messages: &[Message]) -> Vec<(Seq, String, Option<String>)> {
        let told =
            |asked: Asked| (asked.seq, asked.text.to_string(), asked.answered.map(|entry| entry.to_string()));
        asked(messages).into_iter().map(told).collect()
    }

    #[test]
    fn what_was_asked_before_people_came_is_told_with_what_was_answered() {
        let handed_over = Body::Event { event: Event::HandedOver { reasons: Vec::new() } };
        let messages = [
            message(1, Sender::Visitor, "Where is my parcel?", None),
            message(2, Sender::Bot, "Look at the tracking page.", Some("tracking")),
            message(3, Sender::Visitor, "it bled on my shirts", None),
            message(4, Sender::Bot, "I do not know an answer to this.", None),
            message(5, Sender::Visitor, "I want to talk to a person", None),
            Message { body: handed_over, from: Sender::System, ..message(6, Sender::Bot, "x", None) },
            message(7, Sender::Visitor, "Are you there?", None),
        ];
        let before = [
            (1, "Where is my parcel?".to_owned(), Some("tracking".to_owned())),
            (3, "it bled on my shirts".to_owned(), None),
        ];
        assert_eq!(told(&messages), before);
        assert_eq!(told(&[]), []);
        let agent = Sender::Agent { name: Line::new("Mei").unwrap() };
        let on_a_channel = [messages[2].clone(), message(4, agent, "Sorry!", None), messages[6].clone()];
        assert_eq!(told(&on_a_channel), [before[1].clone()]);
    }

    #[test]
    fn of_many_the_last_are_told() {
        let messages: Vec<_> =
            (1..=50).map(|seq| message(seq, Sender::Visitor, &format!("Question {seq}?"), None)).collect();
        let told: Vec<_> = told(&messages).into_iter().map(|(seq, ..)| seq).collect();
        assert_eq!(told, (41..=50).collect::<Vec<_>>());
    }
}
