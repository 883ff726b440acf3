//! A site's watch: what the guard decided, who was considered honest, and what other rules would have done.

pub(crate) mod calls;
