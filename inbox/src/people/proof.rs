//! The owner who decides, once more: an inbox that was left open must not be enough.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{Credential, Email, PersonAct, PersonRequest};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::Deciding;
use crate::{
    passkeys::proving::{Proving, ProvingField},
    ui::refusal::Refusal,
};

/// What is typed to prove it, and what came of deciding with it.
#[derive(Clone, Copy)]
pub struct Proof {
    proving: Proving,
    busy: RwSignal<bool>,
    failure: RwSignal<Option<Failure>>,
}

impl Default for Proof {
    fn default() -> Self {
        Self { proving: Proving::at("credential"), busy: RwSignal::default(), failure: RwSignal::default() }
    }
}

impl Proof {
    /// Decides once, with a passkey or what was typed; `on_done` is called when it is done.
    pub fn decide(
        self,
        passkey: Option<Credential>,
        deciding: Deciding,
        (email, act): (Email, PersonAct),
        on_done: Callback<()>,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        let Some(credential) = passkey.or_else(|| self.proving.typed()) else { return };
        self.busy.set(true);
        self.failure.set(None);
        spawn_local(async move {
            let done = deciding.decide(PersonRequest { email, act, credential: Some(credential) }).await;
            self.busy.try_set(false);
            match done {
                Ok(()) => _ = on_done.try_run(()),
                Err(why) => {
                    self.proving.refused(&why);
                    self.failure.try_set(Some(why));
                }
            }
        });
    }

    /// Whether something is being decided.
    pub fn is_busy(self) -> bool {
        self.busy.get_untracked()
    }

    /// Whether it is being decided, as `aria-busy` has it.
    pub fn busy(self) -> String {
        self.busy.get().to_string()
    }
}

/// Decides by what is typed, when a form is sent.
pub fn by_typing(decide: Callback<Option<Credential>>) -> impl Fn(SubmitEvent) {
    move |event| {
        event.prevent_default();
        decide.run(None);
    }
}

/// Where it is typed, or given by a passkey, and what went wrong.
#[component]
pub fn ProofField(
    /// What is typed.
    proof: Proof,
    /// Asked before a passkey is: whether the rest of the form can be sent.
    #[prop(into)]
    is_ready: Callback<(), bool>,
    /// Decides by a passkey.
    decide: Callback<Option<Credential>>,
) -> impl IntoView {
    view! {
        <ProvingField proving=proof.proving is_ready on_passkey=move |passkey| decide.run(Some(passkey))/>
        {move || proof.failure.get().map(|failure| view! { <Refusal failure/> })}
    }
}
