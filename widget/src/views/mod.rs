//! What is seen: a file for each part of the panel.
//!
//! Words are looked up when a view is made; in another language, everything is made anew.

mod appeal;
mod change;
mod composer;
mod consent;
mod conversation;
mod header;
mod hindrance;
mod home;
mod icon;
mod notice;
mod person;
mod row;
mod stopped;
mod text;

use leptos::{ev::KeyboardEvent, prelude::*};

use self::change::{changing, maybe, told};
use crate::app::App;

pub(crate) use self::{consent::consent_sheet, hindrance::talk_notices, row::message};

/// Everything in the frame.
pub(crate) fn panel(app: App) -> AnyView {
    let escape = move |event: KeyboardEvent| {
        // A sheet closes before the panel does; an Escape that ends a composition is the keyboard's own.
        let mine = event.key() == "Escape" && !event.is_composing();
        if mine && app.consent.with_untracked(Option::is_none) {
            app.close();
        }
    };
    let _escapes = window_event_listener(leptos::ev::keydown, escape);
    changing(move || {
        app.words.track();
        spoken(app)
    })
}

fn spoken(app: App) -> AnyView {
    let begun =
        Memo::new(move |_| app.is_to_person() || app.is_thinking() || app.items(|items| !items.is_empty()));
    view! {
        <main class="panel" aria-busy=told(move || app.fetching.get().to_string())>
            {header::header(app)}
            {changing(move || if begun.get() { conversation::conversation(app) } else { home::home(app) })}
            {notice::notices(app)}
            {composer::composer(app)}
            {changing(move || maybe(app.part.get().map(|part| part.sheet(app))))}
        </main>
    }
    .into_any()
}
