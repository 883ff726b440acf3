//! Saying that a ban is wrong, and what becomes of it.

use deskbell_shared::wire::{AppealOutcome, AppealState, Millis, Plea};
use leptos::{ev::SubmitEvent, html, prelude::*};

use super::{
    change::{changing, maybe, tap},
    notice::{dismiss, link},
    stopped::moment,
};
use crate::app::{App, Appealed};

/// Where the visitor says that it is wrong.
pub(super) fn form(app: App) -> AnyView {
    let failed = app.appeal.with_untracked(|appeal| matches!(appeal, Some(Appealed::Failed)));
    let open = RwSignal::new(failed || app.plea.with_untracked(|plea| !plea.is_empty()));
    // Whoever has just opened it, or sent it in vain, goes on writing.
    let here = StoredValue::new(failed);
    let opener = move || {
        let act = tap(move || {
            here.set_value(true);
            open.set(true);
        });
        link(app.say("appeal.open"), act)
    };
    let failed = failed.then(|| view! { <p role="alert">{app.say("appeal.failed")}</p> }.into_any());
    view! {
        {maybe(failed)}
        {changing(move || if open.get() { fields(app, here.get_value()) } else { opener() })}
    }
    .into_any()
}

fn fields(app: App, here: bool) -> AnyView {
    let field = NodeRef::<html::Textarea>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get().filter(|_| here) {
            // It fails only for an element that cannot have the focus.
            let _ = field.focus();
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Ok(words) = Plea::new(&app.plea.get_untracked()) {
            app.appeal(words);
        }
    };
    view! {
        <form class="appeal" on:submit=submit>
            <label class="note">
                <span>{app.say("appeal.label")}</span>
                <textarea
                    id="appeal"
                    rows="3"
                    dir="auto"
                    maxlength=Plea::LIMIT.to_string()
                    prop:value=app.plea
                    node_ref=field
                    on:input=move |event| app.plea.set(event_target_value(&event))
                ></textarea>
            </label>
            <button type="submit" class="main">{app.say("appeal.send")}</button>
        </form>
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
            {dismiss(app, move || app.close_appeal())}
        </div>
    }
    .into_any()
}
