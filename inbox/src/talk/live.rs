//! One conversation, kept current over its socket, and what this agent adds to it.

use deskbell_browser::{
    clock,
    link::{Link, LinkEvent},
    page::{self, Listener},
    random,
};
use deskbell_shared::wire::{
    ConversationId, MessageId, Millis, NoteEvent, ProblemKind, Role, SayRequest, Seq, TalkEvent, TalkRequest,
    Text,
};
use leptos::prelude::*;

use super::{
    drafts::Kept,
    kept::{Talks, talks},
    model::Talk,
    team_notes::TeamNotes,
};
use crate::{
    connection::Connection,
    desk::outdated::{Outdated, outdated},
    session::{Session, session},
    ui::{clock::now, refusal::is},
};

/// How often the other side is told that this one is typing, in milliseconds.
const TYPING_EVERY_MS: u64 = 3_000;

/// One conversation, kept current.
#[derive(Clone, Copy)]
pub struct LiveTalk {
    id: ConversationId,
    talk: RwSignal<Talk>,
    draft: RwSignal<String>,
    team: TeamNotes,
    connection: RwSignal<Connection>,
    link: StoredValue<Option<Link>, LocalStorage>,
    /// Up to where the edge was told that this agent has read.
    read: RwSignal<Seq>,
    typed: StoredValue<Millis>,
    talks: Talks,
    outdated: Outdated,
    session: Session,
}

impl LiveTalk {
    /// Connects to a conversation, for as long as the owner that calls lives.
    pub fn start(id: ConversationId) -> Self {
        let (session, talks) = (session(), talks());
        let kept = session.drafts().map(|drafts| drafts.read(id)).unwrap_or_default();
        let talk =
            talks.open(id).unwrap_or_else(|| Talk::with_outbox(kept.outbox, kept.refused, clock::now()));
        let live = Self {
            id,
            talk: RwSignal::new(talk),
            draft: RwSignal::new(kept.draft),
            team: TeamNotes::kept(id, session, kept.note, kept.for_team, kept.notes),
            connection: RwSignal::new(Connection::Connecting),
            link: StoredValue::new_local(None),
            read: RwSignal::new(0),
            typed: StoredValue::new(Millis::default()),
            talks,
            outdated: outdated(),
            session,
        };
        live.follow_session();
        live.keep_what_is_written();
        live.report_what_is_read();
        live.watch_for_silence();
        on_cleanup(move || live.leave());
        live
    }

    /// Which conversation.
    pub fn id(self) -> ConversationId {
        self.id
    }

    /// What is known of it.
    pub fn talk(self) -> RwSignal<Talk> {
        self.talk
    }

    /// What stands in the composer.
    pub fn draft(self) -> RwSignal<String> {
        self.draft
    }

    /// What is written for the colleagues.
    pub fn team(self) -> TeamNotes {
        self.team
    }

    /// Puts words into the composer, after what stands there.
    pub fn insert(self, text: &str) {
        self.draft.update(|draft| *draft = joined(draft, text));
    }

    /// How the connection stands.
    pub fn connection(self) -> Connection {
        self.connection.get()
    }

    /// Sends a message, now or as soon as there is a connection. Whether it has a name to be sent under.
    pub fn say(self, text: Text) -> bool {
        let Some(id) = random::id() else { return false };
        self.send_anew(SayRequest { id: MessageId(id), text });
        true
    }

    /// Sends again what was refused, under the same name.
    pub fn say_again(self, say: SayRequest) {
        self.send_anew(say);
    }

    /// Puts a refused message back into the composer, before what stands there.
    pub fn take_back(self, id: MessageId) {
        let Some(text) = self.talk.try_update(|talk| talk.take_back(id)).flatten() else { return };
        self.draft.update(|draft| {
            let rest = std::mem::take(draft);
            *draft = joined(text.as_str(), &rest);
        });
    }

    /// Lets a refused message be.
    pub fn discard(self, id: MessageId) {
        self.talk.update(|talk| drop(talk.take_back(id)));
    }

    /// Sends notes that are not stored yet.
    pub fn send_notes(self) {
        self.team.send(move |note| {
            self.talk.try_update(|talk| talk.apply_note(NoteEvent::Noted { note }));
        });
    }

    /// Tells the other side that this one is typing, not too often.
    pub fn typing(self) {
        let now = clock::now();
        if now.since(self.typed.get_value()) >= TYPING_EVERY_MS {
            self.typed.set_value(now);
            self.send(&TalkRequest::Typing);
        }
    }

    fn send_anew(self, say: SayRequest) {
        self.typed.set_value(Millis::default());
        if let Some(frame) = self.talk.try_update(|talk| talk.say(say, clock::now())) {
            self.send(&frame);
        }
    }

    /// What cannot be sent now is sent when the connection is back: the talk remembers.
    fn send(self, frame: &TalkRequest) -> bool {
        let Ok(frame) = serde_json::to_string(frame) else { return false };
        self.link.try_with_value(|link| link.as_ref().is_some_and(|link| link.send(&frame))).unwrap_or(false)
    }

    fn follow_session(self) {
        let current = self.session.current();
        Effect::new(move |_| {
            if current.get().is_some() {
                self.connect();
            } else {
                self.link.set_value(None);
            }
        });
    }

    fn connect(self) {
        self.connection.set(Connection::Connecting);
        let (api, id) = (self.session.api(), self.id);
        let path = api.talk_socket(id);
        let ticket = move || {
            let api = api.clone();
            async move { api.talk_ticket(id).await }
        };
        self.link.set_value(Some(Link::start(path, ticket, move |event| self.heard(event))));
    }

    fn heard(self, event: LinkEvent) {
        match event {
            LinkEvent::Up => {
                self.connection.try_set(Connection::Up);
                self.read.try_set(0);
                let frames = self.talk.try_update(|talk| talk.greetings(clock::now()));
                for frame in frames.into_iter().flatten() {
                    self.send(&frame);
                }
                self.send_notes();
            }
            LinkEvent::Frame(frame) => {
                let Ok(event) = serde_json::from_str::<TalkEvent>(&frame) else {
                    if let Some(event) = self.outdated.read::<NoteEvent>(&frame) {
                        match &event {
                            NoteEvent::Notes { notes } => self.team.arrived(notes),
                            NoteEvent::Noted { note } => self.team.arrived(std::slice::from_ref(note)),
                        }
                        self.talk.try_update(|talk| talk.apply_note(event));
                    }
                    return;
                };
                let next = self.talk.try_update(|talk| talk.apply(event, clock::now())).flatten();
                if let Some(next) = next {
                    self.send(&next);
                }
            }
            LinkEvent::Down { retry, failure } => {
                self.connection.try_set(Connection::Down { retry, failure });
            }
            LinkEvent::Refused(failure) => {
                self.connection.try_set(Connection::Stopped(self.session.heed(failure)));
            }
        }
    }

    fn keep_what_is_written(self) {
        let unsent = Memo::new(move |_| self.talk.with(|talk| (talk.sending(), talk.refused())));
        Effect::new(move |had: Option<Vec<MessageId>>| {
            if self.is_gone() {
                return Vec::new();
            }
            let (outbox, refused) = unsent.get();
            let (note, for_team, notes) = self.team.kept_now();
            let kept = Kept { draft: self.draft.get(), note, for_team, notes, outbox, refused };
            let has = kept.ids();
            if let Some(drafts) = self.session.drafts() {
                let stored = drafts.read(self.id);
                drafts.write(self.id, &kept.beside(stored, &had.unwrap_or_default()));
            }
            has
        });
    }

    /// What stands on a page that somebody looks at has been read.
    fn report_what_is_read(self) {
        let looked_at = RwSignal::new(page::is_visible());
        StoredValue::new_local(Listener::on(&document(), "visibilitychange", move |_| {
            looked_at.try_set(page::is_visible());
        }));
        let last = Memo::new(move |_| self.talk.with(Talk::contiguous));
        Effect::new(move |_| {
            let (last, read) = (last.get(), self.read.get());
            let up = self.connection.with(|connection| *connection == Connection::Up);
            if looked_at.get() && up && last > read && self.session.may(Role::Agent) {
                let frame = TalkRequest::Read { seq: last };
                if self.send(&frame) {
                    self.read.set(last);
                }
            }
        });
    }

    fn watch_for_silence(self) {
        let now = now();
        Effect::new(move |_| {
            let now = now.now();
            if self.talk.with_untracked(|talk| talk.is_overdue(now)) {
                self.link.with_value(|link| link.iter().for_each(Link::suspect));
            }
            if self.team.is_overdue(now) {
                self.send_notes();
            }
        });
    }

    /// Whether it was erased.
    fn is_gone(self) -> bool {
        let stopped = self.connection.try_with(|connection| match connection {
            Connection::Stopped(failure) => is(failure, ProblemKind::ConversationUnknown),
            _ => false,
        });
        stopped == Some(true) || self.talks.is_erased(self.id)
    }

    fn leave(self) {
        self.link.try_update_value(Option::take);
        if untrack(|| self.is_gone()) {
            self.talks.forget(self.id);
        } else if let Some(talk) = self.talk.try_get_untracked() {
            self.talks.leave(self.id, talk);
        }
    }
}

/// One text below the other; where one is blank, the other alone.
pub(super) fn joined(first: &str, second: &str) -> String {
    match (first.trim_end(), second.trim()) {
        ("", _) => second.to_owned(),
        (first, "") => first.to_owned(),
        (first, _) => format!("{first}\n{second}"),
    }
}
