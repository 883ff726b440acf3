//! Two-step sign-in: everybody's own, and for admins whether the site asks it of everybody.

pub mod codes;
pub mod credential;
pub mod everybody;
pub mod qr;
pub mod set_up;
pub mod title;

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{RecoveryCodes, Role, SecondFactor};
use leptos::{prelude::*, task::spawn_local};

use self::{
    codes::KeptCodes,
    credential::{Act, CredentialForm},
    everybody::Everybody,
    set_up::SetUp,
    title::Title,
};
use crate::{
    passkeys::{OwnPasskeys, PasskeysSection, add::AddPasskey, authenticator},
    password::PasswordSection,
    session::session,
    ui::{
        field::focus,
        language::LanguageSwitch,
        refusal::{Refusal, Retry},
    },
    words::{t, words},
};

/// From how few recovery codes on it is time for new ones.
const FEW: u32 = 3;

/// What somebody is about to do.
#[derive(Clone)]
enum Doing {
    Nothing,
    SettingUp,
    Proving(Act),
    Keeping(RecoveryCodes),
}

/// The screen of everybody's own sign-in.
#[component]
pub fn SignInScreen() -> impl IntoView {
    let session = session();
    let state = RwSignal::new(None::<Result<SecondFactor, Failure>>);
    let load = move || {
        spawn_local(async move {
            let answer = session.api().second_factor().await;
            state.try_set(Some(answer.map_err(|failure| session.heed(failure))));
        });
    };
    session.load_until_known(state, load);
    let shown = move || match state.get() {
        None => view! { <p class="loading" role="status">{t("app.loading")}</p> }.into_any(),
        Some(Err(failure)) => view! {
            <Retry failure on_retry=move |()| load()/>
        }
        .into_any(),
        Some(Ok(own)) => {
            let has_app = own.on_since.is_some();
            let is_on = Memo::new(move |_| has_app || session.who().is_some_and(|who| who.has_passkey));
            let demanded = own.demanded;
            view! {
                <section id="own-factor">
                    <h2>{t("second_factor.title")}</h2>
                    <p class="hint">{t("second_factor.about")}</p>
                    <Own own on_change=move |()| load()/>
                </section>
                {untrack(|| session.may(Role::Admin))
                    .then(|| view! { <Everybody demanded is_on on_change=move |()| load()/> })}
            }
            .into_any()
        }
    };
    // What comes later would move what somebody has begun to type in.
    let passkeys = OwnPasskeys::begin();
    let is_known = Memo::new(move |_| passkeys.is_known() && state.with(Option::is_some));
    let whole = move || match is_known.get() {
        false => view! { <p class="loading" role="status">{t("app.loading")}</p> }.into_any(),
        true => view! {
            <PasskeysSection own=passkeys/>
            {shown}
            <PasswordSection/>
        }
        .into_any(),
    };
    view! {
        <main class="page">
            <div class="page-body">
                <h1>{t("account.sign_in")}</h1>
                {whole}
            </div>
        </main>
    }
}

/// How somebody's own second factor stands, and what can be done about it.
#[component]
fn Own(
    /// How it stands.
    own: SecondFactor,
    /// Called when it stands otherwise.
    #[prop(into)]
    on_change: Callback<()>,
) -> impl IntoView {
    let words = words();
    let doing = RwSignal::new(Doing::Nothing);
    let SecondFactor { on_since, codes_left, demanded } = own;
    let state = move || match on_since {
        None => view! { <p id="factor-state">{t("second_factor.off")}</p> }.into_any(),
        Some(since) => {
            let since = move || words.date(since, &[("dateStyle", "long")]);
            let few = (codes_left < FEW).then(|| view! { <p class="warning">{t("second_factor.few")}</p> });
            view! {
                <p id="factor-state">
                    {move || words.fill("second_factor.on", &[("date", &since())])} " "
                    {move || words.count("second_factor.left", u64::from(codes_left))}
                </p>
                {few}
                {demanded.then(|| view! { <p class="hint">{t("second_factor.demanded")}</p> })}
            }
            .into_any()
        }
    };
    let offer = move |to_do: Doing, label: &'static str| {
        view! {
            <button type="button" class="button" on:click=move |_| doing.set(to_do.clone())>{t(label)}</button>
        }
    };
    let choices = move || match on_since {
        None => view! {
            <button type="button" class="button primary" on:click=move |_| doing.set(Doing::SettingUp)>
                {t("second_factor.set_up")}
            </button>
        }
        .into_any(),
        Some(_) => view! {
            {offer(Doing::Proving(Act::Renew), "second_factor.renew")}
            {offer(Doing::SettingUp, "second_factor.another")}
            {(!demanded).then(|| offer(Doing::Proving(Act::TurnOff), "second_factor.turn_off"))}
        }
        .into_any(),
    };
    let stop = move |()| {
        doing.set(Doing::Nothing);
        request_animation_frame(|| focus(document().query_selector("#own-factor .button").ok().flatten()));
    };
    move || match doing.get() {
        Doing::Nothing => view! { {state()} <div class="decide">{choices()}</div> }.into_any(),
        Doing::SettingUp => view! {
            <Title label="second_factor.connect"/>
            <SetUp anew=on_since.is_some() on_stop=Some(Callback::new(stop)) on_done=on_change/>
        }
        .into_any(),
        Doing::Proving(act) => {
            let done = move |codes: Option<RecoveryCodes>| match codes {
                Some(codes) => doing.set(Doing::Keeping(codes)),
                None => on_change.run(()),
            };
            view! { <CredentialForm act on_stop=stop on_done=done/> }.into_any()
        }
        Doing::Keeping(codes) => view! { <KeptCodes codes on_kept=on_change/> }.into_any(),
    }
}

/// What stands before the inbox for somebody who has to set it up first.
#[component]
pub fn SetUpFirst() -> impl IntoView {
    let (session, words) = (session(), words());
    let failure = RwSignal::new(None::<Failure>);
    let by_passkey = RwSignal::new(false);
    // Whoever comes back from it goes on from the title of what is there instead.
    let has_tried = StoredValue::new(false);
    let sign_out = move |_| {
        spawn_local(async move {
            if let Err(why) = session.sign_out().await {
                failure.try_set(Some(why));
            }
        });
    };
    let site = move || session.who().map(|who| who.site_name.to_string()).unwrap_or_default();
    Effect::new(move |_| document().set_title(&words.text("second_factor.due")));
    view! {
        <main class="door">
            <div class="door-card broad">
                <h1>{t("second_factor.due")}</h1>
                <p>{move || words.fill("second_factor.due_about", &[("site", &site())])}</p>
                {move || match by_passkey.get() {
                    true => view! {
                        <AddPasskey
                            label="sign_in.password"
                            missing="sign_in.no_password"
                            on_stop=move |()| by_passkey.set(false)
                            on_done=move |_| session.ask()
                        />
                    }
                    .into_any(),
                    false => {
                        let instead = Callback::new(move |()| {
                            has_tried.set_value(true);
                            by_passkey.set(true);
                        });
                        let title = has_tried.get_value().then(|| view! { <Title label="second_factor.connect"/> });
                        let on_done = move |()| session.ask();
                        match authenticator::are_there() {
                            true => view! {
                                {title}
                                <SetUp anew=false on_stop=None on_passkey=instead on_done/>
                            }
                            .into_any(),
                            false => view! { <SetUp anew=false on_stop=None on_done/> }.into_any(),
                        }
                    }
                }}
                {move || failure.get().map(|failure| view! { <Refusal failure/> })}
                <button type="button" class="button quiet" on:click=sign_out>{t("account.sign_out")}</button>
            </div>
            <LanguageSwitch/>
        </main>
    }
}
