//! What stands in the way, why, and until when: over the composer, so that nobody writes in vain.

use std::time::Duration;

use deskbell_browser::clock::{self, Timer};
use deskbell_shared::{guard::signal::Signal, wire::Millis};
use leptos::prelude::*;

use super::change::{Tap, all, changing, maybe, tap, told, when};
use crate::app::App;

/// A countdown's step. Shorter than a second, so that it never seems to skip one.
const TICK: Duration = Duration::from_millis(250);

/// The notices there are now.
pub(super) fn notices(app: App) -> AnyView {
    view! {
        <div class="notices">
            {changing(move || maybe(app.trouble.get().map(|key| trouble(app, key))))}
            {changing(move || maybe(app.wait_until.get().map(|until| wait(app, until))))}
            {changing(move || maybe(app.part.get().map(|part| part.notices(app))))}
        </div>
    }
    .into_any()
}

/// Something that did not work.
fn trouble(app: App, key: &str) -> AnyView {
    view! {
        <p id="trouble" class="notice warn" role="alert">
            <span>{app.say(key)}</span>
            {dismiss(app, move || app.trouble.set(None))}
        </p>
    }
    .into_any()
}

/// Slower, please: with the seconds that are left.
fn wait(app: App, until: Millis) -> AnyView {
    let left = countdown(until, Box::new(move || app.wait_until.set(None)));
    let signals = app.slowed_by.get_untracked();
    let reason = if signals.is_empty() { "wait.reason" } else { "guard.slow" };
    view! {
        <div id="wait" class="notice" role="status">
            <p>
                <span>{app.say(reason)}</span>
                " "
                {seconds(app, left)}
            </p>
            {why(app, &signals)}
            {maybe((!signals.is_empty()).then(|| view! { <p>{app.say("guard.slow.ends")}</p> }.into_any()))}
            {meanwhile(app)}
        </div>
    }
    .into_any()
}

/// What still works while a talk has to wait, and the way there.
pub(super) fn meanwhile(app: App) -> AnyView {
    let faq = move || {
        view! {
            <p>
                {app.say("ban.helps")} " " {link(app.say("faq.meanwhile"), tap(move || app.step_aside()))}
            </p>
        }
        .into_any()
    };
    when(move || app.is_to_person(), faq)
}

/// What the guard goes by, in words.
pub(super) fn why(app: App, signals: &[Signal]) -> AnyView {
    if signals.is_empty() {
        return ().into_any();
    }
    let signal = |signal: &Signal| {
        let text = app.say(&format!("signal.{}", signal.slug()));
        view! { <li>{text}</li> }.into_any()
    };
    view! {
        <div class="why">
            <span>{app.say("guard.why")}</span>
            <ul>{all(signals.iter().map(signal))}</ul>
        </div>
    }
    .into_any()
}

/// The way to take a notice away.
pub(super) fn dismiss(app: App, act: impl Fn() + 'static) -> AnyView {
    let act = tap(move || {
        act();
        app.refocus.notify();
    });
    link(app.say("notice.dismiss"), act)
}

pub(super) fn link(text: String, act: Tap) -> AnyView {
    view! { <button type="button" class="link" on:click=act>{text}</button> }.into_any()
}

/// The seconds that are left, for the eye; they are read out once, as they were at first, and not every second.
pub(super) fn seconds(app: App, left: ReadSignal<u64>) -> AnyView {
    let at_first = app.count("wait.left", left.get_untracked());
    view! {
        <strong aria-hidden="true">{told(move || app.count("wait.left", left.get()))}</strong>
        <span class="unseen">{at_first}</span>
    }
    .into_any()
}

/// Whole seconds until a moment, and a call when it has come. Ends with the view it was made in.
pub(super) fn countdown(until: Millis, over: Box<dyn Fn()>) -> ReadSignal<u64> {
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
