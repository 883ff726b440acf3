//! Signing in, at the start and again when a session ends: the password, and then the second factor of whoever has one; or a
//! passkey, which is both.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{Email, FactorCode, ProblemKind, SignInRequest};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use crate::{
    api::Api,
    passkeys::{
        authenticator::{self, Trouble},
        trouble::PasskeyTrouble,
    },
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

/// What the form asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Who, and the password.
    Password,
    /// Six digits of an authenticator app.
    App,
    /// A recovery code.
    Recovery,
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
    let code = RwSignal::new(String::new());
    let step = RwSignal::new(Step::Password);
    let busy = RwSignal::new(false);
    let tried = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let trouble = RwSignal::new(None::<Trouble>);

    let parsed = Memo::new(move |_| Email::try_from(email.get()).ok());
    let email_fault = Signal::derive(move || {
        (tried.get() && parsed.get().is_none()).then(|| words.text("sign_in.no_email"))
    });
    let password_fault = Signal::derive(move || {
        (tried.get() && password.get().is_empty()).then(|| words.text("sign_in.no_password"))
    });

    let read_code = Memo::new(move |_| match (step.get(), FactorCode::try_from(code.get()).ok()) {
        (Step::App, code @ Some(FactorCode::Digits(_))) => code,
        (Step::Recovery, code @ Some(FactorCode::Recovery(_))) => code,
        _ => None,
    });
    let code_fault = Signal::derive(move || {
        let missing = tried.get() && read_code.get().is_none();
        let key = if step.get() == Step::Recovery { "sign_in.no_recovery" } else { "sign_in.no_code" };
        missing.then(|| words.text(key))
    });
    let go_to = move |next: Step| {
        tried.try_set(false);
        failure.try_set(None);
        trouble.try_set(None);
        code.try_set(String::new());
        step.try_set(next);
    };

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let (Some(email), password) = (parsed.get_untracked(), password.get_untracked()) else {
            return focus_first_fault();
        };
        let code = read_code.get_untracked();
        if password.is_empty() || (step.get_untracked() != Step::Password && code.is_none()) {
            return focus_first_fault();
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        authenticator::give_up();
        trouble.set(None);
        spawn_local(async move {
            let request = SignInRequest { email, password, code };
            let answer = Api::sign_in(&session.site(), &request).await;
            busy.try_set(false);
            let why = match answer {
                Ok(who) => return welcome(session, who),
                Err(why) => why,
            };
            match &why {
                Failure::Refused(problem) if problem.kind == ProblemKind::SecondFactorNeeded => {
                    return go_to(Step::App);
                }
                Failure::Refused(problem) if problem.kind == ProblemKind::SignInWrong => {
                    go_to(Step::Password);
                    focus(document().get_element_by_id("password"));
                }
                Failure::Refused(problem) if problem.kind == ProblemKind::SecondFactorWrong => {
                    go_to(step.get_untracked());
                }
                _ => {}
            }
            failure.try_set(Some(why));
        });
    };

    // The password can be given while the browser waits for a passkey.
    let by_passkey = move |_| {
        if busy.get_untracked() {
            return;
        }
        tried.set(false);
        failure.set(None);
        trouble.set(None);
        spawn_local(async move {
            let site = session.site();
            let passkey = match authenticator::take(&site).await {
                Ok(passkey) => passkey,
                Err(why) => {
                    trouble.try_set(Some(why));
                    return;
                }
            };
            if busy.try_get_untracked() != Some(false) {
                return;
            }
            busy.set(true);
            let answer = Api::sign_in_by_passkey(&site, passkey).await;
            busy.try_set(false);
            match answer {
                Ok(who) => welcome(session, who),
                Err(why) => _ = trouble.try_set(Some(Trouble::Edge(why))),
            }
        });
    };
    on_cleanup(authenticator::give_up);

    let fields = move || match step.get() {
        Step::Password => view! {
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
        }
        .into_any(),
        Step::App => view! {
            <p>{t("sign_in.code_about")}</p>
            <Field
                id="code"
                label="sign_in.code"
                kind=Kind::Code
                autocomplete="one-time-code"
                value=code
                fault=code_fault
                focus=true
            />
        }
        .into_any(),
        Step::Recovery => view! {
            <p>{t("sign_in.recovery_about")}</p>
            <Field id="code" label="sign_in.recovery" value=code fault=code_fault focus=true/>
        }
        .into_any(),
    };
    let by_passkey_button = move || {
        authenticator::are_there().then(|| {
            view! {
                <button type="button" class="button wide" on:click=by_passkey>{t("sign_in.passkey")}</button>
            }
            .into_any()
        })
    };
    let ways = move || {
        let way = |next: Step, label: &'static str| {
            view! { <button type="button" class="link" on:click=move |_| go_to(next)>{t(label)}</button> }
        };
        let other = match step.get() {
            Step::Password => return by_passkey_button(),
            Step::App => way(Step::Recovery, "sign_in.use_recovery"),
            Step::Recovery => way(Step::App, "sign_in.use_app"),
        };
        Some(view! { <p class="ways">{other} {way(Step::Password, "sign_in.back")}</p> }.into_any())
    };
    view! {
        <form class="form" method="post" novalidate on:submit=submit aria-busy=move || busy.get().to_string()>
            {fields}
            {move || failure.get().map(|failure| view! { <Refusal failure/> })}
            <PasskeyTrouble trouble/>
            <button type="submit" class="button primary wide">
                {move || words.text(if busy.get() { "sign_in.busy" } else { "sign_in.go" })}
            </button>
            {ways}
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
