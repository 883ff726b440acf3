//! The agent's console: who waits, what was said, and an answer.
//!
//! | module | is |
//! |---|---|
//! | [`app`] | the root: which console the address opens, and what stands before it |
//! | [`place`] | addresses |
//! | [`words`] | the interface's language |
//! | [`api`] | what is asked of the edge |
//! | [`connection`] | how a connection stands |
//! | [`session`], [`sign_in`], [`second_factor`], [`passkeys`] | who is signed in, and how |
//! | [`team`], [`replies`] | who answers visitors, and with what again and again |
//! | [`desk`] | the list of conversations, live |
//! | [`talk`] | one conversation |
//! | [`bans`], [`appeals`], [`guard`], [`faq`], [`settings`], [`webhooks`], [`channels`] | the screens beside them |
//! | [`look`] | what visitors see of the widget, to be set |
//! | [`setup`] | making a site |
//! | [`keys`] | the keyboard |
//! | [`ui`] | parts that every screen uses |
//!
//! What is decided stands in modules without a view (`desk::list`, `talk::model`, `talk::before`, `keys`,
//! `place`, `ui::span`) and is tested natively; views only show it.

pub mod api;
pub mod app;
pub mod appeals;
pub mod bans;
pub mod channels;
pub mod connection;
pub mod customers;
pub mod desk;
pub mod faq;
pub mod figures;
pub mod guard;
pub mod hours;
pub mod keys;
pub mod look;
pub mod passkeys;
pub mod password;
pub mod people;
pub mod place;
pub mod replies;
pub mod retention;
pub mod routing;
pub mod second_factor;
pub mod session;
pub mod settings;
pub mod setup;
pub mod sign_in;
pub mod subjects;
pub mod talk;
pub mod team;
pub mod ui;
pub mod webhooks;
pub mod words;

/// Shows the console in the page. The page's script calls it as soon as the module is there.
#[cfg(not(test))]
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn start() {
    leptos::mount::mount_to_body(app::App);
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests;
