//! Asking once more before somebody loses something.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{Email, PersonAct, PersonRequest};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::{
    Deciding,
    proof::{Proof, ProofField},
};
use crate::{
    ui::{dialog::Dialog, refusal::Refusal},
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
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let shown = email.as_str().to_owned();
    let proof = Proof::default();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(credential) = proof.given() else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failure.set(None);
        let request = PersonRequest { email: email.clone(), act: act.clone(), credential: Some(credential) };
        spawn_local(async move {
            let done = deciding.decide(request).await;
            busy.try_set(false);
            match done {
                Ok(()) => _ = on_close.try_run(()),
                Err(why) => {
                    proof.refused(&why);
                    failure.try_set(Some(why));
                }
            }
        });
    };
    view! {
        <Dialog labelled_by="confirm-title" on_close>
            <form class="form" novalidate on:submit=submit>
            <h2 id="confirm-title">{t(title)}</h2>
            <p>{move || words.fill(about, &[("email", &shown)])}</p>
            <ProofField proof/>
            {move || failure.get().map(|failure| view! { <Refusal failure/> })}
            <div class="dialog-foot">
                <button type="button" class="button" on:click=move |_| on_close.run(())>
                    {t("dialog.cancel")}
                </button>
                <button type="submit" class="button danger" aria-busy=move || busy.get().to_string()>
                    {t(title)}
                </button>
            </div>
            </form>
        </Dialog>
    }
}
