//! What a visitor's widget does: handing over, and coming back.

pub(crate) mod appeal;
pub(crate) mod handoff;
pub(crate) mod session;
pub(crate) mod turnstile;
