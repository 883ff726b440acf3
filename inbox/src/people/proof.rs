//! The owner who decides, once more: an inbox that was left open must not be enough.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{Credential, ProblemKind};
use leptos::prelude::*;

use crate::{
    second_factor::credential::{credential_of, is},
    ui::field::{Field, Kind, focus, focus_first_fault},
    words::words,
};

/// What is typed to prove it.
#[derive(Clone, Copy, Default)]
pub struct Proof {
    typed: RwSignal<String>,
    tried: RwSignal<bool>,
}

impl Proof {
    /// What was typed; what is missing is said where it is missing.
    pub fn given(self) -> Option<Credential> {
        self.tried.set(true);
        let typed = self.typed.get_untracked();
        if typed.is_empty() {
            focus_first_fault();
            return None;
        }
        Some(credential_of(&typed))
    }

    /// Asks for it again, when it was wrong.
    pub fn refused(self, failure: &Failure) {
        if is(failure, ProblemKind::CredentialWrong) {
            self.tried.try_set(false);
            self.typed.try_set(String::new());
            focus(document().get_element_by_id("credential"));
        }
    }
}

/// Where it is typed.
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
    }
}
