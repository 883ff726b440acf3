//! What visitors asked before a person came, for whoever keeps the FAQ.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::{ConversationId, EntryId, LanguageTag, Line, Millis, Seq};

/// `GET /v1/sites/{site}/faq/asked`: what visitors asked before a person came to them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedQuestions {
    /// The latest [`AskedQuestions::MOST`] that nobody has settled, the latest first.
    pub questions: Vec<AskedQuestion>,
}

impl AskedQuestions {
    /// The most that are listed, and settled at once.
    pub const MOST: usize = 200;
    /// For how long they are kept, in days.
    pub const DAYS: u64 = 90;
}

/// Something that a visitor asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedQuestion {
    /// Where it stands.
    pub id: AskedId,
    /// Their words, cut to a line.
    pub text: Line,
    /// What they speak.
    pub language: LanguageTag,
    /// When the talk came to a person.
    pub at: Millis,
    /// Which entry of the FAQ was the answer; `None` when there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<EntryId>,
}

/// Where something stands that was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AskedId {
    /// In which conversation.
    pub conversation: ConversationId,
    /// Its place there.
    pub seq: Seq,
}

/// `POST /v1/sites/{site}/faq/asked`: the FAQ has learned these, or need not. They are listed no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettleRequest {
    /// Which, at most [`AskedQuestions::MOST`].
    #[serde(deserialize_with = "few")]
    pub questions: Vec<AskedId>,
}

fn few<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<AskedId>, D::Error> {
    let questions = Vec::<AskedId>::deserialize(from)?;
    if questions.len() > AskedQuestions::MOST {
        return Err(D::Error::custom(format_args!("questions: {} at most", AskedQuestions::MOST)));
    }
    Ok(questions)
}
