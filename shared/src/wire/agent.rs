use serde::{Deserialize, Serialize};

use super::{BanId, ConversationId, Email, HandoffReason, Line, Millis, Seq, SiteId, Status, VisitorContext};

/// `POST /v1/sites/{site}/sign-in`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInRequest {
    /// Who.
    pub email: Email,
    /// The password as typed. Checked against the hash only, so that old rules never lock anybody out.
    pub password: String,
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
    /// The visitor's last words, or whoever spoke last, cut to a line.
    pub preview: Line,
    /// Why it came to a person, most telling first.
    pub reasons: Vec<HandoffReason>,
    /// Where the visitor is.
    pub context: VisitorContext,
    /// When it was handed over.
    pub opened: Millis,
    /// When something was last said.
    pub updated: Millis,
    /// Since when the visitor has waited for a reply; `None` when it is the visitor's turn.
    pub waiting_since: Option<Millis>,
    /// Messages of the visitor that no agent has seen.
    pub unread: u32,
    /// Whether the visitor's socket is open.
    pub online: bool,
    /// Whether the visitor is banned now.
    pub banned: bool,
}

/// What the inbox sends over the desk's socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskRequest {
    /// The first frame: send me the list.
    Hello,
}

/// What the edge sends over the desk's socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskEvent {
    /// The list, the open conversations first, newest first, 200 at most.
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
    },
}

/// `POST /v1/sites/{site}/bans`: an agent stops the visitor of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BanRequest {
    /// The conversation whose visitor is meant.
    pub conversation: ConversationId,
    /// The browser, or the address it came from.
    pub scope: BanScope,
    /// What the visitor is told.
    pub reason: Line,
    /// How long, in seconds; `None` until somebody lifts it.
    pub seconds: Option<u32>,
}

/// What a ban stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BanScope {
    /// This browser.
    Visitor,
    /// Everybody at its address: an IPv4 address, or an IPv6 /64. Many honest people may share one.
    Address,
}

/// A ban in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ban {
    /// For lifting it.
    pub id: BanId,
    /// The conversation it was made in.
    pub conversation: ConversationId,
    /// What it stops.
    pub scope: BanScope,
    /// What the visitor is told.
    pub reason: Line,
    /// Who made it.
    pub by: Line,
    /// When it was made.
    pub since: Millis,
    /// When it ends; `None` until somebody lifts it.
    pub until: Option<Millis>,
}

/// `GET /v1/sites/{site}/bans`: those in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bans {
    /// Newest first.
    pub bans: Vec<Ban>,
}
