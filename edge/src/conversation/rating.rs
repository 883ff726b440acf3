//! What visitors say afterwards of how they were served.

use deskbell_shared::wire::{Event, Likelihood, Message, Millis, Status};

use super::head::{Head, NewId};
use crate::refusal::Outcome;

impl Head {
    /// The visitor says how it was. `None` when they may not, or have said so already.
    pub(crate) fn rate(&mut self, good: bool, now: Millis, new_id: NewId<'_>) -> Outcome<Option<Message>> {
        if self.first_reply.is_none() || !std::mem::take(&mut self.unrated) {
            return Ok(None);
        }
        self.rated_good = Some(good);
        self.happened(Event::Rated { good }, now, new_id).map(Some)
    }

    /// The visitor says how likely they are to recommend the site. `None` when nobody has served them, when they are being
    /// served, or when they have said so already.
    pub(crate) fn recommend(
        &mut self,
        likelihood: Likelihood,
        now: Millis,
        new_id: NewId<'_>,
    ) -> Outcome<Option<Message>> {
        if self.first_reply.is_none() || self.status == Status::Open || self.recommends.is_some() {
            return Ok(None);
        }
        self.recommends = Some(likelihood);
        self.happened(Event::Recommended { likelihood }, now, new_id).map(Some)
    }
}
