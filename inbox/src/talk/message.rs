//! A message in the transcript: who said it, when, and from which entry of the FAQ.

use std::sync::Arc;

use deskbell_shared::wire::{Body, EntryId, Event, HandoffReason, InternalNote, Message, Millis, Sender};
use leptos::prelude::*;

use crate::{
    appeals::signal_name,
    desk::row::reason_key,
    ui::linked::Linked,
    words::{Words, t, words},
};

/// A message, under its heading.
#[component]
pub fn MessageView(
    /// The message.
    message: Arc<Message>,
    /// Whether it is the first of its day.
    opens_day: bool,
    /// Whether it stands under a heading of its own.
    opens_group: bool,
) -> impl IntoView {
    let words = words();
    let (at, seq) = (message.at, message.seq);
    let day = opens_day.then(|| day_line(words, at));
    let body = match &message.body {
        Body::Event { event } => {
            let event = event.clone();
            view! {
                <p class="event" title=move || at_length(words, at)>
                    {move || happened(words, &event)} " · " <span class="at">{move || time(words, at)}</span>
                </p>
            }
            .into_any()
        }
        Body::Text { text, entry } => {
            let from = message.from.clone();
            let head = opens_group.then(|| {
                view! {
                    <p class="message-head">
                        <span class="from">{move || sender_name(words, &from)}</span>
                        <time class="at" title=move || at_length(words, at)>{move || time(words, at)}</time>
                    </p>
                }
            });
            view! {
                {head}
                <div class="bubble" dir="auto" title=move || at_length(words, at)>
                    <Linked text=text.to_string()/>
                </div>
                {source(words, entry.as_ref())}
            }
            .into_any()
        }
    };
    view! {
        <li class=format!("message {}", side(&message)) class:opens=opens_group data-seq=seq data-message=message.id.to_string()>
            {day}
            {body}
        </li>
    }
}

/// A note of the site's people.
#[component]
pub fn NoteView(
    /// The note.
    note: Arc<InternalNote>,
    /// Whether it is the first of its day.
    opens_day: bool,
) -> impl IntoView {
    let words = words();
    let (at, name) = (note.at, note.by.name.to_string());
    let day = opens_day.then(|| day_line(words, at));
    view! {
        <li class="message note opens" data-note=note.id.to_string()>
            {day}
            <p class="message-head">
                <span class="from" dir="auto">{name}</span>
                <span>{t("note.mark")}</span>
                <time class="at" title=move || at_length(words, at)>{move || time(words, at)}</time>
            </p>
            <div class="bubble" dir="auto">
                <Linked text=note.text.to_string()/>
            </div>
        </li>
    }
}

/// Where a day begins.
fn day_line(words: Words, at: Millis) -> impl IntoView + use<> {
    view! { <p class="day"><span>{move || words.date(at, &[("dateStyle", "full")])}</span></p> }
}

/// The entry of the FAQ that words came from.
fn source(words: Words, entry: Option<&EntryId>) -> Option<impl IntoView + use<>> {
    let entry = entry?.to_string();
    Some(view! {
        <p class="source">{move || words.fill("talk.from_entry", &[("entry", &entry)])}</p>
    })
}

fn side(message: &Message) -> &'static str {
    match (&message.body, &message.from) {
        (Body::Event { .. }, _) | (_, Sender::System) => "system",
        (_, Sender::Visitor) => "visitor",
        (_, Sender::Agent { .. }) => "agent",
        (_, Sender::Bot) => "bot",
    }
}

/// What a sender is called.
pub fn sender_name(words: Words, from: &Sender) -> String {
    match from {
        Sender::Visitor => words.text("from.visitor"),
        Sender::Agent { name } => name.to_string(),
        Sender::Bot => words.text("from.bot"),
        Sender::System => words.text("from.system"),
    }
}

/// Why a person took over, in words, most telling first.
pub fn reasons(words: Words, reasons: &[HandoffReason]) -> String {
    let said: Vec<_> = reasons.iter().map(|reason| words.text(reason_key(*reason))).collect();
    said.join(" · ")
}

fn happened(words: Words, event: &Event) -> String {
    match event {
        Event::HandedOver { reasons: why } => {
            words.fill("event.handed_over", &[("reasons", &reasons(words, why))])
        }
        Event::Closed { by } => words.fill("event.closed", &[("name", by.as_str())]),
        Event::Reopened => words.text("event.reopened"),
        Event::ReopenedBy { by } => words.fill("event.reopened_by", &[("name", by.as_str())]),
        Event::Banned { until, reason: None, signals } => {
            let until = until.map_or_else(String::new, |until| at_length(words, until));
            let why: Vec<String> = signals.iter().map(|signal| signal_name(words, Some(*signal))).collect();
            words.fill("event.stopped", &[("until", &until), ("signals", &why.join(" · "))])
        }
        Event::Banned { until: Some(until), reason: Some(reason), .. } => {
            let until = at_length(words, *until);
            words.fill("event.banned_until", &[("until", &until), ("reason", reason.as_str())])
        }
        Event::Banned { until: None, reason: Some(reason), .. } => {
            words.fill("event.banned", &[("reason", reason.as_str())])
        }
        Event::Unbanned => words.text("event.unbanned"),
        Event::Rated { good: true } => words.text("event.rated_good"),
        Event::Rated { good: false } => words.text("event.rated_bad"),
        Event::Recommended { likelihood } => {
            words.fill("event.recommended", &[("number", &u8::from(*likelihood).to_string())])
        }
        Event::Undelivered { why } => words.fill("event.undelivered", &[("why", why.as_str())]),
    }
}

fn time(words: Words, at: Millis) -> String {
    words.date(at, &[("timeStyle", "short")])
}

fn at_length(words: Words, at: Millis) -> String {
    words.date(at, &[("dateStyle", "full"), ("timeStyle", "medium")])
}
