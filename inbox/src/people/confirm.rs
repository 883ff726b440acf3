//! Asking once more before somebody loses something.

use deskbell_shared::wire::{Credential, Email, PersonAct};
use leptos::prelude::*;

use super::{
    Deciding,
    proof::{Proof, ProofField, by_typing},
};
use crate::{
    ui::dialog::Dialog,
    words::{t, words},
};

/// Asks whether it is meant.
#[component]
pub fn ConfirmDialog(
    /// About whom.
    email: Email,
    /// What is to be done.
    act: PersonAct,
    /// The screen's people.
    deciding: Deciding,
    /// The key of what it is called.
    title: &'static str,
    /// The key of what follows from it for somebody with an `email`.
    about: &'static str,
    /// Called when it is done or given up.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let words = words();
    let shown = email.as_str().to_owned();
    let proof = Proof::default();
    let decide = Callback::new(move |passkey: Option<Credential>| {
        proof.decide(passkey, deciding, (email.clone(), act.clone()), on_close);
    });
    view! {
        <Dialog labelled_by="confirm-title" on_close>
            <form class="form" novalidate on:submit=by_typing(decide)>
                <h2 id="confirm-title">{t(title)}</h2>
                <p>{move || words.fill(about, &[("email", &shown)])}</p>
                <ProofField proof is_ready=move |()| !proof.is_busy() decide/>
                <div class="dialog-foot">
                    <button type="button" class="button" on:click=move |_| on_close.run(())>
                        {t("dialog.cancel")}
                    </button>
                    <button type="submit" class="button danger" aria-busy=move || proof.busy()>
                        {t(title)}
                    </button>
                </div>
            </form>
        </Dialog>
    }
}
