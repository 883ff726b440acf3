//! Links in a text: the only markup there is.

use std::borrow::Cow;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment<'a> {
    /// Shown as it is.
    Text(&'a str),
    /// Shown as a link.
    Link {
        /// What the reader sees.
        label: Cow<'a, str>,
        /// Where it leads: always `https:`, `http:`, `mailto:` or `tel:`.
        href: String,
    },
}

/// Splits a text into what is text and what is a link.
pub fn split(text: &str) -> Vec<Segment<'_>> {
    vec![Segment::Text(text)]
}
