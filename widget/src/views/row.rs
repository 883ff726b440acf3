//! One line of the talk.

use deskbell_browser::intl;
use deskbell_shared::wire::{Body, EntryId, Event, Message, Millis, Sender};
use leptos::prelude::*;

use super::{
    change::{all, changing, maybe, tap, when, whether},
    conversation::Row,
    home::suggestion,
    icon, person,
    text::text,
};
use crate::{
    app::App,
    talk::{Care, Choice, Item, ItemKind},
};

/// Shows a line.
pub(super) fn row(app: App, row: Row) -> AnyView {
    match row {
        Row::Item(item) => of_item(app, item),
        Row::Message(message) => maybe(app.part.get_untracked().map(|part| part.message(app, message))),
        Row::Waiting(say) => own(app, say.text.as_str()),
        Row::Failed(say) => view! {
            <div class="row own failed">
                <div class="bubble">{words(None, say.text.as_str())}</div>
                {meta(app.say("delivery.failed"))}
            </div>
        }
        .into_any(),
        Row::Day(at) => event(date(app, at, &[("weekday", "long"), ("day", "numeric"), ("month", "long")])),
    }
}

fn of_item(app: App, Item { kind, .. }: Item) -> AnyView {
    match kind {
        ItemKind::Question(question) => own(app, question.as_str()),
        ItemKind::Answer(choice) => answer(app, choice),
        ItemKind::Again(choice) => again(app, choice),
        ItemKind::Offer(choices) => offer(app, choices),
        ItemKind::NoAnswer => with_person_button(app, bubble(app.say("answer.none"))),
        ItemKind::PersonWanted => with_person_button(app, bubble(app.say("answer.person"))),
        ItemKind::Care(care) => with_person_button(app, bubble(app.say(care_key(care)))),
        ItemKind::Calm => bubble(app.say("answer.calm")),
    }
}

/// The words with which a person is offered.
fn care_key(care: Care) -> &'static str {
    match care {
        Care::Upset => "answer.upset",
        Care::Sensitive => "answer.sensitive",
        Care::Crisis => "answer.crisis",
    }
}

/// A line of the talk with a person.
pub(crate) fn message(app: App, message: Message) -> AnyView {
    match (message.from, message.body) {
        (_, Body::Event { event: happening }) => event(happened(app, &happening)),
        (Sender::Visitor, Body::Text { text, .. }) => own(app, text.as_str()),
        (Sender::Agent { name }, Body::Text { text, .. }) => {
            let time = date(app, message.at, &[("hour", "numeric"), ("minute", "2-digit")]);
            view! {
                <div class="row agent">
                    {meta(format!("{name} · {time}"))}
                    <div class="bubble">{words(None, text.as_str())}</div>
                </div>
            }
            .into_any()
        }
        (Sender::Bot | Sender::System, Body::Text { text, entry }) => {
            let question = entry.and_then(|entry| question_of(app, &entry));
            view! {
                <div class="row bot">
                    <div class="bubble">
                        {words(None, text.as_str())}
                        {maybe(question.map(|question| source(app, question)))}
                    </div>
                </div>
            }
            .into_any()
        }
    }
}

/// Somebody's words, which run as their own language does.
fn words(lang: Option<String>, said: &str) -> AnyView {
    view! { <div lang=lang dir="auto">{text(said)}</div> }.into_any()
}

fn own(app: App, said: &str) -> AnyView {
    view! {
        <div class="row own">
            <span class="unseen">{app.say("log.you")}</span>
            <div class="bubble">{words(None, said)}</div>
        </div>
    }
    .into_any()
}

fn answer(app: App, choice: Choice) -> AnyView {
    let rated = RwSignal::new(None);
    let lang = (!choice.lang.is_empty()).then(|| choice.lang.clone());
    let said = words(lang, choice.answer.as_str());
    let rate = move |good: bool| {
        tap(move || {
            rated.set(Some(good));
            if good {
                app.refocus.notify();
            } else {
                app.none_fits();
            }
        })
    };
    let ask = move || {
        view! {
            <p class="helped" role="group" aria-label=app.say("helped.ask")>
                <span>{app.say("helped.ask")}</span>
                <button type="button" on:click=rate(true)>{app.say("helped.yes")}</button>
                <button type="button" on:click=rate(false)>{app.say("helped.no")}</button>
            </p>
        }
        .into_any()
    };
    view! {
        <div class="row bot">
            <div class="bubble">
                {said}
                {source(app, choice.question)}
            </div>
            {changing(move || match rated.get() {
                // A person has the talk: there is nothing more for the FAQ to find.
                None if app.is_to_person() => ().into_any(),
                None => ask(),
                Some(true) => meta(app.say("helped.thanks")),
                Some(false) => ().into_any(),
            })}
        </div>
    }
    .into_any()
}

/// An answer that was given before: it is said so, shown again, and a person is offered.
fn again(app: App, choice: Choice) -> AnyView {
    let lang = (!choice.lang.is_empty()).then(|| choice.lang.clone());
    let shown = view! {
        <div class="bubble">
            <p>{app.say("answer.again")}</p>
            {words(lang, choice.answer.as_str())}
            {source(app, choice.question)}
        </div>
    };
    with_person_button(app, shown.into_any())
}

fn bubble(said: String) -> AnyView {
    view! { <div class="bubble">{said}</div> }.into_any()
}

/// Where an answer comes from.
fn source(app: App, question: String) -> AnyView {
    let from = app.say("answer.source");
    let (before, after) = from.split_once("{question}").unwrap_or((&from, ""));
    view! {
        <p class="source">
            {icon::icon(icon::SOURCE)}
            <span>{before.to_owned()}<bdi>{question}</bdi>{after.to_owned()}</span>
        </p>
    }
    .into_any()
}

fn offer(app: App, choices: Vec<Choice>) -> AnyView {
    let chosen = RwSignal::new(false);
    let spent = Signal::derive(move || chosen.get() || app.is_to_person());
    let choice = |choice| {
        suggestion(choice, spent, move |choice| {
            chosen.set(true);
            app.choose(choice);
        })
    };
    let none = tap(move || {
        chosen.set(true);
        app.none_fits();
    });
    let title = app.say("offer.title");
    view! {
        <div class="row bot offer">
            <div class="bubble">{title.clone()}</div>
            <ul class="suggestions" aria-label=title>
                {all(choices.into_iter().map(choice))}
                <li>
                    <button type="button" class="link" prop:disabled=whether(move || spent.get()) on:click=none>
                        {app.say("offer.none")}
                    </button>
                </li>
            </ul>
        </div>
    }
    .into_any()
}

/// What the widget says, with the way to a person below.
fn with_person_button(app: App, said: AnyView) -> AnyView {
    let button = move || person::button(app, None, "main", icon::icon(icon::PERSON));
    view! {
        <div class="row bot">
            {said}
            {when(move || !app.is_to_person(), button)}
        </div>
    }
    .into_any()
}

fn event(text: String) -> AnyView {
    view! { <p class="event">{text}</p> }.into_any()
}

fn meta(text: String) -> AnyView {
    view! { <p class="meta">{text}</p> }.into_any()
}

fn happened(app: App, event: &Event) -> String {
    match event {
        Event::HandedOver { .. } => app.say("event.handed_over"),
        Event::Closed { by } => app.fill("event.closed", &[("name", by.as_str())]),
        Event::Reopened => app.say("event.reopened"),
        Event::ReopenedBy { by } => app.fill("event.reopened_by", &[("name", by.as_str())]),
        Event::Banned { .. } => app.say("event.banned"),
        Event::Unbanned => app.say("event.unbanned"),
        Event::Rated { good } => app.say(if *good { "event.rated_good" } else { "event.rated_bad" }),
        Event::Recommended { likelihood } => {
            app.fill("event.recommended", &[("number", &u8::from(*likelihood).to_string())])
        }
        // What goes through a channel is shown there, and in no widget.
        Event::Undelivered { why } => why.to_string(),
    }
}

/// The question of an entry, if the FAQ still has it.
fn question_of(app: App, id: &EntryId) -> Option<String> {
    app.faq.with_untracked(|faq| {
        let entry = faq.matcher()?.entries().iter().find(|entry| entry.id == id.as_str())?;
        Some(entry.question.clone())
    })
}

fn date(app: App, at: Millis, options: &[(&str, &str)]) -> String {
    app.words.with_untracked(|words| intl::date(words.language(), at, options))
}
