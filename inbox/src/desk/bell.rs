//! Calls whoever is not looking: a visitor waits who is theirs, or nobody's yet.

use std::collections::BTreeMap;

use deskbell_browser::{page::Listener, storage};
use deskbell_shared::wire::{ConversationId, DeskEvent, Millis, Role, Summary};
use js_sys::Reflect;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions, NotificationPermission};

use super::{
    chime,
    list::{Desk, waits},
    row::who,
};
use crate::{
    place::Screen,
    session::{Session, session},
    team::{LiveTeam, team},
    ui::switch::Switch,
    words::{Words, words},
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
    team: LiveTeam,
    session: Session,
}

impl Bell {
    /// As it was set last, for as long as the owner that calls lives. At first it is silent: nobody was asked.
    pub fn kept() -> Self {
        let bell = Self {
            tells: RwSignal::new(is_allowed() && storage::read(TELLS).unwrap_or(false)),
            sounds: RwSignal::new(storage::read(SOUNDS).unwrap_or(false)),
            is_refused: RwSignal::new(false),
            shown: StoredValue::new_local(BTreeMap::new()),
            words: words(),
            team: team(),
            session: session(),
        };
        // Whoever looks again sees it in the list; and browsers let nothing be heard of a page before somebody has touched it.
        let wake = move |_| {
            if bell.sounds.try_get_untracked() == Some(true) {
                chime::wake();
            }
        };
        let listeners = [
            Listener::on(&window(), "focus", move |_| bell.put_away()),
            Listener::on(&window(), "pointerdown", wake),
            Listener::on(&window(), "keydown", wake),
        ];
        StoredValue::new_local(listeners);
        on_cleanup(move || bell.put_away());
        bell
    }

    /// The desk is about to take this in.
    pub(super) fn hear(self, desk: &Desk, event: &DeskEvent) {
        let rows = match event {
            DeskEvent::Changed { conversation, .. } => std::slice::from_ref(&**conversation),
            DeskEvent::Snapshot { conversations, .. } => conversations,
            DeskEvent::Erased { conversation, .. } => return self.put_away_one(*conversation),
            _ => return,
        };
        for row in rows.iter().filter(|row| !self.waits_for_me(row)) {
            self.put_away_one(row.conversation);
        }
        if has_focus() || !untrack(|| self.session.may(Role::Agent)) {
            return;
        }
        let newest = desk.newest();
        let calls = |row: &&Summary| self.waits_for_me(row) && self.is_news(desk, row, newest);
        let calls: Vec<_> = rows.iter().filter(calls).collect();
        if self.tells.get_untracked() {
            calls.iter().for_each(|row| self.show(row));
        }
        if self.sounds.get_untracked() && !calls.is_empty() {
            chime::ring();
        }
    }

    fn waits_for_me(self, row: &Summary) -> bool {
        waits(row) && untrack(|| self.team.is_for_me(row))
    }

    /// Whether its visitor has begun, or has written what nobody has seen, or was somebody else's until now. What is not known
    /// and is older than what is was only beyond the list's end.
    fn is_news(self, desk: &Desk, row: &Summary, newest: Millis) -> bool {
        desk.get(row.conversation)
            .map_or(row.updated > newest, |before| row.unread > before.unread || !self.waits_for_me(&before))
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

    fn put_away_one(self, id: ConversationId) {
        if let Some((notification, _)) = self.shown.try_update_value(|shown| shown.remove(&id)).flatten() {
            notification.close();
        }
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
                Ok(asked) => asked.await.is_ok() && is_allowed(),
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
            // What it is like.
            chime::try_out();
        }
    }
}

/// Whether the browser shows what the page tells. Some phones know nothing of it.
fn is_allowed() -> bool {
    let is_there = Reflect::has(&window(), &"Notification".into()).unwrap_or(false);
    is_there && Notification::permission() == NotificationPermission::Granted
}

fn has_focus() -> bool {
    document().has_focus().unwrap_or(true)
}

/// Whether this browser tells, and whether one hears it.
#[component]
pub fn BellSwitches() -> impl IntoView {
    let bell: Bell = expect_context();
    view! {
        <div>
            <Switch
                id="notifications"
                label="account.notifications"
                is_on=bell.tells
                on_flip=move |()| bell.flip_telling()
            />
            <p class="hint" role="status">
                {move || bell.is_refused.get().then(|| bell.words.text("account.notifications_refused"))}
            </p>
        </div>
        <Switch id="sound" label="account.sound" is_on=bell.sounds on_flip=move |()| bell.flip_sound()/>
    }
}
