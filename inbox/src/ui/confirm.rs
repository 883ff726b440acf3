//! Asks once more before something is done that cannot be taken back.

use std::future::Future;

use deskbell_browser::http::Failure;
use leptos::{prelude::*, task::spawn_local};

use super::{dialog::Dialog, refusal::Refusal};
use crate::words::t;

/// Asks once more.
#[component]
pub fn Confirm<Act, Done>(
    /// The id of the button that does it.
    id: &'static str,
    /// The key of the question.
    title: &'static str,
    /// What will be.
    #[prop(into)]
    about: Signal<String>,
    /// The key of what the button says.
    label: &'static str,
    /// Does it.
    act: Act,
    /// Called when it is done or given up.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView
where
    Act: Fn() -> Done + Send + 'static,
    Done: Future<Output = Result<(), Failure>> + 'static,
{
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let act = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failure.set(None);
        let done = act();
        spawn_local(async move {
            let done = done.await;
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
            <p dir="auto">{about}</p>
            {move || failure.get().map(|failure| view! { <Refusal failure/> })}
            <div class="dialog-foot">
                <button type="button" class="button" on:click=move |_| on_close.run(())>{t("dialog.cancel")}</button>
                <button type="button" class="button danger" id=id aria-busy=move || busy.get().to_string() on:click=act>
                    {t(label)}
                </button>
            </div>
        </Dialog>
    }
}
