//! Whoever is signed in, once more: an inbox that was left open must not be enough. By what is typed, or by a passkey.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{Credential, FactorCode, ProblemKind};
use leptos::{prelude::*, task::spawn_local};

use super::{
    authenticator::{self, Trouble},
    trouble::PasskeyTrouble,
};
use crate::{
    session::session,
    ui::{
        field::{Field, Kind, focus, focus_first_fault},
        refusal::is,
    },
    words::{t, words},
};

/// What is typed to prove it.
#[derive(Clone, Copy)]
pub struct Proving {
    /// The field's id.
    id: &'static str,
    typed: RwSignal<String>,
    tried: RwSignal<bool>,
    trouble: RwSignal<Option<Trouble>>,
}

impl Proving {
    /// Nothing typed yet, in a field of this id.
    pub fn at(id: &'static str) -> Self {
        Self { id, typed: RwSignal::default(), tried: RwSignal::default(), trouble: RwSignal::default() }
    }

    /// What was typed, in the place of a passkey; what is missing is said where it is missing.
    pub fn typed(self) -> Option<Credential> {
        authenticator::give_up();
        self.trouble.set(None);
        self.tried.set(true);
        let typed = self.typed.get_untracked();
        if typed.is_empty() {
            focus_first_fault();
            return None;
        }
        Some(credential_of(&typed))
    }

    /// Asks for it again, when it was wrong.
    pub fn refused(self, failure: &Failure) {
        if is(failure, ProblemKind::CredentialWrong) {
            self.tried.try_set(false);
            self.typed.try_set(String::new());
            focus(document().get_element_by_id(self.id));
        }
    }
}

/// What somebody typed where either will do. A password is longer than the six digits of an app.
fn credential_of(typed: &str) -> Credential {
    match FactorCode::try_from(typed.to_owned()) {
        Ok(code @ FactorCode::Digits(_)) => Credential::Code(code),
        _ => Credential::Password(typed.to_owned()),
    }
}

/// Where it is typed, or given by a passkey.
#[component]
pub fn ProvingField(
    /// What is typed.
    proving: Proving,
    /// Asked before a passkey is: whether the rest of the form can be sent.
    #[prop(into)]
    is_ready: Callback<(), bool>,
    /// Called with a passkey, which is not kept: it proves what it was asked for.
    #[prop(into)]
    on_passkey: Callback<Credential>,
    /// The key of what may be typed.
    #[prop(default = "second_factor.credential")]
    label: &'static str,
    /// The key of what is said when nothing is.
    #[prop(default = "second_factor.no_credential")]
    missing: &'static str,
    /// Whether it has the focus from the start.
    #[prop(optional)]
    focus: bool,
) -> impl IntoView {
    let (session, words) = (session(), words());
    let Proving { id, typed, tried, trouble } = proving;
    let fault = Signal::derive(move || {
        let is_missing = tried.get() && typed.with(String::is_empty);
        is_missing.then(|| words.text(missing))
    });
    let ask = move |_| {
        if !is_ready.run(()) {
            return;
        }
        trouble.set(None);
        spawn_local(async move {
            match authenticator::take(&session.site()).await {
                Ok(assertion) => _ = on_passkey.try_run(Credential::Passkey(assertion)),
                Err(why) => _ = trouble.try_set(Some(why)),
            }
        });
    };
    on_cleanup(authenticator::give_up);
    let offers =
        Memo::new(move |_| authenticator::are_there() && session.who().is_some_and(|who| who.has_passkey));
    view! {
        <Field
            id=id
            label=label
            kind=Kind::Password
            autocomplete="current-password"
            value=typed
            fault=fault
            focus=focus
        />
        {move || {
            offers
                .get()
                .then(|| {
                    view! {
                        <p class="ways">
                            <button type="button" class="link" on:click=ask>{t("passkeys.instead")}</button>
                        </p>
                    }
                })
        }}
        <PasskeyTrouble trouble/>
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
