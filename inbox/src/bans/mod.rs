//! Who and what is stopped, stopping more, and lifting it.

pub mod form;

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{Ban, BanScope, Role};
use leptos::{prelude::*, task::spawn_local};

use self::form::BlockForm;
use crate::{
    appeals::signal_name,
    desk::row::{moment, visitor_name},
    place::Screen,
    session::session,
    ui::{
        clock::now,
        icons::{Glyph, Icon},
        notice::notice,
        refusal::Retry,
        said::Said,
    },
    words::{Words, t, words},
};

/// The bans in force.
#[component]
pub fn BansScreen() -> impl IntoView {
    let (session, words, now) = (session(), words(), now());
    let bans = RwSignal::new(None::<Result<Vec<Ban>, Failure>>);
    let load = move || {
        spawn_local(async move {
            let answer = session.api().bans().await;
            bans.try_set(Some(answer.map(|bans| bans.bans).map_err(|failure| session.heed(failure))));
        });
    };
    load();
    // What has ended meanwhile is in force no more, whatever the list said when it came.
    let said = RwSignal::new(None::<String>);
    let search = RwSignal::new(String::new());
    let in_force = Memo::new(move |_| {
        let now = now.now();
        let ended = |ban: &Ban| ban.until.is_some_and(|until| until <= now);
        bans.with(|bans| match bans {
            Some(Ok(bans)) => bans.iter().filter(|ban| !ended(ban)).cloned().collect(),
            _ => Vec::new(),
        })
    });
    let found = Memo::new(move |_| {
        let search = search.with(|search| search.trim().to_lowercase());
        in_force.with(|bans: &Vec<Ban>| {
            bans.iter().filter(|ban| mentions(words, ban, &search)).cloned().collect::<Vec<_>>()
        })
    });
    let lifted = Callback::new(move |ban: Ban| {
        said.try_set(Some(words.fill("bans.lifted", &[("visitor", &target(words, &ban))])));
        load();
    });
    let failed =
        Memo::new(move |_| bans.with(|bans| bans.as_ref().map(|answer| answer.as_ref().err().cloned())));
    let empty = Memo::new(move |_| (in_force.with(Vec::is_empty), found.with(Vec::is_empty)));
    let list = move || match failed.get() {
        None => view! { <p class="loading" role="status">{t("app.loading")}</p> }.into_any(),
        Some(Some(failure)) => view! {
            <Retry failure on_retry=move |()| load()/>
        }
        .into_any(),
        Some(None) => match empty.get() {
            (true, _) => view! { <p class="hint" id="no-bans">{t("bans.none")}</p> }.into_any(),
            (_, true) => view! { <p class="hint" id="no-bans">{t("bans.none_found")}</p> }.into_any(),
            // A button that is about to be pressed stays the one of its ban, whatever goes before it.
            _ => view! {
                <ul class="cards" id="bans">
                    <For each=move || found.get() key=|ban| (ban.id, ban.until) let:ban>
                        <BanRow ban on_lifted=lifted/>
                    </For>
                </ul>
            }
            .into_any(),
        },
    };
    view! {
        <main class="page">
            <div class="page-body">
                <h1>{t("bans.title")}</h1>
                <p class="hint">{t("bans.about")}</p>
                <Show when=move || session.may(Role::Agent)>
                    <details>
                        <summary class="button">{t("block.title")}</summary>
                        <BlockForm on_done=move |()| load()/>
                    </details>
                </Show>
                <input
                    type="search"
                    id="search-bans"
                    aria-label=t("bans.search")
                    placeholder=t("bans.search")
                    prop:value=move || search.get()
                    on:input=move |event| search.set(event_target_value(&event))
                />
                <Said id="lifted" said/>
                {list}
            </div>
        </main>
    }
}

/// What a ban stops, in words.
fn target(words: Words, ban: &Ban) -> String {
    match (&ban.scope, ban.conversation) {
        (BanScope::Range(range), _) => range.to_string(),
        (BanScope::Country(country), _) => words.country_name(&country.to_string()),
        (BanScope::Keyword(word), _) => word.to_string(),
        (BanScope::Email(email), _) => email.as_str().to_owned(),
        (_, Some(id)) => visitor_name(words, id),
        (_, None) => words.text("bans.a_visitor"),
    }
}

/// Why it was made, in words.
fn why(words: Words, ban: &Ban) -> String {
    match &ban.reason {
        Some(reason) => reason.to_string(),
        None => {
            let signals: Vec<String> =
                ban.signals.iter().map(|signal| signal_name(words, Some(*signal))).collect();
            signals.join(" · ")
        }
    }
}

/// Whether what is shown of a ban has these words in it.
fn mentions(words: Words, ban: &Ban, search: &str) -> bool {
    let by = ban.by.as_ref().map(ToString::to_string).unwrap_or_default();
    let shown = [target(words, ban), why(words, ban), by];
    search.split_whitespace().all(|word| shown.iter().any(|text| text.to_lowercase().contains(word)))
}

/// A ban.
#[component]
fn BanRow(
    /// The ban.
    ban: Ban,
    /// Called when it has been lifted.
    #[prop(into)]
    on_lifted: Callback<Ban>,
) -> impl IntoView {
    let (session, words, notice, now) = (session(), words(), notice(), now());
    let (shown, told) = (ban.clone(), ban.clone());
    let (name, gone) = (ban.clone(), StoredValue::new(ban.clone()));
    let Ban { id, conversation, scope, by, since, until, .. } = ban;
    let busy = RwSignal::new(false);
    let lift = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let gone = gone.get_value();
        spawn_local(async move {
            let answer = session.api().lift(id).await;
            busy.try_set(false);
            match answer {
                // Whoever left the screen meanwhile needs no new list.
                Ok(()) => _ = on_lifted.try_run(gone),
                Err(failure) => notice.say(session.heed(failure)),
            }
        });
    };
    let scope_key = match scope {
        BanScope::Visitor => "bans.visitor",
        BanScope::Address => "bans.address",
        BanScope::Range(_) => "block.range",
        BanScope::Country(_) => "block.country",
        BanScope::Keyword(_) => "block.keyword",
        BanScope::Email(_) => "block.email",
    };
    let by = by.map(|by| by.to_string());
    let ends = Memo::new(move |_| match until {
        Some(until) => words.fill("bans.until", &[("until", &moment(words, until, now.now()))]),
        None => words.text("ban.until_lifted"),
    });
    let made = Memo::new(move |_| {
        let by = by.clone().unwrap_or_else(|| words.text("bans.the_guard"));
        words.fill("bans.made", &[("name", &by), ("when", &moment(words, since, now.now()))])
    });
    view! {
        <li class="card" data-ban=id.to_string()>
            <div>
                <p>
                    {match conversation {
                        Some(id) => view! {
                            <a href=Screen::Talk(id).hash()>{move || target(words, &shown)}</a>
                        }
                        .into_any(),
                        None => view! { <strong dir="auto">{move || target(words, &shown)}</strong> }.into_any(),
                    }}
                    " "
                    <span class="tag">{t(scope_key)}</span>
                </p>
                <p dir="auto">{move || why(words, &told)}</p>
                <p class="hint">{ends} " · " {made}</p>
            </div>
            <Show when=move || session.may(Role::Agent)>
                <button
                    type="button"
                    class="button"
                    aria-label={
                        let name = name.clone();
                        move || words.fill("bans.lift_of", &[("visitor", &target(words, &name))])
                    }
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
