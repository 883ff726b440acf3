//! Asking once more before somebody loses something.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::PersonRequest;
use leptos::{prelude::*, task::spawn_local};

use super::Deciding;
use crate::{
    ui::{dialog::Dialog, refusal::Refusal},
    words::{t, words},
};

/// Asks whether it is meant.
#[component]
pub fn ConfirmDialog(
    /// What is to be done, and about whom.
    request: PersonRequest,
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
    let email = request.email.as_str().to_owned();
    let go = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failure.set(None);
        let request = request.clone();
        spawn_local(async move {
            let done = deciding.decide(request).await;
            busy.try_set(false);
            match done {
                Ok(()) => _ = on_close.try_run(()),
                Err(why) => _ = failure.try_set(Some(why)),
            }
        });
    };
    view! {
        <Dialog labelled_by="confirm-title" on_close>
            <h2 id="confirm-title">{t(title)}</h2>
            <p>{move || words.fill(about, &[("email", &email)])}</p>
            {move || failure.get().map(|failure| view! { <Refusal failure/> })}
            <div class="dialog-foot">
                <button type="button" class="button" on:click=move |_| on_close.run(())>
                    {t("dialog.cancel")}
                </button>
                <button
                    type="button"
                    class="button danger"
                    id="confirm"
                    aria-busy=move || busy.get().to_string()
                    on:click=go
                >
                    {t(title)}
                </button>
            </div>
        </Dialog>
    }
}
