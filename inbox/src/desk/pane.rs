//! The list: filters, search, and a row a conversation.

use deskbell_shared::wire::{ConversationId, Role};
use leptos::{ev::Event, html, prelude::*, wasm_bindgen::JsCast};

use super::{
    list::{Filter, neighbour},
    live::live_desk,
    nav::nav,
    row::{Row, names},
};
use crate::{
    connection::Connection,
    session::session,
    team::team,
    ui::{
        field::focus,
        icons::{Glyph, Icon},
    },
    words::{t, words},
};

/// What the list shows, and which of its rows the keyboard is at.
#[derive(Clone, Copy)]
pub struct Choice {
    filter: RwSignal<Filter>,
    search: RwSignal<String>,
    shown: Memo<Vec<ConversationId>>,
    at: RwSignal<Option<ConversationId>>,
    search_box: NodeRef<html::Input>,
}

impl Choice {
    /// Follows the desk, for as long as the owner that calls lives.
    pub fn start() -> Self {
        let (desk, nav, words, team, session) = (live_desk().desk(), nav(), words(), team(), session());
        let (filter, search) = (RwSignal::new(Filter::default()), RwSignal::new(String::new()));
        let shown = Memo::new(move |_| {
            let me = session.who().map(|who| who.email);
            desk.with(|desk| {
                desk.shown(filter.get(), me.as_ref(), &search.get(), |row| names(words, team, row))
            })
        });
        let at = RwSignal::new(None);
        Effect::new(move |_| {
            if let Some(open) = nav.screen().talk() {
                at.set(Some(open));
            }
        });
        Self { filter, search, shown, at, search_box: NodeRef::new() }
    }

    /// Moves to the row below or above, and shows where that is.
    pub fn step(self, down: bool) {
        let next = self.shown.with_untracked(|list| neighbour(list, self.at.get_untracked(), down));
        if let Some(id) = next {
            self.at.set(Some(id));
            focus_row(id);
        }
    }

    /// The row that the keyboard is at.
    pub fn at(self) -> Option<ConversationId> {
        self.at.get_untracked()
    }

    /// Puts the focus back on the row that the keyboard is at.
    pub fn focus(self) {
        if let Some(id) = self.at.get_untracked() {
            focus_row(id);
        }
    }

    /// Puts the cursor into the search.
    pub fn focus_search(self) {
        if let Some(input) = self.search_box.get_untracked() {
            // A page that is not looked at may refuse the focus: then there is nobody to miss it.
            let _ = input.focus();
            input.select();
        }
    }
}

/// Which row the keyboard is at.
pub fn choice() -> Choice {
    expect_context()
}

fn focus_row(id: ConversationId) {
    let row = document().query_selector(&format!("[data-conversation=\"{id}\"]")).ok().flatten();
    focus(row);
}

/// The list.
#[component]
pub fn ListPane() -> impl IntoView {
    let (live, words, session, nav, choice) = (live_desk(), words(), session(), nav(), choice());
    let desk = live.desk();
    let filter_button = move |(filter, label): (Filter, &'static str)| {
        let count = move || {
            let count = match filter {
                Filter::Open => desk.with(|desk| desk.open()),
                Filter::Mine => {
                    let me = session.who().map(|who| who.email);
                    desk.with(|desk| desk.mine(me.as_ref()))
                }
                Filter::Closed | Filter::All => return None,
            };
            live.is_loaded().then(|| view! { <span class="count">{count}</span> })
        };
        view! {
            <button
                type="button"
                aria-pressed=move || (choice.filter.get() == filter).to_string()
                on:click=move |_| choice.filter.set(filter)
            >
                {t(label)}
                {count}
            </button>
        }
    };
    let nothing = move || {
        if !live.is_loaded() || !choice.shown.with(Vec::is_empty) {
            return None;
        }
        let key = match (choice.search.with(|search| search.trim().is_empty()), choice.filter.get()) {
            (false, _) => "list.none_found",
            (true, Filter::Closed) => "list.none_closed",
            (true, Filter::Mine) => "list.none_mine",
            (true, _) => "list.none_open",
        };
        Some(view! { <p class="list-nothing">{words.text(key)}</p> })
    };
    let duty = move || {
        let takes = live.duty().filter(|_| session.may(Role::Agent))?;
        let change = move |event: Event| {
            live.set_duty(event_target_checked(&event));
            // It is so when the edge says so.
            if let Ok(input) =
                event_target::<web_sys::EventTarget>(&event).dyn_into::<web_sys::HtmlInputElement>()
            {
                input.set_checked(takes);
            }
        };
        Some(view! {
            <label class="duty">
                <input
                    type="checkbox"
                    role="switch"
                    id="duty"
                    prop:checked=takes
                    disabled=move || live.connection() != Connection::Up
                    on:change=change
                />
                <span>{t("duty.takes")}</span>
            </label>
        })
    };
    let beyond = move || {
        let beyond = desk.with(|desk| desk.open_beyond());
        (beyond > 0)
            .then(|| view! { <p class="list-nothing">{words.count("list.beyond", beyond as u64)}</p> })
    };
    // The row that Tab leads to: where the keyboard is, or the first.
    let tab_stop = Memo::new(move |_| {
        choice.shown.with(|list| {
            let at = choice.at.get();
            at.filter(|id| list.contains(id)).or_else(|| list.first().copied())
        })
    });
    let open = Memo::new(move |_| nav.screen().talk());
    view! {
        <section class="list" aria-label=t("list.label")>
            <header class="list-head">
                <h1>{move || session.who().map(|who| who.site_name.to_string())}</h1>
                <div class="search">
                    <Glyph icon=Icon::Search/>
                    <input
                        node_ref=choice.search_box
                        id="search"
                        type="search"
                        autocomplete="off"
                        aria-label=t("list.search")
                        placeholder=t("list.search")
                        prop:value=move || choice.search.get()
                        on:input=move |event| choice.search.set(event_target_value(&event))
                    />
                </div>
                {duty}
                <div class="filters" role="group" aria-label=t("list.filter")>
                    {Filter::ALL.map(filter_button).collect_view()}
                </div>
            </header>
            <div class="list-body" id="conversations">
                <ul aria-label=t("list.label")>
                    <For each=move || choice.shown.get() key=|id| *id let:id>
                        <Row
                            id
                            is_open=Signal::derive(move || open.get() == Some(id))
                            is_tab_stop=Signal::derive(move || tab_stop.get() == Some(id))
                            on_focus=move |()| choice.at.set(Some(id))
                        />
                    </For>
                </ul>
                {nothing}
                {beyond}
            </div>
        </section>
    }
}
