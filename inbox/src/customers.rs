//! The secret with which a site's backend signs who its customers are.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::CustomerSecret;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    session::session,
    ui::{copy::CopyText, dialog::Dialog, refusal::Refusal},
    words::t,
};

/// The secret, shown when it is asked for, and replaced when somebody else has seen it.
#[component]
pub fn CustomersSection() -> impl IntoView {
    let session = session();
    let secret = RwSignal::new(None::<String>);
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let asks = RwSignal::new(false);
    let take = move |answer: Result<CustomerSecret, Failure>| {
        busy.try_set(false);
        match answer {
            Ok(answer) => _ = secret.try_set(Some(answer.secret)),
            Err(why) => _ = failure.try_set(Some(session.heed(why))),
        }
    };
    let begin = move || {
        failure.set(None);
        !busy.try_update(|busy| std::mem::replace(busy, true)).unwrap_or(true)
    };
    let show = move |_| {
        if begin() {
            spawn_local(async move { take(session.api().customer_secret().await) });
        }
    };
    let renew = move |_| {
        asks.set(false);
        if begin() {
            // Should the answer be lost, the old one must not stand here as if it counted.
            secret.set(None);
            spawn_local(async move { take(session.api().renew_customer_secret().await) });
        }
    };
    view! {
        <section id="customers">
            <h2>{t("customers.title")}</h2>
            <p class="hint">{t("customers.about")}</p>
            {move || secret.get().map(|text| view! { <CopyText id="customer-secret" text/> })}
            {move || failure.get().map(|failure| view! { <Refusal failure/> })}
            <div class="dialog-foot">
                <Show when=move || secret.with(Option::is_none)>
                    <button type="button" class="button" aria-busy=move || busy.get().to_string() on:click=show>
                        {t("customers.show")}
                    </button>
                </Show>
                <button type="button" class="button" on:click=move |_| asks.set(true)>
                    {t("customers.renew")}
                </button>
            </div>
            <Show when=move || asks.get()>
                <Dialog labelled_by="renew-title" on_close=move |()| asks.set(false)>
                    <h2 id="renew-title">{t("customers.renew")}</h2>
                    <p>{t("customers.renew_about")}</p>
                    <div class="dialog-foot">
                        <button type="button" class="button" on:click=move |_| asks.set(false)>
                            {t("dialog.cancel")}
                        </button>
                        <button type="button" class="button danger" id="renew" on:click=renew>
                            {t("customers.renew")}
                        </button>
                    </div>
                </Dialog>
            </Show>
        </section>
    }
}
