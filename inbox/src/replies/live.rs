//! The saved replies, as far as the edge has said: for the screen on which they are kept, and for the composer.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{ProblemKind, ReplyId, SavedReplies, SavedReply, SavedReplyRequest};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    session::{Session, session},
    ui::refusal::is,
};

/// The saved replies.
#[derive(Clone, Copy)]
pub struct Replies {
    known: RwSignal<Option<Vec<SavedReply>>>,
    failure: RwSignal<Option<Failure>>,
    /// How many lists there were: one that was on its way meanwhile is an old one.
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
        let asked = self.outdate();
        spawn_local(async move {
            let answer = self.session.api().replies().await.map_err(|why| self.session.heed(why));
            if self.asked.try_get_value() == asked {
                match answer {
                    Ok(answer) => _ = self.known.try_set(Some(answer.replies)),
                    Err(why) => _ = self.failure.try_set(Some(why)),
                }
            }
        });
    }

    /// Makes one, or changes it.
    pub async fn put(self, id: ReplyId, request: &SavedReplyRequest) -> Result<(), Failure> {
        self.take(self.session.api().put_reply(id, request).await)
    }

    /// Takes one away.
    pub async fn remove(self, id: ReplyId, version: u64) -> Result<(), Failure> {
        self.take(self.session.api().remove_reply(id, version).await)
    }

    fn take(self, answer: Result<SavedReplies, Failure>) -> Result<(), Failure> {
        match answer {
            Ok(answer) => {
                self.outdate();
                self.known.try_set(Some(answer.replies));
                Ok(())
            }
            Err(why) => {
                // The list shows what a colleague has made of it.
                if is(&why, ProblemKind::Conflict) {
                    self.load();
                }
                Err(self.session.heed(why))
            }
        }
    }

    /// What is on its way from now on is an old list; how many lists there were.
    fn outdate(self) -> Option<u32> {
        self.asked.try_update_value(|asked| *asked += 1);
        self.asked.try_get_value()
    }
}

/// The saved replies.
pub fn replies() -> Replies {
    expect_context()
}
