//! Conversations that are not open: what is known of them, and what was written in them and has not arrived. It goes by
//! requests of its own, whenever there is a connection.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use deskbell_browser::{
    clock::{self, Timer},
    http::Failure,
};
use deskbell_shared::wire::{ConversationId, ProblemKind, SayRequest, TalkEvent};
use leptos::{prelude::*, task::spawn_local};

use super::{
    drafts::Kept,
    model::{Refused, Talk},
};
use crate::{
    connection::Connection,
    desk::live::live_desk,
    session::{Session, session},
};

/// How many conversations are kept after they were left, so that coming back shows them at once.
const KEPT_TALKS: usize = 50;

/// How soon what could not be sent is tried again.
const AGAIN: Duration = Duration::from_secs(10);

/// Conversations that were open before.
#[derive(Clone, Copy)]
pub struct Talks {
    left: StoredValue<HashMap<ConversationId, Talk>>,
    open: StoredValue<Option<ConversationId>>,
    unsent: RwSignal<BTreeSet<ConversationId>>,
    /// Whether all of it is being sent.
    delivers: StoredValue<bool>,
    erased: RwSignal<BTreeSet<ConversationId>>,
    session: Session,
}

impl Talks {
    /// Sends what was left unsent, now, whenever the desk's connection comes back, after signing in again, and every few
    /// seconds until it has arrived; for as long as the owner that calls lives.
    pub fn start() -> Self {
        let live = live_desk();
        let talks = Self::of(session(), live.erased());
        let up = Memo::new(move |_| live.connection() == Connection::Up);
        Effect::new(move |_| {
            if up.get() {
                spawn_local(talks.deliver_all());
            }
        });
        let again = Timer::every(AGAIN, move || {
            let is_unsent = talks.unsent.try_with_untracked(|unsent| !unsent.is_empty()) == Some(true);
            if is_unsent && up.try_get_untracked() == Some(true) {
                spawn_local(talks.deliver_all());
            }
        });
        StoredValue::new_local(again);
        Effect::new(move |_| talks.erased.with(|erased| erased.iter().for_each(|id| talks.forget(*id))));
        talks
    }

    /// None yet, of which these are erased.
    pub(super) fn of(session: Session, erased: RwSignal<BTreeSet<ConversationId>>) -> Self {
        Self {
            left: StoredValue::new(HashMap::new()),
            open: StoredValue::new(None),
            unsent: RwSignal::default(),
            delivers: StoredValue::new(false),
            erased,
            session,
        }
    }

    /// Whether something was written in a conversation that is not open, and has not arrived.
    pub fn is_unsent(self, id: ConversationId) -> bool {
        self.unsent.with(|unsent| unsent.contains(&id))
    }

    /// A conversation is open: what is unsent in it is its own to send.
    pub(super) fn open(self, id: ConversationId) -> Option<Talk> {
        self.open.set_value(Some(id));
        self.unsent.update(|unsent| _ = unsent.remove(&id));
        self.left.try_update_value(|left| left.remove(&id)).flatten()
    }

    /// It was left; what is still on its way goes from here.
    pub(super) fn leave(self, id: ConversationId, talk: Talk) {
        self.open.try_update_value(|open| open.take_if(|open| *open == id));
        self.left.try_update_value(|left| {
            if left.len() >= KEPT_TALKS {
                left.retain(|_, talk| talk.is_unsent());
            }
            left.insert(id, talk)
        });
        spawn_local(self.deliver(id));
    }

    /// Whether it was erased since the console was opened.
    pub(super) fn is_erased(self, id: ConversationId) -> bool {
        self.erased.try_with(|erased| erased.contains(&id)) == Some(true)
    }

    /// It was erased: nothing of it is kept here either.
    pub(super) fn forget(self, id: ConversationId) {
        self.left.try_update_value(|left| left.remove(&id));
        self.session.drafts().iter().for_each(|drafts| drafts.write(id, &Kept::default()));
        self.mark(id);
    }

    async fn deliver_all(self) {
        if self.delivers.try_update_value(|delivers| std::mem::replace(delivers, true)) != Some(false) {
            return;
        }
        let stored = self.session.drafts().map(|drafts| drafts.conversations()).unwrap_or_default();
        let left = self.left.try_with_value(|left| left.keys().copied().collect::<Vec<_>>());
        let all: BTreeSet<_> = stored.into_iter().chain(left.into_iter().flatten()).collect();
        for id in all {
            self.deliver(id).await;
        }
        self.delivers.try_set_value(false);
    }

    /// Sends what is unsent in a conversation. What fails stays, and is tried again; what is refused waits to be looked at.
    async fn deliver(self, id: ConversationId) {
        self.mark(id);
        for say in self.to_send(id) {
            if self.is_open(id) {
                return;
            }
            match self.session.api().say(id, &say).await {
                Ok(said) => {
                    let ack = TalkEvent::Ack { id: say.id, seq: said.seq, at: said.at };
                    self.settle(id, &say, ack, None);
                }
                Err(Failure::Refused(problem)) if problem.kind == ProblemKind::ConversationUnknown => {
                    return self.forget(id);
                }
                Err(Failure::Refused(problem)) if is_final(problem.kind) => {
                    let refused = TalkEvent::Refused { id: Some(say.id), problem: (*problem).clone() };
                    self.settle(id, &say, refused, Some(Refused { say: say.clone(), problem: *problem }));
                }
                Err(failure) => {
                    self.session.heed(failure);
                    return;
                }
            }
        }
        self.deliver_notes(id).await;
        self.mark(id);
    }

    /// Sends the notes that are on their way there. What is refused stands in the composer when it is opened again.
    async fn deliver_notes(self, id: ConversationId) {
        let Some(drafts) = self.session.drafts() else { return };
        for note in drafts.read(id).notes {
            if self.is_open(id) {
                return;
            }
            let refused = match self.session.api().note(id, &note).await {
                Ok(_) => None,
                Err(Failure::Refused(problem)) if problem.kind == ProblemKind::ConversationUnknown => {
                    return self.forget(id);
                }
                Err(Failure::Refused(problem)) if is_final(problem.kind) => Some(&note.text),
                Err(failure) => return drop(self.session.heed(failure)),
            };
            let mut kept = drafts.read(id);
            kept.take_off_note(note.id, refused);
            drafts.write(id, &kept);
        }
    }

    /// What this console still has to send there, and what an earlier visit to it left.
    fn to_send(self, id: ConversationId) -> Vec<SayRequest> {
        let known = self.left.try_with_value(|left| left.get(&id).map(Talk::sending));
        let mut unsent = known.flatten().unwrap_or_default();
        for say in self.session.drafts().map(|drafts| drafts.read(id).outbox).unwrap_or_default() {
            if unsent.iter().all(|known| known.id != say.id) {
                unsent.push(say);
            }
        }
        unsent
    }

    /// Notes what became of a message.
    fn settle(self, id: ConversationId, say: &SayRequest, event: TalkEvent, refused: Option<Refused>) {
        self.left.try_update_value(|left| left.get_mut(&id).map(|talk| talk.apply(event, clock::now())));
        let Some(drafts) = self.session.drafts() else { return };
        let mut kept = drafts.read(id);
        kept.outbox.retain(|other| other.id != say.id);
        kept.refused.extend(refused);
        drafts.write(id, &kept);
    }

    fn mark(self, id: ConversationId) {
        let kept = self.session.drafts().map(|drafts| drafts.read(id)).unwrap_or_default();
        let left = self.left.try_with_value(|left| left.get(&id).is_some_and(Talk::is_unsent));
        let is_unsent = !self.is_open(id) && (left == Some(true) || !kept.ids().is_empty());
        if self.unsent.try_with_untracked(|unsent| unsent.contains(&id)) == Some(!is_unsent) {
            self.unsent.try_update(|unsent| if is_unsent { unsent.insert(id) } else { unsent.remove(&id) });
        }
    }

    fn is_open(self, id: ConversationId) -> bool {
        self.open.try_get_value().flatten() == Some(id)
    }
}

/// Whether trying again brings the same.
pub(super) fn is_final(kind: ProblemKind) -> bool {
    !matches!(kind, ProblemKind::SignInNeeded | ProblemKind::Throttled | ProblemKind::Unavailable)
}

/// Conversations that were open before.
pub fn talks() -> Talks {
    expect_context()
}
