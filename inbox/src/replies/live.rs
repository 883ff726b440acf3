//! The saved replies, as far as the edge has said: for the screen on which they are kept, and for the composer.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{ReplyId, SavedReplies, SavedReply, SavedReplyRequest};
use leptos::{prelude::*, task::spawn_local};

use crate::session::{Session, session};

/// The saved replies.
#[derive(Clone, Copy)]
pub struct Replies {
    known: RwSignal<Option<Vec<SavedReply>>>,
    failure: RwSignal<Option<Failure>>,
    /// How often something was asked: a list that was on its way meanwhile is an old one.
    asked: StoredValue<u32>,
    session: Session,
}

impl Replies {
    /// None yet.
    pub fn start() -> Self {
        Self {
            known: RwSignal::new(None),
            failure: RwSignal::new(None),
            asked: StoredValue::new(0),
            session: session(),
        }
    }

    /// All of them; `None` before the edge has said.
    pub fn known(self) -> Option<Vec<SavedReply>> {
        self.known.get()
    }

    /// Why they could not be loaded.
    pub fn failure(self) -> Option<Failure> {
        self.failure.get()
    }

    /// Asks for them, also when they are known: a colleague may have changed some.
    pub fn load(self) {
        self.failure.set(None);
        let asked = self.ask();
        spawn_local(async move {
            match self.session.api().replies().await {
                Ok(answer) => self.take(answer, asked),
                Err(why) => _ = self.failure.try_set(Some(self.session.heed(why))),
            }
        });
    }

    /// Makes one, or changes it.
    pub async fn put(self, id: ReplyId, request: &SavedReplyRequest) -> Result<(), Failure> {
        let asked = self.ask();
        self.taking(self.session.api().put_reply(id, request).await, asked)
    }

    /// Takes one away.
    pub async fn remove(self, id: ReplyId, version: u64) -> Result<(), Failure> {
        let asked = self.ask();
        self.taking(self.session.api().remove_reply(id, version).await, asked)
    }

    fn ask(self) -> u32 {
        self.asked.update_value(|asked| *asked += 1);
        self.asked.get_value()
    }

    fn taking(self, answer: Result<SavedReplies, Failure>, asked: u32) -> Result<(), Failure> {
        self.take(answer.map_err(|why| self.session.heed(why))?, asked);
        Ok(())
    }

    fn take(self, answer: SavedReplies, asked: u32) {
        if self.asked.try_get_value() == Some(asked) {
            self.known.try_set(Some(answer.replies));
        }
    }
}

/// The saved replies.
pub fn replies() -> Replies {
    expect_context()
}
