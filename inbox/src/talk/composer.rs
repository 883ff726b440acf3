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

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use deskbell_shared::wire::ConversationId;
    use wasm_bindgen::JsCast;
    use wasm_bindgen_test::wasm_bindgen_test;
    use web_sys::{Event, EventInit, HtmlElement, HtmlTextAreaElement, KeyboardEvent, KeyboardEventInit};

    use super::*;
    use crate::{
        talk::{Talks, transcript::Transcript},
        tests::{find, settle, stage},
    };

    fn talk(id: u8) -> HtmlElement {
        stage(move || {
            provide_context(Talks::of(crate::session::session(), RwSignal::default()));
            let live = LiveTalk::start(ConversationId([id; 16]));
            view! {
                <Transcript live/>
                <Composer live/>
            }
        })
    }

    fn write(place: &HtmlElement, text: &str) -> HtmlTextAreaElement {
        let field: HtmlTextAreaElement = find(place, "textarea").unchecked_into();
        field.set_value(text);
        let how = EventInit::new();
        how.set_bubbles(true);
        field.dispatch_event(&Event::new_with_event_init_dict("input", &how).unwrap()).unwrap();
        field
    }

    fn enter(field: &HtmlTextAreaElement, shift: bool, composing: bool) {
        let how = KeyboardEventInit::new();
        how.set_key("Enter");
        how.set_bubbles(true);
        how.set_cancelable(true);
        how.set_shift_key(shift);
        how.set_is_composing(composing);
        let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &how).unwrap();
        field.dispatch_event(&event).unwrap();
    }

    #[wasm_bindgen_test]
    async fn enter_sends_and_neither_a_new_line_nor_an_input_method_does() {
        let place = talk(11);
        let field = write(&place, "你好");
        enter(&field, false, true);
        enter(&field, true, false);
        settle().await;
        assert_eq!(field.value(), "你好");
        enter(&field, false, false);
        settle().await;
        assert_eq!(field.value(), "");
        let waiting = find(&place, ".outbox [data-state=sending]");
        assert!(waiting.text_content().unwrap().starts_with("你好"), "it waits for a connection");
    }

    #[wasm_bindgen_test]
    async fn too_much_is_not_sent_and_says_by_how_much() {
        let place = talk(12);
        let field = write(&place, &"长".repeat(Text::LIMIT + 2));
        enter(&field, false, false);
        settle().await;
        assert_eq!(field.value().chars().count(), Text::LIMIT + 2);
        assert_eq!(find(&place, "#reply-hint").text_content().unwrap(), "2 characters too many");
        assert_eq!(find(&place, "#send").get_attribute("aria-disabled").as_deref(), Some("true"));
    }

    #[wasm_bindgen_test]
    async fn a_draft_is_there_again_when_the_conversation_is_opened_again() {
        write(&talk(13), "half a thought");
        settle().await;
        let again = talk(13);
        settle().await;
        let field: HtmlTextAreaElement = find(&again, "textarea").unchecked_into();
        assert_eq!(field.value(), "half a thought");
    }
}
