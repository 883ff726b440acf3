//! What other programs, and a team's own chat, hear of what happens at a site: what counts as news, what is sent of it, how
//! it is signed, and when it is tried again.
//!
//! What is sent to programs follows [Standard Webhooks](https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
//! It says what happened in which conversation and how that stands, and none of its words: whoever is to read those signs in.

mod health;
mod letter;
mod news;
mod schedule;
mod signature;

pub use health::Health;
pub use letter::{Time, answered, has_to_be_read, letter};
pub use news::{Matter, News, Raised, of_change};
pub use schedule::{ATTEMPTS, granted_ms, wait_ms};
pub use signature::Secret;

#[cfg(test)]
mod tests {
    use crate::wire::{
        ConversationId, Customer, HandoffReason, Line, Millis, Priority, Status, Summary, VisitorContext,
    };

    /// A talk that has just been handed over. What must go nowhere says so.
    pub(crate) fn summary() -> Summary {
        let line = |text: &str| Line::new(text).unwrap();
        Summary {
            conversation: ConversationId([7; 16]),
            status: Status::Open,
            last_seq: 4,
            preview: line("SECRET words"),
            reasons: vec![HandoffReason::Crisis],
            priority: Priority::Urgent,
            context: VisitorContext {
                language: "zh-Hans".to_owned().try_into().unwrap(),
                page: None,
                title: Some(line("SECRET page")),
                utc_offset_minutes: 60,
            },
            subject: None,
            customer: Some(Customer {
                id: line("SECRET number"),
                name: Some(line("SECRET name")),
                email: None,
                vip: false,
            }),
            via: None,
            opened: Millis(5),
            updated: Millis(5),
            last_said: None,
            waiting_since: Some(Millis(5)),
            first_reply: None,
            reopened: 0,
            rated_good: None,
            recommends: None,
            unread: 1,
            assignee: None,
            online: true,
            banned: false,
        }
    }
}
