//! What the site's people do about a conversation among themselves: who looks after it, what it is about, and what they note
//! about it.

use deskbell_shared::wire::{InternalNote, NoteEvent, ProblemKind};

use super::ConversationDo;
use crate::{
    conversation::{
        calls::{Assign, MakeNote, SetSubject, Speaker},
        head::Head,
    },
    platform::{now, socket},
    refusal::{Outcome, Refusal},
};

impl ConversationDo {
    pub(super) fn assign(&self, call: Assign) -> Outcome<()> {
        let mut head = self.head()?;
        if call.while_waiting && head.waiting_since.is_none() {
            return Err(Refusal::new(ProblemKind::Conflict, "Nobody waits any more."));
        }
        head.assign(call.to, call.instead_of.as_ref())?;
        self.commit_event(head, None)
    }

    pub(super) fn set_subject(&self, SetSubject { subject }: SetSubject) -> Outcome<()> {
        let head = self.head()?;
        self.commit_event(Head { subject, ..head }, None)
    }

    /// Notes something once: the same id again gives the same answer, and nothing new to tell the others.
    pub(super) fn make_note(&self, call: MakeNote) -> Outcome<InternalNote> {
        let MakeNote { id, text, by } = call;
        let (mut head, notes, now) = (self.head()?, self.store.notes(), now());
        if let Some(stored) = notes.find(id)? {
            return if stored.by.email == by.email && stored.text == text {
                Ok(stored)
            } else {
                Err(Refusal::new(ProblemKind::Conflict, "This note's id is taken, by other words."))
            };
        }
        head.admit_agent(by.email.as_str(), now)?;
        let note = InternalNote { id, after: head.last_seq, at: now, by, text };
        notes.add(&note)?;
        // How often they write is nobody else's to know: the desk is not told.
        self.keep(head, None)?;
        let team = Speaker::AGENTS;
        socket::send_all(self.state.get_websockets_with_tag(team), &NoteEvent::Noted { note: note.clone() });
        Ok(note)
    }
}
