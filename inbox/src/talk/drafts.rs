//! What an agent has written and nobody has received: kept in this browser, one place a conversation, so that
//! neither a reload nor an ended session loses a word.

use deskbell_browser::storage;
use deskbell_shared::wire::{ConversationId, MessageId, NoteRequest, SayRequest, SignedIn, Text};
use serde::{Deserialize, Serialize};

use super::{live::joined, model::Refused};

/// The longest draft that is kept, in characters: twice what can be sent, for somebody who pasted too much.
const LONGEST: usize = 8_000;

/// What is kept of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// What stands in the composer.
    #[serde(default)]
    pub draft: String,
    /// What stands there as a note.
    #[serde(default)]
    pub note: String,
    /// Whether it was the note that was being written.
    #[serde(default)]
    pub for_team: bool,
    /// Notes that were sent and not answered, oldest first.
    #[serde(default)]
    pub notes: Vec<NoteRequest>,
    /// What was sent and not acknowledged, oldest first.
    #[serde(default)]
    pub outbox: Vec<SayRequest>,
    /// What was sent and not taken, oldest first.
    #[serde(default)]
    pub refused: Vec<Refused>,
}

impl Kept {
    /// The messages in it.
    pub fn ids(&self) -> Vec<MessageId> {
        let refused = self.refused.iter().map(|refused| refused.say.id);
        let notes = self.notes.iter().map(|note| note.id);
        self.outbox.iter().map(|say| say.id).chain(refused).chain(notes).collect()
    }

    /// The same, beside what another tab has still to send or was refused: everything stored that this one never `had`.
    pub fn beside(mut self, mut stored: Self, had: &[MessageId]) -> Self {
        let ours = self.ids();
        let is_others = |id| !had.contains(&id) && !ours.contains(&id);
        stored.outbox.retain(|say| is_others(say.id));
        stored.refused.retain(|refused| is_others(refused.say.id));
        stored.notes.retain(|note| is_others(note.id));
        stored.notes.append(&mut self.notes);
        stored.outbox.append(&mut self.outbox);
        stored.refused.append(&mut self.refused);
        Self { draft: self.draft, note: self.note, for_team: self.for_team, ..stored }
    }

    /// A note is not on its way any more; what was refused goes back to where it was written. One that is not here was dealt
    /// with by somebody else.
    pub fn take_off_note(&mut self, id: MessageId, refused: Option<&Text>) {
        let before = self.notes.len();
        self.notes.retain(|note| note.id != id);
        if let Some(text) = refused.filter(|_| self.notes.len() < before) {
            self.note = joined(text.as_str(), &self.note);
            self.for_team = true;
        }
    }

    fn is_empty(&self) -> bool {
        self.draft.is_empty() && self.note.is_empty() && !self.for_team && self.ids().is_empty()
    }
}

/// The drafts of one person at one site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drafts {
    prefix: String,
}

impl Drafts {
    /// Those of whoever is signed in.
    pub fn of(who: &SignedIn) -> Self {
        Self { prefix: format!("deskbell.inbox/{}/{}/", who.site, who.email.as_str()) }
    }

    /// What is kept of a conversation. What cannot be read is nothing.
    pub fn read(&self, id: ConversationId) -> Kept {
        storage::read(&self.key(id)).unwrap_or_default()
    }

    /// Keeps it, or forgets the conversation when there is nothing to keep.
    pub fn write(&self, id: ConversationId, kept: &Kept) {
        if kept.is_empty() {
            storage::remove(&self.key(id));
        } else {
            // A browser that keeps nothing still shows what is written: there is nothing else to do here.
            let cut = |text: &str| text.chars().take(LONGEST).collect();
            let (draft, note) = (cut(&kept.draft), cut(&kept.note));
            storage::write(&self.key(id), &Kept { draft, note, ..kept.clone() });
        }
    }

    /// The conversations of which something is kept.
    pub fn conversations(&self) -> Vec<ConversationId> {
        let names = storage::keys(&self.prefix);
        names.iter().filter_map(|key| key.strip_prefix(&self.prefix)?.parse().ok()).collect()
    }

    /// Forgets everything: whoever signs out leaves nothing behind.
    pub fn clear(&self) {
        for key in storage::keys(&self.prefix) {
            storage::remove(&key);
        }
    }

    fn key(&self, id: ConversationId) -> String {
        format!("{}{id}", self.prefix)
    }
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use deskbell_shared::wire::{Problem, ProblemKind};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::tests::ana;

    #[wasm_bindgen_test]
    fn what_is_written_is_kept_until_it_is_gone() {
        let (drafts, id) = (Drafts::of(&ana()), ConversationId([1; 16]));
        let say = SayRequest { id: MessageId([2; 16]), text: Text::new("hello").unwrap() };
        let refused = Refused { say: say.clone(), problem: Problem::new(ProblemKind::Throttled, "slow") };
        let kept = Kept {
            draft: "half a".to_owned(),
            note: "half b".to_owned(),
            for_team: true,
            notes: vec![NoteRequest { id: MessageId([3; 16]), text: Text::new("a note").unwrap() }],
            outbox: vec![say],
            refused: vec![refused],
        };
        drafts.write(id, &kept);
        assert_eq!(drafts.read(id), kept);
        assert_eq!(drafts.conversations(), [id]);
        drafts.write(id, &Kept::default());
        assert!(drafts.conversations().is_empty());
    }

    #[wasm_bindgen_test]
    fn a_note_that_was_refused_goes_back_to_where_it_was_written_once() {
        let note = NoteRequest { id: MessageId([3; 16]), text: Text::new("a note").unwrap() };
        let mut kept = Kept { note: "more".to_owned(), notes: vec![note.clone()], ..Kept::default() };
        for _ in 0..2 {
            kept.take_off_note(note.id, Some(&note.text));
            assert_eq!((kept.note.as_str(), kept.notes.len()), ("a note\nmore", 0));
        }
    }

    #[wasm_bindgen_test]
    fn what_another_tab_has_still_to_send_stays() {
        let say = |n| SayRequest { id: MessageId([n; 16]), text: Text::new("hello").unwrap() };
        let refused = |n| Refused { say: say(n), problem: Problem::new(ProblemKind::Throttled, "slow") };
        let kept = |outbox, refused| Kept { draft: "half a".to_owned(), outbox, refused, ..Kept::default() };
        // The first and the fifth are another tab's, the third was ours and has arrived, the fourth has been refused.
        let stored = kept(vec![say(1), say(2), say(3), say(4)], vec![refused(5)]);
        let ours = kept(vec![say(2)], vec![refused(4)]);
        let merged = ours.beside(stored, &[say(2).id, say(3).id, say(4).id]);
        assert_eq!(merged, kept(vec![say(1), say(2)], vec![refused(5), refused(4)]));
    }

    #[wasm_bindgen_test]
    fn what_somebody_else_put_there_is_nothing() {
        let (drafts, id) = (Drafts::of(&ana()), ConversationId([3; 16]));
        for value in ["", "null", "[1]", "{\"draft\":1}", "{\"outbox\":[{\"id\":\"x\"}]}"] {
            let storage = leptos::prelude::window().local_storage().unwrap().unwrap();
            storage.set_item(&drafts.key(id), value).unwrap();
            assert_eq!(drafts.read(id), Kept::default(), "{value}");
        }
        drafts.clear();
        assert!(drafts.conversations().is_empty());
    }
}
