//! Cloudflare's Turnstile instead of puzzles: its key and its secret, for those who have them.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{TurnstileKey, TurnstileSecret, TurnstileSetting};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use crate::{
    session::session,
    ui::{
        field::{Field, Kind, focus_first_fault},
        refusal::Refusal,
    },
    words::{t, words},
};

/// Whether Turnstile is asked, to be changed.
#[component]
pub fn TurnstileSection() -> impl IntoView {
    let (session, words) = (session(), words());
    // The key in force; `None` until the edge has said.
    let held = RwSignal::new(None::<Option<TurnstileKey>>);
    let (key, secret) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let busy = RwSignal::new(false);
    let saved = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let take = move |setting: TurnstileSetting| {
        key.try_set(setting.key.as_ref().map(|key| key.as_str().to_owned()).unwrap_or_default());
        secret.try_set(String::new());
        held.try_set(Some(setting.key));
    };
    spawn_local(async move {
        match session.api().turnstile().await {
            Ok(setting) => take(setting),
            Err(why) => _ = failure.try_set(Some(session.heed(why))),
        }
    });
    let typed_key = Memo::new(move |_| key.with(|key| optional(key).map(TurnstileKey::try_from).transpose()));
    let typed_secret =
        Memo::new(move |_| secret.with(|typed| optional(typed).map(TurnstileSecret::try_from).transpose()));
    let malformed = move |faulty: bool| faulty.then(|| words.text("turnstile.fault.form"));
    let key_fault = Signal::derive(move || malformed(typed_key.with(Result::is_err)));
    // What cannot be said before something was sent: a secret is missing as long as the key is new.
    let needs_secret = RwSignal::new(false);
    let secret_fault = Signal::derive(move || {
        let missing = needs_secret.get().then(|| words.text("turnstile.fault.secret"));
        malformed(typed_secret.with(Result::is_err)).or(missing)
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let read = (typed_key.get_untracked(), typed_secret.get_untracked());
        let is_new = |key: &TurnstileKey| held.get_untracked().flatten().as_ref() != Some(key);
        if let (Ok(key), Ok(secret)) = &read {
            needs_secret.set(key.as_ref().is_some_and(is_new) && secret.is_none());
        }
        let (Ok(key), Ok(secret), false) = (read.0, read.1, needs_secret.get_untracked()) else {
            focus_first_fault();
            return;
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        saved.set(false);
        failure.set(None);
        // Without a key there is no use for a secret.
        let setting = TurnstileSetting { secret: secret.filter(|_| key.is_some()), key };
        spawn_local(async move {
            let answer = session.api().put_turnstile(&setting).await;
            busy.try_set(false);
            match answer {
                Ok(setting) => {
                    take(setting);
                    saved.try_set(true);
                }
                Err(why) => _ = failure.try_set(Some(session.heed(why))),
            }
        });
    };
    // It is said as long as nothing else is written.
    let is_saved = Memo::new(move |_| {
        saved.get() && typed_key.get().ok() == held.get() && typed_secret.get() == Ok(None)
    });
    let state = move || {
        let key = match held.get()? {
            Some(_) => "turnstile.on",
            None => "turnstile.off",
        };
        Some(view! { <p id="turnstile-state">{t(key)}</p> })
    };
    view! {
        <section>
            <h2>"Turnstile"</h2>
            <p class="hint">{t("turnstile.about")}</p>
            {state}
            <form class="form" id="turnstile" novalidate on:submit=submit>
                <Field id="turnstile-key" label="turnstile.key" value=key hint="turnstile.key_hint" fault=key_fault/>
                <Field
                    id="turnstile-secret"
                    label="turnstile.secret"
                    kind=Kind::Password
                    autocomplete="new-password"
                    value=secret
                    hint="turnstile.secret_hint"
                    fault=secret_fault
                />
                {move || failure.get().map(|failure| view! { <Refusal failure/> })}
                <div class="dialog-foot">
                    <span role="status">{move || is_saved.get().then(|| words.text("guard.saved"))}</span>
                    <button type="submit" class="button primary" aria-busy=move || busy.get().to_string()>
                        {t("turnstile.save")}
                    </button>
                </div>
            </form>
        </section>
    }
}

/// What was typed, if anything was.
fn optional(typed: &str) -> Option<String> {
    let typed = typed.trim();
    (!typed.is_empty()).then(|| typed.to_owned())
}
