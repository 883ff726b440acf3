//! `bench`: how fast the parts are, beside something that does the same, in one run.
//!
//! Absolute times drift on shared machines; a ratio to a baseline from the same minute does not.

mod browser;
pub(crate) mod challenge;
pub(crate) mod chaos;
mod clerk;
mod crowd;
mod deployed;
pub(crate) mod edge;
pub(crate) mod faq;
pub(crate) mod guard;
pub(crate) mod matching;
pub(crate) mod messages;
mod party;
mod workerd;
mod wrk;

use std::cmp::Ordering;

/// The middle one of some measurements; 0 of none.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(|a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal));
    values.get(values.len() / 2).copied().unwrap_or_default()
}
