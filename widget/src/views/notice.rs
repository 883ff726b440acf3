//! What stands in the way, why, and until when: over the composer, so that nobody writes in vain.

use std::time::Duration;

use deskbell_browser::{
    clock::{self, Timer},
    intl,
};
use deskbell_shared::wire::Millis;
use leptos::prelude::*;

use crate::{app::App, person::Ban};

/// A countdown's step. Shorter than a second, so that it never seems to skip one.
const TICK: Duration = Duration::from_millis(250);

/// The notices there are now.
#[component]
pub(super) fn Notices(app: App) -> impl IntoView {
    view! {
        <div class="notices">
            {move || app.trouble.get().map(|key| view! {
                <p id="trouble" class="notice warn" role="alert">
                    <span>{move || app.say(key)}</span>
                    <button type="button" class="link" on:click=move |_| app.trouble.set(None)>
                        {move || app.say("notice.dismiss")}
                    </button>
                </p>
            })}
            {move || app.wait_until.get().map(|until| view! { <Wait app until /> })}
            {move || app.ban.get().map(|ban| view! { <Stopped app ban /> })}
            <Show when=move || app.is_closed() && app.ban.with(Option::is_none)>
                <p id="closed" class="notice">
                    <span>{move || app.say("closed.text")}</span>
                    <button type="button" class="link" on:click=move |_| app.start_over()>
                        {move || app.say("closed.new")}
                    </button>
                </p>
            </Show>
        </div>
    }
}

/// Slower, please: with the seconds that are left.
#[component]
fn Wait(app: App, until: Millis) -> impl IntoView {
    let left = countdown(until, move || app.wait_until.set(None));
    view! {
        <p id="wait" class="notice" role="status">
            <span>{move || app.say("wait.reason")}</span>
            // Read out once, not every second.
            <strong aria-hidden="true">{move || app.count("wait.left", left.get())}</strong>
        </p>
    }
}

/// Stopped by the site's people.
#[component]
fn Stopped(app: App, ban: Ban) -> impl IntoView {
    let until = move || match ban.until {
        Some(until) => {
            let moment = app.words.with(|words| {
                let options = [("dateStyle", "medium"), ("timeStyle", "short")];
                intl::date(words.language(), until, &options)
            });
            app.fill("ban.until", &[("moment", &moment)])
        }
        None => app.say("ban.open"),
    };
    if let Some(until) = ban.until {
        countdown(until, move || app.ban.set(None));
    }
    let reason = ban.reason;
    view! {
        <div id="banned" class="notice warn" role="alert">
            <p>
                <strong>{move || app.say("ban.title")}</strong>
                " "
                {until}
            </p>
            {(!reason.is_empty()).then(|| view! {
                <p>{move || app.fill("ban.reason", &[("reason", &reason)])}</p>
            })}
            <button type="button" class="link" on:click=move |_| app.start_over()>
                {move || app.say("ban.faq")}
            </button>
        </div>
    }
}

/// Whole seconds until a moment, and a call when it has come. Ends with the view it was made in.
fn countdown(until: Millis, over: impl Fn() + 'static) -> ReadSignal<u64> {
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
