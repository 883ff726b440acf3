//! What counts as the same text.

pub mod links;
