//! The end of a conversation's record: nothing of it is left but whom its end has to be told, and once they have heard of
//! it, not even that.

use deskbell_shared::wire::ProblemKind;

use super::{ConversationDo, GIVE_UP_MS, RETRY_MS, Untold};
use crate::{
    conversation::{calls::Erase, store::Erased},
    desk::calls::Forget,
    platform::{
        now,
        object::{self, ask},
    },
    refusal::{Outcome, Refusal},
    site::calls::ForgetTraces,
    watch::calls::ForgetTalk,
};

impl ConversationDo {
    /// Erases everything; `false` when something was said since it was to have been quiet.
    pub(super) fn erase(&self, call: Erase) -> Outcome<bool> {
        let Erase { site, conversation, quiet_since } = call;
        let head = self.find()?;
        if let (Some(moment), Some(head)) = (quiet_since, &head)
            && head.last_said() > moment
        {
            return Ok(false);
        }
        // Whoever erases it again, before everybody has heard, must not make it forgotten whose it was.
        let known = || Ok::<_, Refusal>(self.store.erased()?.and_then(|erased| erased.visitor));
        let visitor = match head {
            Some(head) => Some(head.visitor.visitor),
            None => known()?,
        };
        self.store.erase(&Erased { site, conversation, visitor, at: now() })?;
        self.head.replace(None);
        self.watcher.replace(None);
        self.untold.replace(Untold::default());
        self.is_erased.set(true);
        for socket in self.state.get_websockets() {
            // Whoever holds it asks for another, and hears that there is no such conversation. One that is gone needs nothing.
            let _ = socket.close(Some(1001), Some("the conversation was erased"));
        }
        Ok(true)
    }

    /// Refuses to begin anew before everybody has heard of the end.
    pub(super) fn is_free(&self) -> Outcome<()> {
        match self.store.erased()? {
            None => Ok(()),
            Some(_) => Err(Refusal::new(
                ProblemKind::Unavailable,
                "The conversation of this name is being erased. Try again in a moment.",
            )),
        }
    }

    /// Tells that the conversation is no more, once at a time, and then forgets that there ever was one. What fails here is
    /// tried again by the alarm.
    pub(super) async fn tell_of_erasure(&self) -> Outcome<()> {
        if self.ending_since.get().is_some_and(|since| now().since(since) < GIVE_UP_MS) {
            // Should the one that is under way fail, somebody has to try again.
            return Ok(self.wake_at(now().plus(RETRY_MS)).await?);
        }
        self.ending_since.set(Some(now()));
        let told = self.try_to_tell_of_erasure().await;
        self.ending_since.set(None);
        told
    }

    async fn try_to_tell_of_erasure(&self) -> Outcome<()> {
        let Some(erased) = self.store.erased()? else { return Ok(()) };
        let Erased { site, conversation, visitor, at } = erased.clone();
        let named = |binding| object::named(&self.env, binding, site.as_str());
        ask(&named(object::WATCH)?, &ForgetTalk { conversation, at }).await?;
        ask(&named(object::SITE)?, &ForgetTraces { conversation, visitor }).await?;
        ask(&named(object::DESK)?, &Forget { conversation, at }).await?;
        // One who was given up may have told the same meanwhile, and another conversation have begun.
        if self.store.erased()?.as_ref() == Some(&erased) {
            self.is_erased.set(false);
            // The alarm goes with everything else.
            self.wakes_at.set(None);
            self.state.storage().delete_all().await?;
        }
        Ok(())
    }
}
