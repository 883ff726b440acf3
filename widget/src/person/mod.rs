//! The talk with a person, from the visitor's consent on.
//!
//! | module | does |
//! |---|---|
//! | [`log`] | what was said, in order, and what waits to be sent; pure |
//! | [`memory`] | what this browser remembers of it |
//! | [`part`] | all of it but the log as a module of its own, fetched when it is wanted |
//! | [`line`] | keeps log and edge in step: session, socket, catching up, and plain requests where sockets fail |

mod line;
mod log;
mod memory;
mod part;

pub(crate) use line::{Ban, Line, LineState, OpenLine, Opening, Report, TURNSTILE_PLACE};
pub(crate) use log::{Delivery, Log};
pub(crate) use memory::{Memory, Talk};
pub(crate) use part::{Part, fetch};
