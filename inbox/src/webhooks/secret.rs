//! With what a webhook is signed, so that the other side can tell that it was Deskbell.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{Webhook, WebhookSecret};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    session::session,
    ui::{copy::CopyText, dialog::Dialog, refusal::Refusal},
    words::t,
};

/// The secret, and a new one for when somebody else has seen it.
#[component]
pub fn SecretDialog(
    /// The webhook.
    webhook: Webhook,
    /// Called when it is closed.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let session = session();
    let secret = RwSignal::new(None::<String>);
    let failure = RwSignal::new(None::<Failure>);
    let is_new = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let id = webhook.id;
    let take = move |answer: Result<WebhookSecret, Failure>| {
        let is_here = answer.is_ok();
        match answer {
            Ok(answer) => _ = secret.try_set(Some(answer.secret)),
            Err(why) => _ = failure.try_set(Some(session.heed(why))),
        }
        is_here
    };
    spawn_local(async move {
        let answer = session.api().webhook_secret(id).await;
        // What was asked for before a new one was made is an old one.
        if is_new.try_get_untracked() == Some(false) {
            take(answer);
        }
    });
    let renew = move |_| {
        if busy.try_update(|busy| std::mem::replace(busy, true)).unwrap_or(true) {
            return;
        }
        failure.set(None);
        // Should the answer be lost, the old one must not stand here as if it were the new one.
        secret.set(None);
        is_new.set(true);
        spawn_local(async move {
            let is_new_here = take(session.api().renew_webhook_secret(id).await);
            // It can be asked for once more: the one before signs along all the same.
            is_new.try_set(is_new_here);
            busy.try_set(false);
        });
    };
    view! {
        <Dialog labelled_by="secret-title" on_close>
            <h2 id="secret-title">{t("webhooks.secret_title")}</h2>
            <p>{t("webhooks.secret_about")}</p>
            {move || secret.get().map(|text| view! { <CopyText id="webhook-secret" text/> })}
            {move || failure.get().map(|failure| view! { <Refusal failure/> })}
            <p class="hint" role="status">
                {move || (is_new.get() && secret.with(Option::is_some)).then(|| t("webhooks.secret_new")())}
            </p>
            <div class="dialog-foot">
                <Show when=move || !is_new.get()>
                    <button type="button" class="button" id="renew-webhook" on:click=renew>
                        {t("customers.renew")}
                    </button>
                </Show>
                <button type="button" class="button" on:click=move |_| on_close.run(())>{t("dialog.done")}</button>
            </div>
        </Dialog>
    }
}
