//! The rail: the screens there are, and who is signed in.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::Role;
use leptos::{prelude::*, task::spawn_local};

use super::{bell::BellSwitches, live::live_desk, nav::nav, shortcuts::CharactersSwitch};
use crate::{
    place::Screen,
    session::session,
    team::team,
    ui::{
        badge::Badge,
        confirm::Confirm,
        icons::{Glyph, Icon},
        language::LanguageSwitch,
        refusal::Refusal,
    },
    words::{t, words},
};

/// The rail.
#[component]
pub fn Rail() -> impl IntoView {
    let (nav, session, words, team) = (nav(), session(), words(), team());
    let desk = live_desk().desk();
    let waiting_visitors = Memo::new(move |_| desk.with(|desk| desk.waiting(|row| team.is_for_me(row))));
    let here = move |screen: Screen| {
        let shown = nav.screen();
        let same = shown == screen || (screen == Screen::Desk && shown.talk().is_some());
        same.then_some("page")
    };
    let badge = move || {
        let waiting = waiting_visitors.get();
        let said = words.count("list.waiting", waiting as u64);
        (waiting > 0).then(|| view! { <Badge count=waiting as u64 said/> })
    };
    let live = live_desk();
    let waiting = Memo::new(move |_| live.waiting_appeals());
    let appealed = move || {
        let waiting = waiting.get();
        let said = words.count("appeals.new", waiting as u64);
        (waiting > 0).then(|| view! { <Badge count=waiting as u64 said/> })
    };
    let item = move |screen: Screen, icon: Icon, label: &'static str| {
        view! {
            <li>
                <a href=screen.hash() aria-current=move || here(screen)>
                    <Glyph icon/>
                    <span class="rail-label">{t(label)}</span>
                    {(screen == Screen::Desk).then_some(badge)}
                    {(screen == Screen::Appeals).then_some(appealed)}
                </a>
            </li>
        }
    };
    view! {
        <nav class="rail" aria-label=t("rail.label")>
            <ul>
                {item(Screen::Desk, Icon::Inbox, "rail.inbox")}
                {item(Screen::Figures, Icon::Figures, "rail.figures")}
                {move || {
                    session
                        .may(Role::Agent)
                        .then(|| {
                            view! {
                                {item(Screen::Replies, Icon::Replies, "rail.replies")}
                                {item(Screen::Bans, Icon::Ban, "rail.bans")}
                                {item(Screen::Appeals, Icon::Appeal, "rail.appeals")}
                            }
                        })
                }}
                {move || {
                    session
                        .may(Role::Admin)
                        .then(|| {
                            view! {
                                {item(Screen::Guard, Icon::Shield, "rail.guard")}
                                {item(Screen::Faq, Icon::Faq, "rail.faq")}
                                {item(Screen::Settings, Icon::Settings, "rail.settings")}
                            }
                        })
                }}
                {move || {
                    session.may(Role::Owner).then(|| item(Screen::People, Icon::People, "rail.people"))
                }}
            </ul>
            <Account/>
        </nav>
    }
}

/// Who is signed in, the language, one's own sign-in, and the way out.
#[component]
fn Account() -> impl IntoView {
    let (nav, session, words) = (nav(), session(), words());
    let failure = RwSignal::new(None::<Failure>);
    // In how many talks something is written that nobody has received: signing out leaves nothing of it.
    let unsent = RwSignal::new(0);
    let sign_out = move |_| {
        unsent.set(session.drafts().map_or(0, |drafts| drafts.conversations().len()));
        if unsent.get_untracked() > 0 {
            return;
        }
        spawn_local(async move {
            if let Err(why) = session.sign_out().await {
                failure.try_set(Some(why));
            }
        });
    };
    let name = move || session.who().map(|who| who.name.to_string()).unwrap_or_default();
    let initial = move || name().chars().next().map(|first| first.to_uppercase().to_string());
    view! {
        <button
            type="button"
            class="account"
            id="account"
            popovertarget="account-card"
            title=name
        >
            <span class="avatar" aria-hidden="true">{initial}</span>
            <span class="rail-label">{t("account.short")}</span>
        </button>
        <div class="account-card" id="account-card" popover="auto">
                <p class="account-name">{name}</p>
                <p class="hint">
                    {move || session.who().map(|who| who.email.as_str().to_owned())} " · "
                    {move || session.who().map(|who| words.text(role_key(who.role)))}
                </p>
                <LanguageSwitch/>
                <Show when=move || session.may(Role::Agent)>
                    <BellSwitches/>
                </Show>
                <CharactersSwitch/>
                <button
                    type="button"
                    class="button"
                    id="own-sign-in"
                    popovertarget="account-card"
                    popovertargetaction="hide"
                    on:click=move |_| nav.go(Screen::SignIn)
                >
                    <Glyph icon=Icon::Key/>
                    {t("account.sign_in")}
                </button>
                <button type="button" class="button" id="sign-out" on:click=sign_out>
                    <Glyph icon=Icon::SignOut/>
                    {t("account.sign_out")}
                </button>
                {move || failure.get().map(|failure| view! { <Refusal failure/> })}
        </div>
        <Show when=move || { unsent.get() > 0 }>
            <Confirm
                id="sign-out-all-the-same"
                title="account.unsent"
                about=Signal::derive(move || words.count("account.unsent_about", unsent.get() as u64))
                label="account.sign_out_all_the_same"
                act=move || session.sign_out()
                on_close=move |()| unsent.set(0)
            />
        </Show>
    }
}

/// The key of what a role is called.
pub fn role_key(role: Role) -> &'static str {
    match role {
        Role::Viewer => "role.viewer",
        Role::Agent => "role.agent",
        Role::Admin => "role.admin",
        Role::Owner => "role.owner",
    }
}
