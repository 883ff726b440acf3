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
use crate::words::t;

/// The webhooks of the site, to be changed.
#[component]
pub fn WebhooksSection() -> impl IntoView {
    let known = Known::load();
    let asked = RwSignal::new(None::<Ask>);
    let close = move |()| asked.set(None);
    // Whoever has looked whether it arrives sees the same outside.
    let close_log = move |()| {
        close(());
        known.list().ask();
    };
    let row = move |webhook| view! { <WebhookRow webhook known asked/> };
    let are_here = known.list().is_here();
    view! {
        <section id="webhooks">
            <h2>{t("webhooks.title")}</h2>
            <p class="hint">{t("webhooks.about")}</p>
            {known.list().waiting()}
            <Show when=move || are_here.get()>
                <ul class="cards" id="webhook-list">
                    <For
                        each=move || known.list().items().unwrap_or_default()
                        key=|webhook| webhook.id
                        children=row
                    />
                </ul>
                <div>
                    <button type="button" class="button" id="add-webhook" on:click=move |_| asked.set(Some(Ask::Add))>
                        {t("webhooks.add")}
                    </button>
                </div>
            </Show>
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
