//! Whose chat it is, who is at the other end, and the way out.

use leptos::prelude::*;

use super::{
    change::{Tap, maybe, tap, told},
    icon,
};
use crate::{app::App, person::LineState};

/// The bar at the top.
pub(super) fn header(app: App) -> AnyView {
    let name = app.settings.with_value(|settings| settings.name.as_str().to_owned());
    let initial: String = name.chars().find(|c| c.is_alphanumeric()).into_iter().collect();
    let light = told(move || match (app.with_person.get(), app.state.get()) {
        (false, _) => String::new(),
        (true, LineState::Opening) => "busy".to_owned(),
        (true, LineState::Down { .. } | LineState::Barred) => "down".to_owned(),
        (true, LineState::Up) => "up".to_owned(),
    });
    let close: Tap = tap(move || app.close());
    let close = app.can_close().then(|| {
        view! {
            <button id="close" class="plain" type="button" aria-label=app.say("header.close") on:click=close>
                {icon::icon(icon::CLOSE)}
            </button>
        }
        .into_any()
    });
    view! {
        <header class="header">
            <span class="avatar" aria-hidden="true">{initial}</span>
            <div class="who">
                <h1>{name}</h1>
                <p id="state" role="status" class=light>{told(move || state(app))}</p>
            </div>
            {maybe(close)}
        </header>
    }
    .into_any()
}

fn state(app: App) -> String {
    if !app.with_person.get() {
        return app.say("header.faq");
    }
    match app.state.get() {
        LineState::Opening => app.say("state.opening"),
        LineState::Down { .. } => app.say("state.down"),
        LineState::Barred => app.say("state.barred"),
        LineState::Up => match app.with_log(|log| log.agent().map(str::to_owned)).flatten() {
            Some(agent) => app.fill("state.agent", &[("name", &agent)]),
            None => app.away("state.away", None).unwrap_or_else(|| app.say("state.up")),
        },
    }
}
