//! To whom visitors who wait are given.

use std::{collections::BTreeSet, ops::RangeInclusive};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Email, LanguageTag, MAX_SUBJECTS, Subject};

/// `GET` and `PUT /v1/sites/{site}/routing`: whether visitors who wait are given to people, and to whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields")]
pub struct Routing {
    /// Whether a visitor who waits is given to somebody who is there; otherwise people take whom they like.
    pub on: bool,
    /// With so many talks that go on, nobody is given another one, from 1 to 50. Who should not wait at all is given
    /// all the same.
    pub at_once: u8,
    /// What people are there for; whoever is not listed is there for everything.
    pub people: Vec<Skills>,
}

/// What somebody is there for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skills {
    /// The address they sign in with.
    pub email: Email,
    /// The languages they speak, at most [`Routing::MOST_LANGUAGES`]; none for all.
    #[serde(default)]
    pub languages: Vec<LanguageTag>,
    /// The subjects they know, at most [`MAX_SUBJECTS`]; none for all.
    #[serde(default)]
    pub subjects: Vec<Subject>,
}

/// Why it cannot be set so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RoutingError {
    /// None, or too many.
    #[error("at_once is from 1 to 50")]
    AtOnce,
    /// Too many people, or one twice.
    #[error("people: {} at most, each once", Routing::MOST_PEOPLE)]
    People,
    /// Too many.
    #[error("languages: {} at most for each", Routing::MOST_LANGUAGES)]
    Languages,
    /// Too many.
    #[error("subjects: {MAX_SUBJECTS} at most for each")]
    Subjects,
}

impl Routing {
    /// How many talks somebody may be given at once.
    pub const AT_ONCE: RangeInclusive<u8> = 1..=50;
    /// The most people of whom it is kept what they are there for.
    pub const MOST_PEOPLE: usize = 500;
    /// The most languages of each.
    pub const MOST_LANGUAGES: usize = 50;

    /// What somebody is there for; `None` for everything.
    pub fn skills_of(&self, email: &Email) -> Option<&Skills> {
        self.people.iter().find(|person| person.email == *email)
    }
}

impl Default for Routing {
    fn default() -> Self {
        Self { on: false, at_once: 5, people: Vec::new() }
    }
}

/// As it arrives.
#[derive(Deserialize)]
struct Fields {
    on: bool,
    at_once: u8,
    /// Before there were subjects they were called so.
    #[serde(default, alias = "speakers")]
    people: Vec<Skills>,
}

impl TryFrom<Fields> for Routing {
    type Error = RoutingError;
    fn try_from(Fields { on, at_once, people }: Fields) -> Result<Self, RoutingError> {
        let each: BTreeSet<_> = people.iter().map(|person| person.email.as_str()).collect();
        if !Self::AT_ONCE.contains(&at_once) {
            Err(RoutingError::AtOnce)
        } else if each.len() != people.len() || people.len() > Self::MOST_PEOPLE {
            Err(RoutingError::People)
        } else if people.iter().any(|person| person.languages.len() > Self::MOST_LANGUAGES) {
            Err(RoutingError::Languages)
        } else if people.iter().any(|person| person.subjects.len() > MAX_SUBJECTS) {
            Err(RoutingError::Subjects)
        } else {
            Ok(Self { on, at_once, people })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_kept_is_taken() {
        let read = |at_once: u16, people: &str| {
            let text = format!(r#"{{"on":true,"at_once":{at_once},"people":[{people}]}}"#);
            serde_json::from_str::<Routing>(&text)
        };
        let ana = r#"{"email":"ana@shop.example","languages":["es","pt-BR"],"subjects":["Billing"]}"#;
        let routing = read(5, ana).unwrap();
        let skills = |email: &str| {
            let email = email.to_owned().try_into().unwrap();
            let skills = routing.skills_of(&email)?;
            let languages: Vec<_> = skills.languages.iter().map(LanguageTag::as_str).collect();
            Some((languages, skills.subjects.iter().map(Subject::as_str).collect::<Vec<_>>()))
        };
        assert_eq!(skills("ana@shop.example"), Some((vec!["es", "pt-BR"], vec!["Billing"])));
        assert_eq!(skills("bo@shop.example"), None);
        assert_eq!(read(5, "").unwrap().people, []);
        assert!(read(0, "").is_err() && read(51, "").is_err() && read(500, "").is_err());
        assert!(read(5, &format!("{ana},{ana}")).is_err(), "somebody twice");
        let with = |what: &str| read(5, &format!(r#"{{"email":"ana@shop.example",{what}}}"#));
        assert!(with(r#""languages":[]"#).is_ok_and(|routing| routing.people[0].subjects.is_empty()));
        assert!(with(r#""languages":["not a language"]"#).is_err());
        assert!(with(r#""subjects":[""]"#).is_err());
        let many = |one: &str, number: usize| vec![one; number].join(",");
        assert!(with(&format!(r#""languages":[{}]"#, many(r#""es""#, Routing::MOST_LANGUAGES + 1))).is_err());
        assert!(with(&format!(r#""subjects":[{}]"#, many(r#""a""#, MAX_SUBJECTS + 1))).is_err());
        let crowd: Vec<_> =
            (0..=Routing::MOST_PEOPLE).map(|n| format!(r#"{{"email":"p{n}@shop.example"}}"#)).collect();
        assert!(read(5, &crowd.join(",")).is_err());
        assert!(serde_json::from_str::<Routing>(r#"{"on":"yes","at_once":5}"#).is_err());
        let before =
            r#"{"on":true,"at_once":5,"speakers":[{"email":"ana@shop.example","languages":["es"]}]}"#;
        assert!(serde_json::from_str::<Routing>(before).is_ok_and(|routing| routing.people.len() == 1));
    }
}
