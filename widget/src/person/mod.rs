//! The talk with a person, from the visitor's consent on.
//!
//! | module | does |
//! |---|---|
//! | [`log`] | what was said, in order, and what waits to be sent; pure |
//! | [`memory`] | what this browser remembers of it |
//! | [`line`] | keeps log and edge in step: session, socket, catching up, and plain requests where sockets fail |

mod line;
mod log;
mod memory;

pub(crate) use line::{Ban, Line, LineState, Opening, Report, TURNSTILE_PLACE};
pub(crate) use log::{Delivery, Log};
pub(crate) use memory::{Memory, Talk};
