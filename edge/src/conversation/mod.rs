//! One conversation: what it can be asked, what it knows, and how its messages are kept.

pub(crate) mod asked;
pub(crate) mod calls;
mod carrying;
mod closing;
pub(crate) mod guarding;
pub(crate) mod head;
pub(crate) mod notes;
mod rating;
pub(crate) mod store;
pub(crate) mod watch;

use deskbell_shared::wire::{ConversationId, SiteId};
use worker::Env;

use crate::{
    platform::object::{self, Object},
    refusal::Outcome,
};

/// The object that keeps a conversation of a site.
///
/// # Errors
/// When the binding is missing.
pub(crate) fn object(env: &Env, site: &SiteId, conversation: ConversationId) -> Outcome<Object> {
    object::named(env, object::CONVERSATION, &format!("{site}/{conversation}"))
}
