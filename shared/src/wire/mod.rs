//! What crosses the network, parsed once into types that cannot hold an invalid state.
//!
//! Everything is JSON. A newtype here validates in `TryFrom`, and its `Deserialize` goes through
//! that, so a value that exists is a value that is valid; nothing behind the door checks again.
//! An enum is tagged from outside, `{"say": {…}}`: a tag inside would have to be looked for, and the code that
//! keeps everything until it is found costs the widget more bytes than everything else about JSON.
//! Unknown fields are ignored, so that an old widget can talk to a newer edge and the reverse.

mod agent;
mod appeal;
mod asked;
mod assignment;
mod calendar;
mod challenge;
mod channel;
mod customer;
mod faq;
mod hours;
mod id;
#[cfg(feature = "server")]
pub mod jwt;
mod likelihood;
mod message;
mod note;
mod passkey;
mod people;
mod problem;
mod report;
mod retention;
mod routing;
pub mod saved_reply;
mod search;
mod second_factor;
mod service;
#[cfg(feature = "server")]
mod sheet;
mod site;
mod subject;
mod text;
mod time;
#[cfg(feature = "server")]
pub mod token;
mod visitor;
mod webhook;
mod widget;

pub use agent::*;
pub use appeal::*;
pub use asked::*;
pub use assignment::*;
pub use calendar::*;
pub use challenge::*;
pub use channel::*;
pub use customer::*;
pub use faq::*;
pub use hours::*;
pub use id::*;
pub use likelihood::*;
pub use message::*;
pub use note::*;
pub use passkey::*;
pub use people::*;
pub use problem::*;
pub use report::*;
pub use retention::*;
pub use routing::*;
pub use saved_reply::{MAX_SAVED_REPLIES, SavedReplies, SavedReply, SavedReplyRequest};
pub use search::*;
pub use second_factor::*;
pub use service::*;
pub use site::*;
pub use subject::*;
pub use text::*;
pub use time::*;
pub use visitor::*;
pub use webhook::*;
pub use widget::*;

/// The largest request body the edge reads, in bytes, except for an FAQ source.
pub const MAX_BODY_BYTES: usize = 256 * 1024;
/// The largest FAQ source the edge reads, in bytes.
pub const MAX_FAQ_BYTES: usize = 4 * 1024 * 1024;
/// The largest socket frame the edge reads, in bytes.
pub const MAX_FRAME_BYTES: usize = 32 * 1024;
