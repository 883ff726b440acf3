//! What is written for the colleagues in one conversation: a draft of its own, and notes on their way to the edge.
//!
//! A note keeps its name until it is stored, also over a reload: sent again, it is there once.

use deskbell_browser::{http::Failure, random};
use deskbell_shared::wire::{ConversationId, InternalNote, MessageId, NoteRequest, Text};
use leptos::{prelude::*, task::spawn_local};

use super::{kept::is_final, live::joined};
use crate::session::Session;

/// What is written for the colleagues.
#[derive(Clone, Copy)]
pub struct TeamNotes {
    id: ConversationId,
    draft: RwSignal<String>,
    /// Whether it is the note that is being written, and not the answer.
    is_written: RwSignal<bool>,
    sending: RwSignal<Vec<NoteRequest>>,
    is_sending: StoredValue<bool>,
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

    /// Sends what is on its way, one after the other; `stored` hears of each that has arrived. What cannot be sent now goes
    /// when the connection is back, and what was refused is put back into the composer.
    pub fn send(self, stored: impl Fn(InternalNote) + 'static) {
        if self.is_sending.get_value() {
            return;
        }
        self.is_sending.set_value(true);
        self.failure.set(None);
        spawn_local(async move {
            while let Some(note) = self.first() {
                match self.session.api().note(self.id, &note).await {
                    Ok(answer) => {
                        self.forget(note.id);
                        stored(answer);
                    }
                    Err(Failure::Refused(problem)) if is_final(problem.kind) => {
                        self.forget(note.id);
                        self.draft.try_update(|draft| *draft = joined(note.text.as_str(), draft));
                        self.failure.try_set(Some(Failure::Refused(problem)));
                    }
                    Err(failure) => {
                        self.failure.try_set(Some(self.session.heed(failure)));
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

    /// It is not on its way any more.
    fn forget(self, id: MessageId) {
        if self.sending.try_update(|sending| sending.retain(|note| note.id != id)).is_none()
            && let Some(drafts) = self.session.drafts()
        {
            let mut kept = drafts.read(self.id);
            kept.notes.retain(|note| note.id != id);
            drafts.write(self.id, &kept);
        }
    }
}
