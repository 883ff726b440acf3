//! The way to a person.

use deskbell_shared::wire::HandoffReason;
use leptos::prelude::*;

use super::change::tap;
use crate::app::App;

/// The button that asks for a person. Who comes near it may press it: what that needs is fetched meanwhile.
pub(super) fn button(app: App, id: Option<&'static str>, class: &'static str, icon: AnyView) -> AnyView {
    view! {
        <button
            id=id
            type="button"
            class=class
            on:pointerenter=move |_| app.expect_person()
            on:focus=move |_| app.expect_person()
            on:click=tap(move || app.want_person(HandoffReason::Button))
        >
            {icon}
            {app.say("person.talk")}
        </button>
    }
    .into_any()
}
