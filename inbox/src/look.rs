//! What visitors see of the widget, to be set.

use deskbell_browser::http::Failure;
use deskbell_shared::{
    locale::OF_WIDGET,
    wire::{Colour, LanguageTag, Line, Look, LookRequest, ProblemKind, SiteSettings, Text, TextError},
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use crate::{
    session::session,
    ui::{
        checks::Check,
        field::{Field, Kind, focus_first_fault},
        refusal::Refusal,
    },
    words::{t, words},
};

/// What can be set, once it is known what is in force.
#[component]
pub fn LookForm(
    /// What is in force.
    settings: SiteSettings,
) -> impl IntoView {
    let (session, words) = (session(), words());
    let was = StoredValue::new(settings.look());
    let SiteSettings { name, accent, language, greeting, asks_to_recommend, .. } = settings;
    let name = RwSignal::new(name.to_string());
    let accent = RwSignal::new(accent.as_str().to_owned());
    let language = RwSignal::new(language.map_or_else(String::new, |tag| tag.as_str().to_owned()));
    let greeting = RwSignal::new(greeting.map_or_else(String::new, |text| text.as_str().to_owned()));
    let asks_to_recommend = RwSignal::new(asks_to_recommend);
    let (tried, busy, saved) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(None::<Look>));
    let failure = RwSignal::new(None::<Failure>);
    let overtaken = RwSignal::new(false);
    let fault = move |error: TextError| match error {
        TextError::Empty => words.text("setup.fault.empty"),
        TextError::TooLong { limit, .. } => words.fill("setup.fault.long", &[("value", &limit.to_string())]),
    };
    let read_name = move || name.with(|text| Line::new(text));
    let read_greeting = move || greeting.with(|text| read_optional(text));
    let typed = Memo::new(move |_| {
        Some(Look {
            name: read_name().ok()?,
            // The browser gives nothing but colours.
            accent: Colour::try_from(accent.get()).unwrap_or_default(),
            language: LanguageTag::try_from(language.get()).ok(),
            greeting: read_greeting().ok()?,
            asks_to_recommend: asks_to_recommend.get(),
        })
    });
    let name_fault = Signal::derive(move || tried.get().then(|| read_name().err().map(fault)).flatten());
    let greeting_fault =
        Signal::derive(move || tried.get().then(|| read_greeting().err().map(fault)).flatten());
    // What is changed after it was sent is not saved.
    let is_saved = move || saved.with(|saved| saved.is_some() && *saved == typed.get());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let Some(look) = typed.get_untracked() else { return focus_first_fault() };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failure.set(None);
        overtaken.set(false);
        let request = LookRequest { look, was: Some(was.get_value()) };
        spawn_local(async move {
            let answer = session.api().put_look(&request).await;
            busy.try_set(false);
            match answer {
                Ok(settings) => {
                    was.try_set_value(settings.look());
                    saved.try_set(Some(request.look));
                }
                Err(Failure::Refused(problem)) if problem.kind == ProblemKind::Conflict => {
                    // Whoever saves it again has been told.
                    if let Ok(settings) = session.api().settings().await {
                        was.try_set_value(settings.look());
                    }
                    overtaken.try_set(true);
                }
                Err(why) => _ = failure.try_set(Some(session.heed(why))),
            }
        });
    };
    view! {
        <form class="form" id="look" novalidate on:submit=submit>
            <Field id="look-name" label="setup.name" hint="setup.name_hint" value=name fault=name_fault/>
            <Field
                id="look-greeting"
                label="settings.greeting"
                hint="settings.greeting_hint"
                kind=Kind::Prose
                value=greeting
                fault=greeting_fault
            />
            <div class="field">
                <label for="look-accent">{t("settings.accent")}</label>
                <input
                    type="color"
                    id="look-accent"
                    prop:value=move || accent.get()
                    on:input=move |event| accent.set(event_target_value(&event))
                />
            </div>
            <LanguageChoice language/>
            <Check id="look-recommend" label="settings.asks_to_recommend" is_on=asks_to_recommend/>
            {move || failure.get().map(|failure| view! { <Refusal failure/> })}
            {move || {
                overtaken.get().then(|| view! { <p class="warning" role="alert">{t("settings.overtaken")}</p> })
            }}
            <div class="dialog-foot">
                <p class="hint" role="status">{move || is_saved().then(|| words.text("settings.saved"))}</p>
                <button type="submit" class="button" aria-busy=move || busy.get().to_string()>
                    {t("settings.save")}
                </button>
            </div>
        </form>
    }
}

/// What is spoken to those whose language is not.
#[component]
fn LanguageChoice(
    /// Its tag; empty for English.
    language: RwSignal<String>,
) -> impl IntoView {
    let words = words();
    // The operator may have chosen a form that is not among them, such as `en-GB`.
    let other = language.get_untracked();
    let other = (!other.is_empty() && !OF_WIDGET.contains(&other.as_str())).then_some(other);
    let tags = OF_WIDGET.into_iter().filter(|tag| *tag != "en").map(str::to_owned).chain(other);
    let option = move |tag: String| {
        let (value, chosen) = (tag.clone(), tag.clone());
        view! {
            <option value=value selected=move || language.with(|language| *language == chosen)>
                {move || words.language_name(&tag)}
            </option>
        }
    };
    view! {
        <div class="field">
            <label for="look-language">{t("settings.language")}</label>
            <select id="look-language" on:change=move |event| language.set(event_target_value(&event))>
                <option value="" selected=move || language.with(String::is_empty)>{t("settings.no_language")}</option>
                {tags.map(option).collect_view()}
            </select>
        </div>
    }
}

/// Words that need not be there.
fn read_optional(text: &str) -> Result<Option<Text>, TextError> {
    match Text::new(text) {
        Ok(text) => Ok(Some(text)),
        Err(TextError::Empty) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_greeting_need_not_be_there() {
        assert_eq!(read_optional(" \n "), Ok(None));
        assert_eq!(read_optional("Hello").unwrap().unwrap().as_str(), "Hello");
        assert!(read_optional(&"x".repeat(100_000)).is_err());
    }
}
