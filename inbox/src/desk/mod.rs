//! The console: the rail, the list of conversations, and the screen beside it.

pub mod alerts;
pub mod banner;
pub mod bell;
mod chime;
pub mod given;
pub mod list;
pub mod live;
pub mod nav;
pub mod older;
pub mod outdated;
pub mod pane;
pub mod rail;
pub mod row;
pub mod service;
pub mod shortcuts;
pub mod wanted;

use deskbell_shared::wire::Role;
use leptos::prelude::*;

use self::{
    alerts::Alerts,
    banner::ConnectionBanner,
    bell::Bell,
    given::GivenBanner,
    live::{LiveDesk, live_desk},
    nav::{Nav, nav},
    outdated::{Outdated, OutdatedBanner},
    pane::{Choice, ListPane},
    rail::Rail,
    service::Service,
    shortcuts::{Characters, Shortcuts},
};
use crate::{
    appeals::AppealsScreen,
    bans::BansScreen,
    faq::FaqScreen,
    figures::FiguresScreen,
    guard::GuardScreen,
    people::PeopleScreen,
    place::Screen,
    replies::{RepliesScreen, live::Replies},
    second_factor::SignInScreen,
    session::{Session, Standing, session},
    settings::SettingsScreen,
    sign_in::SignInForm,
    subjects::LiveSubjects,
    talk::{TalkScreen, Talks},
    team::{LiveTeam, team},
    ui::{
        dialog::Dialog,
        notice::{Notice, Notices},
    },
    words::{t, words},
};

/// The console of somebody who is signed in.
#[component]
pub fn Console() -> impl IntoView {
    provide_context(Nav::start());
    provide_context(Notice::default());
    provide_context(Outdated::default());
    provide_context(LiveTeam::start());
    provide_context(Bell::kept());
    provide_context(LiveDesk::start());
    provide_context(LiveSubjects::start());
    provide_context(Replies::start());
    provide_context(Talks::start());
    provide_context(Choice::start());
    provide_context(Characters::kept());
    let (nav, session) = (nav(), session());
    follow_title();

    let beside = move || match nav.screen() {
        Screen::Desk => "desk",
        Screen::Talk(_) => "talk",
        _ => "page",
    };
    // A screen is built anew for another one, each conversation and another role, and not for every other change: what is
    // typed in it is still there when the session ends and when another one begins.
    let screen = Memo::new(move |_| nav.screen());
    let role = Memo::new(move |_| session.who().map(|who| who.role));
    let may = move |needed: Role| role.get().is_some_and(|role| role >= needed);
    view! {
        <Shortcuts/>
        <div class="console" data-screen=beside>
            <div class="strip">
                <ConnectionBanner/>
                <OutdatedBanner/>
                <Alerts/>
                <GivenBanner/>
            </div>
            <Rail/>
            <ListPane/>
            {move || match screen.get() {
                Screen::Desk => view! { <NothingOpen/> }.into_any(),
                Screen::Talk(id) => view! { <TalkScreen id/> }.into_any(),
                Screen::SignIn => view! { <SignInScreen/> }.into_any(),
                Screen::Figures => view! { <FiguresScreen/> }.into_any(),
                Screen::Replies if may(Role::Agent) => view! { <RepliesScreen/> }.into_any(),
                Screen::Bans if may(Role::Agent) => view! { <BansScreen/> }.into_any(),
                Screen::Appeals if may(Role::Agent) => view! { <AppealsScreen/> }.into_any(),
                Screen::Guard if may(Role::Admin) => view! { <GuardScreen/> }.into_any(),
                Screen::Faq if may(Role::Admin) => view! { <FaqScreen/> }.into_any(),
                Screen::Settings if may(Role::Admin) => view! { <SettingsScreen/> }.into_any(),
                Screen::People if may(Role::Owner) => view! { <PeopleScreen/> }.into_any(),
                Screen::Replies
                | Screen::Bans
                | Screen::Appeals
                | Screen::Guard
                | Screen::Faq
                | Screen::Settings
                | Screen::People => view! { <NotForYou/> }.into_any(),
            }}
        </div>
        <Notices/>
        <SessionEnded session/>
    }
}

/// What stands beside the list when no conversation is open.
#[component]
fn NothingOpen() -> impl IntoView {
    view! {
        <main class="empty" aria-label=t("talk.none")>
            <p>{t("talk.none")}</p>
            <p class="hint">{t("talk.none_hint")}</p>
            <Service/>
        </main>
    }
}

/// A screen that takes another role.
#[component]
fn NotForYou() -> impl IntoView {
    view! {
        <main class="empty">
            <p>{t("failure.not_allowed")}</p>
        </main>
    }
}

/// Signing in again over work in progress.
#[component]
fn SessionEnded(
    /// Whose.
    session: Session,
) -> impl IntoView {
    let ended = Memo::new(move |_| match session.standing() {
        Standing::Ended(who) => Some(who.email.as_str().to_owned()),
        _ => None,
    });
    move || {
        ended.get().map(|email| {
            view! {
                <Dialog labelled_by="session-ended" dismissable=false on_close=|()| ()>
                    <h2 id="session-ended">{t("sign_in.ended")}</h2>
                    <p>{t("sign_in.ended_hint")}</p>
                    <SignInForm email/>
                </Dialog>
            }
        })
    }
}

/// Keeps the window's title telling how many visitors wait for whoever looks at it.
fn follow_title() {
    let (desk, session, words, team) = (live_desk().desk(), session(), words(), team());
    Effect::new(move |_| {
        let waiting = desk.with(|desk| desk.waiting(|row| team.is_for_me(row)));
        let site = session.who().map(|who| who.site_name.to_string()).unwrap_or_default();
        let title = words.fill("app.title", &[("site", &site)]);
        document().set_title(&match waiting {
            0 => title,
            n => format!("({n}) {title}"),
        });
    });
}
