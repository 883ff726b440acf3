//! The brain of Deskbell: everything that must be decided the same way in the visitor's browser,
//! in the agent's console and at the edge.
//!
//! Nothing here knows a browser, a worker, a clock, randomness or I/O. Time and entropy are
//! arguments, so every rule can be tested natively and gives the same verdict everywhere.
//!
//! | module | decides |
//! |---|---|
//! | [`text`] | what counts as the same text: folding, tokens, scripts |
//! | [`faq`] | which FAQ entry answers a question, or that none does |
//! | [`throttle`] | how fast is too fast |
//! | [`guard`] | who behaves abnormally, and what is done about it |
//! | [`handoff`] | when a person has to take over, and what they are told |
//! | [`attendance`] | whether people are there, by a site's opening hours |
//! | [`totp`] | which code of an authenticator app is good now |
//! | [`webauthn`] | whether a passkey's answer is one to us |
//! | [`locale`] | which language to speak, and the words to say |
//! | [`webhook`] | what other programs hear of, in which form, and when it is tried again |
//! | [`wire`] | what crosses the network, and what is refused at the door |

#[cfg(feature = "server")]
pub mod attendance;
pub mod faq;
pub mod guard;
pub mod handoff;
pub mod locale;
#[cfg(feature = "server")]
pub mod routing;
pub mod text;
pub mod throttle;
#[cfg(feature = "server")]
pub mod totp;
#[cfg(feature = "server")]
pub mod webauthn;
#[cfg(feature = "server")]
pub mod webhook;
pub mod wire;
