use serde::{Deserialize, Serialize};

use super::{AppealId, BanId, BoundedText, ConversationId, LanguageTag, Millis, VisitorId};
use crate::guard::signal::Signal;

/// What a visitor writes against a ban.
pub type Plea = BoundedText<1000>;

/// `POST /v1/sites/{site}/appeals`: a visitor who is stopped says why that is wrong. The same id again is harmless.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppealRequest {
    /// The visitor's own name for it, with which it can be asked after.
    pub id: AppealId,
    /// The visitor's browser.
    pub visitor: VisitorId,
    /// What they say.
    pub words: Plea,
    /// The language they read.
    pub language: LanguageTag,
}

/// How an appeal stands, as its visitor sees it: the answer to an [`AppealRequest`] and to
/// `GET /v1/sites/{site}/appeals/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppealState {
    /// What was decided; `None` while nobody has.
    pub outcome: Option<AppealOutcome>,
    /// When the ban ends now; `None` when that is open, or it is lifted.
    pub until: Option<Millis>,
    /// Whether the visitor has said that the decision was fair.
    pub fair: Option<bool>,
}

/// What an agent decides about an appeal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppealOutcome {
    /// The ban was wrong, and ends.
    Lifted,
    /// It ends sooner.
    Shortened,
    /// It stays as it is.
    Confirmed,
    /// It stays until somebody lifts it.
    Permanent,
}

/// `POST /v1/sites/{site}/appeals/{id}/fair`: what the visitor says to the decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FairRequest {
    /// Whether it was fair.
    pub fair: bool,
}

/// `POST /v1/sites/{site}/desk/appeals/{number}`: an agent decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecideRequest {
    /// What.
    pub outcome: AppealOutcome,
}

/// An appeal as agents see it, with the evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppealSummary {
    /// Its number at the site; agents go by this one.
    pub number: u64,
    /// The ban it is against.
    pub ban: BanId,
    /// The conversation it was made in, when it was made in one.
    pub conversation: Option<ConversationId>,
    /// What the visitor says.
    pub words: Plea,
    /// The language they read.
    pub language: LanguageTag,
    /// When.
    pub at: Millis,
    /// What the guard went by.
    pub signals: Vec<Signal>,
    /// What the agent wrote who made the ban; `None` when it was the guard.
    pub reason: Option<super::Line>,
    /// When the ban was made.
    pub since: Millis,
    /// When it ends; `None` until somebody lifts it.
    pub until: Option<Millis>,
    /// What was decided.
    pub outcome: Option<AppealOutcome>,
    /// Whether the visitor found that fair.
    pub fair: Option<bool>,
}

/// `GET /v1/sites/{site}/desk/appeals`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeals {
    /// Those that wait first, whoever waits longest before the others; then the latest; 100 at most.
    pub appeals: Vec<AppealSummary>,
    /// For each signal and outcome, how many visitors found it fair, and how many did not.
    pub fairness: Vec<Fairness>,
}

/// What visitors said to decisions about bans that a signal led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fairness {
    /// The heaviest signal; `None` for the bans that agents made.
    pub signal: Option<Signal>,
    /// Appeals there were.
    pub appeals: u32,
    /// Those that were lifted: the ban was wrong.
    pub lifted: u32,
    /// Visitors who found the decision fair.
    pub fair: u32,
    /// Visitors who did not.
    pub unfair: u32,
}
