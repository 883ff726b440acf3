//! That a conversation is done with, and that it is not after all.

use deskbell_shared::wire::{Customer, Event, Line, Message, Millis, Priority, Status};
use serde::{Deserialize, Serialize};

use super::head::{Head, NewId};
use crate::refusal::Outcome;

/// What closing a conversation ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BeforeClosing {
    priority: Priority,
    waiting_since: Option<Millis>,
}

impl Head {
    /// Closes it. `None` when it is closed already.
    pub(crate) fn close(&mut self, by: Line, now: Millis, new_id: NewId<'_>) -> Outcome<Option<Message>> {
        if self.status == Status::Closed {
            return Ok(None);
        }
        self.status = Status::Closed;
        self.unrated = true;
        self.before_closing =
            Some(BeforeClosing { priority: self.priority, waiting_since: self.waiting_since.take() });
        // What comes next is another matter.
        self.priority = self.customer.as_ref().map(Customer::priority).unwrap_or_default();
        self.happened(Event::Closed { by }, now, new_id).map(Some)
    }

    /// Its visitor waits no more, also should it be opened again.
    pub(super) fn is_answered(&mut self) {
        self.waiting_since = None;
        if let Some(before) = &mut self.before_closing {
            before.waiting_since = None;
        }
    }

    /// Takes back that it was closed: its visitor waits as before. `None` when it is open already.
    pub(crate) fn reopen(&mut self, by: Line, now: Millis, new_id: NewId<'_>) -> Outcome<Option<Message>> {
        if self.status == Status::Open {
            return Ok(None);
        }
        self.status = Status::Open;
        self.unrated = false;
        self.comes_to_people(now);
        if let Some(before) = self.before_closing.take() {
            self.priority = self.priority.max(before.priority);
            self.waiting_since = before.waiting_since;
        }
        self.happened(Event::ReopenedBy { by }, now, new_id).map(Some)
    }
}
