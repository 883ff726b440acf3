//! Proving once more who is asking, before something about their sign-in changes.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{Credential, CredentialRequest, Passkey, RecoveryCodes, RemovePasskeyRequest};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use crate::{
    api::Api,
    passkeys::{
        OwnPasskeys,
        proving::{Proving, ProvingField},
    },
    session::session,
    ui::refusal::Refusal,
    words::{t, words},
};

/// What it is asked for.
#[derive(Clone)]
pub enum Act {
    /// New recovery codes.
    Renew,
    /// Turning it off.
    TurnOff,
    /// Taking a passkey away, of those.
    Remove(Passkey, OwnPasskeys),
}

impl Act {
    /// Does it; the codes there are to keep then.
    async fn run(self, api: &Api, credential: Credential) -> Result<Option<RecoveryCodes>, Failure> {
        match self {
            Self::Renew => api.renew_codes(&CredentialRequest { credential }).await.map(Some),
            Self::TurnOff => api.turn_off_factor(&CredentialRequest { credential }).await.map(|()| None),
            Self::Remove(Passkey { id, .. }, own) => {
                own.show(Ok(api.remove_passkey(&RemovePasskeyRequest { id, credential }).await?));
                Ok(None)
            }
        }
    }
}

/// The password, a code or a passkey, and then what it was asked for.
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
    // Both may be open at once.
    let (form, field) = match &act {
        Act::Remove(..) => ("removal-form", "removal-credential"),
        Act::Renew | Act::TurnOff => ("credential-form", "credential"),
    };
    let proving = Proving::at(field);
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let (title, go, kind, about) = match &act {
        Act::Renew => (
            "second_factor.renew",
            "second_factor.renew_go",
            "button primary",
            Some("second_factor.renew_about"),
        ),
        Act::TurnOff => ("second_factor.turn_off", "second_factor.turn_off", "button danger", None),
        Act::Remove(..) => {
            ("passkeys.remove", "people.remove", "button danger", Some("passkeys.remove_about"))
        }
    };
    let name = match &act {
        Act::Remove(passkey, _) => passkey.name.to_string(),
        Act::Renew | Act::TurnOff => String::new(),
    };
    let send = move |credential: Credential| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failure.set(None);
        let act = act.clone();
        spawn_local(async move {
            let answer = act.run(&session.api(), credential).await;
            busy.try_set(false);
            match answer {
                Ok(codes) => _ = on_done.try_run(codes),
                Err(why) => {
                    proving.refused(&why);
                    failure.try_set(Some(session.heed(why)));
                }
            }
        });
    };
    let send = Callback::new(send);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(credential) = proving.typed() {
            send.run(credential);
        }
    };
    view! {
        <form class="form" id=form novalidate on:submit=submit>
            <h3 dir="auto">{move || words.fill(title, &[("name", &name)])}</h3>
            {about.map(|about| view! { <p class="hint">{t(about)}</p> })}
            <ProvingField proving is_ready=move |()| !busy.get_untracked() on_passkey=send focus=true/>
            {move || failure.get().map(|failure| view! { <Refusal failure/> })}
            <div class="dialog-foot">
                <button type="button" class="button" on:click=move |_| on_stop.run(())>{t("dialog.cancel")}</button>
                <button type="submit" class=kind aria-busy=move || busy.get().to_string()>{t(go)}</button>
            </div>
        </form>
    }
}
