//! What stands in the way of a talk with a person, and what is happening about it.

use deskbell_shared::{
    guard::{pow, signal::Signal},
    wire::Likelihood,
};
use leptos::prelude::*;

use super::{
    appeal,
    change::{all, changing, maybe, tap, told, when, whether},
    notice::{dismiss, link, meanwhile, why},
    stopped,
};
use crate::{app::App, person::TURNSTILE_PLACE};

/// The notices there are now.
pub(crate) fn talk_notices(app: App) -> AnyView {
    let closed = move || app.is_to_person() && app.is_closed() && app.ban.with(Option::is_none);
    view! {
        {changing(move || maybe(app.words_blocked.get().map(|reason| words_blocked(app, reason))))}
        {changing(move || app.noticed.with(|signals| maybe((!signals.is_empty()).then(|| noticed(app, signals)))))}
        {when(move || app.solving.with(Option::is_some), move || solving(app))}
        {changing(move || maybe(app.ban.get().filter(|_| app.is_to_person()).map(|ban| stopped::stopped(app, ban))))}
        {appeal::appeal(app)}
        {when(move || closed() && app.may_rate(), move || rate(app))}
        {when(move || closed() && app.may_recommend(), move || recommend(app))}
        {when(closed, move || over(app))}
        {when(move || app.aside.get(), move || aside(app))}
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

/// How was it?
fn rate(app: App) -> AnyView {
    let says = move |good| tap(move || app.rate(good));
    view! {
        <div id="rate" class="notice">
            <div class="helped" role="group" aria-label=app.say("rate.ask")>
                <span role="status">{app.say("rate.ask")}</span>
                <button type="button" on:click=says(true)>{app.say("rate.good")}</button>
                <button type="button" on:click=says(false)>{app.say("rate.bad")}</button>
            </div>
        </div>
    }
    .into_any()
}

/// How likely are they to recommend the site?
fn recommend(app: App) -> AnyView {
    let name = app.settings.with_value(|settings| settings.name.as_str().to_owned());
    let ask = app.fill("recommend.ask", &[("site", &name)]);
    let choice = |likelihood: Likelihood| {
        let says = tap(move || app.recommend(likelihood));
        view! { <button type="button" on:click=says>{u8::from(likelihood).to_string()}</button> }.into_any()
    };
    view! {
        <div id="recommend" class="notice">
            <p id="recommend-ask" role="status">{ask}</p>
            <div class="scale" role="group" aria-labelledby="recommend-ask" aria-describedby="recommend-ends">
                {all(Likelihood::all().map(choice))}
            </div>
            <p id="recommend-ends" class="ends">
                <span>{app.say("recommend.least")}</span>
                <span>{app.say("recommend.most")}</span>
            </p>
        </div>
    }
    .into_any()
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
