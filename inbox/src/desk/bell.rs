//! Calls whoever is not looking: a visitor waits who is theirs, or nobody's yet.

use std::{collections::BTreeMap, sync::Arc};

use deskbell_browser::{page::Listener, storage};
use deskbell_shared::wire::{ConversationId, DeskEvent, Email, Role, Status, Summary};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions, NotificationPermission};

use super::{
    chime,
    list::{Desk, is_of},
    row::who,
};
use crate::{
    place::Screen,
    session::{Session, session},
    words::{Words, t, words},
};

/// Where this browser keeps whether it tells, and whether one hears it.
const TELLS: &str = "deskbell.notifications";
const SOUNDS: &str = "deskbell.sound";

/// Calls whoever is not looking. What was chosen holds in this browser, whoever signs in there.
#[derive(Clone, Copy)]
pub struct Bell {
    tells: RwSignal<bool>,
    sounds: RwSignal<bool>,
    /// Whether the browser refuses to tell anything.
    is_refused: RwSignal<bool>,
    /// What it shows, and what hears a click on it.
    shown: StoredValue<BTreeMap<ConversationId, (Notification, Listener)>, LocalStorage>,
    words: Words,
    session: Session,
}

impl Bell {
    /// As it was set last, for as long as the owner that calls lives. At first it is silent: nobody was asked.
    pub fn kept() -> Self {
        let may_tell = Notification::permission() == NotificationPermission::Granted;
        let bell = Self {
            tells: RwSignal::new(may_tell && storage::read(TELLS).unwrap_or(false)),
            sounds: RwSignal::new(storage::read(SOUNDS).unwrap_or(false)),
            is_refused: RwSignal::new(false),
            shown: StoredValue::new_local(BTreeMap::new()),
            words: words(),
            session: session(),
        };
        // Whoever looks again sees it in the list.
        let looks = Listener::on(&window(), "focus", move |_| bell.put_away());
        StoredValue::new_local(looks);
        on_cleanup(move || bell.put_away());
        bell
    }

    /// The desk is about to take this in.
    pub(super) fn hear(self, desk: &Desk, event: &DeskEvent) {
        if has_focus() || !untrack(|| self.session.may(Role::Agent)) {
            return;
        }
        let me = untrack(|| self.session.who()).map(|who| who.email);
        let rows = match event {
            DeskEvent::Changed { conversation, .. } => std::slice::from_ref(&**conversation),
            DeskEvent::Snapshot { conversations, .. } => conversations,
            _ => return,
        };
        let calls: Vec<_> = rows.iter().filter(|row| calls(desk, row, me.as_ref())).collect();
        if self.tells.get_untracked() {
            calls.iter().for_each(|row| self.show(row));
        }
        if self.sounds.get_untracked() && !calls.is_empty() {
            chime::ring();
        }
    }

    /// Shows one, in the place of what was shown of the same conversation.
    fn show(self, row: &Summary) {
        let id = row.conversation;
        let options = NotificationOptions::new();
        options.set_body(row.preview.as_str());
        options.set_tag(&id.to_string());
        options.set_renotify(true);
        let title = untrack(|| who(self.words, id, Some(row)));
        // Some phones have it in a worker alone: there the list and the sound have to do.
        let Ok(notification) = Notification::new_with_options(&title, &options) else { return };
        let clicked = Listener::on(&notification, "click", move |_| {
            // Nothing but a window that is being closed refuses.
            let _ = window().focus();
            let _ = window().location().set_hash(&Screen::Talk(id).hash());
        });
        self.shown.update_value(|shown| _ = shown.insert(id, (notification, clicked)));
    }

    fn put_away(self) {
        let shown = self.shown.try_update_value(std::mem::take).unwrap_or_default();
        shown.values().for_each(|(notification, _)| notification.close());
    }

    /// Turns telling on, once the person has allowed it to the browser, and off again.
    fn flip_telling(self) {
        if self.tells.get_untracked() {
            return self.set_telling(false);
        }
        spawn_local(async move {
            let asked = Notification::request_permission().map(JsFuture::from);
            let granted = match asked {
                Ok(asked) => {
                    asked.await.is_ok() && Notification::permission() == NotificationPermission::Granted
                }
                Err(_) => false,
            };
            self.is_refused.try_set(!granted);
            self.set_telling(granted);
        });
    }

    fn set_telling(self, tells: bool) {
        self.tells.try_set(tells);
        storage::write(TELLS, &tells);
    }

    fn flip_sound(self) {
        let sounds = !self.sounds.get_untracked();
        self.sounds.set(sounds);
        storage::write(SOUNDS, &sounds);
        if sounds {
            // What it is like, and the gesture that a browser wants before it lets a page be heard.
            chime::ring();
        }
    }
}

/// Whether this is new to somebody: its visitor waits, has written what nobody has seen, and is theirs or nobody's yet.
fn calls(desk: &Desk, row: &Summary, me: Option<&Email>) -> bool {
    let before = desk.get(row.conversation);
    let seen = |before: Option<Arc<Summary>>| before.map_or(0, |before| before.unread);
    let is_for_me = row.assignee.is_none() || is_of(row, me);
    let was_given = is_of(row, me) && before.as_ref().is_some_and(|before| !is_of(before, me));
    let waits = row.status == Status::Open && row.waiting_since.is_some();
    waits && is_for_me && (row.unread > seen(before.clone()) || before.is_none() || was_given)
}

fn has_focus() -> bool {
    document().has_focus().unwrap_or(true)
}

/// Whether this browser tells, and whether one hears it.
#[component]
pub fn BellSwitches() -> impl IntoView {
    let bell: Bell = expect_context();
    let switch = move |id: &'static str, label: &'static str, is_on: RwSignal<bool>, flip: fn(Bell)| {
        view! {
            <button
                type="button"
                role="switch"
                class="switch"
                id=id
                aria-checked=move || is_on.get().to_string()
                on:click=move |_| flip(bell)
            >
                {t(label)}
            </button>
        }
    };
    view! {
        {switch("notifications", "account.notifications", bell.tells, Bell::flip_telling)}
        <p class="hint" role="status">
            {move || bell.is_refused.get().then(|| bell.words.text("account.notifications_refused"))}
        </p>
        {switch("sound", "account.sound", bell.sounds, Bell::flip_sound)}
    }
}
