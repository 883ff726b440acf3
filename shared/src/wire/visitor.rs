use serde::{Deserialize, Deserializer, Serialize, de::Error};

use super::{
    Address, ConversationId, CustomerFault, CustomerToken, EntryId, LanguageTag, Line, Message, MessageId,
    Millis, ResumeKey, Seq, Status, Text, VisitorId,
};

/// The most turns a transcript may carry; older ones are left out by the widget.
pub const MAX_TRANSCRIPT_TURNS: usize = 100;

/// Why a person takes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoffReason {
    /// The visitor asked for a person in words.
    ExplicitWish,
    /// The visitor pressed the button.
    Button,
    /// The FAQ had no answer twice in a row.
    NoAnswer,
    /// The visitor asked the same thing again, in other words.
    RepeatedQuestion,
    /// The visitor is angry, disappointed or bitter.
    Upset,
    /// It is about money taken wrongly, an account broken into, personal data, the law or harm to health.
    Sensitive,
    /// Somebody is in danger, or a whole business stands still.
    Crisis,
}

/// How soon a person should come to a visitor who needs one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// In turn.
    #[default]
    Normal,
    /// Before those in turn.
    High,
    /// Now.
    Urgent,
}

/// `POST /v1/sites/{site}/conversations`: the visitor has agreed to hand over.
///
/// Sending the same request again is harmless: the conversation's id is derived from `resume`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoffRequest {
    /// The visitor's key to the conversation, made for this handoff.
    pub resume: ResumeKey,
    /// The visitor's browser.
    pub visitor: VisitorId,
    /// Why, most telling first; never empty.
    #[serde(deserialize_with = "reasons")]
    pub reasons: Vec<HandoffReason>,
    /// How soon a person should come, as far as the widget can tell. It is the visitor's word: whoever wants to be urgent can say
    /// so in words as well.
    #[serde(default)]
    pub priority: Priority,
    /// What was said before, oldest first, as the visitor saw and agreed to send it.
    #[serde(deserialize_with = "transcript")]
    pub transcript: Vec<Turn>,
    /// Where the visitor is.
    pub context: VisitorContext,
    /// Who the visitor is, in the words of the site's backend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerToken>,
}

/// One line of the talk before the handoff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// The id it keeps as a message.
    pub id: MessageId,
    /// When it was shown.
    pub at: Millis,
    /// Who said it.
    pub from: TurnSender,
    /// What was said, with personal data masked where the visitor left it so.
    pub text: Text,
    /// For the bot: the entry it answered from. `None` when it had no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryId>,
}

/// Who said a line before the handoff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TurnSender {
    /// The visitor.
    Visitor,
    /// The widget, from the FAQ.
    Bot,
}

/// What the agent is told about where the visitor is. Shown to the visitor before it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitorContext {
    /// The language the widget speaks.
    pub language: LanguageTag,
    /// The page's address, without its query and fragment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<Address>,
    /// The page's title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Line>,
    /// Minutes to add to UTC for the visitor's local time, -840 to 840.
    #[serde(deserialize_with = "utc_offset")]
    pub utc_offset_minutes: i16,
}

fn reasons<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<HandoffReason>, D::Error> {
    match Vec::<HandoffReason>::deserialize(from)? {
        reasons if (1..=8).contains(&reasons.len()) => Ok(reasons),
        _ => Err(D::Error::custom("there are 1 to 8 reasons")),
    }
}

fn transcript<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Turn>, D::Error> {
    let turns = Vec::<Turn>::deserialize(from)?;
    if turns.len() > MAX_TRANSCRIPT_TURNS {
        return Err(D::Error::custom(format_args!("there are {MAX_TRANSCRIPT_TURNS} turns at most")));
    }
    match turns.iter().enumerate().find(|(n, turn)| turns[..*n].iter().any(|earlier| earlier.id == turn.id)) {
        Some((_, turn)) => Err(D::Error::custom(format_args!("the turn {} is there twice", turn.id))),
        None => Ok(turns),
    }
}

fn utc_offset<'de, D: Deserializer<'de>>(from: D) -> Result<i16, D::Error> {
    match i16::deserialize(from)? {
        minutes @ -840..=840 => Ok(minutes),
        _ => Err(D::Error::custom("an offset from UTC is -840 to 840 minutes")),
    }
}

/// The answer to a [`HandoffRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoffAccepted {
    /// The conversation.
    pub conversation: ConversationId,
    /// The session for it.
    pub session: Session,
    /// The last sequence number stored.
    pub last_seq: Seq,
    /// Why [`HandoffRequest::customer`] was not believed, when it was not. The talk goes on without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_fault: Option<CustomerFault>,
}

/// A visitor's signed session for one conversation of one site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Sent as `Authorization: Bearer …`.
    pub token: String,
    /// When it stops working; get a new one with [`ResumeRequest`].
    pub expires: Millis,
}

/// `POST /v1/sites/{site}/sessions`: a visitor comes back to a conversation, a minute or a month later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResumeRequest {
    /// The key from the handoff.
    pub resume: ResumeKey,
    /// The visitor's browser.
    pub visitor: VisitorId,
}

/// The answer to a [`ResumeRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resumed {
    /// The conversation.
    pub conversation: ConversationId,
    /// A new session for it.
    pub session: Session,
    /// The last sequence number stored.
    pub last_seq: Seq,
    /// Where it stands.
    pub status: Status,
}

/// A one-time key that opens one socket within [`Ticket::LIFETIME_MS`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// Sent as the socket's `ticket` query parameter.
    pub ticket: String,
}

impl Ticket {
    /// How long a ticket can be used, in milliseconds.
    pub const LIFETIME_MS: u64 = 30_000;
}

/// `POST …/messages`, where a socket cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SayRequest {
    /// The writer's id for it.
    pub id: MessageId,
    /// The words.
    pub text: Text,
}

/// The answer to a [`SayRequest`]: it is stored and will not be lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The id the writer gave it.
    pub id: MessageId,
    /// Its place.
    pub seq: Seq,
    /// When it was taken.
    pub at: Millis,
}

/// `GET …/messages?after=N`: what was missed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missed {
    /// The messages after `N`, oldest first.
    pub messages: Vec<Message>,
    /// Whether there are more; ask again after the last of these.
    pub more: bool,
    /// Where the conversation stands.
    pub status: Status,
    /// The edge's clock: what ends by it is told to visitors by theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<Millis>,
}
