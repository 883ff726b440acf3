use serde::{Deserialize, Serialize};

use super::{
    AppealSummary, BanId, ConversationId, Customer, Email, FactorCode, HandoffReason, InternalNote,
    Likelihood, Line, Message, Millis, Priority, Seq, SiteId, Status, Subject, Teammate, Via, VisitorContext,
};
use crate::guard::{
    range::{Country, Range},
    rules::Keyword,
    signal::Signal,
};

/// `POST /v1/sites/{site}/sign-in`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInRequest {
    /// Who.
    pub email: Email,
    /// The password as typed. Checked against the hash only, so that old rules never lock anybody out.
    pub password: String,
    /// The second factor, of somebody who has one: asked for once the password is right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<FactorCode>,
}

/// Who is signed in: the answer to a [`SignInRequest`] and to `GET /v1/sites/{site}/me`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// The site whose inbox this is.
    pub site: SiteId,
    /// The site's name.
    pub site_name: Line,
    /// The person's address.
    pub email: Email,
    /// The name visitors see.
    pub name: Line,
    /// What they may do.
    pub role: Role,
    /// Sent as `X-Deskbell-Csrf` with every request that changes something.
    pub csrf: String,
    /// Whether nothing else works until they have set up a second factor: the site demands it.
    #[serde(default)]
    pub second_factor_due: bool,
    /// Whether they can prove by a passkey who they are.
    #[serde(default)]
    pub has_passkey: bool,
}

/// What a person of the site may do. Each may do everything that those after it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Look.
    Viewer,
    /// Talk to visitors, close conversations, ban.
    Agent,
    /// Change the FAQ and the settings.
    Admin,
    /// Everything, people included.
    Owner,
}

/// A conversation as the list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The conversation.
    pub conversation: ConversationId,
    /// Where it stands.
    pub status: Status,
    /// Its last sequence number.
    pub last_seq: Seq,
    /// The last words of the visitor or an agent, cut to a line.
    pub preview: Line,
    /// Why it came to a person, most telling first.
    pub reasons: Vec<HandoffReason>,
    /// How soon a person should come.
    #[serde(default)]
    pub priority: Priority,
    /// Where the visitor is.
    pub context: VisitorContext,
    /// What it is about, as far as that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// Who the visitor is, as the site's backend has signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<Customer>,
    /// Through which channel it goes; `None` when that is the site's pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<Via>,
    /// When it was handed over.
    pub opened: Millis,
    /// When something last happened.
    pub updated: Millis,
    /// When somebody last said something; `None` where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_said: Option<Millis>,
    /// Since when the visitor has waited for a reply; `None` when it is the visitor's turn.
    pub waiting_since: Option<Millis>,
    /// When a person first replied; `None` when nobody has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_reply: Option<Millis>,
    /// How often the visitor wrote again after it was closed.
    #[serde(default)]
    pub reopened: u32,
    /// Whether it was good, as the visitor last said after it was closed; `None` when they have not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rated_good: Option<bool>,
    /// How likely the visitor is to recommend the site, as they said; `None` when they have not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommends: Option<Likelihood>,
    /// Messages of the visitor that no agent has seen.
    pub unread: u32,
    /// Who looks after it; `None` for nobody in particular.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<Teammate>,
    /// Whether the visitor's socket is open.
    pub online: bool,
    /// Whether the visitor is banned now.
    pub banned: bool,
}

/// `GET /v1/sites/{site}/conversations/{id}`: all there is of a conversation, to be kept elsewhere or handed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TalkRecord {
    /// Who it is with, and how it stands.
    pub summary: Summary,
    /// What was said, oldest first.
    pub messages: Vec<Message>,
    /// What the site's people noted about it, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<InternalNote>,
}

/// `GET /v1/sites/{site}/conversations/{id}/history`: a conversation, and those that its visitor had beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TalkHistory {
    /// The conversation that was asked about.
    pub conversation: Summary,
    /// Those of the same customer, and of the same browser unless another customer had them; 20 at most, the latest first.
    pub others: Vec<Summary>,
}

/// What the inbox sends over the desk's socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskRequest {
    /// The first frame, and again when much of the list is gone: send me the list.
    Hello,
    /// Whether visitors who wait may be given to me.
    Duty {
        /// Whether I take them.
        takes: bool,
    },
}

/// What the edge sends over the desk's socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskEvent {
    /// The list: of open conversations those that wait for an answer with more than normal priority, and those that the
    /// reader looks after, 100 of each at most, and 200 at most of all, the longest wait first; and the 100 closed ones in
    /// which something was said last.
    Snapshot {
        /// The conversations.
        conversations: Vec<Summary>,
        /// How many open ones there are in all.
        open: u32,
    },
    /// A conversation is new or has changed.
    Changed {
        /// How it stands now.
        conversation: Box<Summary>,
        /// How many open ones there are in all.
        open: u32,
    },
    /// A conversation was erased: nothing of it is left.
    Erased {
        /// Which.
        conversation: ConversationId,
        /// How many open ones there are in all.
        open: u32,
    },
    /// An appeal is new or was decided.
    Appealed {
        /// How it stands now.
        appeal: Box<AppealSummary>,
    },
    /// Something about the guard that people should know now, or need not any more.
    Alert {
        /// What it is about, and since when; `None` when it is over.
        alert: Option<Alert>,
        /// Which kind this is about.
        kind: AlertKind,
    },
    /// Whether visitors who wait are given to people, and to the reader.
    Duty {
        /// Whether the site wants that.
        gives: bool,
        /// Whether the reader takes them.
        takes: bool,
    },
}

/// Something about the guard that people should know, from when it begins until it ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// What it is about.
    pub kind: AlertKind,
    /// Since when.
    pub since: Millis,
    /// How many acts were turned away since.
    pub count: u32,
}

/// What an alert is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// The site is under attack.
    Attack,
    /// The guard's objects do not answer: only local limits hold.
    GuardDown,
    /// Cloudflare's Turnstile cannot be asked: visitors solve puzzles instead.
    TurnstileDown,
}

/// `POST /v1/sites/{site}/bans`: an agent stops the visitor of a conversation, or everybody of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BanRequest {
    /// The conversation whose visitor is meant; needed for a visitor or an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    /// Whom it stops, or what.
    pub scope: BanScope,
    /// What the visitor is told.
    pub reason: Line,
    /// How long, in seconds; `None` until somebody lifts it.
    pub seconds: Option<u32>,
}

/// What a ban stops.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BanScope {
    /// This browser.
    Visitor,
    /// Everybody at its address: an IPv4 address, or an IPv6 /64. Many honest people may share one.
    Address,
    /// Everybody in a range of addresses.
    Range(Range),
    /// Everybody in a country.
    Country(Country),
    /// Messages with a word or phrase, however it is written.
    Keyword(Keyword),
    /// Messages with an e-mail address.
    Email(Email),
}

/// A ban in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ban {
    /// For lifting it.
    pub id: BanId,
    /// The conversation it was made in, when it was made in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    /// What it stops.
    pub scope: BanScope,
    /// What the visitor is told; `None` when the guard made it, and `signals` say why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Line>,
    /// What the guard went by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<Signal>,
    /// Who made it; `None` for the guard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Line>,
    /// When it was made.
    pub since: Millis,
    /// When it ends; `None` until somebody lifts it.
    pub until: Option<Millis>,
}

/// `POST /v1/sites/{site}/bans/preview`: whom a ban would stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BanPreview {
    /// The conversations, the latest first; 500 at most.
    pub conversations: Vec<ConversationId>,
}

/// `GET /v1/sites/{site}/bans`: those in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bans {
    /// Newest first.
    pub bans: Vec<Ban>,
}
