//! One line of the talk.

use deskbell_browser::intl;
use deskbell_shared::wire::{Body, EntryId, Event, HandoffReason, Message, Millis, Sender};
use leptos::prelude::*;

use super::{conversation::Row, icon, text::text};
use crate::{
    app::App,
    talk::{Choice, Item, ItemKind},
};

/// Shows a line.
pub(super) fn row(app: App, row: Row) -> AnyView {
    match row {
        Row::Item(item) => of_item(app, item),
        Row::Message(message) => of_message(app, message),
        Row::Waiting(say) => own(app, say.text.as_str()),
        Row::Failed(say) => view! {
            <div class="row own failed">
                <div class="bubble">{text(say.text.as_str())}</div>
                <p class="meta">{move || app.say("delivery.failed")}</p>
            </div>
        }
        .into_any(),
        Row::Day(at) => {
            let day = move || date(app, at, &[("weekday", "long"), ("day", "numeric"), ("month", "long")]);
            view! { <p class="event">{day}</p> }.into_any()
        }
    }
}

fn of_item(app: App, Item { kind, .. }: Item) -> AnyView {
    match kind {
        ItemKind::Question(question) => own(app, question.as_str()),
        ItemKind::Answer(choice) => answer(app, choice),
        ItemKind::Offer(choices) => offer(app, choices),
        ItemKind::NoAnswer => with_person_button(app, "answer.none"),
        ItemKind::PersonWanted => with_person_button(app, "answer.person"),
    }
}

fn of_message(app: App, message: Message) -> AnyView {
    match (message.from, message.body) {
        (_, Body::Event { event }) => {
            view! { <p class="event">{move || happened(app, &event)}</p> }.into_any()
        }
        (Sender::Visitor, Body::Text { text, .. }) => own(app, text.as_str()),
        (Sender::Agent { name }, Body::Text { text: words, .. }) => {
            let time = move || date(app, message.at, &[("hour", "numeric"), ("minute", "2-digit")]);
            view! {
                <div class="row agent">
                    <p class="meta">{name.as_str().to_owned()} <time>{time}</time></p>
                    <div class="bubble">{text(words.as_str())}</div>
                </div>
            }
            .into_any()
        }
        (Sender::Bot | Sender::System, Body::Text { text: words, entry }) => {
            let question = entry.and_then(|entry| question_of(app, &entry));
            view! {
                <div class="row bot">
                    <div class="bubble">{text(words.as_str())} {question.map(|question| source(app, question))}</div>
                </div>
            }
            .into_any()
        }
    }
}

fn own(app: App, words: &str) -> AnyView {
    view! {
        <div class="row own">
            <span class="unseen">{move || app.say("log.you")}</span>
            <div class="bubble">{text(words)}</div>
        </div>
    }
    .into_any()
}

fn answer(app: App, choice: Choice) -> AnyView {
    let helped = RwSignal::new(None);
    let lang = (!choice.lang.is_empty()).then(|| choice.lang.clone());
    let words = text(choice.answer.as_str());
    let rate = move |good: bool| {
        helped.set(Some(good));
        if !good {
            app.none_fits();
        }
    };
    view! {
        <div class="row bot">
            <div class="bubble">
                <div lang=lang>{words}</div>
                {source(app, choice.question)}
            </div>
            <Show
                when=move || helped.get().is_none()
                fallback=move || {
                    (helped.get() == Some(true)).then(|| view! { <p class="meta">{move || app.say("helped.thanks")}</p> })
                }
            >
                <p class="helped" role="group" aria-label=move || app.say("helped.ask")>
                    <span>{move || app.say("helped.ask")}</span>
                    <button type="button" on:click=move |_| rate(true)>{move || app.say("helped.yes")}</button>
                    <button type="button" on:click=move |_| rate(false)>{move || app.say("helped.no")}</button>
                </p>
            </Show>
        </div>
    }
    .into_any()
}

/// Where an answer comes from.
fn source(app: App, question: String) -> AnyView {
    view! {
        <p class="source">
            {icon::icon(icon::SOURCE)}
            <span>{move || app.fill("answer.source", &[("question", &question)])}</span>
        </p>
    }
    .into_any()
}

fn offer(app: App, choices: Vec<Choice>) -> AnyView {
    let taken = RwSignal::new(false);
    let take = move |choice: Option<Choice>| {
        if !taken.get_untracked() {
            taken.set(true);
            match choice {
                Some(choice) => app.choose(choice),
                None => app.none_fits(),
            }
        }
    };
    let button = move |choice: Choice| {
        let (lang, question) = (choice.lang.clone(), choice.question.clone());
        view! {
            <li>
                <button
                    type="button"
                    class="suggestion"
                    prop:disabled=taken
                    on:click=move |_| take(Some(choice.clone()))
                >
                    <span lang=(!lang.is_empty()).then_some(lang)>{question}</span>
                    {icon::icon(icon::NEXT)}
                </button>
            </li>
        }
    };
    view! {
        <div class="row bot offer">
            <div class="bubble">{move || app.say("offer.title")}</div>
            <ul class="suggestions" aria-label=move || app.say("offer.title")>
                {choices.into_iter().map(button).collect_view()}
                <li>
                    <button type="button" class="link" prop:disabled=taken on:click=move |_| take(None)>
                        {move || app.say("offer.none")}
                    </button>
                </li>
            </ul>
        </div>
    }
    .into_any()
}

/// The widget's own words, with the way to a person below.
fn with_person_button(app: App, key: &'static str) -> AnyView {
    view! {
        <div class="row bot">
            <div class="bubble">{move || app.say(key)}</div>
            <Show when=move || !app.with_person.get()>
                <button type="button" class="main" on:click=move |_| app.want_person(HandoffReason::Button)>
                    {icon::icon(icon::PERSON)}
                    {move || app.say("person.talk")}
                </button>
            </Show>
        </div>
    }
    .into_any()
}

fn happened(app: App, event: &Event) -> String {
    match event {
        Event::HandedOver { .. } => app.say("event.handed_over"),
        Event::Closed { by } => app.fill("event.closed", &[("name", by.as_str())]),
        Event::Reopened => app.say("event.reopened"),
        Event::Banned { .. } => app.say("event.banned"),
        Event::Unbanned => app.say("event.unbanned"),
    }
}

/// The question of an entry, if the FAQ still has it.
fn question_of(app: App, id: &EntryId) -> Option<String> {
    app.faq.with(|faq| {
        let entry = faq.matcher()?.entries().iter().find(|entry| entry.id == id.as_str())?;
        Some(entry.question.clone())
    })
}

fn date(app: App, at: Millis, options: &[(&str, &str)]) -> String {
    app.words.with(|words| intl::date(words.language(), at, options))
}
