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
pub struct Notice(RwSignal<Option<Said>>);

/// What is said of it.
#[derive(Clone)]
enum Said {
    /// Why it failed.
    Failed(Failure),
    /// The text of a key: what to know before it is tried again.
    Words(&'static str),
}

impl Notice {
    /// Says it, unless signing in again says it already.
    pub fn say(self, failure: Failure) {
        if !needs_sign_in(&failure) {
            self.0.try_set(Some(Said::Failed(failure)));
        }
    }

    /// Says what there is to know first, by the key of its words.
    pub fn warn(self, key: &'static str) {
        self.0.try_set(Some(Said::Words(key)));
    }

    /// It is past.
    pub fn clear(self) {
        self.0.try_set(None);
    }
}

/// Where notices are shown, until they are taken away.
#[component]
pub fn Notices() -> impl IntoView {
    let Notice(said) = notice();
    move || {
        said.get().map(|what| {
            let what = match what {
                Said::Failed(failure) => view! { <Refusal failure/> }.into_any(),
                Said::Words(key) => view! { <p class="refusal" role="alert">{t(key)}</p> }.into_any(),
            };
            view! {
                <div class="notice">
                    {what}
                    <button
                        type="button"
                        class="button quiet"
                        aria-label=t("notice.close")
                        on:click=move |_| said.set(None)
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
