//! Setting up two-step sign-in: scan, type what the app shows, keep the recovery codes.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{Credential, FactorCode, ProblemKind, RecoveryCodes, SecretOffer, TurnOnRequest};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::{
    codes::KeptCodes,
    qr::{Qr, address},
};
use crate::{
    passkeys::proving::{Proving, ProvingField},
    session::session,
    ui::{
        copy::CopyText,
        field::{Field, Kind, focus_first_fault},
        refusal::{Refusal, Retry, is},
    },
    words::{t, words},
};

/// Setting it up, to the end.
#[component]
pub fn SetUp(
    /// Whether another app takes the place of one that is there.
    anew: bool,
    /// Called when nothing is to be done after all, where that is possible.
    on_stop: Option<Callback<()>>,
    /// Called when a passkey is wanted in its place, where that is possible.
    #[prop(optional)]
    on_passkey: Option<Callback<()>>,
    /// Called when it is on and its codes are kept.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
    let session = session();
    let offer = RwSignal::new(None::<Result<SecretOffer, Failure>>);
    let codes = RwSignal::new(None::<RecoveryCodes>);
    let overtaken = RwSignal::new(false);
    let load = move || {
        spawn_local(async move {
            let answer = session.api().offer_secret().await;
            offer.try_set(Some(answer.map_err(|failure| session.heed(failure))));
        });
    };
    load();
    let expired = Callback::new(move |()| {
        overtaken.set(true);
        load();
    });
    let turned_on = Callback::new(move |new| codes.set(Some(new)));
    let shown = move || {
        match offer.get() {
        None => view! { <p class="loading" role="status">{t("app.loading")}</p> }.into_any(),
        Some(Err(failure)) => view! {
            <Retry failure on_retry=move |()| load()/>
        }
        .into_any(),
        Some(Ok(offer)) => view! {
            {overtaken.get().then(|| view! { <p class="warning" role="alert">{t("second_factor.again")}</p> })}
            <Confirm offer anew on_stop expired turned_on/>
            {on_passkey.map(|instead| view! { <PasskeyInstead instead/> })}
        }
        .into_any(),
    }
    };
    move || match codes.get() {
        Some(codes) => view! { <KeptCodes codes on_kept=on_done/> }.into_any(),
        None => shown.into_any(),
    }
}

/// The way to a passkey. Once an app is on, whose codes are to be kept, it is not shown any more.
#[component]
fn PasskeyInstead(
    /// Called when that is wanted.
    instead: Callback<()>,
) -> impl IntoView {
    view! {
        <p class="ways">
            <button type="button" class="link" on:click=move |_| instead.run(())>
                {t("passkeys.add_instead")}
            </button>
        </p>
    }
}

/// The secret, and the form that shows that an app has it.
#[component]
fn Confirm(
    /// The secret.
    offer: SecretOffer,
    /// Whether there is an app already.
    anew: bool,
    /// Called when nothing is to be done after all.
    on_stop: Option<Callback<()>>,
    /// Called when the offer is no longer good.
    expired: Callback<()>,
    /// Called when it is on.
    turned_on: Callback<RecoveryCodes>,
) -> impl IntoView {
    let (session, words) = (session(), words());
    let code = RwSignal::new(String::new());
    let proving = Proving::at("factor-credential");
    let busy = RwSignal::new(false);
    let tried = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);

    let parsed = Memo::new(move |_| match FactorCode::try_from(code.get()) {
        Ok(code @ FactorCode::Digits(_)) => Some(code),
        _ => None,
    });
    let code_fault = Signal::derive(move || {
        let missing = tried.get() && parsed.get().is_none();
        missing.then(|| words.text("sign_in.no_code"))
    });
    let SecretOffer { secret, offer } = offer;
    let offer = StoredValue::new(offer);
    let is_ready = move |()| {
        tried.set(true);
        let is_read = parsed.with_untracked(Option::is_some);
        if !is_read {
            focus_first_fault();
        }
        is_read && !busy.get_untracked()
    };
    let send = Callback::new(move |credential: Credential| {
        let Some(code) = parsed.get_untracked().filter(|_| is_ready(())) else { return };
        busy.set(true);
        failure.set(None);
        let request = TurnOnRequest { offer: offer.get_value(), code, credential };
        spawn_local(async move {
            let answer = session.api().turn_on_factor(&request).await;
            busy.try_set(false);
            match answer {
                Ok(codes) => _ = turned_on.try_run(codes),
                Err(why) if is(&why, ProblemKind::Conflict) => _ = expired.try_run(()),
                Err(why) => {
                    proving.refused(&why);
                    failure.try_set(Some(session.heed(why)));
                }
            }
        });
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        if let Some(credential) = proving.typed() {
            send.run(credential);
        }
    };
    let address = untrack(|| session.who()).map(|who| address(&who, &secret)).unwrap_or_default();
    let typed: Vec<String> =
        secret.reveal().as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect();
    view! {
        <div class="set-up">
            <p>{t("second_factor.scan")}</p>
            <Qr text=address.clone() label="second_factor.qr"/>
            <a class="button on-phones" href=address>{t("second_factor.open")}</a>
            <details>
                <summary class="link">{t("second_factor.no_camera")}</summary>
                <p class="hint">{t("second_factor.secret")}</p>
                <CopyText id="factor-secret" text=typed.join(" ")/>
            </details>
        </div>
        <form class="form" id="set-up-form" novalidate on:submit=submit>
            <Field
                id="factor-code"
                label="sign_in.code"
                kind=Kind::Code
                autocomplete="one-time-code"
                value=code
                hint="second_factor.code_hint"
                fault=code_fault
            />
            <ProvingField
                proving
                is_ready
                on_passkey=send
                label=if anew { "second_factor.credential" } else { "sign_in.password" }
                missing=if anew { "second_factor.no_credential" } else { "sign_in.no_password" }
            />
            {move || failure.get().map(|failure| view! { <Refusal failure/> })}
            <p class="hint">{t("second_factor.ends")}</p>
            <div class="dialog-foot">
                {on_stop
                    .map(|stop| {
                        view! {
                            <button type="button" class="button" on:click=move |_| stop.run(())>
                                {t("dialog.cancel")}
                            </button>
                        }
                    })}
                <button type="submit" class="button primary" aria-busy=move || busy.get().to_string()>
                    {t("second_factor.turn_on")}
                </button>
            </div>
        </form>
    }
}
