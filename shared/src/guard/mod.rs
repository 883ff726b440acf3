//! Who behaves abnormally, and what is done about it: signals make a score, the score decays, and a ladder of
//! answers follows it.
//!
//! Every answer can be explained by the signals behind it, and none of them is for ever: what stops a visitor for
//! good is decided by a person. The clock is an argument, as everywhere in this crate.
//!
//! | module | decides |
//! |---|---|
//! | [`signal`] | what counts against a visitor, and how much |
//! | [`score`] | how much that is together, and how it fades |
//! | [`ladder`] | what answers a score: hint, slow mode, challenge, ban |
//! | [`conduct`] | all of it for one visitor, message by message |
//! | [`opening`] | who may open something, by visitor and address |
//! | [`likeness`] | whether two texts are the same, or nearly |
//! | [`letters`], [`words`] | insults and blocked words, however they are dressed up |
//! | [`spam`] | links and ways of contact in a text |
//! | [`pow`] | the puzzle that a challenge sets |
//! | [`siege`] | whether a site is under attack |
//! | [`range`] | ranges of addresses, and countries |
//! | [`rules`] | what a site sets, and what it may not |
//! | [`record`], [`replay`] | what was decided, and what other rules would have done |
//! | [`audit`] | the chain that holds the record of privileged acts together |

pub mod audit;
#[cfg(feature = "server")]
pub mod conduct;
pub mod ladder;
#[cfg(feature = "server")]
mod letters;
#[cfg(feature = "server")]
pub mod likeness;
#[cfg(feature = "server")]
pub mod opening;
pub mod pow;
pub mod range;
pub mod record;
#[cfg(feature = "server")]
pub mod replay;
pub mod rules;
#[cfg(feature = "server")]
pub mod score;
#[cfg(feature = "server")]
pub mod siege;
pub mod signal;
pub mod spam;
#[cfg(feature = "server")]
pub mod words;
