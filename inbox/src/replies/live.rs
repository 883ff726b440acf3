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
    session: Session,
}

impl Replies {
    /// None yet.
    pub fn start() -> Self {
        Self { known: RwSignal::new(None), failure: RwSignal::new(None), session: session() }
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
        spawn_local(async move {
            match self.session.api().replies().await {
                Ok(answer) => self.take(answer),
                Err(why) => _ = self.failure.try_set(Some(self.session.heed(why))),
            }
        });
    }

    /// Makes one, or changes it.
    pub async fn put(self, id: ReplyId, request: &SavedReplyRequest) -> Result<(), Failure> {
        self.taking(self.session.api().put_reply(id, request).await)
    }

    /// Takes one away.
    pub async fn remove(self, id: ReplyId) -> Result<(), Failure> {
        self.taking(self.session.api().remove_reply(id).await)
    }

    fn taking(self, answer: Result<SavedReplies, Failure>) -> Result<(), Failure> {
        self.take(answer.map_err(|why| self.session.heed(why))?);
        Ok(())
    }

    fn take(self, answer: SavedReplies) {
        self.known.try_set(Some(answer.replies));
    }
}

/// The saved replies.
pub fn replies() -> Replies {
    expect_context()
}
