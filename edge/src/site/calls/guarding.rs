//! What the guard and the inbox ask of a site: bans, appeals, rules, Turnstile.

use deskbell_shared::{
    guard::{rules::GuardRules, signal::Signal},
    wire::{
        AppealId, AppealOutcome, AppealRequest, BanId, BanRequest, BanScope, ConversationId, Millis,
        TurnstileKey, TurnstileSecret,
    },
};
use serde::{Deserialize, Serialize};

use super::Person;
use crate::conversation::calls::VisitorKeys;

/// Bans somebody, or something.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct MakeBan {
    /// What the agent asked for.
    pub(crate) request: BanRequest,
    /// Whom it stops: an HMAC; empty for words.
    pub(crate) key: String,
    /// The agent.
    pub(crate) by: Person,
}

/// The guard has stopped somebody. Doing it again changes nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct GuardBan {
    /// Which ban.
    pub(crate) id: BanId,
    /// Where, when it was in a conversation.
    pub(crate) conversation: Option<ConversationId>,
    /// Whom: always a visitor. An address alone is never banned.
    pub(crate) scope: BanScope,
    /// Whom it stops: an HMAC.
    pub(crate) key: String,
    /// What the guard went by.
    pub(crate) signals: Vec<Signal>,
    /// When it ends.
    pub(crate) until: Option<Millis>,
}

/// A visitor who is stopped says that this is wrong.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct MakeAppeal {
    /// What they sent.
    pub(crate) request: AppealRequest,
    /// By which keys they may be stopped.
    pub(crate) keys: VisitorKeys,
}

/// How an appeal stands, for its visitor.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AppealOf {
    /// Which.
    pub(crate) id: AppealId,
    /// Whether the visitor found the decision fair, when that is said.
    pub(crate) fair: Option<bool>,
}

/// All appeals there are.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ListAppeals {}

/// An agent decides an appeal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct DecideAppeal {
    /// Its number.
    pub(crate) number: u64,
    /// What.
    pub(crate) outcome: AppealOutcome,
    /// The agent.
    pub(crate) by: Person,
}

/// The rules in force.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct GetRules {}

/// Sets rules, which were checked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PutRules {
    /// Which.
    pub(crate) rules: GuardRules,
    /// Those that have to be in force still, if it matters.
    pub(crate) was: Option<GuardRules>,
    /// Who.
    pub(crate) by: String,
}

/// Has visitors asked Turnstile, or puzzles alone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SetTurnstile {
    /// Its key, if it is asked.
    pub(crate) key: Option<TurnstileKey>,
    /// The secret of the key, when it is new.
    pub(crate) secret: Option<TurnstileSecret>,
    /// Who.
    pub(crate) by: String,
}

/// The desk has found that an attack has begun, or is over.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Besieged {
    /// Which of the two.
    pub(crate) on: bool,
}

/// What proves to Cloudflare who asks.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct GetTurnstileSecret {}

/// Cloudflare could not be asked.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct TurnstileIsDown {}
