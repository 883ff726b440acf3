//! Fetching what only a talk with a person needs.

use std::time::Duration;

use deskbell_browser::clock::Timer;
use deskbell_shared::wire::HandoffReason;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::App;
use crate::person::{self, Memory, Part};

/// How soon it is tried again for a talk that waits for it.
const AGAIN: Duration = Duration::from_secs(5);

impl App {
    /// Asks for a person, for this reason.
    pub(crate) fn want_person(self, reason: HandoffReason) {
        self.with_part(Box::new(move |part| part.want_person(self, reason)));
    }

    /// Does something about the talk that this browser remembers, if it does.
    pub(super) fn with_remembered(self, act: fn(&dyn Part, Self)) {
        if !self.memory.with_value(Memory::is_there) {
            return;
        }
        spawn_local(async move {
            match self.fetched().await {
                Some(part) => act(part, self),
                // There is one timer, whatever it is fetched for: all of it, each of which does no harm done twice.
                None => self.part_timer.set_value(Timer::after(AGAIN, move || {
                    self.with_remembered(|part, app| {
                        // As long as the page has not said who is there, a talk is nobody else's.
                        if app.is_told.get_value() {
                            part.identified(app);
                        }
                        part.begin(app);
                    });
                })),
            }
        });
    }

    /// The visitor may soon want it, or looks elsewhere: then nobody waits for it later.
    pub(crate) fn expect_person(self) {
        spawn_local(async move {
            self.fetched().await;
        });
    }

    /// Does something with the part, at once when it is there.
    fn with_part(self, act: Box<dyn FnOnce(&'static dyn Part)>) {
        if let Some(part) = self.part.get_untracked() {
            return act(part);
        }
        self.trouble.set(None);
        self.fetching.set(true);
        spawn_local(async move {
            let part = self.fetched().await;
            self.fetching.set(false);
            match part {
                Some(part) => act(part),
                None => self.trouble.set(Some("trouble.part")),
            }
        });
    }

    async fn fetched(self) -> Option<&'static dyn Part> {
        let part = person::fetch().await.ok()?;
        if self.part.get_untracked().is_none() {
            self.part.set(Some(part));
        }
        Some(part)
    }
}
