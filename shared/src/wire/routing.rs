//! To whom visitors who wait are given.

use std::{collections::BTreeSet, ops::RangeInclusive};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Email, LanguageTag};

/// `GET` and `PUT /v1/sites/{site}/routing`: whether visitors who wait are given to people, and to whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields")]
pub struct Routing {
    /// Whether a visitor who waits is given to somebody who is there; otherwise people take whom they like.
    pub on: bool,
    /// With so many talks that go on, nobody is given another one, from 1 to 50. Who should not wait at all is given
    /// all the same.
    pub at_once: u8,
    /// What languages people speak; whoever is not listed is taken to speak them all.
    pub speakers: Vec<Speaker>,
}

/// What languages somebody speaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Speaker {
    /// The address they sign in with.
    pub email: Email,
    /// The languages: at least one, and no more than [`Routing::MOST_LANGUAGES`].
    pub languages: Vec<LanguageTag>,
}

/// Why it cannot be set so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RoutingError {
    /// None, or too many.
    #[error("at_once is from 1 to 50")]
    AtOnce,
    /// Too many people, or one twice.
    #[error("speakers: {} at most, each once", Routing::MOST_SPEAKERS)]
    Speakers,
    /// No language, or too many.
    #[error("languages: from 1 to {} for each speaker", Routing::MOST_LANGUAGES)]
    Languages,
}

impl Routing {
    /// How many talks somebody may be given at once.
    pub const AT_ONCE: RangeInclusive<u8> = 1..=50;
    /// The most people whose languages are kept.
    pub const MOST_SPEAKERS: usize = 500;
    /// The most languages of each.
    pub const MOST_LANGUAGES: usize = 50;

    /// What somebody speaks; empty for every language.
    pub fn languages_of(&self, email: &Email) -> &[LanguageTag] {
        self.speakers.iter().find(|speaker| speaker.email == *email).map_or(&[], |speaker| &speaker.languages)
    }
}

impl Default for Routing {
    fn default() -> Self {
        Self { on: false, at_once: 5, speakers: Vec::new() }
    }
}

/// As it arrives.
#[derive(Deserialize)]
struct Fields {
    on: bool,
    at_once: u8,
    #[serde(default)]
    speakers: Vec<Speaker>,
}

impl TryFrom<Fields> for Routing {
    type Error = RoutingError;
    fn try_from(Fields { on, at_once, speakers }: Fields) -> Result<Self, RoutingError> {
        let people: BTreeSet<_> = speakers.iter().map(|speaker| speaker.email.as_str()).collect();
        let of_languages = |speaker: &Speaker| (1..=Self::MOST_LANGUAGES).contains(&speaker.languages.len());
        if !Self::AT_ONCE.contains(&at_once) {
            Err(RoutingError::AtOnce)
        } else if people.len() != speakers.len() || speakers.len() > Self::MOST_SPEAKERS {
            Err(RoutingError::Speakers)
        } else if !speakers.iter().all(of_languages) {
            Err(RoutingError::Languages)
        } else {
            Ok(Self { on, at_once, speakers })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_kept_is_taken() {
        let read = |at_once: u16, speakers: &str| {
            let text = format!(r#"{{"on":true,"at_once":{at_once},"speakers":[{speakers}]}}"#);
            serde_json::from_str::<Routing>(&text)
        };
        let ana = r#"{"email":"ana@shop.example","languages":["es","pt-BR"]}"#;
        let routing = read(5, ana).unwrap();
        let languages = |email: &str| {
            let email = email.to_owned().try_into().unwrap();
            routing.languages_of(&email).iter().map(LanguageTag::as_str).collect::<Vec<_>>()
        };
        assert_eq!(languages("ana@shop.example"), ["es", "pt-BR"]);
        assert_eq!(languages("bo@shop.example"), [""; 0]);
        assert_eq!(read(5, "").unwrap().speakers, []);
        assert!(read(0, "").is_err() && read(51, "").is_err() && read(500, "").is_err());
        assert!(read(5, &format!("{ana},{ana}")).is_err(), "somebody twice");
        assert!(read(5, r#"{"email":"ana@shop.example","languages":[]}"#).is_err());
        assert!(read(5, r#"{"email":"ana@shop.example","languages":["not a language"]}"#).is_err());
        let many = vec![r#""es""#; Routing::MOST_LANGUAGES + 1].join(",");
        assert!(read(5, &format!(r#"{{"email":"ana@shop.example","languages":[{many}]}}"#)).is_err());
        let crowd: Vec<_> = (0..=Routing::MOST_SPEAKERS)
            .map(|n| format!(r#"{{"email":"p{n}@shop.example","languages":["es"]}}"#))
            .collect();
        assert!(read(5, &crowd.join(",")).is_err());
        assert!(serde_json::from_str::<Routing>(r#"{"on":"yes","at_once":5}"#).is_err());
    }
}
