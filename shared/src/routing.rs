//! To whom of those who are there a visitor who waits is given.

use std::cmp::Reverse;

use crate::wire::{LanguageTag, Millis, Priority, Teammate};

/// Somebody who is there and takes talks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    /// Who.
    pub person: Teammate,
    /// What they speak; empty for every language.
    pub languages: Vec<LanguageTag>,
    /// How many talks that go on they look after.
    pub load: u32,
    /// When they were last given one; the epoch when they never were.
    pub last_given: Millis,
}

/// What is known of a talk that is to be given to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// In what language it is.
    pub language: LanguageTag,
    /// How soon somebody should come.
    pub priority: Priority,
    /// Those who have looked after this visitor before.
    pub known_to: Vec<Teammate>,
}

/// To whom it is given: of those who speak its language and have time, whoever knows the visitor; then whoever was chosen for
/// that language and not for all; then whoever looks after the fewest; then whoever has not been given one for the longest.
/// `None` when nobody fits: then it is for whoever takes it. Who should not wait at all is given to somebody all the same,
/// whatever they speak and however much they have to do.
pub fn choose<'a>(talk: &Waiting, present: &'a [Present], at_once: u8) -> Option<&'a Present> {
    let is_urgent = talk.priority == Priority::Urgent;
    let language = primary_language(&talk.language);
    let speaks =
        |person: &Present| person.languages.iter().any(|spoken| primary_language(spoken) == language);
    let fits = |person: &&Present| {
        is_urgent || (person.load < u32::from(at_once) && (person.languages.is_empty() || speaks(person)))
    };
    let rank = |person: &&Present| {
        let knows = talk.known_to.iter().any(|known| known.email == person.person.email);
        // Somebody who has to do without the language comes last.
        let language = if speaks(person) { 0 } else { 1 + u8::from(!person.languages.is_empty()) };
        (language == 2, Reverse(knows), language, person.load, person.last_given)
    };
    present.iter().filter(fits).min_by_key(rank)
}

/// A language without its script and country, in lower case: whoever speaks it understands all of its forms.
pub fn primary_language(tag: &LanguageTag) -> String {
    tag.primary().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::wire::Line;

    fn tag(tag: &str) -> LanguageTag {
        tag.to_owned().try_into().unwrap()
    }

    fn person(name: &str) -> Teammate {
        let email = format!("{name}@shop.example").try_into().unwrap();
        Teammate { email, name: Line::new(name).unwrap() }
    }

    fn present(name: &str, languages: &[&str], load: u32, last_given: u64) -> Present {
        let languages = languages.iter().map(|spoken| tag(spoken)).collect();
        Present { person: person(name), languages, load, last_given: Millis(last_given) }
    }

    fn talk(language: &str) -> Waiting {
        Waiting { language: tag(language), priority: Priority::Normal, known_to: vec![] }
    }

    fn chosen<'a>(talk: &Waiting, present: &'a [Present]) -> Option<&'a str> {
        choose(talk, present, 3).map(|chosen| chosen.person.name.as_str())
    }

    #[test]
    fn whoever_has_least_to_do_is_next_and_then_whoever_waited_longest() {
        let all = [present("ana", &[], 2, 1), present("bo", &[], 1, 9), present("cy", &[], 1, 5)];
        assert_eq!(chosen(&talk("en"), &all), Some("cy"));
        assert_eq!(chosen(&talk("en"), &all[..2]), Some("bo"));
        assert_eq!(chosen(&talk("en"), &[]), None);
    }

    #[test]
    fn a_talk_goes_to_whoever_speaks_its_language() {
        let all =
            [present("ana", &["es", "pt"], 2, 0), present("bo", &[], 0, 0), present("cy", &["zh"], 0, 0)];
        assert_eq!(chosen(&talk("es-MX"), &all), Some("ana"), "she is there for it");
        assert_eq!(chosen(&talk("fr"), &all), Some("bo"), "he takes all");
        assert_eq!(chosen(&talk("zh-Hant-TW"), &all), Some("cy"), "whoever reads one script reads the other");
        assert_eq!(chosen(&talk("fr"), &all[2..]), None, "nobody speaks it");
    }

    #[test]
    fn whoever_knows_the_visitor_comes_first_if_they_have_time() {
        let known = Waiting { known_to: vec![person("bo")], ..talk("en") };
        let all = [present("ana", &["en"], 0, 0), present("bo", &[], 2, 9)];
        assert_eq!(chosen(&known, &all), Some("bo"));
        assert_eq!(chosen(&known, &[all[0].clone(), present("bo", &[], 3, 9)]), Some("ana"));
    }

    #[test]
    fn nobody_in_danger_waits_for_a_free_hand() {
        let urgent = Waiting { priority: Priority::Urgent, ..talk("fr") };
        let busy = [present("ana", &["es"], 3, 0), present("bo", &[], 9, 0)];
        assert_eq!(chosen(&talk("fr"), &busy), None);
        assert_eq!(chosen(&urgent, &busy), Some("bo"), "who may speak it comes before who does not");
        assert_eq!(chosen(&urgent, &busy[..1]), Some("ana"));
        let known = Waiting { known_to: vec![person("ana")], ..urgent };
        assert_eq!(chosen(&known, &busy), Some("bo"), "being understood counts more than being known");
    }

    proptest! {
        #[test]
        fn nobody_is_given_more_than_they_should_have(
            loads in prop::collection::vec(0_u32..9, 0..9), at_once in 1_u8..9, urgent in any::<bool>(),
        ) {
            let priority = if urgent { Priority::Urgent } else { Priority::High };
            let talk = Waiting { priority, ..talk("en") };
            let all: Vec<_> = loads.iter().enumerate().map(|(n, load)| present(&format!("p{n}"), &[], *load, 0)).collect();
            let least = loads.iter().min().copied();
            let chosen = choose(&talk, &all, at_once);
            prop_assert_eq!(chosen.map(|chosen| chosen.load), least.filter(|load| urgent || *load < u32::from(at_once)));
        }
    }
}
