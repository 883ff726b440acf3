//! Which FAQ entry answers a question, or that none does.
//!
//! An FAQ is compiled once into a *pack*, and every visitor's browser loads that pack into a [`Matcher`].
//! The compiler sits behind the `compile` feature and is never linked by the widget.

mod bytes;
mod certainty;
#[cfg(feature = "compile")]
pub mod compile;
mod embedding;
mod explain;
pub(crate) mod feature;
pub(crate) mod hash;
mod index;
mod matcher;
mod pack;
mod phrases;
mod reader;
mod reading;
mod scope;
mod score;
mod sense;
mod spelling;
mod subject;
mod synonyms;
mod table;
mod texts;
mod vocabulary;

pub use explain::{Carried, Explanation, Phrasing};
pub use matcher::{Candidate, Decision, Entry, Matcher, Verdict};
pub use pack::{MAX_ENTRIES, MAX_PACK_BYTES, MAX_PHRASINGS, PACK_VERSION, PackError};
pub use subject::subject_of;
