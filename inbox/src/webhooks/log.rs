//! What a webhook has told lately, and what has come of it.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{Delivery, Webhook};
use leptos::{prelude::*, task::spawn_local};

use super::known::{result_of, topic_key};
use crate::{
    session::session,
    ui::{dialog::Dialog, refusal::Refusal},
    words::{t, words},
};

/// The fields of a moment: the day and the minute.
const MOMENT: [(&str, &str); 2] = [("dateStyle", "medium"), ("timeStyle", "short")];

/// What it has told lately.
#[component]
pub fn DeliveriesDialog(
    /// The webhook.
    webhook: Webhook,
    /// Called when it is closed.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let session = session();
    let deliveries = RwSignal::new(None::<Vec<Delivery>>);
    let failure = RwSignal::new(None::<Failure>);
    let id = webhook.id;
    let load = move || {
        failure.set(None);
        spawn_local(async move {
            match session.api().deliveries(id).await {
                Ok(answer) => _ = deliveries.try_set(Some(answer.deliveries)),
                Err(why) => _ = failure.try_set(Some(session.heed(why))),
            }
        });
    };
    load();
    let busy = RwSignal::new(false);
    let again = move |number: u64| {
        if busy.try_update(|busy| std::mem::replace(busy, true)).unwrap_or(true) {
            return;
        }
        spawn_local(async move {
            let done = session.api().deliver_again(id, number).await;
            busy.try_set(false);
            match done {
                Ok(()) => load(),
                Err(why) => _ = failure.try_set(Some(session.heed(why))),
            }
        });
    };
    // One that is off sends nothing, not even again.
    let is_on = webhook.set.on && webhook.stopped.is_none();
    // Each row by itself, so that whoever has pressed a button of one keeps the focus on it.
    let row = move |shown: Delivery| {
        let now = move || {
            let known = |all: &Option<Vec<Delivery>>| {
                all.iter().flatten().find(|delivery| delivery.number == shown.number).cloned()
            };
            deliveries.with(known).unwrap_or_else(|| shown.clone())
        };
        view! { <DeliveryRow delivery=Signal::derive(now) is_on on_again=again/> }
    };
    let is_empty = Memo::new(move |_| deliveries.with(|all| all.as_ref().map(Vec::is_empty)));
    let list = move || {
        match is_empty.get() {
        None => failure
            .with(Option::is_none)
            .then(|| view! { <p class="loading" role="status">{t("app.loading")}</p> })
            .into_any(),
        Some(true) => view! { <p>{t("webhooks.log_none")}</p> }.into_any(),
        Some(false) => view! {
            <ul class="cards" id="deliveries">
                <For each=move || deliveries.get().unwrap_or_default() key=|delivery| delivery.number children=row/>
            </ul>
        }
        .into_any(),
    }
    };
    view! {
        <Dialog labelled_by="deliveries-title" on_close>
            <h2 id="deliveries-title">{t("webhooks.log_title")}</h2>
            <p class="hint" dir="ltr">{webhook.set.url.host().to_owned()}</p>
            {move || failure.get().map(|failure| view! { <Refusal failure/> })}
            {list}
            <div class="dialog-foot">
                <button type="button" class="button" on:click=move |_| load()>{t("webhooks.log_again")}</button>
                <button type="button" class="button" on:click=move |_| on_close.run(())>{t("dialog.done")}</button>
            </div>
        </Dialog>
    }
}

/// Something that was told, or is to be.
#[component]
fn DeliveryRow(
    /// What, as far as the edge has said.
    delivery: Signal<Delivery>,
    /// Whether it can be sent once more.
    is_on: bool,
    /// Called with its number to have it sent once more.
    #[prop(into)]
    on_again: Callback<u64>,
) -> impl IntoView {
    let words = words();
    let Delivery { number, topic, at, .. } = delivery.get_untracked();
    let when = move || words.date(at, &MOMENT);
    let outcome = move || match delivery.with(|delivery| (delivery.last.clone(), delivery.next)) {
        (None, None) => words.text("webhooks.not_sent"),
        (None, Some(_)) => words.text("webhooks.not_yet"),
        (Some(attempt), None) => result_of(words, &attempt),
        (Some(attempt), Some(next)) => {
            let (result, time) = (result_of(words, &attempt), words.date(next, &MOMENT));
            words.fill("webhooks.tried_next", &[("result", &result), ("time", &time)])
        }
    };
    let tries = move || words.count("webhooks.tries", delivery.with(|delivery| u64::from(delivery.attempts)));
    let label = move || {
        let values =
            [("act", words.text("webhooks.again")), ("what", words.text(topic_key(topic))), ("when", when())];
        words.fill("webhooks.again_of", &values.each_ref().map(|(name, text)| (*name, text.as_str())))
    };
    view! {
        <li class="card" data-delivery=number.to_string()>
            <div>
                <p><strong>{t(topic_key(topic))}</strong></p>
                <p class="hint">{when} " · " {tries}</p>
                <p class="hint">{outcome}</p>
            </div>
            {is_on
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="button"
                            aria-label=label
                            on:click=move |_| on_again.run(number)
                        >
                            {t("webhooks.again")}
                        </button>
                    }
                })}
        </li>
    }
}
