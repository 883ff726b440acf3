//! The index of a site's conversations, as its agents see it.

pub(crate) mod calls;
