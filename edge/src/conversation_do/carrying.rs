//! A conversation that goes through a channel: what its carrier has to deliver, and what has come of that.

use deskbell_shared::wire::{OutgoingMessage, TalkEvent};

use super::{ConversationDo, new_id};
use crate::{
    conversation::calls::{NoteDelivered, ReadOutgoing, Speaker},
    platform::{now, socket},
    refusal::Outcome,
};

impl ConversationDo {
    /// What the site's people, or its FAQ, have said that was not delivered yet.
    pub(super) fn outgoing(&self, ReadOutgoing { channel }: ReadOutgoing) -> Outcome<Vec<OutgoingMessage>> {
        let head = self.head()?;
        let via = head.via_channel(&channel)?;
        self.store.outgoing(head.conversation, via)
    }

    /// The carrier has delivered something, or cannot.
    pub(super) fn note_delivered(&self, call: NoteDelivered) -> Outcome<()> {
        let mut head = self.head()?;
        let reached = head.visitor_read;
        let message = head.delivered(&call.channel, call.seq, call.failed, now(), &mut new_id)?;
        let has_reached = head.visitor_read;
        self.commit_event(head, message)?;
        if has_reached > reached {
            let people = self.state.get_websockets_with_tag(Speaker::AGENTS);
            socket::send_all(people, &TalkEvent::Read { seq: has_reached });
        }
        Ok(())
    }
}
