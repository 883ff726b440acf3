//! What is seen before anything was asked.

use leptos::prelude::*;

use super::icon;
use crate::{app::App, faq::Faq, talk::Choice};

/// Suggested questions, at most.
const SUGGESTIONS: usize = 5;

/// A greeting, and questions to begin with.
#[component]
pub(super) fn Home(app: App) -> impl IntoView {
    let greeting = move || {
        let own = app.settings.with_value(|settings| settings.greeting.clone());
        own.map_or_else(|| app.say("home.greeting"), |own| own.as_str().to_owned())
    };
    let choices = move || {
        app.faq.with(|faq| {
            let Some(matcher) = faq.matcher() else { return Vec::new() };
            let places = matcher.suggestions(SUGGESTIONS);
            places.into_iter().filter_map(|place| Choice::at(matcher, place)).collect()
        })
    };
    let suggestion = move |choice: Choice| {
        let (lang, question) = (choice.lang.clone(), choice.question.clone());
        view! {
            <li>
                <button type="button" class="suggestion" on:click=move |_| app.choose(choice.clone())>
                    <span lang=(!lang.is_empty()).then_some(lang)>{question}</span>
                    {icon::icon(icon::NEXT)}
                </button>
            </li>
        }
    };
    let loading = move || matches!(app.faq.get(), Faq::Loading);
    view! {
        <section class="home scroll">
            <p class="greeting">{greeting}</p>
            <p class="lead">{move || app.say("home.lead")}</p>
            <Show when=loading>
                <div class="bones" aria-hidden="true"><i></i><i></i><i></i></div>
            </Show>
            <Show when=move || !choices().is_empty()>
                <h2 id="suggestions">{move || app.say("home.suggestions")}</h2>
                <ul class="suggestions" aria-labelledby="suggestions">
                    {move || choices().into_iter().map(suggestion).collect_view()}
                </ul>
            </Show>
        </section>
    }
}
