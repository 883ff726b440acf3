//! The list: filters, search, and a row a conversation.

use deskbell_shared::wire::{ConversationId, MAX_SEARCH, Role, Subject};
use leptos::{
    ev::{Event, MouseEvent},
    html,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::PointerEvent,
};

use super::{
    list::neighbour,
    live::live_desk,
    nav::nav,
    older::{OLDER, Older},
    row::{Row, names},
    wanted::{About, Filter},
};
use crate::{
    connection::Connection,
    session::session,
    subjects::subjects,
    team::team,
    ui::{
        field::{focus, is_of_input_method, press},
        icons::{Glyph, Icon},
    },
    words::{t, words},
};

/// What the list shows, and which of its rows the keyboard is at.
#[derive(Clone, Copy)]
pub struct Choice {
    filter: RwSignal<Filter>,
    about: RwSignal<About>,
    search: RwSignal<String>,
    shown: Memo<Vec<ConversationId>>,
    at: RwSignal<Option<ConversationId>>,
    search_box: NodeRef<html::Input>,
    /// Whether the conversation that is about to open was chosen by hand.
    by_hand: StoredValue<bool>,
}

impl Choice {
    /// Follows the desk, for as long as the owner that calls lives.
    pub fn start() -> Self {
        let (desk, nav, words, team, session) = (live_desk().desk(), nav(), words(), team(), session());
        let (filter, about) = (RwSignal::new(Filter::default()), RwSignal::new(About::default()));
        let search = RwSignal::new(String::new());
        let shown = Memo::new(move |_| {
            let me = session.who().map(|who| who.email);
            desk.with(|desk| {
                let wanted = (filter.get(), &about.get());
                desk.shown(wanted, me.as_ref(), &search.get(), |row| names(words, team, row))
            })
        });
        let at = RwSignal::new(None);
        Effect::new(move |_| {
            if let Some(open) = nav.screen().talk() {
                at.set(Some(open));
            }
        });
        Self {
            filter,
            about,
            search,
            shown,
            at,
            search_box: NodeRef::new(),
            by_hand: StoredValue::new(false),
        }
    }

    /// Moves to the row below or above, and shows where that is.
    pub fn step(self, down: bool) {
        let next = self.shown.with_untracked(|list| neighbour(list, self.at.get_untracked(), down));
        if let Some(id) = next {
            self.at.set(Some(id));
            focus_row(id);
        }
    }

    /// Which conversations are wanted.
    pub fn filter(self) -> Filter {
        self.filter.get()
    }

    /// The words that are looked for.
    pub fn searched(self) -> String {
        self.search.with(|search| search.trim().to_owned())
    }

    /// The row that the keyboard is at.
    pub fn at(self) -> Option<ConversationId> {
        self.at.get_untracked()
    }

    /// A row was pressed that was not open: by a mouse, by a finger, or, as browsers have it, by a key.
    pub fn pressed(self, event: &MouseEvent) {
        let by = event.dyn_ref::<PointerEvent>().map(PointerEvent::pointer_type);
        let elsewhere = event.ctrl_key() || event.meta_key() || event.shift_key();
        self.by_hand.set_value(by.as_deref() == Some("mouse") && !elsewhere);
    }

    /// Whether whoever opens a conversation goes on writing at once. Whoever goes by keys has one for that, and a finger would
    /// bring the keyboard over half of what there is to read.
    pub fn goes_on_writing(self) -> bool {
        self.by_hand.try_update_value(std::mem::take) == Some(true)
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
    let subjects = subjects();
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
        let is_narrowed = choice.about.with(|about| *about != About::Anything);
        let key = match (choice.search.with(|search| search.trim().is_empty()), choice.filter.get()) {
            (false, _) => "list.none_found",
            (true, _) if is_narrowed => "list.none_about",
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
    // What is chosen can be taken back, also when no entry is about it any more.
    let there_are = Memo::new(move |_| match choice.about.get() {
        About::Subject(subject) => subjects.all_and(&[subject]),
        About::Anything | About::Nothing => subjects.all(),
    });
    let can_choose =
        move || !there_are.with(Vec::is_empty) || choice.about.with(|about| *about != About::Anything);
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
                        maxlength=MAX_SEARCH.to_string()
                        on:input=move |event| choice.search.set(event_target_value(&event))
                        on:keydown=move |event| {
                            if event.key() == "Enter" && !is_of_input_method(&event) {
                                press(OLDER);
                            }
                        }
                    />
                </div>
                {duty}
                <div class="filters" role="group" aria-label=t("list.filter")>
                    {Filter::ALL.map(filter_button).collect_view()}
                </div>
                <Show when=can_choose>
                    <AboutSelect about=choice.about there_are/>
                </Show>
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
                <Older/>
            </div>
        </section>
    }
}

/// About what the list is.
#[component]
fn AboutSelect(
    /// About what.
    about: RwSignal<About>,
    /// What it can be about.
    there_are: Memo<Vec<Subject>>,
) -> impl IntoView {
    // A subject may be called anything, so that its value begins with what no other does.
    let value_of = |about: &About| match about {
        About::Anything => "any".to_owned(),
        About::Nothing => "none".to_owned(),
        About::Subject(subject) => format!("={subject}"),
    };
    let choose = move |value: String| {
        let subject = value.strip_prefix('=').and_then(|name| Subject::new(name).ok());
        about.set(match subject {
            Some(subject) => About::Subject(subject),
            None if value == "none" => About::Nothing,
            None => About::Anything,
        });
    };
    let option = move |subject: Subject| {
        let name = subject.to_string();
        let wanted = About::Subject(subject);
        let is_chosen = about.with_untracked(|about| *about == wanted);
        view! { <option value=value_of(&wanted) selected=is_chosen>{name}</option> }
    };
    view! {
        <select
            id="about"
            aria-label=t("list.about")
            prop:value=move || {
                there_are.track();
                about.with(value_of)
            }
            on:change=move |event| choose(event_target_value(&event))
        >
            <option value="any">{t("list.about_anything")}</option>
            <For each=move || there_are.get() key=Clone::clone children=option/>
            <option value="none">{t("list.about_nothing")}</option>
        </select>
    }
}
