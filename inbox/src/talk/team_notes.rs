//! What is written for the colleagues in one conversation: a draft of its own, and notes on their way to the edge.
//!
//! A note keeps its name until it is stored, also over a reload: sent again, it is there once.

use deskbell_browser::{clock, http::Failure, random};
use deskbell_shared::wire::{
    ConversationId, InternalNote, MessageId, Millis, NoteRequest, ProblemKind, Text,
};
use leptos::{prelude::*, task::spawn_local};

use super::{kept::is_final, live::joined};
use crate::session::Session;

/// After how long what could not be sent is tried again, in milliseconds.
const RETRY_MS: u64 = 10_000;

/// What is written for the colleagues.
#[derive(Clone, Copy)]
pub struct TeamNotes {
    id: ConversationId,
    draft: RwSignal<String>,
    /// Whether it is the note that is being written, and not the answer.
    is_written: RwSignal<bool>,
    sending: RwSignal<Vec<NoteRequest>>,
    is_sending: StoredValue<bool>,
    /// When it was last tried to send any.
    tried: StoredValue<Millis>,
    failure: RwSignal<Option<Failure>>,
    session: Session,
}

impl TeamNotes {
    /// As it was left.
    pub fn kept(
        id: ConversationId,
        session: Session,
        draft: String,
        is_written: bool,
        sending: Vec<NoteRequest>,
    ) -> Self {
        Self {
            id,
            draft: RwSignal::new(draft),
            is_written: RwSignal::new(is_written),
            sending: RwSignal::new(sending),
            is_sending: StoredValue::new(false),
            tried: StoredValue::new(Millis::default()),
            failure: RwSignal::new(None),
            session,
        }
    }

    /// What is to be kept of it in this browser.
    pub fn kept_now(self) -> (String, bool, Vec<NoteRequest>) {
        (self.draft.get(), self.is_written.get(), self.sending.get())
    }

    /// What stands in the composer as a note.
    pub fn draft(self) -> RwSignal<String> {
        self.draft
    }

    /// Whether a note is being written, rather than an answer.
    pub fn is_written(self) -> RwSignal<bool> {
        self.is_written
    }

    /// Notes that are on their way, oldest first.
    pub fn sending(self) -> Vec<NoteRequest> {
        self.sending.get()
    }

    /// Why the last one was not taken.
    pub fn failure(self) -> RwSignal<Option<Failure>> {
        self.failure
    }

    /// Takes a note out of the composer, to be sent. Whether it has a name to be sent under.
    pub fn post(self, text: Text) -> bool {
        let Some(id) = random::id() else { return false };
        self.sending.update(|sending| sending.push(NoteRequest { id: MessageId(id), text }));
        self.draft.set(String::new());
        true
    }

    /// These are stored, whoever said so first.
    pub fn arrived(self, notes: &[InternalNote]) {
        let has = |note: &NoteRequest| notes.iter().any(|stored| stored.id == note.id);
        if self.sending.try_with_untracked(|sending| sending.iter().any(has)) == Some(true) {
            self.sending.try_update(|sending| sending.retain(|note| !has(note)));
        }
    }

    /// Whether something is on its way, and nothing was tried for a while.
    pub fn is_overdue(self, now: Millis) -> bool {
        self.sending.with_untracked(|sending| !sending.is_empty())
            && now.since(self.tried.get_value()) > RETRY_MS
    }

    /// Sends what is on its way, one after the other; `stored` hears of each that has arrived. What cannot be sent now stays,
    /// and what was refused is put back into the composer.
    pub fn send(self, stored: impl Fn(InternalNote) + 'static) {
        if self.is_sending.try_get_value() != Some(false) {
            return;
        }
        self.is_sending.try_set_value(true);
        self.tried.try_set_value(clock::now());
        spawn_local(async move {
            while let Some(note) = self.first() {
                match self.session.api().note(self.id, &note).await {
                    Ok(answer) => {
                        self.take_off(note.id, None);
                        self.say(None);
                        stored(answer);
                    }
                    Err(Failure::Refused(problem)) if problem.kind == ProblemKind::ConversationUnknown => {
                        // Nothing of what was erased is kept here either.
                        self.take_off(note.id, None);
                    }
                    Err(Failure::Refused(problem)) if is_final(problem.kind) => {
                        self.take_off(note.id, Some(&note.text));
                        self.say(Some(Failure::Refused(problem)));
                    }
                    Err(failure) => {
                        self.say(Some(self.session.heed(failure)));
                        break;
                    }
                }
            }
            self.is_sending.try_set_value(false);
        });
    }

    /// The next to be sent; `None` also when the conversation was left, which sends the rest by itself.
    fn first(self) -> Option<NoteRequest> {
        self.sending.try_with_untracked(|sending| sending.first().cloned()).flatten()
    }

    /// It is not on its way any more; what was refused goes back to where it was written, also when that was left meanwhile.
    fn take_off(self, id: MessageId, refused: Option<&Text>) {
        if self.sending.try_update(|sending| sending.retain(|note| note.id != id)).is_some() {
            if let Some(text) = refused {
                self.draft.try_update(|draft| *draft = joined(text.as_str(), draft));
            }
        } else if let Some(drafts) = self.session.drafts() {
            let mut kept = drafts.read(self.id);
            kept.take_off_note(id, refused);
            drafts.write(self.id, &kept);
        }
    }

    /// Says why, once: what is said again is read out again.
    fn say(self, failure: Option<Failure>) {
        if self.failure.try_with_untracked(|said| *said != failure) == Some(true) {
            self.failure.try_set(failure);
        }
    }
}
