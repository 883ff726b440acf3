//! What a conversation can be asked.

use deskbell_shared::wire::{
    BanId, ConversationId, HandoffReason, Line, MessageId, Millis, Missed, Said, Seq, SiteId, Status, Text,
    Ticket, Turn, VisitorContext,
};
use serde::{Deserialize, Serialize};

use crate::platform::object::calls;

/// Who speaks. Decided at the door, by a session or a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Speaker {
    /// The visitor whose conversation it is.
    Visitor,
    /// A person of the site.
    Agent {
        /// The address they sign in with.
        person: String,
        /// The name visitors see.
        name: Line,
    },
}

/// Begins the conversation. When it exists already, nothing changes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Open {
    /// The site.
    pub(crate) site: SiteId,
    /// The conversation's own id.
    pub(crate) conversation: ConversationId,
    /// Why it came to a person.
    pub(crate) reasons: Vec<HandoffReason>,
    /// What was said before.
    pub(crate) transcript: Vec<Turn>,
    /// Where the visitor is.
    pub(crate) context: VisitorContext,
    /// Who the visitor is, for bans.
    pub(crate) visitor: VisitorKeys,
}

/// The HMACs by which a visitor can be banned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct VisitorKeys {
    /// Of the browser.
    pub(crate) visitor: String,
    /// Of the address it last came from.
    pub(crate) address: String,
}

/// How the conversation stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Standing {
    /// Whether [`Open`] began it just now.
    pub(crate) begun: bool,
    /// The last sequence number stored.
    pub(crate) last_seq: Seq,
    /// Whether it is open.
    pub(crate) status: Status,
}

/// The visitor is back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Resume {
    /// Who the visitor is now.
    pub(crate) visitor: VisitorKeys,
}

/// A ticket for one socket.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct TalkTicket {
    /// Who will speak over it.
    pub(crate) speaker: Speaker,
    /// Where the visitor comes from now; `None` for an agent.
    pub(crate) visitor: Option<VisitorKeys>,
}

/// What was said after a sequence number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Read {
    /// The last one that the reader has.
    pub(crate) after: Seq,
}

/// Says something.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Say {
    /// Who.
    pub(crate) speaker: Speaker,
    /// The writer's id for it.
    pub(crate) id: MessageId,
    /// The words.
    pub(crate) text: Text,
}

/// Closes the conversation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Close {
    /// The agent's name.
    pub(crate) by: Line,
}

/// Who the visitor is, for a ban.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct WhoIsIt {}

/// A ban now holds for this visitor. Doing it again changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BanVisitor {
    /// Which ban.
    pub(crate) id: BanId,
    /// What the visitor is told.
    pub(crate) reason: Line,
    /// When it ends; `None` until it is lifted.
    pub(crate) until: Option<Millis>,
}

/// A ban holds no more. Doing it again changes nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct UnbanVisitor {
    /// Which ban.
    pub(crate) id: BanId,
}

calls! {
    Open => Standing, "/open";
    Resume => Standing, "/resume";
    TalkTicket => Ticket, "/ticket";
    Read => Missed, "/read";
    Say => Said, "/say";
    Close => (), "/close";
    WhoIsIt => VisitorKeys, "/who";
    BanVisitor => (), "/ban";
    UnbanVisitor => (), "/unban";
}
