//! Where the answer is written. Enter sends, except the Enter that an input method takes for itself.

use deskbell_shared::wire::{Role, Status, Text, TextError};
use leptos::{ev::KeyboardEvent, html, prelude::*};

use super::live::LiveTalk;
use crate::{
    connection::Connection,
    session::session,
    ui::icons::{Glyph, Icon},
    words::{t, words},
};

/// The id of the field.
pub const COMPOSER: &str = "reply";
/// With how many characters left the count begins to show.
const COUNT_FROM: usize = 500;
/// What browsers give as the code of a key that went to an input method.
const KEY_OF_AN_INPUT_METHOD: u32 = 229;

/// Where the answer is written.
#[component]
pub fn Composer(
    /// To which conversation.
    live: LiveTalk,
) -> impl IntoView {
    let (words, session) = (words(), session());
    let draft = live.draft();
    let field = NodeRef::<html::Textarea>::new();
    let nameless = RwSignal::new(false);
    let chars = Memo::new(move |_| draft.with(|draft| draft.trim().chars().count()));
    let fault = Memo::new(move |_| match draft.with(|draft| Text::new(draft)) {
        Err(TextError::TooLong { chars, limit }) => {
            Some(words.count("composer.too_long", (chars - limit) as u64))
        }
        _ if nameless.get() => Some(words.text("composer.no_random")),
        _ => None,
    });
    let send = move || {
        let Ok(text) = draft.with_untracked(|draft| Text::new(draft)) else { return };
        let sent = live.say(text);
        nameless.set(!sent);
        if sent {
            draft.set(String::new());
        }
        if let Some(field) = field.get_untracked() {
            // A page that is not looked at may refuse the focus: then there is nobody to miss it.
            let _ = field.focus();
        }
    };
    let pressed = move |event: KeyboardEvent| {
        let composing = event.is_composing() || event.key_code() == KEY_OF_AN_INPUT_METHOD;
        if event.key() == "Enter" && !event.shift_key() && !composing {
            event.prevent_default();
            send();
        }
    };
    let left = move || {
        let left = Text::LIMIT.saturating_sub(chars.get());
        (left <= COUNT_FROM && fault.with(Option::is_none)).then(|| words.count("composer.left", left as u64))
    };
    let hint = move || {
        let closed = live.talk().with(|talk| talk.status()) == Some(Status::Closed);
        let key = match live.connection() {
            Connection::Down { .. } => "composer.offline",
            _ if closed => "composer.closed",
            _ => "composer.hint",
        };
        words.text(key)
    };
    view! {
        <Show
            when=move || session.may(Role::Agent)
            fallback=move || view! { <p class="composer-off">{t("composer.viewer")}</p> }
        >
            <form
                class="composer"
                on:submit=move |event| {
                    event.prevent_default();
                    send();
                }
            >
                <label class="only-read" for=COMPOSER>{t("composer.label")}</label>
                <textarea
                    node_ref=field
                    id=COMPOSER
                    rows="2"
                    dir="auto"
                    autocomplete="off"
                    placeholder=t("composer.placeholder")
                    aria-describedby="reply-hint"
                    aria-invalid=move || fault.with(Option::is_some).then_some("true")
                    prop:value=move || draft.get()
                    on:input=move |event| {
                        draft.set(event_target_value(&event));
                        if draft.with_untracked(|draft| !draft.trim().is_empty()) {
                            live.typing();
                        }
                    }
                    on:keydown=pressed
                ></textarea>
                <div class="composer-foot">
                    <p id="reply-hint" class="hint" class:fault=move || fault.with(Option::is_some)>
                        {move || fault.get().or_else(left).unwrap_or_else(hint)}
                    </p>
                    <button
                        type="submit"
                        class="button primary"
                        id="send"
                        aria-disabled=move || (chars.get() == 0 || fault.with(Option::is_some)).to_string()
                    >
                        {t("composer.send")}
                        <Glyph icon=Icon::Send/>
                    </button>
                </div>
            </form>
        </Show>
    }
}
