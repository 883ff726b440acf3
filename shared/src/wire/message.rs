use serde::{Deserialize, Serialize};

use super::{EntryId, HandoffReason, Likelihood, Line, MessageId, Millis, Proof, Text};
use crate::guard::{ladder::Rung, signal::Signal};

/// A message's place in its conversation: 1, 2, 3, … without gaps.
pub type Seq = u64;

/// One line of a conversation, as it is stored and shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its place in the conversation.
    pub seq: Seq,
    /// The id its writer gave it.
    pub id: MessageId,
    /// When the edge took it (for the part before the handoff: when the browser showed it).
    pub at: Millis,
    /// Who wrote it.
    pub from: Sender,
    /// What it says.
    pub body: Body,
}

/// Who wrote a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sender {
    /// The visitor.
    Visitor,
    /// A person of the site.
    Agent {
        /// The name visitors see.
        name: Line,
    },
    /// The widget, answering from the FAQ.
    Bot,
    /// Deskbell itself, noting what happened.
    System,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// Words.
    Text {
        /// The words.
        text: Text,
        /// The FAQ entry it was answered from, when the bot wrote it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        entry: Option<EntryId>,
    },
    /// Something that happened; each reader's interface words it in its own language.
    Event {
        /// What happened.
        event: Event,
    },
}

/// What can happen in a conversation beside words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The visitor was handed to a person.
    HandedOver {
        /// Why, most telling first.
        reasons: Vec<HandoffReason>,
    },
    /// An agent closed the conversation.
    Closed {
        /// The agent's name.
        by: Line,
    },
    /// It was opened again by a new message.
    Reopened,
    /// An agent has taken back that it was closed.
    ReopenedBy {
        /// The agent's name.
        by: Line,
    },
    /// This visitor was stopped for a while.
    Banned {
        /// When it ends; `None` until an agent lifts it.
        until: Option<Millis>,
        /// What the agent wrote for the visitor; `None` when it was the guard.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Line>,
        /// What the guard went by.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        signals: Vec<Signal>,
    },
    /// An agent lifted the ban.
    Unbanned,
    /// The visitor says how it was, once after it was closed.
    Rated {
        /// Whether it was good.
        good: bool,
    },
    /// The visitor says how likely they are to recommend the site, once a talk.
    Recommended {
        /// How likely.
        likelihood: Likelihood,
    },
    /// What a person said last did not reach the visitor, whose channel could not carry it.
    Undelivered {
        /// Why, in the carrier's words.
        why: Line,
    },
}

/// Where a conversation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Somebody may have to do something.
    Open,
    /// Done, until the visitor writes again.
    Closed,
}

/// What a participant sends over a conversation's socket. Visitor and agent speak the same frames;
/// who speaks is known from the ticket the socket was opened with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TalkRequest {
    /// The first frame: send me what I have missed.
    Hello {
        /// The last sequence number I have; 0 for none.
        after: Seq,
    },
    /// A message. Repeating it with the same id is harmless and acknowledged again.
    Say {
        /// The writer's id for it.
        id: MessageId,
        /// The words.
        text: Text,
    },
    /// I have seen everything up to here.
    Read {
        /// The last sequence number seen.
        seq: Seq,
    },
    /// I am typing. Never stored.
    Typing,
    /// Of the visitor: how it was. Counts once after it was closed by a person who has replied; otherwise nothing happens.
    Rate {
        /// Whether it was good.
        good: bool,
    },
    /// Of the visitor: how likely they are to recommend the site. Counts once, while it is closed and a person has replied;
    /// otherwise nothing happens.
    Recommend {
        /// How likely.
        likelihood: Likelihood,
    },
    /// I have solved the challenge.
    Prove {
        /// The solution.
        proof: Proof,
    },
}

/// What the edge sends over a conversation's socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TalkEvent {
    /// What was missed, oldest first. When `more` is set, say `Hello` again with the last of them.
    CatchUp {
        /// The messages after the sequence number in `Hello`.
        messages: Vec<Message>,
        /// Whether there are more than fit into one frame.
        more: bool,
        /// Where the conversation stands.
        status: Status,
        /// As in [`Missed`](super::Missed).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        now: Option<Millis>,
    },
    /// A new message, of anybody's, the reader's own included.
    Message {
        /// The message.
        message: Message,
    },
    /// Your message is stored and will not be lost.
    Ack {
        /// The id the writer gave it.
        id: MessageId,
        /// Its place.
        seq: Seq,
        /// When it was taken.
        at: Millis,
    },
    /// A frame was not accepted, and why. Nothing was stored.
    Refused {
        /// The message it was about, when it was about one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<MessageId>,
        /// Why, and when to try again.
        problem: super::Problem,
    },
    /// The guard has noticed something, and says so before it does anything.
    Noticed {
        /// The rung that was reached.
        rung: Rung,
        /// Why, the heaviest first.
        signals: Vec<Signal>,
    },
    /// The challenge is solved: what waits can be sent.
    Proven,
    /// The other side has seen everything up to here.
    Read {
        /// The last sequence number seen.
        seq: Seq,
    },
    /// The other side is typing, or a colleague is.
    Typing {
        /// Who.
        from: Sender,
    },
}
