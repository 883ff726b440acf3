//! The owner who decides, once more: an inbox that was left open must not be enough.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{Credential, Email, PersonAct, PersonRequest, ProblemKind};
use leptos::{prelude::*, task::spawn_local};

use super::Deciding;
use crate::{
    second_factor::credential::credential_of,
    ui::{
        field::{Field, Kind, focus, focus_first_fault},
        refusal::{Refusal, is},
    },
    words::words,
};

/// What is typed to prove it, and what came of deciding with it.
#[derive(Clone, Copy, Default)]
pub struct Proof {
    typed: RwSignal<String>,
    tried: RwSignal<bool>,
    busy: RwSignal<bool>,
    failure: RwSignal<Option<Failure>>,
}

impl Proof {
    /// Decides once, with what was typed; `on_done` is called when it is done.
    pub fn decide(self, deciding: Deciding, email: Email, act: PersonAct, on_done: Callback<()>) {
        let Some(credential) = self.given() else { return };
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.failure.set(None);
        spawn_local(async move {
            let done = deciding.decide(PersonRequest { email, act, credential: Some(credential) }).await;
            self.busy.try_set(false);
            match done {
                Ok(()) => _ = on_done.try_run(()),
                Err(why) => {
                    self.refused(&why);
                    self.failure.try_set(Some(why));
                }
            }
        });
    }

    /// Whether it is being decided, as `aria-busy` has it.
    pub fn busy(self) -> String {
        self.busy.get().to_string()
    }

    /// What was typed; what is missing is said where it is missing.
    fn given(self) -> Option<Credential> {
        self.tried.set(true);
        let typed = self.typed.get_untracked();
        if typed.is_empty() {
            focus_first_fault();
            return None;
        }
        Some(credential_of(&typed))
    }

    /// Asks for it again, when it was wrong.
    fn refused(self, failure: &Failure) {
        if is(failure, ProblemKind::CredentialWrong) {
            self.tried.try_set(false);
            self.typed.try_set(String::new());
            focus(document().get_element_by_id("credential"));
        }
    }
}

/// Where it is typed, and what went wrong.
#[component]
pub fn ProofField(
    /// What is typed.
    proof: Proof,
) -> impl IntoView {
    let words = words();
    let fault = Signal::derive(move || {
        let missing = proof.tried.get() && proof.typed.with(String::is_empty);
        missing.then(|| words.text("second_factor.no_credential"))
    });
    view! {
        <Field
            id="credential"
            label="second_factor.credential"
            kind=Kind::Password
            autocomplete="current-password"
            value=proof.typed
            fault=fault
        />
        {move || proof.failure.get().map(|failure| view! { <Refusal failure/> })}
    }
}
