//! What only a talk with a person needs, as a module of its own: most visitors have their answer without it.
//!
//! `cargo xtask build` puts everything into it that nothing but [`Here`] reaches. So whoever is outside calls it through
//! [`Part`], and through [`Line`](super::Line), which it opens; a call past them is right too, and brings what it calls
//! back into the first download.

use deskbell_shared::wire::{HandoffReason, Message, Text};
use leptos::prelude::*;
use wasm_split_helpers::SplitLoaderError;

use crate::{app::App, views};

/// What can be done once the part is there.
pub(crate) trait Part: Send + Sync {
    /// Shows what a person would see, and asks whether it may be sent; or goes to the talk that there is.
    fn want_person(&self, app: App, reason: HandoffReason);
    /// Writes to the person; whether it is on its way.
    fn say(&self, app: App, text: Text) -> bool;
    /// The page around the frame is another one.
    fn moved(&self, app: App);
    /// Another customer is signed in at the site, or nobody any more.
    fn identified(&self, app: App);
    /// Takes up the talk that this browser remembers, and asks after the appeal.
    fn begin(&self, app: App);
    /// The visitor looks again.
    fn seen(&self, app: App);
    /// Takes up the talk that another tab has begun.
    fn join(&self, app: App);
    /// The sheet that asks for consent.
    fn sheet(&self, app: App) -> AnyView;
    /// What stands in the way of a talk.
    fn notices(&self, app: App) -> AnyView;
    /// A line of the talk, as the edge has it.
    fn message(&self, app: App, message: Message) -> AnyView;
}

struct Here;

impl Part for Here {
    fn want_person(&self, app: App, reason: HandoffReason) {
        app.ask_consent(reason);
    }

    fn say(&self, app: App, text: Text) -> bool {
        app.say_to_person(text)
    }

    fn moved(&self, app: App) {
        app.moved();
    }

    fn identified(&self, app: App) {
        app.leave_to_its_customer();
    }

    fn begin(&self, app: App) {
        app.take_up();
        app.ask_after_appeal();
    }

    fn seen(&self, app: App) {
        app.look_after_appeal();
    }

    fn join(&self, app: App) {
        app.take_up();
    }

    fn sheet(&self, app: App) -> AnyView {
        views::consent_sheet(app)
    }

    fn notices(&self, app: App) -> AnyView {
        views::talk_notices(app)
    }

    fn message(&self, app: App, message: Message) -> AnyView {
        views::message(app, message)
    }
}

/// Fetches the part; once it is there, again at once.
///
/// # Errors
/// It could not be fetched. The next try is a new one.
#[cfg(not(test))]
#[wasm_split_helpers::wasm_split(person, fallible)]
pub(crate) fn fetch() -> Result<&'static dyn Part, SplitLoaderError> {
    Ok(&Here)
}

/// Tests run in one module.
#[cfg(test)]
pub(crate) async fn fetch() -> Result<&'static dyn Part, SplitLoaderError> {
    Ok(&Here)
}
