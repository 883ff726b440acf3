//! One conversation: what was said, what is known of the visitor, and the answer.

pub mod assigned;
pub mod ban;
pub mod before;
pub mod composer;
pub mod context;
pub mod drafts;
pub mod faq;
pub mod history;
pub mod keep;
mod kept;
pub mod lines;
mod live;
pub mod message;
pub mod model;
pub mod picker;
pub mod subject;
pub mod team_notes;
pub mod transcript;
pub mod why;

use std::sync::Arc;

use deskbell_shared::wire::{ConversationId, ProblemKind, Role, Status, Summary};
use leptos::{prelude::*, task::spawn_local};

pub use self::kept::{Talks, talks};
use self::{
    ban::BanDialog, composer::Composer, context::ContextPane, history::History, live::LiveTalk, model::Talk,
    transcript::Transcript,
};
use crate::{
    connection::Connection,
    desk::{
        live::live_desk,
        row::{Face, who},
    },
    place::Screen,
    session::session,
    team::team,
    ui::{
        icons::{Glyph, Icon},
        notice::notice,
        refusal::{Refusal, is},
    },
    words::{t, words},
};

/// The id of the button that closes the conversation.
pub const CLOSE: &str = "close";
/// What the same button is called when it takes that back: the key that closes does not.
const REOPEN: &str = "reopen";
/// The id of the button that shows what is known of the visitor, and hides it.
pub const DETAILS: &str = "details";
/// What is known of the visitor while it lies over the conversation.
pub const DETAILS_OVER: &str = ".context.shown";

/// One conversation.
#[component]
pub fn TalkScreen(
    /// Which.
    id: ConversationId,
) -> impl IntoView {
    let live = LiveTalk::start(id);
    let details = RwSignal::new(false);
    let banning = RwSignal::new(false);
    let desk = live_desk().desk();
    let history = History::start();
    let summary = Memo::new(move |_| desk.with(|desk| desk.get(id)).or_else(|| history.summary()));
    // What is said of it by the list alone has to be asked for when the list has it no more, and can be when it has come.
    let is_listed = Memo::new(move |_| desk.with(|desk| desk.get(id).is_some()));
    Effect::new(move |_| {
        is_listed.track();
        history.load(id);
    });
    let is_carried = Signal::derive(move || summary.get().is_some_and(|summary| summary.via.is_some()));
    let stopped = Memo::new(move |_| match live.connection() {
        Connection::Stopped(failure) => Some(failure),
        _ => None,
    });
    view! {
        <main class="talk" aria-label=t("talk.label") class:with-details=move || details.get()>
            <TalkHead live summary details banning/>
            {move || match stopped.get() {
                Some(failure) => view! {
                    <div class="empty">
                        <Refusal failure/>
                    </div>
                }
                .into_any(),
                None => view! {
                    <Transcript live is_carried/>
                    <Composer live summary/>
                }
                .into_any(),
            }}
        </main>
        <ContextPane live summary is_carried history shown=details/>
        {move || banning.get().then(|| view! { <BanDialog id is_on_site=!is_carried.get_untracked() on_close=move |()| banning.set(false)/> })}
    }
}

/// The head of a conversation: who it is with, and what can be done.
#[component]
fn TalkHead(
    /// Which.
    live: LiveTalk,
    /// What is known of it.
    summary: Memo<Option<Arc<Summary>>>,
    /// Whether what is known of the visitor is shown where there is no room for it at all times.
    details: RwSignal<bool>,
    /// Whether a ban is being decided.
    banning: RwSignal<bool>,
) -> impl IntoView {
    let (words, session, notice, team) = (words(), session(), notice(), team());
    let id = live.id();
    let status = Memo::new(move |_| {
        live.talk().with(|talk| talk.status()).or_else(|| summary.get().map(|summary| summary.status))
    });
    let online = Signal::derive(move || summary.get().is_some_and(|summary| summary.online));
    let busy = RwSignal::new(false);
    let is_closed = Memo::new(move |_| status.get() == Some(Status::Closed));
    // Nobody closes what they have not seen.
    let is_too_early = Memo::new(move |_| !is_closed.get() && live.talk().with(Talk::contiguous) == 0);
    // One button does it and takes it back, so that the keyboard stays where it is.
    let turn = move |_| {
        let (closed, seen) = (is_closed.get_untracked(), live.talk().with_untracked(Talk::contiguous));
        if busy.get_untracked() || (!closed && seen == 0) {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let api = session.api();
            let result = if closed { api.reopen(id).await } else { api.close(id, seen).await };
            busy.try_set(false);
            match result {
                Ok(()) => notice.clear(),
                Err(failure) if is(&failure, ProblemKind::Conflict) => notice.warn("talk.close_overtaken"),
                Err(failure) => notice.say(session.heed(failure)),
            }
        });
    };
    let status_pill = move || {
        let (key, class) = match status.get()? {
            Status::Open => ("status.open", "tag"),
            Status::Closed => ("status.closed", "tag done"),
        };
        Some(view! { <span class=class id="talk-status">{words.text(key)}</span> })
    };
    let banned = move || {
        summary
            .get()
            .is_some_and(|summary| summary.banned)
            .then(|| view! { <a class="tag alert" href=Screen::Bans.hash()>{t("row.banned")}</a> })
    };
    let assigned = move || {
        let assignee = summary.get().and_then(|summary| team.assignee(&summary));
        assignee.filter(|assignee| !team.is_me(&assignee.email)).map(|assignee| {
            let said = words.fill("assign.is", &[("name", assignee.name.as_str())]);
            view! { <span class="tag assignee" dir="auto" title=said>{assignee.name.to_string()}</span> }
        })
    };
    let acts = move || {
        session.may(Role::Agent).then(|| {
            view! {
                <button type="button" class="button quiet" id="ban" on:click=move |_| banning.set(true)>
                    <Glyph icon=Icon::Ban/>
                    <span class="button-label">{t("talk.ban")}</span>
                </button>
                <Show when=move || status.with(Option::is_some)>
                    <button
                        type="button"
                        class="button"
                        id=move || if is_closed.get() { REOPEN } else { CLOSE }
                        aria-busy=move || busy.get().to_string()
                        aria-disabled=move || is_too_early.get().to_string()
                        on:click=turn
                    >
                        {move || {
                            let icon = if is_closed.get() { Icon::Reopen } else { Icon::Check };
                            view! { <Glyph icon/> }
                        }}
                        <span class="button-label">
                            {move || words.text(if is_closed.get() { "talk.reopen" } else { "talk.close" })}
                        </span>
                    </button>
                </Show>
            }
        })
    };
    view! {
        <header class="talk-head">
            <a class="button quiet back" href=Screen::Desk.hash() aria-label=t("talk.back")>
                <Glyph icon=Icon::Back/>
            </a>
            <Face id online/>
            <h2 dir="auto">{move || who(words, id, summary.get().as_deref())}</h2>
            {status_pill}
            {banned}
            {assigned}
            <span class="spring"></span>
            {acts}
            <button
                type="button"
                id=DETAILS
                class="button quiet details"
                aria-label=t("talk.details")
                aria-expanded=move || details.get().to_string()
                aria-controls="context"
                on:click=move |_| details.update(|shown| *shown = !*shown)
            >
                <Glyph icon=Icon::Details/>
            </button>
        </header>
    }
}
