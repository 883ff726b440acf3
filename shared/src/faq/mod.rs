//! Which FAQ entry answers a question, or that none does.
//!
//! An FAQ is compiled once into a *pack*, and every visitor's browser loads that pack into a [`Matcher`].
//! The compiler sits behind the `compile` feature and is never linked by the widget.

#[cfg(feature = "compile")]
pub mod compile;
mod matcher;
mod pack;

pub use matcher::{Candidate, Decision, Entry, Matcher, Verdict};
pub use pack::{PACK_VERSION, PackError};
