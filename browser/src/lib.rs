//! What the widget and the inbox both ask of the browser, each thing once.
//!
//! Nothing here panics on what a browser may refuse: storage can be forbidden, a network can be gone, a
//! language can be unknown. Every such refusal is a value.
//!
//! | module | asks for |
//! |---|---|
//! | [`clock`] | the time, and to be called later |
//! | [`random`] | identifiers and jitter |
//! | [`http`] | a request, answered with a value or with words |
//! | [`link`] | a socket that comes back by itself |
//! | [`storage`] | a place that survives a reload, if there is one |
//! | [`intl`] | names of languages, dates and numbers |
//! | [`page`] | the page's own address, languages and listeners |

pub mod clock;
pub mod http;
pub mod intl;
pub mod link;
pub mod page;
pub mod random;
pub mod storage;
