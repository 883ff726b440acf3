//! Whose chat it is, who is at the other end, and the way out.

use leptos::prelude::*;

use super::icon;
use crate::{app::App, person::LineState};

/// The bar at the top.
#[component]
pub(super) fn Header(app: App) -> impl IntoView {
    let name = app.settings.with_value(|settings| settings.name.as_str().to_owned());
    let initial: String = name.chars().find(|c| c.is_alphanumeric()).into_iter().collect();
    let state = move || {
        if !app.with_person.get() {
            return ("", app.say("header.faq"));
        }
        match app.state.get() {
            LineState::Opening => ("busy", app.say("state.opening")),
            LineState::Down { .. } => ("down", app.say("state.down")),
            LineState::Up => {
                let agent = app.with_log(|log| log.agent().map(str::to_owned)).flatten();
                let text = match agent {
                    Some(agent) => app.fill("state.agent", &[("name", &agent)]),
                    None => app.say("state.up"),
                };
                ("up", text)
            }
        }
    };
    view! {
        <header class="header">
            <span class="avatar" aria-hidden="true">{initial.to_uppercase()}</span>
            <div class="who">
                <h1>{name}</h1>
                <p id="state" role="status" class=move || state().0>{move || state().1}</p>
            </div>
            <Show when=move || app.can_close()>
                <button
                    id="close"
                    class="plain"
                    type="button"
                    aria-label=move || app.say("header.close")
                    on:click=move |_| app.close()
                >
                    {icon::icon(icon::CLOSE)}
                </button>
            </Show>
        </header>
    }
}
