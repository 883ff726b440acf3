//! Which screen is shown: the part of the address after `#`, both ways.

use deskbell_browser::page::Listener;
use leptos::prelude::*;

use crate::place::Screen;

/// Which screen is shown.
#[derive(Clone, Copy)]
pub struct Nav(RwSignal<Screen>);

impl Nav {
    /// Follows the address, for as long as the owner that calls lives.
    pub fn start() -> Self {
        let screen = RwSignal::new(read());
        StoredValue::new_local(Listener::on(&window(), "hashchange", move |_| {
            screen.try_set(read());
        }));
        Self(screen)
    }

    /// The screen that is shown.
    pub fn screen(self) -> Screen {
        self.0.get()
    }

    /// Shows another; the browser's way back leads to the one before.
    pub fn go(self, screen: Screen) {
        // It fails only where there is no page.
        let _ = window().location().set_hash(&screen.hash());
    }
}

fn read() -> Screen {
    Screen::of(&window().location().hash().unwrap_or_default())
}

/// Which screen is shown.
pub fn nav() -> Nav {
    expect_context()
}
