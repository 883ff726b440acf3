//! When a person has to take over, and what they are told.
//!
//! | item | decides |
//! |---|---|
//! | [`wants_person`] | whether a text asks for a human being |
//! | [`Watch`] | when a talk as a whole should go to a person |
//! | [`mask`] | what in a text is personal, and how it looks without it |

mod mask;
mod numbers;
mod watch;
mod wish;

pub use mask::{Found, Kind, Masked, mask};
pub use watch::{Outcome, Watch};
pub use wish::wants_person;
