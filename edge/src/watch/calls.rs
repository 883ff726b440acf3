//! What a site's watch can be asked.

use deskbell_shared::{
    guard::{
        record::{Decision, Figures, Replayed},
        rules::GuardRules,
    },
    wire::{ConversationId, Millis},
};
use serde::{Deserialize, Serialize};

use crate::platform::object::calls;

/// Decisions that were made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Keep {
    /// Which.
    pub(crate) decisions: Vec<Decision>,
    /// For how many days they are kept, until the site has said so by [`KeepFor`].
    pub(crate) keep_days: u16,
    /// Texts of some length that a visitor sent into a talk.
    pub(crate) sent: Vec<SentText>,
}

/// The site has set for how long decisions are kept.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct KeepFor {
    /// How many days.
    pub(crate) days: u16,
}

/// A text, as it is compared with those of strangers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SentText {
    /// Whose it is: an HMAC.
    pub(crate) visitor: String,
    /// Names that it shares with texts which are nearly the same.
    pub(crate) names: [u64; 2],
}

/// What the watch found when it kept something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// How many of the texts several strangers are sending right now.
    pub(crate) copied: u32,
}

/// An agent has shown what they think of a visitor: closed their talk, lifted a ban, or made one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Consider {
    /// Whom: an HMAC.
    pub(crate) visitor: String,
    /// As what.
    pub(crate) honest: bool,
}

/// A conversation was erased: so is what was decided in it, and with what words.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ForgetTalk {
    /// Which.
    pub(crate) conversation: ConversationId,
    /// When: what was decided in it before is not kept, however late it comes.
    pub(crate) at: Millis,
}

/// The last seven days, counted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Count {}

/// What rules would have done in the last seven days.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Replay {
    /// Which rules.
    pub(crate) rules: GuardRules,
}

calls! {
    Keep => Kept, "/keep";
    KeepFor => (), "/keep-for";
    Consider => (), "/consider";
    ForgetTalk => (), "/forget-talk";
    Count => Figures, "/count";
    Replay => Replayed, "/replay";
}
