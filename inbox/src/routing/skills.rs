//! What each person is there for: languages they speak, and subjects they know.

use std::collections::BTreeMap;

use deskbell_shared::wire::{Email, LanguageTag, Skills, Subject, Teammate};
use leptos::prelude::*;

use crate::{
    subjects::{SubjectNames, subjects},
    ui::names::{Names, choose},
    words::{Words, t, words},
};

/// The languages that can be chosen: those of the widget. Whoever speaks one understands all its forms.
const LANGUAGES: [&str; 17] =
    ["ar", "de", "en", "es", "fr", "hi", "id", "it", "ja", "ko", "pl", "pt", "ru", "th", "tr", "vi", "zh"];

/// What was chosen for somebody; nothing stands for everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    languages: Vec<String>,
    subjects: Vec<Subject>,
}

/// What was chosen for each, by their address.
pub type Everybody = BTreeMap<String, Chosen>;

/// What is in force, to be changed.
pub fn in_force(people: Vec<Skills>) -> Everybody {
    let chosen = |Skills { email, languages, subjects }: Skills| {
        let languages = languages.iter().map(|tag| tag.primary().to_owned()).collect();
        (email.as_str().to_owned(), Chosen { languages, subjects })
    };
    people.into_iter().map(chosen).collect()
}

/// What was chosen, of those who are there still.
pub fn of_those(people: &[Teammate], everybody: &Everybody) -> Vec<Skills> {
    let skills = |email: &Email| {
        let Chosen { languages, subjects } = everybody.get(email.as_str()).cloned().unwrap_or_default();
        let languages: Vec<_> =
            languages.into_iter().filter_map(|tag| LanguageTag::try_from(tag).ok()).collect();
        Skills { email: email.clone(), languages, subjects }
    };
    let is_any = |skills: &Skills| !(skills.languages.is_empty() && skills.subjects.is_empty());
    people.iter().map(|person| skills(&person.email)).filter(is_any).collect()
}

/// What somebody is there for, to be opened.
#[component]
pub fn SkillsRow(
    /// Who.
    person: Teammate,
    /// What was chosen for everybody.
    everybody: RwSignal<Everybody>,
) -> impl IntoView {
    let (words, subjects) = (words(), subjects());
    let email = StoredValue::new(person.email.as_str().to_owned());
    let theirs = Memo::new(move |_| {
        let found = everybody.with(|everybody| email.with_value(|email| everybody.get(email).cloned()));
        found.unwrap_or_default()
    });
    let change = move |change: &dyn Fn(&mut Chosen)| {
        everybody.update(|everybody| change(everybody.entry(email.get_value()).or_default()));
    };
    let languages = move || LANGUAGES.map(|tag| (tag.to_owned(), words.language_name(tag))).to_vec();
    let change_languages = Callback::new(move |(tag, is_chosen): (String, bool)| {
        change(&|theirs| choose(&mut theirs.languages, tag.clone(), is_chosen));
    });
    let change_subjects = Callback::new(move |(subject, is_chosen): (Subject, bool)| {
        change(&|theirs| choose(&mut theirs.subjects, subject.clone(), is_chosen));
    });
    let has_subjects = subjects.has_any(theirs.get_untracked().subjects);
    let name = StoredValue::new(person.name.to_string());
    // Each group is called after whose it is, and of what.
    let label = move |key: &str| format!("{}: {}", name.get_value(), words.text(key));
    view! {
        <details class="skills folds" data-person=email.get_value()>
            <summary>
                <span dir="auto">{name.get_value()}</span>
                <span class="hint">{move || summary(words, &theirs.get(), has_subjects.get())}</span>
            </summary>
            <div role="group" aria-label=move || label("routing.languages")>
                <p class="hint" aria-hidden="true">{t("routing.languages")}</p>
                <Names
                    options=Signal::derive(languages)
                    chosen=Signal::derive(move || theirs.get().languages)
                    on_change=change_languages
                />
            </div>
            <Show when=move || has_subjects.get()>
                <div role="group" aria-label=move || label("routing.subjects")>
                    <p class="hint" aria-hidden="true">{t("routing.subjects")}</p>
                    <SubjectNames
                        chosen=Signal::derive(move || theirs.get().subjects)
                        on_change=change_subjects
                    />
                </div>
            </Show>
        </details>
    }
}

/// What somebody is there for, in a line.
fn summary(words: Words, Chosen { languages, subjects }: &Chosen, has_subjects: bool) -> String {
    let and = words.text("routing.and");
    let languages: Vec<_> = languages.iter().map(|tag| words.language_name(tag)).collect();
    let subjects: Vec<_> = subjects.iter().map(ToString::to_string).collect();
    let all =
        |names: Vec<String>, all: &str| if names.is_empty() { words.text(all) } else { names.join(&and) };
    let languages = all(languages, "routing.all");
    if has_subjects { format!("{languages} · {}", all(subjects, "routing.all_subjects")) } else { languages }
}

#[cfg(test)]
mod tests {
    use deskbell_shared::wire::Line;

    use super::*;

    #[test]
    fn only_who_is_there_and_was_chosen_for_something_is_kept() {
        let person = |email: &str| Teammate {
            email: email.to_owned().try_into().unwrap(),
            name: Line::new("Ana").unwrap(),
        };
        let skills = |email: &str, languages: &[&str], subjects: &[&str]| Skills {
            email: email.to_owned().try_into().unwrap(),
            languages: languages.iter().map(|&tag| tag.to_owned().try_into().unwrap()).collect(),
            subjects: subjects.iter().map(|name| Subject::new(name).unwrap()).collect(),
        };
        let kept = [
            skills("ana@shop.example", &["es", "pt"], &[]),
            skills("bo@shop.example", &[], &[]),
            skills("cy@shop.example", &[], &["Billing"]),
            skills("gone@shop.example", &["fr"], &[]),
        ];
        let people =
            ["ana@shop.example", "bo@shop.example", "cy@shop.example", "di@shop.example"].map(person);
        let chosen = of_those(&people, &in_force(kept.to_vec()));
        assert_eq!(chosen, [kept[0].clone(), kept[2].clone()]);
    }
}
