//! Sessions that have ended: their sockets are closed, wherever they are.

use super::{RETRY_MS, SiteDo};
use crate::{
    agent::session::socket_name,
    conversation,
    keys::Keys,
    platform::{
        now,
        object::{self, ask},
    },
    refusal::Outcome,
    site::calls::Place,
    ticket::EndSession,
};

impl SiteDo {
    /// Ends what was opened in sessions that are no more. What fails here is tried again by the alarm.
    pub(super) async fn end_sockets(&self) {
        loop {
            match self.try_to_end_sockets().await {
                Ok(true) => {}
                Ok(false) => break,
                Err(refusal) => {
                    refusal.log("ending the sockets of a session");
                    break;
                }
            }
        }
    }

    /// Whether there may be more.
    async fn try_to_end_sockets(&self) -> Outcome<bool> {
        let left_open = match self.people() {
            Ok(people) => people.left_open(now())?,
            // A site that was never made has no people.
            Err(_) => return Ok(false),
        };
        if left_open.is_empty() {
            return Ok(false);
        }
        // In the same step as what ended them, if that is what is followed here.
        self.state.storage().set_alarm(RETRY_MS).await?;
        let (keys, site) = (Keys::of(&self.env)?, self.id()?);
        let mut failed = None;
        for (session, place) in left_open {
            let object = match place {
                Place::Desk => self.object(object::DESK)?,
                Place::Talk(id) => conversation::object(&self.env, &site, id)?,
            };
            match ask(&object, &EndSession { session: socket_name(&keys, &session) }).await {
                Ok(()) => self.people()?.closed(&session, place)?,
                // One that does not answer keeps nothing from the others.
                Err(refusal) => failed = Some(refusal),
            }
        }
        failed.map_or(Ok(true), Err)
    }
}
