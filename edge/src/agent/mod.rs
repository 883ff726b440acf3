//! What the site's people do: signing in, the desk, closing, keeping, bans, and what they do among themselves.

pub(crate) mod bans;
pub(crate) mod channels;
pub(crate) mod desk;
pub(crate) mod guarding;
pub(crate) mod keeping;
pub(crate) mod learning;
pub(crate) mod passkeys;
pub(crate) mod people;
pub(crate) mod replies;
pub(crate) mod second_factor;
pub(crate) mod session;
pub(crate) mod sign_in;
pub(crate) mod subjects;
pub(crate) mod team;
pub(crate) mod webhooks;
