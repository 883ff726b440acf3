//! The root: which console the address opens, and what stands before it.

use deskbell_browser::page;
use leptos::prelude::*;

use crate::{
    desk::Console,
    place::Place,
    second_factor::SetUpFirst,
    session::{Session, Standing, session},
    setup::SetupPage,
    sign_in::SignInPage,
    ui::{clock::Clock, language::LanguageSwitch, refusal::Refusal},
    words::{Words, t, words},
};

/// Everything.
#[component]
pub fn App() -> impl IntoView {
    let words = Words::load();
    provide_context(words);
    provide_context(Clock::start());
    let place = Place::of(&page::path());
    // The page's own splash stays until there are words to say anything with; other words change nothing here.
    let can_speak = Memo::new(move |_| words.are_here());
    move || {
        can_speak.get().then(|| {
            clear_splash();
            match place.clone() {
                Place::Inbox(site) => {
                    provide_context(Session::begin(site));
                    view! { <Inbox/> }.into_any()
                }
                Place::Setup => view! { <SetupPage/> }.into_any(),
                Place::Nowhere => view! { <Nowhere/> }.into_any(),
            }
        })
    }
}

/// A site's inbox, or what stands before it.
#[component]
fn Inbox() -> impl IntoView {
    let session = session();
    /// What is shown; a session that ends does not take the console away.
    #[derive(Clone, PartialEq)]
    enum Shown {
        Nothing,
        Failed(deskbell_browser::http::Failure),
        SignIn,
        SetUp,
        Console,
    }
    let shown = Memo::new(move |_| match session.standing() {
        Standing::Asking => Shown::Nothing,
        Standing::Failed(failure) => Shown::Failed(failure),
        Standing::Out => Shown::SignIn,
        Standing::In(who) if who.second_factor_due => Shown::SetUp,
        Standing::In(_) | Standing::Ended(_) => Shown::Console,
    });
    move || match shown.get() {
        Shown::Nothing => view! { <main class="door" aria-busy="true"></main> }.into_any(),
        Shown::Failed(failure) => view! {
            <main class="door">
                <div class="door-card">
                    <h1>{t("app.failed")}</h1>
                    <Refusal failure/>
                    <button type="button" class="button primary" on:click=move |_| session.ask()>
                        {t("app.retry")}
                    </button>
                </div>
                <LanguageSwitch/>
            </main>
        }
        .into_any(),
        Shown::SignIn => view! { <SignInPage/> }.into_any(),
        Shown::SetUp => view! { <SetUpFirst/> }.into_any(),
        Shown::Console => view! { <Console/> }.into_any(),
    }
}

/// An address that opens nothing.
#[component]
fn Nowhere() -> impl IntoView {
    let words = words();
    let shape = format!("{}/inbox/my-site", page::origin());
    view! {
        <main class="door">
            <div class="door-card">
                <h1>{t("nowhere.title")}</h1>
                <p>{move || words.fill("nowhere.shape", &[("address", &shape)])}</p>
                <p><a href="/setup">{t("nowhere.setup")}</a></p>
            </div>
            <LanguageSwitch/>
        </main>
    }
}

/// Takes away what the page shows until the console can.
fn clear_splash() {
    if let Some(splash) = document().get_element_by_id("splash") {
        splash.remove();
    }
}
