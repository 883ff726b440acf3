//! To whom of those who are there a visitor who waits is given.

use std::cmp::Reverse;

use crate::wire::{LanguageTag, Millis, Priority, Subject, Teammate};

/// Somebody who is there and takes talks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    /// Who.
    pub person: Teammate,
    /// What they speak; empty for every language.
    pub languages: Vec<LanguageTag>,
    /// What they know; empty for every subject.
    pub subjects: Vec<Subject>,
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
    /// What it is about, as far as that is known.
    pub subject: Option<Subject>,
    /// How soon somebody should come.
    pub priority: Priority,
    /// Those who have looked after this visitor before.
    pub known_to: Vec<Teammate>,
}

impl Present {
    /// Whether they know what it is about.
    pub fn knows(&self, subject: Option<&Subject>) -> bool {
        covers(&self.subjects, subject)
    }

    /// Whether they are there for a language, by its [`primary_language`].
    pub fn understands(&self, language: &str) -> bool {
        self.languages.is_empty() || self.speaks(language)
    }

    /// Whether they were chosen for a language, and not for all.
    fn speaks(&self, language: &str) -> bool {
        self.languages.iter().any(|spoken| primary_language(spoken) == language)
    }
}

/// Whether whoever knows these subjects, or all where there are none, knows this one. What has no name anybody knows.
pub fn covers(subjects: &[Subject], subject: Option<&Subject>) -> bool {
    subjects.is_empty() || subject.is_none_or(|subject| subjects.contains(subject))
}

/// To whom it is given. Of those who speak its language, to one who knows its subject, unless none of them who is there does; and
/// only to somebody who has time. Of several to whoever knows the visitor; then to whoever was chosen for that subject and that
/// language, and not for all; then to whoever looks after the fewest; then to whoever has not been given one for the longest.
/// `None` when nobody fits: then it is for whoever takes it. Who should not wait at all is given to somebody all the same,
/// whatever they speak and know and however much they have to do.
pub fn choose<'a>(talk: &Waiting, present: &'a [Present], at_once: u8) -> Option<&'a Present> {
    let is_urgent = talk.priority == Priority::Urgent;
    let (language, subject) = (primary_language(&talk.language), talk.subject.as_ref());
    let understands = |person: &&Present| is_urgent || person.understands(&language);
    let is_known = present.iter().filter(understands).any(|person| person.knows(subject));
    let fits = |person: &&Present| {
        is_urgent || (person.load < u32::from(at_once) && (person.knows(subject) || !is_known))
    };
    let rank = |person: &&Present| {
        let knows_visitor = talk.known_to.iter().any(|known| known.email == person.person.email);
        // Somebody who has to do without the language comes last.
        let language = if person.speaks(&language) { 0 } else { 1 + u8::from(!person.languages.is_empty()) };
        let is_for_others = person.subjects.is_empty() == subject.is_some();
        (
            (language == 2, !person.knows(subject), Reverse(knows_visitor)),
            (is_for_others, language, person.load, person.last_given),
        )
    };
    present.iter().filter(understands).filter(fits).min_by_key(rank)
}

/// A language without its script and country, in lower case: whoever speaks it understands all of its forms.
pub fn primary_language(tag: &LanguageTag) -> String {
    tag.primary().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

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
        let last_given = Millis(last_given);
        Present { person: person(name), languages, subjects: Vec::new(), load, last_given }
    }

    fn talk(language: &str) -> Waiting {
        Waiting { language: tag(language), subject: None, priority: Priority::Normal, known_to: vec![] }
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

    fn about(subject: &str) -> Waiting {
        Waiting { subject: Subject::new(subject).ok(), ..talk("en") }
    }

    fn knowing(person: Present, subjects: &[&str]) -> Present {
        Present { subjects: subjects.iter().filter_map(|name| Subject::new(name).ok()).collect(), ..person }
    }

    #[test]
    fn a_talk_goes_to_whoever_knows_its_subject_while_they_are_there() {
        let ana = |load| knowing(present("ana", &[], load, 0), &["Billing", "Orders"]);
        let (bo, cy) = (present("bo", &[], 1, 0), knowing(present("cy", &[], 0, 0), &["Delivery"]));
        let all = [ana(2), bo.clone(), cy.clone()];
        assert_eq!(chosen(&about("Billing"), &all), Some("ana"), "she is there for it");
        assert_eq!(chosen(&about("Returns"), &all), Some("bo"), "he takes all");
        assert_eq!(chosen(&talk("en"), &all), Some("bo"), "the others are there for something else");
        assert_eq!(chosen(&about("Billing"), &[ana(3), bo.clone(), cy.clone()]), Some("bo"));
        assert_eq!(
            chosen(&about("Billing"), &[ana(3), cy.clone()]),
            None,
            "she has no time, and he does not know"
        );
        assert_eq!(chosen(&about("Billing"), from_ref(&cy)), Some("cy"), "nobody is there who knows");
        assert_eq!(chosen(&talk("en"), from_ref(&cy)), Some("cy"));
        let known = Waiting { known_to: vec![person("cy")], ..about("Billing") };
        assert_eq!(
            chosen(&known, &all),
            Some("ana"),
            "knowing the matter counts more than knowing the visitor"
        );
        let urgent = Waiting { priority: Priority::Urgent, ..about("Billing") };
        assert_eq!(chosen(&urgent, &[ana(9), cy.clone()]), Some("ana"));
        assert_eq!(chosen(&urgent, &[cy]), Some("cy"));
    }

    #[test]
    fn who_does_not_speak_the_language_keeps_a_talk_from_nobody_who_does() {
        let ana = knowing(present("ana", &["en"], 0, 0), &["Billing"]);
        let bo = knowing(present("bo", &["es"], 0, 0), &["Delivery"]);
        let spanish = Waiting { language: tag("es"), ..about("Billing") };
        assert_eq!(chosen(&spanish, &[ana, bo]), Some("bo"));
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
