//! The visitor's app. It runs in a frame of the edge's origin, inside the site's page.
//!
//! What the visitor types stays here until the visitor agrees to hand the talk to a person: questions are
//! answered by [`talk`], which has no way to the network. The one way out is [`person`], and it begins with a
//! `HandoffRequest` that the visitor has seen.
//!
//! | module | does |
//! |---|---|
//! | [`start`] | reads what the frame's page says, loads words and FAQ, puts the app on screen |
//! | [`app`] | what is going on, as signals, and what can be done |
//! | [`talk`] | questions and answers in the browser, and what of them a person would see; pure |
//! | [`person`] | the talk with a person: its log, its outbox, the socket, what is remembered |
//! | [`faq`] | fetches the pack, and looks now and then whether there is a newer one |
//! | [`host`] | messages to and from the site's page |
//! | [`look`] | theme, accent and contrast |
//! | [`words`] | the interface's language |
//! | [`views`] | what is seen |

mod app;
mod cues;
mod customer;
mod faq;
mod host;
mod look;
mod person;
mod start;
mod talk;
mod views;
mod words;

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests;

/// Starts the app in the frame's page. The page's script calls it as soon as the module is there.
#[cfg_attr(not(test), wasm_bindgen::prelude::wasm_bindgen(start))]
pub fn main() {
    start::start();
}
