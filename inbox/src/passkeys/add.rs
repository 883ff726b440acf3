//! Adding a passkey: what to call it, who is asking, and then the browser's own dialogue.

use deskbell_shared::wire::{AddPasskeyRequest, Credential, Line, Passkeys, ProblemKind, Registration};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::{
    authenticator::{self, Trouble},
    proving::{Proving, ProvingField},
    trouble::PasskeyTrouble,
};
use crate::{
    session::session,
    ui::{
        field::{Field, focus_first_fault},
        refusal::is,
    },
    words::{t, words},
};

/// The form.
#[component]
pub fn AddPasskey(
    /// The key of what proves who is asking.
    #[prop(default = "second_factor.credential")]
    label: &'static str,
    /// The key of what is said when that is missing.
    #[prop(default = "second_factor.no_credential")]
    missing: &'static str,
    /// Called when nothing is to be done after all.
    #[prop(into)]
    on_stop: Callback<()>,
    /// Called with those there are then.
    #[prop(into)]
    on_done: Callback<Passkeys>,
) -> impl IntoView {
    let (session, words) = (session(), words());
    let name = RwSignal::new(String::new());
    let proving = Proving::at("passkey-credential");
    let tried = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(None::<Trouble>);
    // The device has made it by then: after a wrong password it is not asked to make another.
    let made = RwSignal::new(None::<Registration>);
    let parsed = Memo::new(move |_| name.with(|name| Line::new(name).ok()));
    let fault = Signal::derive(move || {
        let is_missing = tried.get() && parsed.with(Option::is_none);
        is_missing.then(|| words.text("passkeys.no_name"))
    });
    let is_ready = move |()| {
        tried.set(true);
        let is_named = parsed.with_untracked(Option::is_some);
        if !is_named {
            focus_first_fault();
        }
        is_named && !busy.get_untracked()
    };
    let send = Callback::new(move |credential: Credential| {
        let Some(name) = parsed.get_untracked().filter(|_| is_ready(())) else { return };
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            let api = session.api();
            let before = made.get_untracked();
            let passkey = match before {
                Some(passkey) => Ok(passkey),
                None => authenticator::make(&api).await,
            };
            let answer = match passkey {
                // The form may have been closed meanwhile: then nothing is wanted any more.
                Ok(passkey) if made.try_set(Some(passkey.clone())).is_none() => {
                    let request = AddPasskeyRequest { name, passkey, credential };
                    api.add_passkey(&request).await.map_err(Trouble::Edge)
                }
                Ok(_) => return,
                Err(why) => Err(why),
            };
            busy.try_set(false);
            match answer {
                Ok(own) => _ = on_done.try_run(own),
                Err(Trouble::Edge(why)) if is(&why, ProblemKind::PasskeyWrong) => {
                    made.try_set(None);
                    trouble.try_set(Some(Trouble::Late));
                }
                Err(Trouble::Edge(why)) => {
                    if is(&why, ProblemKind::Conflict) {
                        made.try_set(None);
                    }
                    proving.refused(&why);
                    trouble.try_set(Some(Trouble::Edge(session.heed(why))));
                }
                Err(why) => _ = trouble.try_set(Some(why)),
            }
        });
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        // What is missing is said in both fields at once.
        tried.set(true);
        // While the device is asked it stays so, whatever is pressed here.
        if busy.get_untracked() {
            return;
        }
        if let Some(credential) = proving.typed() {
            send.run(credential);
        }
    };
    view! {
        <form class="form" id="passkey-form" novalidate on:submit=submit>
            <h3>{t("passkeys.add")}</h3>
            <Field
                id="passkey-name"
                label="passkeys.name"
                value=name
                hint="passkeys.name_hint"
                fault=fault
                focus=true
            />
            <ProvingField proving is_ready on_passkey=send label missing/>
            <PasskeyTrouble trouble/>
            <div class="dialog-foot">
                <button type="button" class="button" on:click=move |_| on_stop.run(())>{t("dialog.cancel")}</button>
                <button type="submit" class="button primary" aria-busy=move || busy.get().to_string()>
                    {t("passkeys.go")}
                </button>
            </div>
        </form>
    }
}
