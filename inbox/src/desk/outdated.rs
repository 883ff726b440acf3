//! A console that has been open since before the edge was updated: what it cannot read is not passed over in silence.

use leptos::prelude::*;
use serde::de::DeserializeOwned;

use crate::words::t;

/// Whether the edge has said something that this console is too old for.
#[derive(Clone, Copy, Default)]
pub struct Outdated(RwSignal<bool>);

impl Outdated {
    /// What a frame says. What cannot be read comes from a newer edge.
    pub fn read<T: DeserializeOwned>(self, frame: &str) -> Option<T> {
        let read = serde_json::from_str(frame).ok();
        if read.is_none() {
            self.0.try_set(true);
        }
        read
    }
}

/// Whether this console is too old for what the edge says.
pub fn outdated() -> Outdated {
    expect_context()
}

/// Says so, with the way out. What is being written is kept over it.
#[component]
pub fn OutdatedBanner() -> impl IntoView {
    let Outdated(is_it) = outdated();
    // It fails only where there is no page to load again.
    let reload = move |_| _ = window().location().reload();
    view! {
        <div role="status" id="outdated">
            <Show when=move || is_it.get()>
                <p class="connection-said">
                    <span>{t("outdated.said")}</span>
                    <button type="button" class="link" on:click=reload>{t("outdated.reload")}</button>
                </p>
            </Show>
        </div>
    }
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use deskbell_shared::wire::DeskEvent;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::tests::{find, settle, stage};

    #[wasm_bindgen_test]
    async fn what_only_a_newer_console_can_read_is_said_and_nothing_else() {
        let outdated = StoredValue::new(None::<Outdated>);
        let place = stage(move || {
            outdated.set_value(Some(self::outdated()));
            view! { <OutdatedBanner/> }
        });
        let read = |frame: &str| outdated.get_value().unwrap().read::<DeskEvent>(frame);
        assert!(read(r#"{"duty":{"gives":true,"takes":false,"more":1}}"#).is_some());
        settle().await;
        assert_eq!(find(&place, "#outdated").text_content().as_deref(), Some(""));
        assert!(read(r#"{"unheard_of":{}}"#).is_none());
        settle().await;
        assert!(find(&place, "#outdated button").text_content().is_some_and(|said| !said.is_empty()));
    }
}
