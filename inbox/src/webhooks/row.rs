//! A webhook in the list, and what can be done with it.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{Attempt, AttemptResult, Webhook, WebhookFormat};
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
    /// The webhook.
    webhook: Webhook,
    /// What is asked on the screen.
    asked: RwSignal<Option<Ask>>,
) -> impl IntoView {
    let (session, words) = (session(), words());
    let host = webhook.set.url.host().to_owned();
    let act = {
        let host = host.clone();
        move |key: &'static str, run: Callback<()>| {
            let host = host.clone();
            view! {
                <button
                    type="button"
                    class="button"
                    aria-label=move || words.fill("webhooks.act_of", &[("act", &words.text(key)), ("host", &host)])
                    on:click=move |_| run.run(())
                >
                    {t(key)}
                </button>
            }
        }
    };
    let asks = |ask: Ask| Callback::new(move |()| asked.set(Some(ask.clone())));
    // As far as it is known here: a test that arrives shows that it works again.
    let shown = RwSignal::new(webhook.clone());
    let has_stopped = webhook.stopped.is_some();
    let tried = RwSignal::new(None::<Result<Attempt, Failure>>);
    let busy = RwSignal::new(false);
    let id = webhook.id;
    let test = Callback::new(move |()| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        tried.set(None);
        spawn_local(async move {
            let answer = session.api().test_webhook(id).await;
            busy.try_set(false);
            if let Ok(Attempt { result: AttemptResult::Taken { .. }, .. }) = answer {
                shown.try_update(|webhook| webhook.failing_since = None);
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
    let format = FORMATS.iter().find(|(format, _)| *format == webhook.set.format).map(|(_, key)| *key);
    let is_signed = webhook.set.format == WebhookFormat::Standard;
    let state = move || {
        let (text, class) = shown.with(|webhook| state_of(words, webhook));
        view! { <span class=class>{text}</span> }
    };
    view! {
        <li class="card" data-webhook=id.to_string()>
            <div>
                <p><strong dir="ltr">{host}</strong> " " {state}</p>
                <p class="hint">{format.map(t)}</p>
                {has_stopped.then(|| view! { <p class="hint">{t("webhooks.restart")}</p> })}
                <p class="hint" role="status">{said}</p>
            </div>
            <div class="acts">
                {act("webhooks.try", test)}
                {act("webhooks.log", asks(Ask::Log(webhook.clone())))}
                {is_signed.then(|| act("webhooks.secret", asks(Ask::Secret(webhook.clone()))))}
                {act("people.change", asks(Ask::Change(webhook.clone())))}
                {act("people.remove", asks(Ask::Remove(webhook)))}
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
