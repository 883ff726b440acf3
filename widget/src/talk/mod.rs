//! Questions and answers in the browser. Nothing in this folder reaches the network.
//!
//! | module | does |
//! |---|---|
//! | [`faq_talk`] | asks the matcher, notices when a person should take over, and slows a flood down |
//! | [`consent`] | what of the talk a person would see, with personal data masked |

mod consent;
mod faq_talk;

pub(crate) use consent::{Consent, context};
pub(crate) use faq_talk::{Asked, Care, Choice, FaqTalk, Item, ItemKind};
