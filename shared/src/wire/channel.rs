//! Channels: ways to a site's people that do not lead through its pages, such as WhatsApp or e-mail. A program of the site's,
//! the *carrier*, hands over what people write there, and delivers what they are answered.

use serde::{Deserialize, Serialize};

use super::{ChannelId, ConversationId, Customer, LanguageTag, Line, MessageId, Millis, Seq, Text};

/// The most channels of a site.
pub const MAX_CHANNELS: usize = 20;

/// Through which channel a conversation goes, and how far what was said in it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Via {
    /// Which.
    pub channel: ChannelId,
    /// What people call the channel.
    pub name: Line,
    /// Who the visitor is there: a telephone number, an address.
    pub from: Line,
    /// What the visitor is called there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub called: Option<Line>,
    /// The last message of one of the site's people, or of its FAQ; 0 for none.
    pub said: Seq,
    /// The last of those that the carrier has delivered; 0 for none.
    pub delivered: Seq,
    /// Whether it was the FAQ that answered what the visitor said last.
    pub by_faq: bool,
    /// Whether it has come to people: what the FAQ alone has answered has not.
    pub had_people: bool,
}

impl Via {
    /// Whether something waits to be delivered.
    pub const fn owes(&self) -> bool {
        self.said > self.delivered
    }
}

/// `PUT /v1/sites/{site}/channels/{id}`: makes a channel, or changes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelRequest {
    /// What people call it.
    pub name: Line,
    /// Whether the FAQ answers what begins a matter, where it is sure. Whoever writes again after that writes to people. Without
    /// it, that stays as it is; a new channel's does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<bool>,
}

/// A channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// Its place in addresses.
    pub id: ChannelId,
    /// What people call it.
    pub name: Line,
    /// Whether the FAQ answers, as in [`ChannelRequest`].
    #[serde(default)]
    pub answers: bool,
}

/// `GET /v1/sites/{site}/channels`; also the answer to what changes one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channels {
    /// The oldest first.
    pub channels: Vec<Channel>,
}

/// `GET /v1/sites/{site}/channels/{id}/key`, and `POST` for a new one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelKey {
    /// What the carrier sends as `Authorization: Bearer …`.
    pub key: String,
}

/// `POST /v1/sites/{site}/channels/{id}/messages`: somebody has written on the channel. Sending it again is harmless.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarryRequest {
    /// The channel's own id of the message: one is taken once.
    pub id: Line,
    /// Who wrote it, as the channel names them. Everything that somebody writes on a channel is one conversation.
    pub from: Line,
    /// What they wrote.
    pub text: Text,
    /// What they are called on the channel. It counts when their conversation begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Line>,
    /// What they speak; without it, the site's own language. What is written is read in it, so it is said with each message;
    /// people see that of the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageTag>,
    /// Which of the site's customers they are. The carrier is the site's own, and is believed. It counts when their
    /// conversation begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<Customer>,
}

/// The answer to a [`CarryRequest`]: it is stored and will not be lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// The conversation.
    pub conversation: ConversationId,
    /// The message's place in it.
    pub seq: Seq,
}

/// `GET /v1/sites/{site}/channels/{id}/outgoing`: what is to be delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// The next of each conversation, in their order: ask again once they are delivered.
    pub messages: Vec<OutgoingMessage>,
    /// Where other conversations have some: ask again with `?after=` this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<ConversationId>,
}

/// Something that one of the site's people, or its FAQ, has said, and that the channel has to carry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutgoingMessage {
    /// The conversation.
    pub conversation: ConversationId,
    /// Its place in it.
    pub seq: Seq,
    /// Its own id: the same, should it be handed out again.
    pub id: MessageId,
    /// To whom, as the channel names them.
    pub to: Line,
    /// Who said it: the name visitors see. `None` when it is the FAQ's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Line>,
    /// When.
    pub at: Millis,
    /// What.
    pub text: Text,
}

/// `POST /v1/sites/{site}/channels/{id}/delivered`: what has become of everything in a conversation up to there. It is handed
/// out no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveredRequest {
    /// Which.
    pub conversation: ConversationId,
    /// Up to where.
    pub seq: Seq,
    /// Why it could not be delivered, for the site's people; without it, it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<Line>,
}
