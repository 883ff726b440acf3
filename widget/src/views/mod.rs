//! What is seen: a file for each part of the panel.

#![expect(unreachable_pub, reason = "the component macro makes the properties of a component public")]

mod composer;
mod consent;
mod conversation;
mod header;
mod home;
mod icon;
mod notice;
mod row;
mod text;

use leptos::{ev::KeyboardEvent, prelude::*};

use crate::app::App;

/// Everything in the frame.
#[component]
pub(crate) fn Panel(app: App) -> impl IntoView {
    let escape = move |event: KeyboardEvent| {
        // A sheet closes before the panel does; an Escape that ends a composition is the keyboard's own.
        let mine = event.key() == "Escape" && !event.is_composing();
        if mine && app.consent.with_untracked(Option::is_none) {
            app.close();
        }
    };
    let _escapes = window_event_listener(leptos::ev::keydown, escape);
    let empty = move || !app.with_person.get() && app.talk.with(|talk| talk.items().is_empty());
    view! {
        <main class="panel">
            <header::Header app />
            <Show when=empty fallback=move || view! { <conversation::Conversation app /> }>
                <home::Home app />
            </Show>
            <notice::Notices app />
            <composer::Composer app />
            <consent::Sheet app />
        </main>
    }
}
