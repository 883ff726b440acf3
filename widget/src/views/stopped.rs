//! Stopped: by whom and why, until when, what still works, and what can be said against it.

use deskbell_browser::intl;
use deskbell_shared::wire::{AppealOutcome, AppealState, Millis, Plea};
use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    change::{changing, maybe, tap, when},
    notice::{countdown, link, seconds, why},
};
use crate::{
    app::{App, Appealed},
    person::Ban,
};

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
            {link(app.say("ban.faq"), tap(move || app.start_over()))}
            {when(move || app.appeal.with(|appeal| matches!(appeal, None | Some(Appealed::Failed))), move || form(app))}
        </div>
    }
    .into_any()
}

/// Whether seconds are worth counting.
fn ends_soon(until: Millis) -> bool {
    until.since(deskbell_browser::clock::now()) <= 2 * 60 * 1000
}

fn moment(app: App, at: Millis) -> String {
    let options = [("dateStyle", "medium"), ("timeStyle", "short")];
    app.words.with_untracked(|words| intl::date(words.language(), at, &options))
}

/// Where the visitor says that it is wrong.
fn form(app: App) -> AnyView {
    let open = RwSignal::new(app.appeal.with_untracked(Option::is_some));
    let draft = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Ok(words) = Plea::new(&draft.get_untracked()) {
            app.appeal(words);
        }
    };
    let failed = app.appeal.with_untracked(|appeal| matches!(appeal, Some(Appealed::Failed)));
    let failed = failed.then(|| view! { <p>{app.say("appeal.failed")}</p> }.into_any());
    let fields = move || {
        view! {
            <form class="appeal" on:submit=submit>
                <label class="note">
                    <span>{app.say("appeal.label")}</span>
                    <textarea
                        id="appeal"
                        rows="3"
                        maxlength=Plea::LIMIT.to_string()
                        on:input=move |event| draft.set(event_target_value(&event))
                    ></textarea>
                </label>
                <button type="submit" class="main">{app.say("appeal.send")}</button>
            </form>
        }
        .into_any()
    };
    view! {
        {maybe(failed)}
        {changing(move || if open.get() { fields() } else { link(app.say("appeal.open"), tap(move || open.set(true))) })}
    }
    .into_any()
}

/// How the visitor's appeal stands, also when nothing stops them any more.
pub(super) fn appeal(app: App) -> AnyView {
    changing(move || match app.appeal.get() {
        None | Some(Appealed::Failed) => ().into_any(),
        Some(Appealed::Sending) => told_so(app.say("appeal.sending")),
        Some(Appealed::Taken(AppealState { outcome: None, .. })) => told_so(app.say("appeal.waits")),
        Some(Appealed::Taken(AppealState { outcome: Some(outcome), until, fair })) => {
            decided(app, outcome, until, fair)
        }
    })
}

fn told_so(text: String) -> AnyView {
    view! { <p id="appealed" class="notice" role="status">{text}</p> }.into_any()
}

/// What was decided, and whether that was fair.
fn decided(app: App, outcome: AppealOutcome, until: Option<Millis>, fair: Option<bool>) -> AnyView {
    let until = until.map(|until| moment(app, until)).unwrap_or_default();
    let text = match outcome {
        AppealOutcome::Lifted => app.say("appeal.lifted"),
        AppealOutcome::Shortened => app.fill("appeal.shortened", &[("moment", &until)]),
        AppealOutcome::Confirmed => app.say("appeal.confirmed"),
        AppealOutcome::Permanent => app.say("appeal.permanent"),
    };
    let answer = match fair {
        None => view! {
            <p class="helped" role="group" aria-label=app.say("appeal.fair")>
                <span>{app.say("appeal.fair")}</span>
                <button type="button" on:click=tap(move || app.say_fair(true))>{app.say("helped.yes")}</button>
                <button type="button" on:click=tap(move || app.say_fair(false))>{app.say("helped.no")}</button>
            </p>
        }
        .into_any(),
        Some(_) => view! { <p>{app.say("appeal.thanks")}</p> }.into_any(),
    };
    view! {
        <div id="appealed" class="notice" role="status">
            <p>{text}</p>
            {answer}
            {link(app.say("notice.dismiss"), tap(move || app.close_appeal()))}
        </div>
    }
    .into_any()
}
