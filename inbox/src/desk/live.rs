//! The list of conversations, kept current over the desk's socket.

use std::collections::BTreeSet;

use deskbell_browser::{
    clock,
    http::Failure,
    link::{Link, LinkEvent},
    page::Listener,
};
use deskbell_shared::wire::{Alert, Appeals, ConversationId, DeskEvent, DeskRequest, Millis, Role, Summary};
use leptos::{prelude::*, task::spawn_local};

use super::{
    bell::Bell,
    list::{Desk, is_of},
    outdated::{Outdated, outdated},
};
use crate::{
    connection::Connection,
    session::{Session, session},
    ui::clock::{now, sleep},
};

/// After how long without an answer to a hello the connection is not to be trusted, in milliseconds.
const PATIENCE_MS: u64 = 10_000;
/// Within how long the alerts that are on have followed a snapshot, in milliseconds.
const ALERTS_FOLLOW_MS: u64 = 1_000;

/// The list of conversations, kept current.
#[derive(Clone, Copy)]
pub struct LiveDesk {
    desk: RwSignal<Desk>,
    loaded: RwSignal<bool>,
    alerts: RwSignal<Vec<Alert>>,
    /// Which list of alerts is coming, and those that came with it.
    renewed: StoredValue<(u32, Vec<Alert>)>,
    appeals: RwSignal<Option<Result<Appeals, Failure>>>,
    /// How often appeals were asked for: only the last answer counts.
    appeals_asked: StoredValue<u32>,
    connection: RwSignal<Connection>,
    link: StoredValue<Option<Link>, LocalStorage>,
    /// Since when the edge owes a list.
    asked: StoredValue<Option<Millis>>,
    /// Conversations that were erased while this console was open.
    erased: RwSignal<BTreeSet<ConversationId>>,
    /// Whether visitors who wait are given to whoever is signed in; `None` where the site gives them to nobody.
    duty: RwSignal<Option<bool>>,
    /// Talks that were given to whoever is signed in, and were not open since.
    given: RwSignal<BTreeSet<ConversationId>>,
    outdated: Outdated,
    bell: Bell,
    /// Whether no list has come over the connection yet.
    is_fresh: StoredValue<bool>,
    session: Session,
}

impl LiveDesk {
    /// Connects, and again whenever somebody signs in anew, for as long as the owner that calls lives.
    pub fn start() -> Self {
        let live = Self {
            desk: RwSignal::default(),
            loaded: RwSignal::new(false),
            alerts: RwSignal::default(),
            renewed: StoredValue::default(),
            appeals: RwSignal::default(),
            appeals_asked: StoredValue::default(),
            connection: RwSignal::new(Connection::Connecting),
            link: StoredValue::new_local(None),
            asked: StoredValue::new(None),
            erased: RwSignal::default(),
            duty: RwSignal::default(),
            given: RwSignal::default(),
            outdated: outdated(),
            bell: expect_context(),
            is_fresh: StoredValue::new(false),
            session: session(),
        };
        let current = live.session.current();
        Effect::new(move |_| {
            if current.get().is_some() {
                live.connect();
            } else {
                live.link.set_value(None);
            }
        });
        let now = now();
        Effect::new(move |_| {
            let now = now.now();
            if live.asked.get_value().is_some_and(|asked| now.since(asked) > PATIENCE_MS) {
                live.asked.set_value(None);
                live.link.with_value(|link| link.iter().for_each(Link::suspect));
            }
        });
        // A page that nobody looked at may have slept through a lost connection.
        let seen = Listener::on(&document(), "visibilitychange", move |_| {
            if deskbell_browser::page::is_visible() {
                live.hello();
            }
        });
        StoredValue::new_local(seen);
        on_cleanup(move || {
            live.link.try_update_value(Option::take);
        });
        live
    }

    /// The list.
    pub fn desk(self) -> RwSignal<Desk> {
        self.desk
    }

    /// Whether the edge has sent the list at least once.
    pub fn is_loaded(self) -> bool {
        self.loaded.get()
    }

    /// What people should know of the guard now.
    pub fn alerts(self) -> RwSignal<Vec<Alert>> {
        self.alerts
    }

    /// The appeals, asked for at every connection and whenever one comes or is decided.
    pub fn appeals(self) -> RwSignal<Option<Result<Appeals, Failure>>> {
        self.appeals
    }

    /// How many of them wait.
    pub fn waiting_appeals(self) -> usize {
        self.appeals.with(|appeals| match appeals {
            Some(Ok(Appeals { appeals, .. })) => {
                appeals.iter().filter(|appeal| appeal.outcome.is_none()).count()
            }
            _ => 0,
        })
    }

    /// Asks for the appeals.
    pub fn load_appeals(self) {
        if !untrack(|| self.session.may(Role::Agent)) {
            return;
        }
        let nth = self.appeals_asked.get_value() + 1;
        self.appeals_asked.set_value(nth);
        spawn_local(async move {
            let answer = self.session.api().appeals().await;
            if self.appeals_asked.try_get_value() == Some(nth) {
                self.appeals.try_set(Some(answer.map_err(|failure| self.session.heed(failure))));
            }
        });
    }

    /// The conversations that were erased since the console was opened.
    pub fn erased(self) -> RwSignal<BTreeSet<ConversationId>> {
        self.erased
    }

    /// Whether visitors who wait are given to whoever is signed in; `None` where the site gives them to nobody.
    pub fn duty(self) -> Option<bool> {
        self.duty.get()
    }

    /// Talks that were given to whoever is signed in, and were not open since.
    pub fn given(self) -> RwSignal<BTreeSet<ConversationId>> {
        self.given
    }

    /// Takes visitors who wait from now on, or none. What is in force comes back over the socket.
    pub fn set_duty(self, takes: bool) {
        let Ok(frame) = serde_json::to_string(&DeskRequest::Duty { takes }) else { return };
        self.link.with_value(|link| link.iter().for_each(|link| _ = link.send(&frame)));
    }

    /// How the connection stands.
    pub fn connection(self) -> Connection {
        self.connection.get()
    }

    /// Tries again at once.
    pub fn retry_now(self) {
        if matches!(self.connection.get_untracked(), Connection::Stopped(_)) {
            self.connect();
        } else {
            self.link.with_value(|link| link.iter().for_each(Link::retry_now));
        }
    }

    fn connect(self) {
        self.connection.set(Connection::Connecting);
        let api = self.session.api();
        let path = api.desk_socket();
        let ticket = move || {
            let api = api.clone();
            async move { api.desk_ticket().await }
        };
        self.link.set_value(Some(Link::start(path, ticket, move |event| self.heard(event))));
    }

    fn hello(self) {
        let Ok(hello) = serde_json::to_string(&DeskRequest::Hello) else { return };
        let sent = self.link.try_with_value(|link| link.as_ref().is_some_and(|link| link.send(&hello)));
        if sent == Some(true) && self.asked.get_value().is_none() {
            self.asked.set_value(Some(clock::now()));
        }
    }

    fn take(self, event: DeskEvent) {
        match event {
            DeskEvent::Alert { kind, alert } => {
                self.renewed.try_update_value(|(_, renewed)| renewed.extend(alert.clone()));
                self.alerts.try_update(|alerts| {
                    alerts.retain(|known| known.kind != kind);
                    alerts.extend(alert);
                });
            }
            DeskEvent::Appealed { .. } => self.load_appeals(),
            DeskEvent::Duty { gives, takes } => _ = self.duty.try_set(gives.then_some(takes)),
            event @ (DeskEvent::Snapshot { .. } | DeskEvent::Changed { .. } | DeskEvent::Erased { .. }) => {
                match &event {
                    DeskEvent::Snapshot { .. } => self.renew_alerts(),
                    // What this browser has of it goes too.
                    DeskEvent::Erased { conversation, .. } => {
                        self.erased.try_update(|erased| erased.insert(*conversation));
                        // So does what was said against bans.
                        self.load_appeals();
                    }
                    // Its visitor has begun anew.
                    DeskEvent::Changed { conversation, .. } => {
                        let id = conversation.conversation;
                        if self.erased.try_with_untracked(|erased| erased.contains(&id)) == Some(true) {
                            self.erased.try_update(|erased| erased.remove(&id));
                        }
                    }
                    _ => {}
                }
                self.note_given(&event);
                // What was waiting when the console was opened is on the screen.
                if self.loaded.try_get_untracked() == Some(true) {
                    self.desk.try_with_untracked(|desk| self.bell.hear(desk, &event));
                }
                let runs_short = self.desk.try_update(|desk| {
                    desk.apply(event);
                    desk.runs_short()
                });
                if runs_short == Some(true) {
                    self.hello();
                }
            }
        }
    }

    /// Talks that are one's own from now on, and were not before. What was one's own when the console was opened was seen then.
    fn note_given(self, event: &DeskEvent) {
        let rows = match event {
            DeskEvent::Changed { conversation, .. } => std::slice::from_ref(&**conversation),
            DeskEvent::Snapshot { conversations, .. } if self.loaded.try_get_untracked() == Some(true) => {
                conversations
            }
            _ => return,
        };
        let me = untrack(|| self.session.who()).map(|who| who.email);
        let is_mine = |row: &Summary| is_of(row, me.as_ref());
        let new = self.desk.try_with_untracked(|desk| {
            let was_mine = |row: &Summary| desk.get(row.conversation).is_some_and(|before| is_mine(&before));
            let new = rows.iter().filter(|row| is_mine(row) && !was_mine(row));
            new.map(|row| row.conversation).collect::<Vec<_>>()
        });
        if let Some(new) = new.filter(|new| !new.is_empty()) {
            self.given.try_update(|given| given.extend(new));
        }
    }

    /// The alerts that are on follow a snapshot. Those that do not come again are over; the others stay as they are, for
    /// what is shown anew is read out again.
    fn renew_alerts(self) {
        let Some(nth) = self.renewed.try_update_value(|renewed| {
            *renewed = (renewed.0 + 1, Vec::new());
            renewed.0
        }) else {
            return;
        };
        spawn_local(async move {
            sleep(ALERTS_FOLLOW_MS).await;
            if let Some((of, renewed)) = self.renewed.try_get_value()
                && of == nth
            {
                let over = |known: &Alert| renewed.iter().all(|alert| alert.kind != known.kind);
                if self.alerts.try_with_untracked(|alerts| alerts.iter().any(over)) == Some(true) {
                    self.alerts.try_update(|alerts| alerts.retain(|known| !over(known)));
                }
            }
        });
    }

    fn heard(self, event: LinkEvent) {
        match event {
            LinkEvent::Up => {
                self.connection.try_set(Connection::Up);
                self.is_fresh.try_set_value(true);
                self.hello();
                // Those that came while nobody was connected are told by nobody else.
                self.load_appeals();
            }
            LinkEvent::Frame(frame) => {
                if let Some(event) = self.outdated.read::<DeskEvent>(&frame) {
                    self.asked.set_value(None);
                    let is_list = matches!(event, DeskEvent::Snapshot { .. });
                    self.take(event);
                    if is_list {
                        self.loaded.try_set(true);
                    }
                    if is_list && self.is_fresh.try_update_value(std::mem::take) == Some(true) {
                        self.desk.try_update(Desk::forget_found);
                    }
                }
            }
            LinkEvent::Down { retry, failure } => {
                self.asked.set_value(None);
                self.connection.try_set(Connection::Down { retry, failure });
            }
            LinkEvent::Refused(failure) => {
                self.connection.try_set(Connection::Stopped(self.session.heed(failure)));
            }
        }
    }
}

/// The list of conversations.
pub fn live_desk() -> LiveDesk {
    expect_context()
}
