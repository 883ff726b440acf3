//! What a conversation can be asked.

use deskbell_shared::{
    guard::{conduct::Conduct, signal::Signal},
    wire::{
        BanId, ChannelId, ConversationId, Customer, Email, EntryId, HandoffReason, InternalNote, Line,
        MessageId, Millis, Missed, OutgoingMessage, Priority, Proof, Said, Seq, SiteId, Status, Subject,
        Summary, Teammate, Text, Ticket, Turn, Via, VisitorContext,
    },
};
use serde::{Deserialize, Serialize};

use super::watch::Watch;
use crate::platform::object::calls;

/// Who speaks. Decided at the door, by a session or a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Speaker {
    /// The visitor whose conversation it is.
    Visitor,
    /// A person of the site.
    Agent {
        /// The address they sign in with.
        person: Email,
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
    pub(crate) priority: Priority,
    /// What was said before.
    pub(crate) transcript: Vec<Turn>,
    /// Where the visitor is.
    pub(crate) context: VisitorContext,
    /// What it is about, as far as that can be told.
    #[serde(default)]
    pub(crate) subject: Option<Subject>,
    /// Who the visitor is, as the site's backend has signed.
    pub(crate) customer: Option<Customer>,
    /// Through which channel it goes, where that is not the site's pages.
    #[serde(default)]
    pub(crate) via: Option<Via>,
    /// What the FAQ answers to it there.
    #[serde(default)]
    pub(crate) answer: Option<FaqAnswer>,
    /// Who the visitor is, for bans.
    pub(crate) visitor: VisitorKeys,
    /// How they behaved before.
    pub(crate) conduct: Conduct,
    /// What the conversation looks out for.
    pub(crate) watch: Watch,
}

/// The HMACs by which a visitor can be banned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct VisitorKeys {
    /// Of the browser.
    pub(crate) visitor: String,
    /// Of the address it last came from.
    pub(crate) address: String,
    /// Of the ranges around that address, and the country: by these, bans of a range find their conversations.
    #[serde(default)]
    pub(crate) around: Vec<String>,
}

impl VisitorKeys {
    /// Whether the visitor is at the place of this key.
    pub(crate) fn is_at(&self, place: &str) -> bool {
        self.address == place || self.around.iter().any(|around| around == place)
    }
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
    /// What the conversation looks out for.
    pub(crate) watch: Watch,
}

/// Who may open a socket.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Holder {
    /// Who will speak over it.
    pub(crate) speaker: Speaker,
    /// The agent's session, by the name that its sockets have; `None` for the visitor.
    pub(crate) session: Option<String>,
    /// Whether they only look: they say nothing, and what they have seen is not read by somebody who answers.
    #[serde(default)]
    pub(crate) looks_on: bool,
}

/// A ticket for one socket.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct TalkTicket {
    /// Who will hold it.
    pub(crate) holder: Holder,
    /// Where the visitor comes from now; `None` for an agent.
    pub(crate) visitor: Option<VisitorKeys>,
    /// What the conversation looks out for; `None` from an agent.
    pub(crate) watch: Option<Watch>,
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
    /// The solution of a challenge that was set before.
    #[serde(default)]
    pub(crate) proof: Option<Proof>,
    /// What the conversation looks out for, where the way leads past somebody who knows.
    #[serde(default)]
    pub(crate) watch: Option<Watch>,
    /// What the FAQ answers, should a talk on a channel begin anew with it.
    #[serde(default)]
    pub(crate) answer: Option<FaqAnswer>,
    /// Why a person should come, and how soon, should they be called anew with it.
    #[serde(default)]
    pub(crate) reasons: Vec<HandoffReason>,
    #[serde(default)]
    pub(crate) priority: Priority,
    /// What it is about, should it begin something.
    #[serde(default)]
    pub(crate) subject: Option<Subject>,
}

/// What the FAQ may be asked for about what a visitor says on a channel now.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct FaqIsFor {}

/// What an FAQ is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FaqUse {
    /// To answer it.
    pub(crate) answers: bool,
    /// To say what it is about.
    pub(crate) tells_subject: bool,
}

impl FaqUse {
    /// Everything.
    pub(crate) const ALL: Self = Self { answers: true, tells_subject: true };

    /// What it is asked for by both.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            answers: self.answers && other.answers,
            tells_subject: self.tells_subject && other.tells_subject,
        }
    }

    /// Whether it is asked at all.
    pub(crate) fn is_any(self) -> bool {
        self.answers || self.tells_subject
    }
}

impl Say {
    /// Words, and nothing known beside them.
    pub(crate) fn new(speaker: Speaker, id: MessageId, text: Text) -> Self {
        Self {
            speaker,
            id,
            text,
            proof: None,
            watch: None,
            answer: None,
            reasons: Vec::new(),
            priority: Priority::default(),
            subject: None,
        }
    }
}

/// What the FAQ answers, where no widget has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FaqAnswer {
    /// The id it has as a message.
    pub(crate) id: MessageId,
    /// From which entry.
    pub(crate) entry: EntryId,
    /// What.
    pub(crate) text: Text,
}

/// What a channel has to carry to the visitor. *Conversation unknown* when it goes through another.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ReadOutgoing {
    /// Which channel asks.
    pub(crate) channel: ChannelId,
}

/// What a channel was to carry is there, or cannot be. *Conversation unknown* when it goes through another.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct NoteDelivered {
    /// Which channel says so.
    pub(crate) channel: ChannelId,
    /// Everything up to here.
    pub(crate) seq: Seq,
    /// Why it cannot be, when it cannot.
    pub(crate) failed: Option<Line>,
}

/// What to look out for has changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct LookOutFor {
    /// What it is now.
    pub(crate) watch: Watch,
}

/// Closes the conversation. *Conflict* when its visitor has written something that whoever closes it has not seen.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Close {
    /// The agent's name.
    pub(crate) by: Line,
    /// Up to where they have seen it, as far as they say.
    #[serde(default)]
    pub(crate) seen: Option<Seq>,
}

/// Takes back that the conversation was closed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Reopen {
    /// The agent's name.
    pub(crate) by: Line,
}

/// Somebody looks after it from now on, or nobody in particular. *Conflict* when it is not who it should be instead of.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Assign {
    /// Who.
    pub(crate) to: Option<Teammate>,
    /// Who should have so far.
    pub(crate) instead_of: Option<Email>,
    /// Whether only if its visitor waits still: otherwise that is a *conflict* too.
    #[serde(default)]
    pub(crate) while_waiting: bool,
}

/// What it is about is this from now on, as somebody has seen.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SetSubject {
    /// What; `None` for nothing that has a name.
    pub(crate) subject: Option<Subject>,
}

/// Notes something for the site's people.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct MakeNote {
    /// The writer's id for it.
    pub(crate) id: MessageId,
    /// What.
    pub(crate) text: Text,
    /// Who.
    pub(crate) by: Teammate,
}

/// What was noted so far.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ListNotes {}

/// How the conversation stands, as the list shows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Summarise {}

/// Erases everything, for good. Doing it again changes nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Erase {
    /// The site.
    pub(crate) site: SiteId,
    /// The conversation's own id.
    pub(crate) conversation: ConversationId,
    /// When it is only to be erased if nothing was said in it since.
    #[serde(default)]
    pub(crate) quiet_since: Option<Millis>,
}

/// Who the visitor is, for a ban.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct WhoIsIt {}

/// A ban now holds for this visitor. Doing it again changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BanVisitor {
    /// Which ban.
    pub(crate) id: BanId,
    /// What the visitor is told; `None` when the guard made it.
    pub(crate) reason: Option<Line>,
    /// What the guard went by.
    #[serde(default)]
    pub(crate) signals: Vec<Signal>,
    /// When it ends; `None` until it is lifted.
    pub(crate) until: Option<Millis>,
    /// The key of the place that is stopped, an address, a range or a country, when it is not the visitor: it holds as long as
    /// they come from there.
    #[serde(default)]
    pub(crate) place: Option<String>,
    /// Whether that place is a range or a country: whoever is not in the talk need not read of it there.
    #[serde(default)]
    pub(crate) wide: bool,
}

/// A ban holds no more. Doing it again changes nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct UnbanVisitor {
    /// Which ban.
    pub(crate) id: BanId,
    /// Whether it was wrong: then nothing of what led to it counts any more.
    pub(crate) forgiven: bool,
}

calls! {
    Open => Standing, "/open";
    Resume => Standing, "/resume";
    TalkTicket => Ticket, "/ticket";
    Read => Missed, "/read";
    Say => Said, "/say";
    FaqIsFor => FaqUse, "/faq-is-for";
    ReadOutgoing => Vec<OutgoingMessage>, "/outgoing";
    NoteDelivered => (), "/delivered";
    LookOutFor => (), "/look-out-for";
    Close => (), "/close";
    Reopen => (), "/reopen";
    Assign => (), "/assign";
    SetSubject => (), "/set-subject";
    MakeNote => InternalNote, "/note";
    ListNotes => Vec<InternalNote>, "/notes";
    Summarise => Summary, "/summary";
    Erase => bool, "/erase";
    WhoIsIt => VisitorKeys, "/who";
    BanVisitor => (), "/ban";
    UnbanVisitor => (), "/unban";
}
