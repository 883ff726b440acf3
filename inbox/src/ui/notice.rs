//! What did not work, where the screen has no better place to say it.

use deskbell_browser::http::Failure;
use leptos::prelude::*;

use super::{
    icons::{Glyph, Icon},
    refusal::Refusal,
};
use crate::{session::needs_sign_in, words::t};

/// The last thing that did not work.
#[derive(Clone, Copy, Default)]
pub struct Notice(RwSignal<Option<Failure>>);

impl Notice {
    /// Says it, unless signing in again says it already.
    pub fn say(self, failure: Failure) {
        if !needs_sign_in(&failure) {
            self.0.try_set(Some(failure));
        }
    }
}

/// Where notices are shown, until they are taken away.
#[component]
pub fn Notices() -> impl IntoView {
    let Notice(failure) = notice();
    move || {
        failure.get().map(|why| {
            view! {
                <div class="notice">
                    <Refusal failure=why/>
                    <button
                        type="button"
                        class="button quiet"
                        aria-label=t("notice.close")
                        on:click=move |_| failure.set(None)
                    >
                        <Glyph icon=Icon::Close/>
                    </button>
                </div>
            }
        })
    }
}

/// Where to say what did not work.
pub fn notice() -> Notice {
    expect_context()
}
