//! What an agent has written and nobody has received: kept in this browser, one place a conversation, so that
//! neither a reload nor an ended session loses a word.

use deskbell_browser::storage;
use deskbell_shared::wire::{ConversationId, MessageId, SayRequest, SignedIn};
use serde::{Deserialize, Serialize};

/// The longest draft that is kept, in characters: twice what can be sent, for somebody who pasted too much.
const LONGEST: usize = 8_000;

/// What is kept of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// What stands in the composer.
    #[serde(default)]
    pub draft: String,
    /// What was sent and not acknowledged, oldest first.
    #[serde(default)]
    pub outbox: Vec<SayRequest>,
}

impl Kept {
    /// The same, beside what another tab has in its outbox: everything stored that this one never `had`.
    pub fn beside(mut self, stored: Vec<SayRequest>, had: &[MessageId]) -> Self {
        let is_ours = |id| had.contains(&id) || self.outbox.iter().any(|say| say.id == id);
        let mut outbox: Vec<_> = stored.into_iter().filter(|say| !is_ours(say.id)).collect();
        outbox.append(&mut self.outbox);
        Self { outbox, ..self }
    }

    fn is_empty(&self) -> bool {
        self.draft.is_empty() && self.outbox.is_empty()
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
            let draft = kept.draft.chars().take(LONGEST).collect();
            storage::write(&self.key(id), &Kept { draft, outbox: kept.outbox.clone() });
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
    use deskbell_shared::wire::Text;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::tests::ana;

    #[wasm_bindgen_test]
    fn what_is_written_is_kept_until_it_is_gone() {
        let (drafts, id) = (Drafts::of(&ana()), ConversationId([1; 16]));
        let say = SayRequest { id: MessageId([2; 16]), text: Text::new("hello").unwrap() };
        let kept = Kept { draft: "half a".to_owned(), outbox: vec![say] };
        drafts.write(id, &kept);
        assert_eq!(drafts.read(id), kept);
        assert_eq!(drafts.conversations(), [id]);
        drafts.write(id, &Kept::default());
        assert!(drafts.conversations().is_empty());
    }

    #[wasm_bindgen_test]
    fn what_another_tab_has_still_to_send_stays() {
        let say = |n| SayRequest { id: MessageId([n; 16]), text: Text::new("hello").unwrap() };
        let ours = Kept { draft: "half a".to_owned(), outbox: vec![say(2)] };
        // The first is another tab's, the third was ours and has arrived.
        let kept = ours.beside(vec![say(1), say(2), say(3)], &[say(2).id, say(3).id]);
        assert_eq!(kept, Kept { draft: "half a".to_owned(), outbox: vec![say(1), say(2)] });
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
