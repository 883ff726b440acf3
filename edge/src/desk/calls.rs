//! What a desk can be asked.

use deskbell_shared::wire::{
    AlertKind, AskedQuestions, ChannelId, ConversationId, DeskEvent, Email, Found, Line, Millis,
    ReportRequest, Retention, Routing, ServiceReport, SettleRequest, SiteId, Summary, TalkHistory, Ticket,
};
use serde::{Deserialize, Serialize};

use crate::{
    conversation::{asked::Asked, calls::VisitorKeys},
    platform::object::calls,
};

/// How a conversation stands now. An older version than the one noted changes nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Note {
    /// Counts up with every change of the conversation.
    pub(crate) version: u64,
    /// How it stands.
    pub(crate) summary: Summary,
    /// Who its visitor is, for bans.
    pub(crate) visitor: VisitorKeys,
    /// What they asked before people came; once that is noted it need not be told again.
    #[serde(default)]
    pub(crate) asked: Vec<Asked>,
}

/// What visitors asked before a person came, and nobody has settled.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct ListAsked {}

/// Some of that is settled.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SettleAsked {
    /// Which.
    pub(crate) request: SettleRequest,
}

/// A conversation was erased; whether it was known.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Forget {
    /// Which.
    pub(crate) conversation: ConversationId,
    /// When: what is told of it that began before counts no more, however late it comes.
    pub(crate) at: Millis,
}

/// How visitors were served over some days.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct CountService {
    /// Which days.
    pub(crate) request: ReportRequest,
}

/// A conversation, and those that its visitor had beside it. *Conversation unknown* when the list does not have it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct History {
    /// Which.
    pub(crate) conversation: ConversationId,
}

/// Looks through all talks. *Malformed* when `before` is no place.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Search {
    /// The words that occur.
    pub(crate) words: String,
    /// After which place.
    pub(crate) before: Option<String>,
}

/// For how long talks are kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct GetRetention {}

/// Sets for how long talks are kept, and erases those that are older.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PutRetention {
    /// At which site.
    pub(crate) site: SiteId,
    /// For how long.
    pub(crate) retention: Retention,
}

/// Whether visitors who wait are given to people, and to whom.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct GetRouting {}

/// Sets that.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PutRouting {
    /// At which site.
    pub(crate) site: SiteId,
    /// To whom.
    pub(crate) routing: Routing,
}

/// Gives visitors who wait to people.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct GiveOut {}

/// A ticket for one socket.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct DeskTicket {
    /// The address the agent signs in with.
    pub(crate) person: Email,
    /// The agent's name.
    pub(crate) name: Line,
    /// The session it is asked for in, by the name that its sockets have.
    pub(crate) session: String,
    /// Whether the agent may answer visitors, and not only look.
    #[serde(default)]
    pub(crate) may_answer: bool,
}

/// A page of the conversations whose visitor is there now, in the order of their ids; an empty one is the end.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Online {
    /// The key of a range or a country they come from; `None` from everywhere.
    pub(crate) at: Option<String>,
    /// The last conversation of the page before.
    pub(crate) after: Option<ConversationId>,
}

/// The most conversations in one page of [`Owing`]: a carrier's request asks each of them.
pub(crate) const OWING_PAGE: usize = 20;

/// A page of the conversations that have something which a channel is to deliver, in the order of their ids.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Owing {
    /// Which channel.
    pub(crate) channel: ChannelId,
    /// The last conversation of the page before.
    pub(crate) after: Option<ConversationId>,
}

/// Something that whoever has the inbox open should know.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Tell {
    /// What.
    pub(crate) event: DeskEvent,
}

/// So many acts of visitors were turned away.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct TurnedAway {
    /// At which site: the desk tells it when that is an attack.
    pub(crate) site: SiteId,
    /// How many.
    pub(crate) count: u32,
}

/// Something that people rely on does not answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Raise {
    /// What.
    pub(crate) kind: AlertKind,
}

/// The conversations whose visitor goes by this key, the latest first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct WithVisitor {
    /// An HMAC of a browser, of an address, or of what is around one.
    pub(crate) key: String,
    /// Whether it is of what is around an address. Looking for that reads all talks there are.
    #[serde(default)]
    pub(crate) is_around: bool,
}

calls! {
    Note => (), "/note";
    Forget => bool, "/forget";
    ListAsked => AskedQuestions, "/asked";
    SettleAsked => (), "/settle-asked";
    CountService => ServiceReport, "/service";
    History => TalkHistory, "/history";
    Search => Found, "/search";
    GetRetention => Retention, "/retention";
    PutRetention => (), "/keep-for";
    GetRouting => Routing, "/routing";
    PutRouting => (), "/route";
    GiveOut => (), "/give-out";
    DeskTicket => Ticket, "/ticket";
    Online => Vec<ConversationId>, "/online";
    Owing => Vec<ConversationId>, "/owing";
    Tell => (), "/tell";
    TurnedAway => (), "/turned-away";
    Raise => (), "/raise";
    WithVisitor => Vec<ConversationId>, "/with-visitor";
}
