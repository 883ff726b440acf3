//! Stopped: by whom and why, until when, what still works, and the way to say that it is wrong.

use deskbell_browser::{clock, intl};
use deskbell_shared::wire::Millis;
use leptos::prelude::*;

use super::{
    appeal,
    change::{maybe, tap, when},
    notice::{countdown, link, seconds, why},
};
use crate::{
    app::{App, Appealed},
    person::Ban,
};

/// What is over as soon as this, in milliseconds, is counted down; a longer wait is told by its moment, for nobody sits
/// it out.
const SOON_MS: u64 = 2 * 60 * 1000;

/// Stopped, by the site's people or by the guard.
pub(super) fn stopped(app: App, ban: Ban) -> AnyView {
    let until = match ban.until {
        Some(until) => {
            // Held by the view it counts down in.
            let left = countdown(until, Box::new(move || app.ban.set(None)));
            if ends_soon(until) {
                view! { {app.say("ban.soon")} " " {seconds(app, left)} }.into_any()
            } else {
                app.fill("ban.until", &[("moment", &moment(app, until))]).into_any()
            }
        }
        None => app.say("ban.open").into_any(),
    };
    let title = if ban.signals.is_empty() { "ban.title" } else { "ban.by_guard" };
    let reason = ban.reason.filter(|reason| !reason.is_empty());
    let reason = reason.map(|reason| app.fill("ban.reason", &[("reason", &reason)]));
    let reason = reason.map(|reason| view! { <p>{reason}</p> }.into_any());
    view! {
        <div id="banned" class="notice warn" role="alert">
            <p>
                <strong>{app.say(title)}</strong>
                " "
                {until}
            </p>
            {maybe(reason)}
            {why(app, &ban.signals)}
            <p>{app.say("ban.helps")}</p>
            {link(app.say("ban.faq"), tap(move || app.step_aside()))}
            {when(move || app.appeal.with(|appeal| matches!(appeal, None | Some(Appealed::Failed))), move || appeal::form(app))}
        </div>
    }
    .into_any()
}

/// Whether seconds are worth counting.
fn ends_soon(until: Millis) -> bool {
    until.since(clock::now()) <= SOON_MS
}

/// A moment in words.
pub(super) fn moment(app: App, at: Millis) -> String {
    let options = [("dateStyle", "medium"), ("timeStyle", "short")];
    app.words.with_untracked(|words| intl::date(words.language(), at, &options))
}
