//! The end of a conversation's record: nothing of it is left but whom its end has to be told, and once they have heard of
//! it, not even that.

use deskbell_shared::wire::ProblemKind;

use super::{ConversationDo, Untold};
use crate::{
    conversation::calls::Erase,
    desk::calls::Forget,
    platform::object::{self, ask},
    refusal::{Outcome, Refusal},
    watch::calls::ForgetTalk,
};

impl ConversationDo {
    /// Erases everything; `false` when something was said since it was to have been quiet.
    pub(super) fn erase(&self, call: &Erase) -> Outcome<bool> {
        let speaks = |moment| Ok::<_, Refusal>(self.find()?.is_some_and(|head| head.updated > moment));
        if call.quiet_since.map(speaks).transpose()? == Some(true) {
            return Ok(false);
        }
        self.store.erase(call)?;
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

    /// Refuses to begin anew before everybody has heard of the end: what they are told of it would end the new one too.
    pub(super) fn is_free(&self) -> Outcome<()> {
        match self.store.erased()? {
            None => Ok(()),
            Some(_) => Err(Refusal::new(
                ProblemKind::Unavailable,
                "The conversation of this name is being erased. Try again in a moment.",
            )),
        }
    }

    /// Tells the watch and the desk that the conversation is no more, and then forgets that there ever was one.
    pub(super) async fn tell_of_erasure(&self) -> Outcome<()> {
        let Some(Erase { site, conversation, .. }) = self.store.erased()? else { return Ok(()) };
        let watch = object::named(&self.env, object::WATCH, site.as_str())?;
        ask(&watch, &ForgetTalk { conversation }).await?;
        let desk = object::named(&self.env, object::DESK, site.as_str())?;
        ask(&desk, &Forget { conversation }).await?;
        self.is_erased.set(false);
        Ok(self.state.storage().delete_all().await?)
    }
}
