//! Who is banned, and lifting it.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{Ban, BanScope, Role};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    desk::row::{moment, visitor_name},
    place::Screen,
    session::session,
    ui::{
        clock::now,
        icons::{Glyph, Icon},
        notice::notice,
        refusal::Refusal,
    },
    words::{t, words},
};

/// The bans in force.
#[component]
pub fn BansScreen() -> impl IntoView {
    let (session, now) = (session(), now());
    let bans = RwSignal::new(None::<Result<Vec<Ban>, Failure>>);
    let load = move || {
        spawn_local(async move {
            let answer = session.api().bans().await;
            bans.try_set(Some(answer.map(|bans| bans.bans).map_err(|failure| session.heed(failure))));
        });
    };
    load();
    // What has ended meanwhile is in force no more, whatever the list said when it came. The list is drawn anew
    // only when that changes it, and not with every second: a button that is being pressed has to stay.
    let in_force = Memo::new(move |_| {
        let now = now.now();
        let ended = |ban: &Ban| ban.until.is_some_and(|until| until <= now);
        bans.with(|bans| match bans {
            Some(Ok(bans)) => bans.iter().filter(|ban| !ended(ban)).cloned().collect(),
            _ => Vec::new(),
        })
    });
    let list = move || match bans.get() {
        None => view! { <p class="loading" role="status">{t("app.loading")}</p> }.into_any(),
        Some(Err(failure)) => view! {
            <Refusal failure/>
            <button type="button" class="button" on:click=move |_| load()>{t("app.retry")}</button>
        }
        .into_any(),
        Some(Ok(_)) => {
            let bans = in_force.get();
            if bans.is_empty() {
                view! { <p class="hint" id="no-bans">{t("bans.none")}</p> }.into_any()
            } else {
                let row = move |ban: Ban| view! { <BanRow ban on_lifted=move |()| load()/> };
                view! { <ul class="cards" id="bans">{bans.into_iter().map(row).collect_view()}</ul> }
                    .into_any()
            }
        }
    };
    view! {
        <main class="page">
            <div class="page-body">
                <h1>{t("bans.title")}</h1>
                <p class="hint">{t("bans.about")}</p>
                {list}
            </div>
        </main>
    }
}

/// A ban.
#[component]
fn BanRow(
    /// The ban.
    ban: Ban,
    /// Called when it has been lifted.
    #[prop(into)]
    on_lifted: Callback<()>,
) -> impl IntoView {
    let (session, words, notice, now) = (session(), words(), notice(), now());
    let Ban { id, conversation, scope, reason, by, since, until } = ban;
    let busy = RwSignal::new(false);
    let lift = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = session.api().lift(id).await;
            busy.try_set(false);
            match answer {
                // Whoever left the screen meanwhile needs no new list.
                Ok(()) => _ = on_lifted.try_run(()),
                Err(failure) => notice.say(session.heed(failure)),
            }
        });
    };
    let scope_key = match scope {
        BanScope::Visitor => "bans.visitor",
        BanScope::Address => "bans.address",
    };
    let by = by.to_string();
    let ends = Memo::new(move |_| match until {
        Some(until) => words.fill("bans.until", &[("until", &moment(words, until, now.now()))]),
        None => words.text("ban.until_lifted"),
    });
    let made = Memo::new(move |_| {
        words.fill("bans.made", &[("name", &by), ("when", &moment(words, since, now.now()))])
    });
    view! {
        <li class="card" data-ban=id.to_string()>
            <div>
                <p>
                    <a href=Screen::Talk(conversation).hash()>{move || visitor_name(words, conversation)}</a>
                    " "
                    <span class="tag">{t(scope_key)}</span>
                </p>
                <p dir="auto">{reason.to_string()}</p>
                <p class="hint">{ends} " · " {made}</p>
            </div>
            <Show when=move || session.may(Role::Agent)>
                <button
                    type="button"
                    class="button"
                    aria-label=move || words.fill("bans.lift_of", &[("visitor", &visitor_name(words, conversation))])
                    aria-busy=move || busy.get().to_string()
                    on:click=lift
                >
                    <Glyph icon=Icon::Check/>
                    {t("bans.lift")}
                </button>
            </Show>
        </li>
    }
}
