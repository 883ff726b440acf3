//! What people should know of the guard now: one line when an attack begins, which goes when it is over.

use deskbell_shared::wire::{Alert, AlertKind, Role};
use leptos::prelude::*;

use super::{live::live_desk, row::moment};
use crate::{
    place::Screen,
    session::session,
    ui::clock::now,
    words::{t, words},
};

/// The alerts that are on.
#[component]
pub fn Alerts() -> impl IntoView {
    let (alerts, session, words, now) = (live_desk().alerts(), session(), words(), now());
    let row = move |alert: Alert| {
        let key = match alert.kind {
            AlertKind::Attack => "alert.attack",
            AlertKind::GuardDown => "alert.guard_down",
            AlertKind::TurnstileDown => "alert.turnstile_down",
        };
        let said = Memo::new(move |_| words.fill(key, &[("since", &moment(words, alert.since, now.now()))]));
        let link = (alert.kind == AlertKind::Attack).then(|| {
            view! {
                <Show when=move || session.may(Role::Admin)>
                    <a href=Screen::Guard.hash()>{t("alert.shield")}</a>
                </Show>
            }
        });
        view! { <p class="guard-alert" role="alert"><span>{said}</span> " " {link}</p> }
    };
    view! { <For each=move || alerts.get() key=|alert| (alert.kind, alert.since) children=row/> }
}
