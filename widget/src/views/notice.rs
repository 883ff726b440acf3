//! What stands in the way, why, and until when: over the composer, so that nobody writes in vain.

use std::time::Duration;

use deskbell_browser::{
    clock::{self, Timer},
    intl,
};
use deskbell_shared::wire::Millis;
use leptos::prelude::*;

use super::change::{Tap, changing, maybe, tap, told, when};
use crate::{app::App, person::Ban};

/// A countdown's step. Shorter than a second, so that it never seems to skip one.
const TICK: Duration = Duration::from_millis(250);

/// The notices there are now.
pub(super) fn notices(app: App) -> AnyView {
    let closed = move || app.is_closed() && app.ban.with(Option::is_none);
    view! {
        <div class="notices">
            {changing(move || maybe(app.trouble.get().map(|key| trouble(app, key))))}
            {changing(move || maybe(app.wait_until.get().map(|until| wait(app, until))))}
            {changing(move || maybe(app.ban.get().map(|ban| stopped(app, ban))))}
            {when(closed, move || over(app))}
        </div>
    }
    .into_any()
}

/// Something that did not work.
fn trouble(app: App, key: &str) -> AnyView {
    view! {
        <p id="trouble" class="notice warn" role="alert">
            <span>{app.say(key)}</span>
            {link(app.say("notice.dismiss"), tap(move || app.trouble.set(None)))}
        </p>
    }
    .into_any()
}

/// Slower, please: with the seconds that are left.
fn wait(app: App, until: Millis) -> AnyView {
    let left = countdown(until, Box::new(move || app.wait_until.set(None)));
    view! {
        <p id="wait" class="notice" role="status">
            <span>{app.say("wait.reason")}</span>
            // Read out once, not every second.
            <strong aria-hidden="true">{told(move || app.count("wait.left", left.get()))}</strong>
        </p>
    }
    .into_any()
}

/// Stopped by the site's people.
fn stopped(app: App, ban: Ban) -> AnyView {
    let until = match ban.until {
        Some(until) => {
            // Held by the view it counts down in.
            countdown(until, Box::new(move || app.ban.set(None)));
            let options = [("dateStyle", "medium"), ("timeStyle", "short")];
            let moment = app.words.with_untracked(|words| intl::date(words.language(), until, &options));
            app.fill("ban.until", &[("moment", &moment)])
        }
        None => app.say("ban.open"),
    };
    let reason = Some(ban.reason).filter(|reason| !reason.is_empty());
    let reason = reason.map(|reason| app.fill("ban.reason", &[("reason", &reason)]));
    view! {
        <div id="banned" class="notice warn" role="alert">
            <p>
                <strong>{app.say("ban.title")}</strong>
                " "
                {until}
            </p>
            <p>{reason.unwrap_or_default()}</p>
            {link(app.say("ban.faq"), tap(move || app.start_over()))}
        </div>
    }
    .into_any()
}

/// The site's people have closed the talk.
fn over(app: App) -> AnyView {
    view! {
        <p id="closed" class="notice">
            <span>{app.say("closed.text")}</span>
            {link(app.say("closed.new"), tap(move || app.start_over()))}
        </p>
    }
    .into_any()
}

fn link(text: String, act: Tap) -> AnyView {
    view! { <button type="button" class="link" on:click=act>{text}</button> }.into_any()
}

/// Whole seconds until a moment, and a call when it has come. Ends with the view it was made in.
fn countdown(until: Millis, over: Box<dyn Fn()>) -> ReadSignal<u64> {
    let seconds = move || until.since(clock::now()).div_ceil(1_000);
    let left = RwSignal::new(seconds());
    let tick = move || {
        let now = seconds();
        if left.try_get_untracked().is_some_and(|shown| shown != now) {
            left.set(now);
        }
        if now == 0 {
            over();
        }
    };
    StoredValue::new_local(Timer::every(TICK, tick));
    left.read_only()
}
