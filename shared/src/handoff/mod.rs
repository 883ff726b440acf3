//! When a person has to take over, and what they are told.
//!
//! | item | decides |
//! |---|---|
//! | [`CueReader`] | what a message says about whether a person should take it |
//! | [`Watch`] | when a talk as a whole should go to a person, why, and how soon |
//! | [`triage`] | the same for a talk that has been had |
//! | [`mask`] | what in a text is personal, and how it looks without it |

pub mod cues;
mod gist;
mod mask;
mod numbers;
mod triage;
mod watch;
mod wish;

pub use cues::{Cue, CueReader, CueTable, Cues};
pub use mask::{Found, Kind, Masked, mask};
pub use triage::{Heard, triage};
pub use watch::{Outcome, Watch};
pub use wish::wants_person;
