//! Proving once more who is asking, before something about their sign-in changes.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{Credential, CredentialRequest, FactorCode, ProblemKind, RecoveryCodes};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use crate::{
    session::session,
    ui::{
        field::{Field, Kind, focus, focus_first_fault},
        refusal::{Refusal, is},
    },
    words::{t, words},
};

/// What it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// New recovery codes.
    Renew,
    /// Turning it off.
    TurnOff,
}

/// What somebody typed where either will do. A password is longer than the six digits of an app.
pub fn credential_of(typed: &str) -> Credential {
    match FactorCode::try_from(typed.to_owned()) {
        Ok(code @ FactorCode::Digits(_)) => Credential::Code(code),
        _ => Credential::Password(typed.to_owned()),
    }
}

/// The password or a code, and then what it was asked for.
#[component]
pub fn CredentialForm(
    /// What for.
    act: Act,
    /// Called when nothing is to be done after all.
    #[prop(into)]
    on_stop: Callback<()>,
    /// Called when it is done, with the codes there are to keep.
    #[prop(into)]
    on_done: Callback<Option<RecoveryCodes>>,
) -> impl IntoView {
    let (session, words) = (session(), words());
    let typed = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let tried = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let fault = Signal::derive(move || {
        let missing = tried.get() && typed.with(String::is_empty);
        missing.then(|| words.text("second_factor.no_credential"))
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let given = typed.get_untracked();
        if given.is_empty() {
            return focus_first_fault();
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failure.set(None);
        let request = CredentialRequest { credential: credential_of(&given) };
        spawn_local(async move {
            let api = session.api();
            let answer = match act {
                Act::Renew => api.renew_codes(&request).await.map(Some),
                Act::TurnOff => api.turn_off_factor(&request).await.map(|()| None),
            };
            busy.try_set(false);
            match answer {
                Ok(codes) => _ = on_done.try_run(codes),
                Err(why) => {
                    if is(&why, ProblemKind::CredentialWrong) {
                        tried.try_set(false);
                        typed.try_set(String::new());
                        focus(document().get_element_by_id("credential"));
                    }
                    failure.try_set(Some(session.heed(why)));
                }
            }
        });
    };
    let (title, go, kind) = match act {
        Act::Renew => ("second_factor.renew", "second_factor.renew_go", "button primary"),
        Act::TurnOff => ("second_factor.turn_off", "second_factor.turn_off", "button danger"),
    };
    view! {
        <form class="form" id="credential-form" novalidate on:submit=submit>
            <h3>{t(title)}</h3>
            {(act == Act::Renew).then(|| view! { <p class="hint">{t("second_factor.renew_about")}</p> })}
            <Field
                id="credential"
                label="second_factor.credential"
                kind=Kind::Password
                autocomplete="current-password"
                value=typed
                fault=fault
                focus=true
            />
            {move || failure.get().map(|failure| view! { <Refusal failure/> })}
            <div class="dialog-foot">
                <button type="button" class="button" on:click=move |_| on_stop.run(())>{t("dialog.cancel")}</button>
                <button type="submit" class=kind aria-busy=move || busy.get().to_string()>{t(go)}</button>
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_are_a_code_and_everything_else_is_a_password() {
        for code in ["123456", " 123 456", "１２３４５６"] {
            assert_eq!(credential_of(code), Credential::Code(FactorCode::Digits(123_456)), "{code}");
        }
        for password in ["1234567890", "abcdefghjkmnpqrs", "correct horse", " "] {
            assert_eq!(credential_of(password), Credential::Password(password.to_owned()));
        }
    }
}
