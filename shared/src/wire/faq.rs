//! What an owner is told about their FAQ, and what they may set.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use thiserror::Error;

use super::{EntryId, Line};

/// The name of an intent of a phrasebook: `shop/return-window`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IntentName(String);

/// Not the name of an intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("an intent is named BOOK/NAME, in lower-case letters, digits and hyphens, up to 80 characters")]
pub struct IntentNameError;

impl IntentName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for IntentName {
    type Error = IntentNameError;
    fn try_from(name: String) -> Result<Self, IntentNameError> {
        let is_word = |part: &str| {
            let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            !part.is_empty() && part.chars().all(is_letter)
        };
        let sound = name.len() <= 80
            && name.split_once('/').is_some_and(|(book, intent)| is_word(book) && is_word(intent));
        if sound { Ok(Self(name)) } else { Err(IntentNameError) }
    }
}

impl From<IntentName> for String {
    fn from(name: IntentName) -> String {
        name.0
    }
}

/// How readily questions are answered directly: from −2, careful, to 2, eager.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i8", into = "i8")]
pub struct Eagerness(i8);

/// Not a position of the slider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("eagerness is a whole number from -2, careful, to 2, eager")]
pub struct EagernessError;

impl Eagerness {
    /// Every position, from careful to eager.
    pub const ALL: [Self; 5] = [Self(-2), Self(-1), Self(0), Self(1), Self(2)];

    /// The position, from −2 to 2.
    pub const fn position(self) -> i8 {
        self.0
    }
}

impl TryFrom<i8> for Eagerness {
    type Error = EagernessError;
    fn try_from(position: i8) -> Result<Self, EagernessError> {
        if (-2..=2).contains(&position) { Ok(Self(position)) } else { Err(EagernessError) }
    }
}

impl From<Eagerness> for i8 {
    fn from(eagerness: Eagerness) -> i8 {
        eagerness.0
    }
}

/// What an owner may set about matching.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaqTuning {
    /// How readily to answer.
    #[serde(default)]
    pub eagerness: Eagerness,
    /// What is not to be borrowed, at most [`MAX_REFUSED_LOANS`], each named once.
    #[serde(default, deserialize_with = "few_and_each_once")]
    pub refused: Vec<RefusedLoan>,
    /// What entries have learned from visitors, at most [`MAX_LEARNED`], each once: phrasings beside those of the source.
    #[serde(default, deserialize_with = "few_learned")]
    pub learned: Vec<Learned>,
}

/// `PUT /v1/sites/{site}/faq/tuning`: another tuning, in the place of the one that was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TuneRequest {
    /// What is to be set, all of it.
    pub tuning: FaqTuning,
    /// What was set when that was decided. The edge refuses (*conflict*) when somebody has set something else meanwhile;
    /// without it, whatever is set goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<FaqTuning>,
}

/// The most loans an owner may refuse.
pub const MAX_REFUSED_LOANS: usize = 500;
/// The most phrasings that an FAQ may learn beside those of its source.
pub const MAX_LEARNED: usize = 500;

fn few_and_each_once<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<RefusedLoan>, D::Error> {
    let refused = each_once(Vec::deserialize(deserializer)?);
    if refused.len() > MAX_REFUSED_LOANS {
        return Err(D::Error::custom(format_args!("at most {MAX_REFUSED_LOANS} loans can be refused")));
    }
    Ok(refused)
}

fn few_learned<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Learned>, D::Error> {
    let learned = each_once(Vec::deserialize(deserializer)?);
    if learned.len() > MAX_LEARNED {
        return Err(D::Error::custom(format_args!("at most {MAX_LEARNED} phrasings can be learned")));
    }
    Ok(learned)
}

fn each_once<T: Ord>(mut all: Vec<T>) -> Vec<T> {
    all.sort();
    all.dedup();
    all
}

/// An intent that an owner does not want borrowed for an entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RefusedLoan {
    /// The entry.
    pub entry: EntryId,
    /// The intent.
    pub intent: IntentName,
}

/// What a visitor asked, as one more way to ask for an entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Learned {
    /// The entry.
    pub entry: EntryId,
    /// How it was asked.
    pub phrasing: Line,
}

/// What an owner is told about their FAQ. `GET /v1/sites/{site}/faq/report`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FaqReport {
    /// What is set.
    pub tuning: FaqTuning,
    /// What each position of the slider costs, from careful to eager.
    pub levels: Vec<FaqLevel>,
    /// What was borrowed from phrasebooks, and what would have been but is refused.
    pub loans: Vec<Loan>,
    /// What would make the FAQ find more, the most important first.
    pub advice: Vec<Advice>,
}

/// How an FAQ fares at one position of the slider, by its own phrasings and those of phrasebooks, each asked while it is
/// taken out. Shares are from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FaqLevel {
    /// The position.
    pub eagerness: Eagerness,
    /// The share of questions that are answered directly.
    pub answered: f32,
    /// The share of direct answers that are wrong.
    pub wrong: f32,
    /// The share of questions whose entry is answered or offered.
    pub offered: f32,
}

/// Phrasings of an intent, borrowed for an entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Loan {
    /// The entry that borrows.
    pub entry: EntryId,
    /// The entry's question, as it is shown.
    pub question: String,
    /// The intent.
    pub intent: IntentName,
    /// How well the two fit, from 0 to 1.
    pub fit: f32,
    /// A few of the phrasings.
    pub phrasings: Vec<String>,
    /// Whether the owner has refused it, so that it is not in force.
    pub refused: bool,
}

/// What would make an FAQ find more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Advice {
    /// Two entries ask nearly the same.
    NearlyTheSame {
        /// An entry.
        entry: EntryId,
        /// Another.
        other: EntryId,
        /// How the first asks it.
        phrasing: String,
        /// How the other asks it.
        others_phrasing: String,
    },
    /// A phrasing that would bring visitors to another entry.
    WonByAnother {
        /// The entry that has it.
        entry: EntryId,
        /// The entry that would answer it.
        other: EntryId,
        /// The phrasing.
        phrasing: String,
    },
    /// None of an entry's phrasings finds it when taken out: its visitors' words are hardly in it.
    HardToFind {
        /// The entry.
        entry: EntryId,
        /// Its question, as it is shown.
        question: String,
    },
    /// An entry that other languages of the FAQ have, and this one lacks.
    NotTranslated {
        /// An entry that has no counterpart.
        entry: EntryId,
        /// Its question, as it is shown.
        question: String,
        /// The language that lacks it, as a BCP 47 tag.
        lang: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_intent_is_named_by_its_book() {
        for good in ["shop/return-window", "core/a", "talk/what-2"] {
            assert!(IntentName::try_from(good.to_owned()).is_ok(), "{good}");
        }
        let long = format!("shop/{}", "a".repeat(80));
        for bad in ["", "shop", "shop/", "/x", "Shop/x", "shop/x/y", "shop/x y", long.as_str()] {
            assert!(IntentName::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn eagerness_has_five_positions() {
        assert!(
            Eagerness::ALL
                .iter()
                .all(|at| serde_json::from_str::<Eagerness>(&at.position().to_string()).is_ok())
        );
        assert!(serde_json::from_str::<Eagerness>("3").is_err());
        assert!(serde_json::from_str::<FaqTuning>("{}").is_ok_and(|tuning| tuning == FaqTuning::default()));
    }

    #[test]
    fn refused_loans_are_few_and_each_is_named_once() {
        let loan = |n: usize| serde_json::json!({ "entry": format!("e{n}"), "intent": "shop/returns" });
        let tuning = |loans: Vec<serde_json::Value>| {
            serde_json::from_value::<FaqTuning>(serde_json::json!({ "refused": loans }))
        };
        assert_eq!(tuning(vec![loan(1), loan(0), loan(1)]).map(|tuning| tuning.refused.len()).ok(), Some(2));
        assert!(tuning((0..MAX_REFUSED_LOANS).map(loan).collect()).is_ok());
        assert!(tuning((0..=MAX_REFUSED_LOANS).map(loan).collect()).is_err());
        assert!(tuning(vec![serde_json::json!({ "entry": "e", "intent": "nonsense" })]).is_err());
    }

    #[test]
    fn what_is_learned_is_little_and_each_once() {
        let learned = |n: usize| serde_json::json!({ "entry": "e", "phrasing": format!("question {n}") });
        let tuning = |learned: Vec<serde_json::Value>| {
            serde_json::from_value::<FaqTuning>(serde_json::json!({ "learned": learned }))
        };
        assert_eq!(
            tuning(vec![learned(1), learned(0), learned(1)]).map(|tuning| tuning.learned.len()).ok(),
            Some(2)
        );
        assert!(tuning((0..MAX_LEARNED).map(learned).collect()).is_ok());
        assert!(tuning((0..=MAX_LEARNED).map(learned).collect()).is_err());
        for phrasing in [String::new(), "x".repeat(201)] {
            assert!(tuning(vec![serde_json::json!({ "entry": "e", "phrasing": phrasing })]).is_err());
        }
    }
}
