//! Somebody's name and what they may do; for somebody new, their address too.

use deskbell_shared::wire::{Colleague, Credential, Email, Line, PersonAct, Role};
use leptos::prelude::*;

use super::{
    Deciding,
    proof::{Proof, ProofField, by_typing},
};
use crate::{
    ui::{
        choices::Choices,
        field::{Field, Kind, focus_first_fault},
    },
    words::{t, words},
};

/// What somebody may be, and the keys of the words for what that lets them do.
const ROLES: [(Role, &str); 4] = [
    (Role::Viewer, "people.role.viewer"),
    (Role::Agent, "people.role.agent"),
    (Role::Admin, "people.role.admin"),
    (Role::Owner, "people.role.owner"),
];

/// Asks who it is and what they may do.
#[component]
pub fn PersonForm(
    /// Somebody who is there already; `None` for somebody new.
    person: Option<Colleague>,
    /// The screen's people.
    deciding: Deciding,
    /// Called when it is done or given up.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let words = words();
    let known = person.as_ref().map(|person| person.email.clone());
    let before = person.clone();
    let proof = Proof::default();
    let is_new = known.is_none();
    let email = RwSignal::new(known.as_ref().map(|email| email.as_str().to_owned()).unwrap_or_default());
    let name = RwSignal::new(person.as_ref().map(|person| person.name.to_string()).unwrap_or_default());
    let role = RwSignal::new(person.map_or(Role::Agent, |person| person.role));
    let tried = RwSignal::new(false);
    let parsed_email = Memo::new(move |_| Email::try_from(email.get()).ok());
    let parsed_name = Memo::new(move |_| name.with(|name| Line::new(name).ok()));
    let fault = move |is_wrong: bool, key: &str| (tried.get() && is_wrong).then(|| words.text(key));
    let email_fault = Signal::derive(move || fault(parsed_email.with(Option::is_none), "people.no_email"));
    let name_fault = Signal::derive(move || fault(parsed_name.with(Option::is_none), "people.no_name"));
    let is_ready = move |()| {
        tried.set(true);
        let is_filled =
            parsed_email.with_untracked(Option::is_some) && parsed_name.with_untracked(Option::is_some);
        if !is_filled {
            focus_first_fault();
        }
        is_filled && !proof.is_busy()
    };
    let decide = Callback::new(move |passkey: Option<Credential>| {
        tried.set(true);
        let (Some(email), Some(name)) = (parsed_email.get_untracked(), parsed_name.get_untracked()) else {
            return focus_first_fault();
        };
        let role = role.get_untracked();
        let act = match &before {
            None => PersonAct::Add { name, role },
            // A colleague may have changed the rest meanwhile.
            Some(before) => PersonAct::Change {
                name: (name != before.name).then_some(name),
                role: (role != before.role).then_some(role),
            },
        };
        proof.decide(passkey, deciding, (email, act), on_close);
    });
    let title = if is_new { "people.add" } else { "people.change" };
    view! {
        <form class="form" novalidate on:submit=by_typing(decide)>
            <h2 id="person-title">{t(title)}</h2>
            {match known {
                None => view! {
                    <Field
                        id="person-email"
                        label="people.email"
                        kind=Kind::Email
                        value=email
                        fault=email_fault
                        focus=true
                    />
                }
                .into_any(),
                Some(email) => view! { <p class="hint">{email.as_str().to_owned()}</p> }.into_any(),
            }}
            <Field id="person-name" label="people.name" value=name hint="people.name_hint" fault=name_fault/>
            <Choices name="role" label="people.may" chosen=role options=ROLES/>
            <ProofField proof is_ready decide/>
            <div class="dialog-foot">
                <button type="button" class="button" on:click=move |_| on_close.run(())>
                    {t("dialog.cancel")}
                </button>
                <button type="submit" class="button primary" aria-busy=move || proof.busy()>
                    {t(if is_new { "people.add" } else { "guard.save" })}
                </button>
            </div>
        </form>
    }
}
