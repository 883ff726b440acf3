//! What is seen before anything was asked.

use leptos::prelude::*;

use super::{
    change::{all, changing, tap},
    icon,
};
use crate::{app::App, faq::Faq, talk::Choice};

/// Suggested questions, at most.
const SUGGESTIONS: usize = 5;

/// A greeting, and questions to begin with.
pub(super) fn home(app: App) -> AnyView {
    let own = app.settings.with_value(|settings| settings.greeting.clone());
    let greeting = own.map_or_else(|| app.say("home.greeting"), |own| own.as_str().to_owned());
    view! {
        <section class="home scroll">
            <p class="greeting" dir="auto">{greeting}</p>
            <p class="lead">{app.say("home.lead")}</p>
            {changing(move || app.faq.with(|faq| suggestions(app, faq)))}
        </section>
    }
    .into_any()
}

fn suggestions(app: App, faq: &Faq) -> AnyView {
    let Faq::Ready(matcher) = faq else {
        return match faq {
            Faq::Loading => {
                view! { <div class="bones" aria-hidden="true"><i></i><i></i><i></i></div> }.into_any()
            }
            _ => ().into_any(),
        };
    };
    let places = matcher.suggestions(SUGGESTIONS).into_iter();
    let choices = places.filter_map(|place| Choice::at(matcher, place));
    let list =
        choices.map(|choice| suggestion(choice, Signal::stored(false), move |choice| app.choose(choice)));
    view! {
        <h2 id="suggestions">{app.say("home.suggestions")}</h2>
        <ul class="suggestions" aria-labelledby="suggestions">{all(list)}</ul>
    }
    .into_any()
}

/// A question to choose, in its own language.
pub(super) fn suggestion(choice: Choice, spent: Signal<bool>, take: impl Fn(Choice) + 'static) -> AnyView {
    let (lang, question) = (choice.lang.clone(), choice.question.clone());
    let take = tap(move || take(choice.clone()));
    view! {
        <li>
            <button type="button" class="suggestion" dir="auto" prop:disabled=spent on:click=take>
                <span lang=(!lang.is_empty()).then_some(lang)>{question}</span>
                {icon::icon(icon::NEXT)}
            </button>
        </li>
    }
    .into_any()
}
