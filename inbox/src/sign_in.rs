//! Signing in, at the start and again when a session ends.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{Email, ProblemKind, SignInRequest};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use crate::{
    api::Api,
    session::session,
    ui::{
        field::{Field, Kind, focus, focus_first_fault},
        language::LanguageSwitch,
        refusal::Refusal,
    },
    words::{t, words},
};

/// The page that stands before the inbox.
#[component]
pub fn SignInPage() -> impl IntoView {
    let (session, words) = (session(), words());
    Effect::new(move |_| document().set_title(&words.text("sign_in.title")));
    view! {
        <main class="door">
            <div class="door-card">
                <h1>{t("sign_in.title")}</h1>
                <p class="door-site">{session.site().to_string()}</p>
                <SignInForm email=String::new()/>
            </div>
            <LanguageSwitch/>
        </main>
    }
}

/// The form: a real one, so that password managers know it.
#[component]
pub fn SignInForm(
    /// The address to begin with.
    email: String,
) -> impl IntoView {
    let (session, words) = (session(), words());
    let known = !email.is_empty();
    let email = RwSignal::new(email);
    let password = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let tried = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);

    let parsed = Memo::new(move |_| Email::try_from(email.get()).ok());
    let email_fault = Signal::derive(move || {
        (tried.get() && parsed.get().is_none()).then(|| words.text("sign_in.no_email"))
    });
    let password_fault = Signal::derive(move || {
        (tried.get() && password.get().is_empty()).then(|| words.text("sign_in.no_password"))
    });

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let (Some(email), password) = (parsed.get_untracked(), password.get_untracked()) else {
            return focus_first_fault();
        };
        if password.is_empty() {
            return focus_first_fault();
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer =
                Api::sign_in(&session.site(), &SignInRequest { email: email.clone(), password }).await;
            busy.try_set(false);
            match answer {
                Ok(who) => welcome(session, who),
                Err(why) => {
                    let wrong = matches!(&why, Failure::Refused(p) if p.kind == ProblemKind::SignInWrong);
                    failure.try_set(Some(why));
                    if wrong {
                        focus(document().get_element_by_id("password"));
                    }
                }
            }
        });
    };

    view! {
        <form class="form" method="post" novalidate on:submit=submit aria-busy=move || busy.get().to_string()>
            <Field
                id="email"
                label="sign_in.email"
                kind=Kind::Email
                autocomplete="username"
                value=email
                fault=email_fault
                focus=!known
            />
            <Field
                id="password"
                label="sign_in.password"
                kind=Kind::Password
                autocomplete="current-password"
                value=password
                fault=password_fault
                focus=known
            />
            {move || failure.get().map(|failure| view! { <Refusal failure/> })}
            <button type="submit" class="button primary wide">
                {move || words.text(if busy.get() { "sign_in.busy" } else { "sign_in.go" })}
            </button>
        </form>
    }
}

/// Lets somebody in. A colleague who signs in over somebody's ended session starts afresh: what is on the
/// screen is not theirs.
fn welcome(session: crate::session::Session, who: deskbell_shared::wire::SignedIn) {
    let before = untrack(|| session.who());
    if before.is_some_and(|before| before.email != who.email) {
        // It fails only where there is no page to load again.
        let _ = window().location().reload();
    } else {
        session.signed_in(who);
    }
}
