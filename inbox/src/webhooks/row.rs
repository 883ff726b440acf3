//! A webhook in the list, and what can be done with it.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{Attempt, Webhook, WebhookFormat};
use leptos::{prelude::*, task::spawn_local};

use super::known::{Ask, FORMATS, Known, result_of, state_of};
use crate::{
    session::session,
    ui::{confirm::Confirm, refusal::Refusal},
    words::{t, words},
};

/// A webhook, and what can be done with it.
#[component]
pub fn WebhookRow(
    /// Which; how it stands is read from `known`, so that the row stays when that changes, and the focus on it.
    webhook: Webhook,
    /// The screen's webhooks.
    known: Known,
    /// What is asked on the screen.
    asked: RwSignal<Option<Ask>>,
) -> impl IntoView {
    let (session, words) = (session(), words());
    let id = webhook.id;
    let shown = Memo::new(move |_| {
        let found = known.list().items().into_iter().flatten().find(|known| known.id == id);
        found.unwrap_or_else(|| webhook.clone())
    });
    let host = move || shown.with(|webhook| webhook.set.url.host().to_owned());
    let act = move |key: &'static str, run: Callback<()>| {
        let label = move || words.fill("webhooks.act_of", &[("act", &words.text(key)), ("host", &host())]);
        view! {
            <button type="button" class="button" aria-label=label on:click=move |_| run.run(())>
                {t(key)}
            </button>
        }
    };
    let asks =
        move |ask: fn(Webhook) -> Ask| Callback::new(move |()| asked.set(Some(ask(shown.get_untracked()))));
    let tried = RwSignal::new(None::<Result<Attempt, Failure>>);
    let busy = RwSignal::new(false);
    let test = Callback::new(move |()| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        tried.set(None);
        spawn_local(async move {
            let answer = session.api().test_webhook(id).await;
            busy.try_set(false);
            // One that arrives may show that it works again.
            if answer.is_ok() {
                known.list().ask();
            }
            tried.try_set(Some(answer.map_err(|why| session.heed(why))));
        });
    });
    let said = move || match tried.get() {
        None if busy.get() => words.text("webhooks.testing").into_any(),
        None => ().into_any(),
        Some(Ok(attempt)) => result_of(words, &attempt).into_any(),
        Some(Err(failure)) => view! { <Refusal failure/> }.into_any(),
    };
    let format = move || {
        let format = shown.with(|webhook| webhook.set.format);
        FORMATS.iter().find(|(known, _)| *known == format).map(|(_, key)| words.text(key))
    };
    let state = move || {
        let (text, class) = shown.with(|webhook| state_of(words, webhook));
        view! { <span class=class>{text}</span> }
    };
    let has_stopped = move || shown.with(|webhook| webhook.stopped.is_some());
    let is_signed = move || shown.with(|webhook| webhook.set.format == WebhookFormat::Standard);
    view! {
        <li class="card" data-webhook=id.to_string()>
            <div>
                <p><strong dir="ltr">{host}</strong> " " {state}</p>
                <p class="hint">{format}</p>
                {move || has_stopped().then(|| view! { <p class="hint">{t("webhooks.restart")}</p> })}
                <p class="hint" role="status">{said}</p>
            </div>
            <div class="acts">
                {act("webhooks.try", test)}
                {act("webhooks.log", asks(Ask::Log))}
                <Show when=is_signed>{act("webhooks.secret", asks(Ask::Secret))}</Show>
                {act("people.change", asks(Ask::Change))}
                {act("people.remove", asks(Ask::Remove))}
            </div>
        </li>
    }
}

/// Asks once more: what it had still to tell goes with it.
#[component]
pub fn RemoveDialog(
    /// The webhook.
    webhook: Webhook,
    /// The screen's webhooks.
    known: Known,
    /// Called when it is done or given up.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let words = words();
    let about = move || words.fill("webhooks.remove_about", &[("host", webhook.set.url.host())]);
    view! {
        <Confirm
            id="remove-webhook"
            title="webhooks.remove_title"
            about=Signal::derive(about)
            label="people.remove"
            act=move || known.remove(webhook.id)
            on_close
        />
    }
}
