//! Real people in a real Chromium, in the words of a test: a person opens a page, reads it, clicks, types.
//!
//! ```no_run
//! # use deskbell_tests::browser::{Browser, button, textbox};
//! # async fn example() {
//! let browser = Browser::start().await;
//! let visitor = browser.person("visitor").await;
//! visitor.open("http://127.0.0.1:8080/").await;
//! visitor.click(button("Chat with us")).await;
//! visitor.type_text(textbox("Message"), "Where is my order?").await;
//! visitor.press("Enter").await;
//! visitor.wait_for_text("We ship within a day").await;
//! # }
//! ```
//!
//! Three decisions carry the rest:
//!
//! - **What is on the page is read from the accessibility tree**, as a screen reader would read it: by role and
//!   name, through shadow roots (closed ones too) and into frames. A test that finds its button has therefore
//!   shown that everybody can.
//! - **Site isolation is switched off.** The widget's app lives in a frame from another origin. With isolation,
//!   Chromium puts that frame into a process and a protocol session of its own, with its own network log, its own
//!   emulation and its own coordinates; without it, one session sees and drives the whole page. The rules between
//!   origins (storage, messages, policies) are the same either way, and those are what the tests are about.
//! - **A step that cannot be done fails the test by itself**, at the line of the test that asked for it, saying what
//!   was looked for and what the page showed. Every person alive in a failing test leaves a screenshot in
//!   `target/screenshots/`.

mod chromium;
mod conditions;
mod console;
mod find;
mod input;
mod network;
mod person;
mod record;
mod tree;
mod waiting;

pub use chromium::Browser;
pub use console::Said;
pub use find::{By, Element, button, link, role, textbox};
pub use network::{Mark, Sent, SentKind};
pub use person::Person;
