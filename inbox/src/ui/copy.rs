//! A text to paste elsewhere, with a button that copies it.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

use super::{
    clock::sleep,
    icons::{Glyph, Icon},
};
use crate::words::{t, words};

/// How long the button says that it has copied.
const SAYS_SO: Duration = Duration::from_secs(2);

/// What came of copying.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Copied {
    NotYet,
    Done,
    Refused,
}

/// A text to paste elsewhere, with a button that copies it.
#[component]
pub fn CopyText(
    /// The id of the text.
    id: &'static str,
    /// The text.
    text: String,
) -> impl IntoView {
    let words = words();
    let copied = RwSignal::new(Copied::NotYet);
    let shown = text.clone();
    let copy = move |_| {
        let text = text.clone();
        spawn_local(async move {
            copied.try_set(if copy_to_clipboard(&text).await { Copied::Done } else { Copied::Refused });
            sleep(SAYS_SO.as_millis() as u64).await;
            copied.try_set(Copied::NotYet);
        });
    };
    view! {
        <div class="copy">
            <pre id=id tabindex="0"><code>{shown}</code></pre>
            <button type="button" class="button" on:click=copy>
                <Glyph icon=Icon::Copy/>
                {t("copy.copy")}
            </button>
            <span role="status" class="copy-said">
                {move || match copied.get() {
                    Copied::NotYet => String::new(),
                    Copied::Done => words.text("copy.done"),
                    Copied::Refused => words.text("copy.refused"),
                }}
            </span>
        </div>
    }
}

/// Whether the browser took the text. Over plain HTTP it has no clipboard at all.
async fn copy_to_clipboard(text: &str) -> bool {
    let clipboard = window().navigator().clipboard();
    !clipboard.is_undefined() && JsFuture::from(clipboard.write_text(text)).await.is_ok()
}
