//! Passkeys: signing in by a finger, a face or a device's PIN, without a password and without a code.

pub mod add;
pub mod authenticator;
pub mod proving;
pub mod trouble;

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{Passkey, Passkeys};
use leptos::{prelude::*, task::spawn_local};

use self::add::AddPasskey;
use crate::{
    second_factor::credential::{Act, CredentialForm},
    session::{Session, session},
    ui::{field::focus, refusal::Retry},
    words::{t, words},
};

/// What somebody is about to do.
#[derive(Clone, PartialEq)]
enum Doing {
    Nothing,
    Adding,
    Removing(Passkey),
}

/// The passkeys of whoever is signed in, or why they are not known; nothing before the edge has answered.
#[derive(Clone, Copy)]
pub struct OwnPasskeys {
    state: RwSignal<Option<Result<Passkeys, Failure>>>,
    session: Session,
}

impl OwnPasskeys {
    /// Asks the edge for them.
    pub fn begin() -> Self {
        let own = Self { state: RwSignal::new(None), session: session() };
        own.session.load_until_known(own.state, move || own.load());
        own
    }

    /// Whether the edge has answered.
    pub fn is_known(self) -> bool {
        self.state.with(Option::is_some)
    }

    fn load(self) {
        spawn_local(async move {
            let answer = self.session.api().passkeys().await;
            self.show(answer.map_err(|failure| self.session.heed(failure)));
        });
    }

    /// Shows those that there are now.
    pub fn show(self, answer: Result<Passkeys, Failure>) {
        if let Ok(own) = &answer {
            self.session.has_passkeys(!own.passkeys.is_empty());
        }
        self.state.try_set(Some(answer));
    }
}

/// Everybody's own passkeys.
#[component]
pub fn PasskeysSection(
    /// Which there are.
    own: OwnPasskeys,
) -> impl IntoView {
    let doing = RwSignal::new(Doing::Nothing);
    let stop = move || {
        doing.set(Doing::Nothing);
        request_animation_frame(|| {
            focus(document().query_selector("#own-passkeys .decide .button").ok().flatten())
        });
    };
    let list = move || match own.state.get() {
        None => view! { <p class="loading" role="status">{t("app.loading")}</p> }.into_any(),
        Some(Err(failure)) => view! {
            <Retry failure on_retry=move |()| own.load()/>
        }
        .into_any(),
        Some(Ok(Passkeys { passkeys })) if passkeys.is_empty() => {
            view! { <p id="no-passkeys">{t("passkeys.none")}</p> }.into_any()
        }
        Some(Ok(Passkeys { passkeys })) => {
            let row = |passkey| view! { <PasskeyRow passkey doing/> };
            view! { <ul class="cards">{passkeys.into_iter().map(row).collect_view()}</ul> }.into_any()
        }
    };
    let add = move || match authenticator::are_there() {
        true => view! {
            <div class="decide">
                <button type="button" class="button" on:click=move |_| doing.set(Doing::Adding)>
                    {t("passkeys.add")}
                </button>
            </div>
        }
        .into_any(),
        false => view! { <p class="hint">{t("passkeys.unsupported")}</p> }.into_any(),
    };
    let shown = move || match doing.get() {
        Doing::Nothing => view! { {list} {add()} }.into_any(),
        Doing::Adding => {
            let added = move |passkeys| {
                own.show(Ok(passkeys));
                stop();
            };
            // An answer may have been lost.
            let given_up = move |()| {
                own.load();
                stop();
            };
            view! { <AddPasskey on_stop=given_up on_done=added/> }.into_any()
        }
        Doing::Removing(passkey) => {
            let removed = move |_| stop();
            view! { <CredentialForm act=Act::Remove(passkey, own) on_stop=move |()| stop() on_done=removed/> }
                .into_any()
        }
    };
    view! {
        <section id="own-passkeys">
            <h2>{t("passkeys.title")}</h2>
            <p class="hint">{t("passkeys.about")}</p>
            {shown}
        </section>
    }
}

/// A passkey, and what can be done with it.
#[component]
fn PasskeyRow(
    /// The passkey.
    passkey: Passkey,
    /// What is being done.
    doing: RwSignal<Doing>,
) -> impl IntoView {
    let words = words();
    let name = passkey.name.to_string();
    let Passkey { added, used, .. } = passkey;
    let date = move |key: &str, at| words.fill(key, &[("date", &words.date(at, &[("dateStyle", "long")]))]);
    let when = move || match used {
        Some(used) => format!("{} {}", date("passkeys.added", added), date("passkeys.used", used)),
        None => date("passkeys.added", added),
    };
    let label = {
        let name = name.clone();
        move || words.fill("passkeys.remove", &[("name", &name)])
    };
    view! {
        <li class="card">
            <div>
                <p><strong dir="auto">{name}</strong></p>
                <p class="hint">{when}</p>
            </div>
            <div class="acts">
                <button
                    type="button"
                    class="button"
                    aria-label=label
                    on:click=move |_| doing.set(Doing::Removing(passkey.clone()))
                >
                    {t("people.remove")}
                </button>
            </div>
        </li>
    }
}
