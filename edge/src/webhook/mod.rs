//! Webhooks: what is kept of them in a desk's database, and how one is sent.

pub(crate) mod calls;
pub(crate) mod outbox;
pub(crate) mod post;
pub(crate) mod store;
