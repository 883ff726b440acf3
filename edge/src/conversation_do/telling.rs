//! What a conversation tells others: the desk how it stands, the site of the guard's bans; and the alarm that does it
//! again when it failed.

use deskbell_shared::wire::Millis;

use super::{ConversationDo, GIVE_UP_MS, PATIENCE_MS, PRESENCE_MS, RETRY_MS};
use crate::{
    conversation::{asked::asked, head::Head},
    desk::calls::Note,
    platform::{
        now,
        object::{self, ask},
        patience::within,
    },
    refusal::{Outcome, Refusal},
};

impl ConversationDo {
    /// What follows every event: the alarm that will tell the desk whatever happens here is set in the same step as
    /// what was written, and then the desk is told. The watch comes last, and only for so long: it counts and replays
    /// a whole site, and nobody's words wait for that.
    pub(super) async fn settle(&self) {
        if self.is_behind() || self.is_erased.get() {
            if let Err(error) = self.wake_at(now().plus(RETRY_MS)).await {
                Refusal::failed(error).log("setting the alarm");
            }
            self.tell_desk().await;
        }
        if self.is_erased.get()
            && let Err(refusal) = self.tell_of_erasure().await
        {
            refusal.log("telling that a conversation was erased");
        }
        if within(PATIENCE_MS, self.tell_watch()).await.is_none() {
            self.untold.borrow_mut().telling = false;
            Refusal::failed("the watch gave no answer in time").log("telling the watch");
        }
    }

    /// Whether there is something that the desk, or the site, does not know.
    fn is_behind(&self) -> bool {
        self.head.borrow().as_ref().is_some_and(Head::is_ahead)
    }

    /// Tells the desk how the conversation stands, once at a time, until it knows the latest.
    /// What fails here is tried again by the alarm.
    async fn tell_desk(&self) {
        let busy = self.noting_since.get().is_some_and(|since| now().since(since) < GIVE_UP_MS);
        if busy {
            return;
        }
        self.noting_since.set(Some(now()));
        // The site first: what it is told stops somebody.
        for (told, whom) in [(self.tell_site().await, "the site"), (self.tell_desk_all().await, "the desk")] {
            if let Err(refusal) = told {
                refusal.log(&format!("telling {whom}"));
            }
        }
        self.noting_since.set(None);
    }

    async fn tell_desk_all(&self) -> Outcome<()> {
        while let Some(head) = self.find()?.filter(|head| head.noted < head.version) {
            let desk = object::named(&self.env, object::DESK, head.site.as_str())?;
            let version = head.version;
            let owes_asked = head.owes_asked();
            let asked = if owes_asked { asked(&self.store.missed(&head, 0)?.messages) } else { Vec::new() };
            let summary = head.summary(now());
            ask(&desk, &Note { version, summary, visitor: head.visitor, asked }).await?;
            // It may have changed meanwhile: only the mark is written, on the latest record.
            if let Some(mut head) = self.find()? {
                head.noted = head.noted.max(version);
                head.asked_told |= owes_asked;
                self.keep(head, None)?;
            }
        }
        Ok(())
    }

    /// The alarm's work: what happened without an event, and what the desk has not been told.
    pub(super) async fn catch_up_with_the_world(&self) -> Outcome<()> {
        let Some(mut head) = self.find()? else { return self.tell_of_erasure().await };
        let now = now();
        let before = head.bans.len();
        head.bans.retain(|ban| ban.until.is_none_or(|until| until > now));
        if head.bans.len() != before {
            self.commit(head, &[])?;
        }
        self.note_presence(None)?;
        self.tell_desk().await;
        let Some(head) = self.find()? else { return Ok(()) };
        if head.is_ahead() {
            self.wake_at(now.plus(RETRY_MS)).await?;
        }
        if let Some(end) = head.next_ban_end(now) {
            self.wake_at(end).await?;
        }
        if head.online {
            self.wake_at(now.plus(PRESENCE_MS)).await?;
        }
        Ok(())
    }

    /// Sees to it that the alarm fires at `moment`, or before.
    pub(super) async fn wake_at(&self, moment: Millis) -> worker::Result<()> {
        if self.wakes_at.get().is_some_and(|at| at <= moment) {
            return Ok(());
        }
        self.wakes_at.set(Some(moment));
        let offset = i64::try_from(moment.since(now())).unwrap_or(i64::MAX);
        self.state.storage().set_alarm(offset).await
    }
}
