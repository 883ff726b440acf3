//! What the guard decided, as it is kept, counted, and tried again under other rules.

use serde::{Deserialize, Serialize};

use super::{ladder::Rung, range::Country, rules::Keyword, signal::Signal};
use crate::wire::{BoundedText, ConversationId, Millis};

/// As much of a text as is kept with a decision.
pub type Excerpt = BoundedText<280>;

/// A decision of the guard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// When.
    pub at: Millis,
    /// About whom: an HMAC.
    pub visitor: String,
    /// From where: an HMAC with a salt of its day; empty where it is not known.
    #[serde(default)]
    pub address: String,
    /// From which country, as the platform says.
    #[serde(default)]
    pub country: Option<Country>,
    /// In which conversation, when there is one.
    #[serde(default)]
    pub conversation: Option<ConversationId>,
    /// Which conversation it kept from beginning, perhaps for a while: when that is erased, so is this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<ConversationId>,
    /// What was done.
    pub rung: Rung,
    /// Why, the heaviest first.
    pub signals: Vec<Signal>,
    /// What was said, cut.
    #[serde(default)]
    pub words: Option<Excerpt>,
}

/// `GET /v1/sites/{site}/guard/figures`: the last seven days, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Hours in which something was decided, oldest first.
    pub hours: Vec<Hour>,
    /// How often each rung answered.
    pub rungs: Vec<(Rung, u32)>,
    /// How often each signal was among the reasons, the most frequent first.
    pub signals: Vec<(Signal, u32)>,
    /// Where those came from who were answered by a rung, the most frequent first.
    pub countries: Vec<(Country, u32)>,
    /// What those said most often.
    pub texts: Vec<(Excerpt, u32)>,
}

/// What was decided in an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hour {
    /// When it began.
    pub since: Millis,
    /// Acts that were let through.
    pub clear: u32,
    /// Acts that a rung answered.
    pub answered: u32,
}

/// `POST /v1/sites/{site}/guard/replay`: what rules would have done in the recorded week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replayed {
    /// Visitors whose words are on record.
    pub visitors: u32,
    /// Those who would have been answered by a higher rung, or by a lower one; the worst first, 50 at most.
    pub changed: Vec<Changed>,
    /// How many would have been stopped or challenged.
    pub stopped: u32,
    /// How many of those agents had considered honest.
    pub honest_stopped: u32,
    /// What the same record suggests.
    pub suggested: Suggested,
}

/// Somebody whom other rules would have treated differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Their conversation, when there was one.
    pub conversation: Option<ConversationId>,
    /// What they said then.
    pub words: Excerpt,
    /// The highest rung that answered them.
    pub before: Rung,
    /// The highest that would.
    pub after: Rung,
    /// Whether an agent had considered them honest.
    pub honest: bool,
}

/// What a record suggests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggested {
    /// From how many points on a challenge would have met nobody whom agents considered honest; `None` when it is so
    /// already.
    pub challenge: Option<u32>,
    /// Words that several of those stopped have used, and nobody who was considered honest.
    pub words: Vec<Keyword>,
}
