//! Webhooks: which other programs and chats hear of what happens, and how that fares.

pub mod form;
pub mod known;
pub mod log;
pub mod row;
pub mod secret;

use leptos::prelude::*;

use self::{
    form::WebhookForm,
    known::{Ask, Known},
    log::DeliveriesDialog,
    row::{RemoveDialog, WebhookRow},
    secret::SecretDialog,
};
use crate::{ui::refusal::Refusal, words::t};

/// The webhooks of the site, to be changed.
#[component]
pub fn WebhooksSection() -> impl IntoView {
    let known = Known::load();
    let asked = RwSignal::new(None::<Ask>);
    let close = move |()| asked.set(None);
    // Whoever has looked whether it arrives sees the same outside.
    let close_log = move |()| {
        close(());
        known.ask();
    };
    let list = move || match (known.webhooks(), known.failure()) {
        (Some(webhooks), _) => {
            let row = |webhook| view! { <WebhookRow webhook asked/> };
            view! {
                {(!webhooks.is_empty())
                    .then(|| {
                        view! {
                            <ul class="cards" id="webhook-list">{webhooks.into_iter().map(row).collect_view()}</ul>
                        }
                    })}
                <div>
                    <button type="button" class="button" id="add-webhook" on:click=move |_| asked.set(Some(Ask::Add))>
                        {t("webhooks.add")}
                    </button>
                </div>
            }
            .into_any()
        }
        (None, Some(failure)) => view! {
            <Refusal failure/>
            <button type="button" class="button" on:click=move |_| known.ask()>{t("app.retry")}</button>
        }
        .into_any(),
        (None, None) => view! { <p class="loading" role="status">{t("app.loading")}</p> }.into_any(),
    };
    view! {
        <section id="webhooks">
            <h2>{t("webhooks.title")}</h2>
            <p class="hint">{t("webhooks.about")}</p>
            {list}
            {move || {
                asked.get().map(|ask| match ask {
                    Ask::Add => view! { <WebhookForm known on_close=close/> }.into_any(),
                    Ask::Change(webhook) => view! { <WebhookForm webhook known on_close=close/> }.into_any(),
                    Ask::Remove(webhook) => view! { <RemoveDialog webhook known on_close=close/> }.into_any(),
                    Ask::Log(webhook) => view! { <DeliveriesDialog webhook on_close=close_log/> }.into_any(),
                    Ask::Secret(webhook) => view! { <SecretDialog webhook on_close=close/> }.into_any(),
                })
            }}
        </section>
    }
}
