//! Who may sign in to the inbox, and as what.

pub mod confirm;
pub mod form;
pub mod proof;

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{Colleague, People, PersonAct, PersonRequest};
use leptos::{prelude::*, task::spawn_local};

use self::{confirm::ConfirmDialog, form::PersonForm};
use crate::{
    desk::rail::role_key,
    session::{Session, session},
    ui::{copy::CopyText, dialog::Dialog, refusal::Retry},
    words::{t, words},
};

/// What is done about the site's people, by whatever part of the screen.
#[derive(Clone, Copy)]
pub struct Deciding {
    people: RwSignal<Option<Vec<Colleague>>>,
    /// The password that was just made, and whose.
    made: RwSignal<Option<(String, String)>>,
    session: Session,
}

impl Deciding {
    /// Shows what the edge says; a password that was made for this address too.
    fn take(self, answer: People, email: &str) {
        self.people.try_set(Some(answer.people));
        let made = answer.password.map(|password| (email.to_owned(), password.reveal().to_owned()));
        self.made.try_set(made);
    }

    /// Decides, and shows what has come of it.
    async fn decide(self, request: PersonRequest) -> Result<(), Failure> {
        let answer = self.session.api().decide_about(&request).await;
        self.take(answer.map_err(|why| self.session.heed(why))?, request.email.as_str());
        Ok(())
    }
}

/// Who may sign in.
#[component]
pub fn PeopleScreen() -> impl IntoView {
    let (session, words) = (session(), words());
    let deciding = Deciding { people: RwSignal::new(None), made: RwSignal::new(None), session };
    let failure = RwSignal::new(None::<Failure>);
    let adds = RwSignal::new(false);
    let load = move || {
        failure.set(None);
        spawn_local(async move {
            match session.api().people().await {
                Ok(answer) => deciding.take(answer, ""),
                Err(why) => _ = failure.try_set(Some(session.heed(why))),
            }
        });
    };
    load();
    let made = move || {
        deciding.made.get().map(|(email, password)| {
            view! {
                <section id="made" role="status">
                    <h2>{words.fill("people.password_of", &[("email", &email)])}</h2>
                    <p class="hint">{t("people.password_about")}</p>
                    <CopyText id="new-password" text=password/>
                </section>
            }
        })
    };
    let list = move || match (deciding.people.get(), failure.get()) {
        (Some(people), _) => {
            let row = |person| view! { <PersonRow person deciding/> };
            view! { <ul class="cards" id="people">{people.into_iter().map(row).collect_view()}</ul> }
                .into_any()
        }
        (None, Some(failure)) => view! {
            <Retry failure on_retry=move |()| load()/>
        }
        .into_any(),
        (None, None) => view! { <p class="loading" role="status">{t("app.loading")}</p> }.into_any(),
    };
    view! {
        <main class="page">
            <div class="page-body">
                <h1>{t("people.title")}</h1>
                <p class="hint">{t("people.about")}</p>
                <div>
                    <button type="button" class="button" id="add-person" on:click=move |_| adds.set(true)>
                        {t("people.add")}
                    </button>
                </div>
                {made}
                {list}
            </div>
            <Show when=move || adds.get()>
                <Dialog labelled_by="person-title" on_close=move |()| adds.set(false)>
                    <PersonForm person=None deciding on_close=move |()| adds.set(false)/>
                </Dialog>
            </Show>
        </main>
    }
}

/// What is asked about somebody before it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ask {
    Change,
    NewPassword,
    NoSecondFactor,
    Remove,
}

/// Somebody, and what can be done about them.
#[component]
fn PersonRow(
    /// Who.
    person: Colleague,
    /// The screen's people.
    deciding: Deciding,
) -> impl IntoView {
    let (session, words) = (session(), words());
    let asked = RwSignal::new(None::<Ask>);
    let close = move |()| asked.set(None);
    let Colleague { email, name, role, second_factor } = person.clone();
    let address = email.as_str().to_owned();
    let is_me = untrack(|| session.who()).is_some_and(|who| who.email == email);
    let act = move |ask: Ask, key: &'static str| {
        let named = address.clone();
        view! {
            <button
                type="button"
                class="button"
                aria-label=move || words.fill("people.act_of", &[("act", &words.text(key)), ("email", &named)])
                on:click=move |_| asked.set(Some(ask))
            >
                {t(key)}
            </button>
        }
    };
    let (shown_email, key) = (email.as_str().to_owned(), email.as_str().to_owned());
    let dialog = move || {
        let (email, person) = (email.clone(), person.clone());
        let confirm = |act: PersonAct, title: &'static str, about: &'static str| {
            view! { <ConfirmDialog email act deciding title about on_close=close/> }.into_any()
        };
        asked.get().map(|ask| match ask {
            Ask::Change => view! {
                <Dialog labelled_by="person-title" on_close=close>
                    <PersonForm person=Some(person) deciding on_close=close/>
                </Dialog>
            }
            .into_any(),
            Ask::NewPassword => {
                confirm(PersonAct::NewPassword, "people.new_password", "people.new_password_about")
            }
            Ask::NoSecondFactor => {
                confirm(PersonAct::NoSecondFactor, "people.no_factor", "people.no_factor_about")
            }
            Ask::Remove => confirm(PersonAct::Remove, "people.remove", "people.remove_about"),
        })
    };
    view! {
        <li class="card" data-person=key>
            <div>
                <p>
                    <strong dir="auto">{name.to_string()}</strong> " "
                    <span class="tag">{t(role_key(role))}</span> " "
                    {is_me.then(|| view! { <span class="tag">{t("people.you")}</span> })} " "
                    {second_factor.then(|| view! { <span class="tag done">{t("people.factor")}</span> })}
                </p>
                <p class="hint">{shown_email}</p>
            </div>
            <div class="acts">
                {act(Ask::Change, "people.change")}
                {(!is_me).then(|| act(Ask::NewPassword, "people.new_password"))}
                {(second_factor && !is_me).then(|| act(Ask::NoSecondFactor, "people.no_factor"))}
                {act(Ask::Remove, "people.remove")}
            </div>
            {dialog}
        </li>
    }
}
