//! The talk, line by line: what was asked here, what was said with a person, what waits to be sent.

use std::collections::BTreeSet;

use deskbell_shared::wire::{Message, MessageId, Millis, SayRequest};
use leptos::{html, prelude::*};

use super::{
    change::{changing, maybe},
    row,
};
use crate::{
    app::App,
    person::{Delivery, Log},
    talk::Item,
};

/// Somebody this near to the end, in pixels, is reading there, and wants to see what comes.
const NEAR: i32 = 240;

/// One line of what is shown.
#[derive(Clone, PartialEq)]
pub(super) enum Row {
    /// From the talk with the FAQ, in this page's lifetime.
    Item(Item),
    /// As the edge has it.
    Message(Message),
    /// Written here, and not at the edge yet; or asked, and the FAQ is not there yet.
    Waiting(SayRequest),
    /// Refused for good.
    Failed(SayRequest),
    /// Another day begins.
    Day(Millis),
}

/// What makes a row the same row: a message that is acknowledged stays where it is and is not read out again.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Message(MessageId),
    Failed(MessageId),
    Day(u64),
}

impl Row {
    fn key(&self) -> Key {
        match self {
            Self::Item(item) => Key::Message(item.id),
            Self::Message(message) => Key::Message(message.id),
            Self::Waiting(say) => Key::Message(say.id),
            Self::Failed(say) => Key::Failed(say.id),
            Self::Day(at) => Key::Day(at.0),
        }
    }
}

/// The rows in their order. What was said here before the handoff stays as the visitor saw it.
fn rows(items: &[Item], log: Option<&Log>) -> Vec<Row> {
    let here: BTreeSet<MessageId> = items.iter().map(|item| item.id).collect();
    let mut rows: Vec<Row> = items.iter().cloned().map(Row::Item).collect();
    let Some(log) = log else { return rows };
    let mut day = items.last().map(|item| local_day(item.at));
    for message in log.messages().filter(|message| !here.contains(&message.id)) {
        let today = local_day(message.at);
        if day.is_some_and(|day| day != today) {
            rows.push(Row::Day(message.at));
        }
        day = Some(today);
        rows.push(Row::Message(message.clone()));
    }
    rows.extend(log.failed().iter().cloned().map(Row::Failed));
    rows.extend(log.outbox().iter().cloned().map(Row::Waiting));
    rows
}

/// Which day it is here, as a number.
fn local_day(at: Millis) -> (u32, u32) {
    let date = js_sys::Date::new(&(at.0 as f64).into());
    (date.get_full_year(), date.get_month() * 32 + date.get_date())
}

/// The talk.
pub(super) fn conversation(app: App) -> AnyView {
    let rows = Memo::new(move |_| {
        let mut rows = app.items(|items| {
            let log = if app.aside.get() { None } else { app.with_log(|log| rows(items, Some(log))) };
            log.unwrap_or_else(|| rows(items, None))
        });
        if !app.is_to_person() {
            rows.extend(app.early().into_iter().map(Row::Waiting));
        }
        rows
    });
    let view = NodeRef::<html::Div>::new();
    Effect::new(move |seen: Option<usize>| {
        let count = rows.with(Vec::len);
        app.typing.track();
        if let Some(view) = view.get() {
            let near = view.scroll_height() - view.scroll_top() - view.client_height() < NEAR;
            if near || seen.is_none_or(|seen| seen < count) {
                request_animation_frame(move || settle(&view, app.is_to_person_now()));
            }
        }
        count
    });
    view! {
        <div class="conversation scroll" node_ref=view tabindex="0">
            <div role="log" aria-live="polite" aria-label=app.say("log.label")>
                <For each=move || rows.get() key=Row::key children=move |row| row::row(app, row) />
            </div>
            {changing(move || if app.aside.get() { ().into_any() } else { delivery(app) })}
            {changing(move || typing(app))}
        </div>
    }
    .into_any()
}

/// How far the visitor's last words have come.
fn delivery(app: App) -> AnyView {
    let key = app.with_log(Log::delivery).flatten().map(|delivery| match delivery {
        Delivery::Sending => "delivery.sending",
        Delivery::Sent => "delivery.sent",
        Delivery::Seen => "delivery.seen",
    });
    maybe(key.map(|key| view! { <p id="delivery" class="delivery">{app.say(key)}</p> }.into_any()))
}

fn typing(app: App) -> AnyView {
    let name =
        app.typing.get().filter(|_| !app.aside.get()).map(|name| app.fill("typing", &[("name", &name)]));
    let label = name.or_else(|| app.is_thinking().then(String::new));
    maybe(label.map(|label| {
        view! {
            <p id="typing" class="typing">
                <i></i><i></i><i></i>
                <span class="unseen">{label}</span>
            </p>
        }
        .into_any()
    }))
}

/// With a person, the end of the talk is what matters. With the FAQ it is the beginning of a long answer: the
/// last question goes to the top, as far as there is something to fill the view.
fn settle(view: &web_sys::HtmlDivElement, with_person: bool) {
    let own = view.query_selector_all(".row.own").ok();
    let last = own.and_then(|own| own.item(own.length().checked_sub(1)?));
    let top = match last.and_then(|last| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(last).ok()) {
        Some(last) if !with_person => last.offset_top() - 16,
        _ => view.scroll_height(),
    };
    view.set_scroll_top(top);
}
