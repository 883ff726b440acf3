//! To whom visitors who wait are given, to be set.

use std::collections::BTreeMap;

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{Email, LanguageTag, Routing, Speaker, Teammate};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use crate::{
    session::session,
    team::team,
    ui::{
        checks::Check,
        field::{Field, focus_first_fault},
        refusal::{Refusal, Retry},
    },
    words::{Words, t, words},
};

/// The languages that can be chosen: those of the widget. Whoever speaks one understands all its forms.
const LANGUAGES: [&str; 17] =
    ["ar", "de", "en", "es", "fr", "hi", "id", "it", "ja", "ko", "pl", "pt", "ru", "th", "tr", "vi", "zh"];

/// What each person speaks; whoever is not in it speaks everything.
type Speakers = BTreeMap<String, Vec<String>>;

/// To whom visitors who wait are given, to be set.
#[component]
pub fn RoutingSection() -> impl IntoView {
    let session = session();
    let held = RwSignal::new(None::<Routing>);
    let failure = RwSignal::new(None::<Failure>);
    let load = move || {
        failure.set(None);
        spawn_local(async move {
            match session.api().routing().await {
                Ok(routing) => _ = held.try_set(Some(routing)),
                Err(why) => _ = failure.try_set(Some(session.heed(why))),
            }
        });
    };
    load();
    view! {
        <section id="routing">
            <h2>{t("routing.title")}</h2>
            <p class="hint">{t("routing.about")}</p>
            {move || {
                failure
                    .get()
                    .map(|failure| {
                        view! {
                            <Retry failure on_retry=move |()| load()/>
                        }
                    })
            }}
            {move || held.get().map(|routing| view! { <RoutingForm routing/> })}
        </section>
    }
}

/// What can be set, once it is known what is in force.
#[component]
fn RoutingForm(
    /// What is in force.
    routing: Routing,
) -> impl IntoView {
    let (session, words, team) = (session(), words(), team());
    // Somebody may have come since the console was opened.
    team.load();
    let Routing { on, at_once, speakers } = routing;
    let on = RwSignal::new(on);
    let at_once = RwSignal::new(at_once.to_string());
    let spoken = |Speaker { email, languages }: Speaker| {
        let languages = languages.iter().map(|tag| tag.primary().to_owned()).collect();
        (email.as_str().to_owned(), languages)
    };
    let speakers = RwSignal::new(speakers.into_iter().map(spoken).collect::<Speakers>());
    let (tried, busy, saved) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let failure = RwSignal::new(None::<Failure>);
    let number = Memo::new(move |_| {
        at_once.with(|text| text.trim().parse::<u8>().ok()).filter(|number| Routing::AT_ONCE.contains(number))
    });
    let fault = Signal::derive(move || {
        (tried.get() && number.get().is_none()).then(|| words.text("routing.at_once_fault"))
    });
    // What is changed after it was saved is not saved.
    Effect::new(move || {
        on.track();
        at_once.track();
        speakers.track();
        saved.set(false);
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let Some(at_once) = number.get_untracked() else { return focus_first_fault() };
        let people = untrack(|| team.teammates());
        // As long as nobody is known, nobody's languages can be told from those of somebody who has gone.
        if people.is_empty() {
            team.load();
            return;
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failure.set(None);
        let speakers = speakers.with_untracked(|speakers| chosen(&people, speakers));
        let routing = Routing { on: on.get_untracked(), at_once, speakers };
        spawn_local(async move {
            let answer = session.api().put_routing(&routing).await;
            busy.try_set(false);
            match answer {
                Ok(_) => _ = saved.try_set(true),
                Err(why) => _ = failure.try_set(Some(session.heed(why))),
            }
        });
    };
    view! {
        <form class="form" novalidate on:submit=submit>
            <Check id="routing-on" label="routing.on" is_on=on/>
            <Field id="routing-at-once" label="routing.at_once" hint="routing.at_once_hint" value=at_once fault/>
            <fieldset>
                <legend>{t("routing.languages")}</legend>
                <p class="hint">{t("routing.languages_hint")}</p>
                <For each=move || team.teammates() key=|person| person.email.as_str().to_owned() let:person>
                    <SpeakerRow person speakers/>
                </For>
            </fieldset>
            {move || failure.get().map(|failure| view! { <Refusal failure/> })}
            <div class="dialog-foot">
                <p class="hint" role="status">{move || saved.get().then(|| words.text("routing.saved"))}</p>
                <button
                    type="submit"
                    class="button"
                    aria-busy=move || busy.get().to_string()
                    aria-disabled=move || team.teammates().is_empty().to_string()
                >
                    {t("routing.save")}
                </button>
            </div>
        </form>
    }
}

/// What somebody speaks, to be opened.
#[component]
fn SpeakerRow(
    /// Who.
    person: Teammate,
    /// What everybody speaks.
    speakers: RwSignal<Speakers>,
) -> impl IntoView {
    let words = words();
    let email = person.email.as_str().to_owned();
    let spoken = {
        let email = email.clone();
        move || speakers.with(|speakers| speakers.get(&email).cloned().unwrap_or_default())
    };
    let summary = {
        let spoken = spoken.clone();
        move || names(words, &spoken())
    };
    let option = move |tag: &'static str| {
        let (email, spoken) = (email.clone(), spoken.clone());
        let change = move |is_chosen: bool| {
            speakers.update(|speakers| {
                let languages = speakers.entry(email.clone()).or_default();
                languages.retain(|spoken| spoken != tag);
                languages.extend(is_chosen.then(|| tag.to_owned()));
            });
        };
        view! {
            <label class="choice">
                <input
                    type="checkbox"
                    prop:checked=move || spoken().iter().any(|spoken| spoken == tag)
                    on:change=move |event| change(event_target_checked(&event))
                />
                <span>{move || words.language_name(tag)}</span>
            </label>
        }
    };
    view! {
        <details class="speaker" data-speaker=person.email.as_str().to_owned()>
            <summary>
                <span dir="auto">{person.name.to_string()}</span>
                <span class="hint">{summary}</span>
            </summary>
            <div class="languages" role="group" aria-label=person.name.to_string()>{LANGUAGES.map(option).collect_view()}</div>
        </details>
    }
}

/// The names of languages, or that it is all of them.
fn names(words: Words, languages: &[String]) -> String {
    if languages.is_empty() {
        return words.text("routing.all");
    }
    let names: Vec<_> = languages.iter().map(|tag| words.language_name(tag)).collect();
    names.join(&words.text("routing.and"))
}

/// What was chosen, of those who are there still.
fn chosen(people: &[Teammate], speakers: &Speakers) -> Vec<Speaker> {
    let languages = |email: &Email| -> Vec<LanguageTag> {
        let tags = speakers.get(email.as_str()).into_iter().flatten();
        tags.filter_map(|tag| tag.clone().try_into().ok()).collect()
    };
    let speaker =
        |person: &Teammate| Speaker { email: person.email.clone(), languages: languages(&person.email) };
    people.iter().map(speaker).filter(|speaker| !speaker.languages.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use deskbell_shared::wire::Line;

    use super::*;

    #[test]
    fn only_who_is_there_and_speaks_something_is_kept() {
        let person = |email: &str| Teammate {
            email: email.to_owned().try_into().unwrap(),
            name: Line::new("Ana").unwrap(),
        };
        let speak = |email: &str, languages: &[&str]| {
            (email.to_owned(), languages.iter().map(|&tag| tag.to_owned()).collect())
        };
        let speakers = Speakers::from([
            speak("ana@shop.example", &["es", "pt"]),
            speak("bo@shop.example", &[]),
            speak("gone@shop.example", &["fr"]),
        ]);
        let people = ["ana@shop.example", "bo@shop.example", "cy@shop.example"].map(person);
        let chosen = chosen(&people, &speakers);
        assert_eq!(chosen.len(), 1);
        assert_eq!(chosen[0].languages.iter().map(LanguageTag::as_str).collect::<Vec<_>>(), ["es", "pt"]);
    }
}
