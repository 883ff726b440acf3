//! One's own password, to be changed.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{Password, PasswordRequest, ProblemKind};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use crate::{
    session::session,
    ui::{
        field::{Field, Kind, focus, focus_first_fault},
        refusal::{Refusal, is},
        said::Said,
    },
    words::{t, words},
};

/// The password one has, and the one to have.
#[component]
pub fn PasswordSection() -> impl IntoView {
    let (session, words) = (session(), words());
    let current = RwSignal::new(String::new());
    let new = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let said = RwSignal::new(None::<String>);
    let failure = RwSignal::new(None::<Failure>);
    let parsed = Memo::new(move |_| Password::try_from(new.get()).ok());
    let fault = move |is_wrong: bool, key: &str| (tried.get() && is_wrong).then(|| words.text(key));
    let current_fault = Signal::derive(move || fault(current.with(String::is_empty), "sign_in.no_password"));
    let new_fault = Signal::derive(move || fault(parsed.with(Option::is_none), "password.too_short"));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let typed = current.get_untracked();
        let Some(new_password) = parsed.get_untracked().filter(|_| !typed.is_empty()) else {
            return focus_first_fault();
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failure.set(None);
        said.set(None);
        spawn_local(async move {
            let request = PasswordRequest { current: typed, new: new_password };
            let answer = session.api().set_password(&request).await;
            busy.try_set(false);
            tried.try_set(false);
            current.try_set(String::new());
            match answer {
                Ok(()) => {
                    new.try_set(String::new());
                    said.try_set(Some(words.text("password.changed")));
                }
                Err(why) => {
                    if is(&why, ProblemKind::CredentialWrong) {
                        focus(document().get_element_by_id("current-password"));
                    }
                    failure.try_set(Some(session.heed(why)));
                }
            }
        });
    };
    view! {
        <section id="own-password">
            <h2>{t("password.title")}</h2>
            <p class="hint">{t("password.about")}</p>
            <form class="form" novalidate on:submit=submit>
                <Field
                    id="current-password"
                    label="password.current"
                    kind=Kind::Password
                    autocomplete="current-password"
                    value=current
                    fault=current_fault
                />
                <Field
                    id="next-password"
                    label="password.new"
                    kind=Kind::Password
                    autocomplete="new-password"
                    value=new
                    hint="password.new_hint"
                    fault=new_fault
                />
                {move || failure.get().map(|failure| view! { <Refusal failure/> })}
                <Said id="password-said" said/>
                <div class="dialog-foot">
                    <button type="submit" class="button" aria-busy=move || busy.get().to_string()>
                        {t("password.go")}
                    </button>
                </div>
            </form>
        </section>
    }
}
