//! What stands in the way, why, and until when: over the composer, so that nobody writes in vain.

use std::time::Duration;

use deskbell_browser::clock::{self, Timer};
use deskbell_shared::{
    guard::{pow, signal::Signal},
    wire::Millis,
};
use leptos::prelude::*;

use super::{
    appeal,
    change::{Tap, all, changing, maybe, tap, told, when, whether},
    stopped,
};
use crate::{app::App, person::TURNSTILE_PLACE};

/// A countdown's step. Shorter than a second, so that it never seems to skip one.
const TICK: Duration = Duration::from_millis(250);

/// The notices there are now.
pub(super) fn notices(app: App) -> AnyView {
    let closed = move || app.is_to_person() && app.is_closed() && app.ban.with(Option::is_none);
    view! {
        <div class="notices">
            {changing(move || maybe(app.trouble.get().map(|key| trouble(app, key))))}
            {changing(move || maybe(app.wait_until.get().map(|until| wait(app, until))))}
            {changing(move || maybe(app.words_blocked.get().map(|reason| words_blocked(app, reason))))}
            {changing(move || app.noticed.with(|signals| maybe((!signals.is_empty()).then(|| noticed(app, signals)))))}
            {when(move || app.solving.with(Option::is_some), move || solving(app))}
            {changing(move || maybe(app.ban.get().filter(|_| app.is_to_person()).map(|ban| stopped::stopped(app, ban))))}
            {appeal::appeal(app)}
            {when(closed, move || over(app))}
            {when(move || app.aside.get(), move || aside(app))}
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

/// The guard has noticed something, and says so before it does anything.
fn noticed(app: App, signals: &[Signal]) -> AnyView {
    view! {
        <div id="noticed" class="notice" role="status">
            <p>{app.say("guard.hint")}</p>
            {why(app, signals)}
            {meanwhile(app)}
            {dismiss(app, move || app.noticed.set(Vec::new()))}
        </div>
    }
    .into_any()
}

/// A puzzle is being solved, by itself.
fn solving(app: App) -> AnyView {
    let signals = app.solving.with_untracked(|solving| solving.as_ref().map(|(_, why)| why.clone()));
    let reason = match signals.unwrap_or_default().as_slice() {
        [] => view! { <p>{app.say("guard.challenge.everybody")}</p> }.into_any(),
        signals => why(app, signals),
    };
    let done = move || app.solving.with(|solving| solving.as_ref().and_then(|(done, _)| *done));
    let text = move || app.say(if done().is_some() { "guard.challenge.text" } else { "guard.turnstile" });
    view! {
        <div id="solving" class="notice" role="status">
            <p>
                <strong>{app.say("guard.challenge.title")}</strong>
                " "
                {told(text)}
            </p>
            {reason}
            <div id=TURNSTILE_PLACE></div>
            <progress
                max=pow::PARTS.to_string()
                hidden=whether(move || done().is_none())
                prop:value=told(move || done().unwrap_or_default().to_string())
                aria-label=app.say("guard.challenge.title")
            ></progress>
            {meanwhile(app)}
        </div>
    }
    .into_any()
}

/// What still works while a talk has to wait, and the way there.
fn meanwhile(app: App) -> AnyView {
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

/// The FAQ is asked meanwhile: the way back.
fn aside(app: App) -> AnyView {
    let unread = told(move || match app.unread() {
        0 => String::new(),
        count => format!(" ({count})"),
    });
    view! {
        <p id="aside" class="notice" role="status">
            {link(app.say("faq.back"), tap(move || app.come_back()))}
            <span>{unread}</span>
        </p>
    }
    .into_any()
}

/// The last words are not taken here: a message, or what was to be handed over.
fn words_blocked(app: App, reason: Option<String>) -> AnyView {
    let sent = if app.with_person.get_untracked() { "guard.words" } else { "guard.words.handoff" };
    let reason = reason.map(|reason| app.fill("ban.reason", &[("reason", &reason)]));
    view! {
        <div id="words-blocked" class="notice warn" role="alert">
            <p>{app.say(sent)} " " {reason.unwrap_or_default()}</p>
            {dismiss(app, move || app.words_blocked.set(None))}
        </div>
    }
    .into_any()
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
