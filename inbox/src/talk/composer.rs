//! Where the answer is written, or a note for the colleagues. Enter sends, except the Enter that an input method takes for
//! itself.

use std::sync::Arc;

use deskbell_shared::wire::{Role, Status, Summary, Text, TextError};
use leptos::{ev::KeyboardEvent, html, prelude::*, task::spawn_local};

use super::{assigned::assign, live::LiveTalk, picker::ReplyPicker};
use crate::{
    connection::Connection,
    desk::pane::Choice,
    session::session,
    team::team,
    ui::{
        field::is_of_input_method,
        icons::{Glyph, Icon},
        notice::notice,
        refusal::Refusal,
    },
    words::{t, words},
};

/// The ids of the buttons that say whom it is for; pressing one leads into the field.
pub const FOR_VISITOR: &str = "write-reply";
/// As [`FOR_VISITOR`].
pub const FOR_TEAM: &str = "write-note";

/// The id of the field.
pub const FIELD: &str = "reply";

/// With how many characters left the count begins to show.
const COUNT_FROM: usize = 500;
/// What opens the saved replies when it is the first that is typed.
const OPENS_REPLIES: &str = "/";

/// Where the answer is written.
#[component]
pub fn Composer(
    /// To which conversation.
    live: LiveTalk,
    /// What is known of it.
    summary: Memo<Option<Arc<Summary>>>,
) -> impl IntoView {
    let (words, session, notice, team) = (words(), session(), notice(), team());
    let is_note = live.team().is_written();
    // Each has words of its own, so that nothing that was meant for colleagues is ever sent to a visitor.
    let written = Signal::derive(move || if is_note.get() { live.team().draft() } else { live.draft() });
    let field = NodeRef::<html::Textarea>::new();
    let picks = RwSignal::new(false);
    let nameless = RwSignal::new(false);
    // Whether a slash that begins an answer is only a slash: somebody did not want to choose one.
    let is_plain = RwSignal::new(false);
    let chars = Memo::new(move |_| written.get().with(|text| text.trim().chars().count()));
    let fault = Memo::new(move |_| match written.get().with(|text| Text::new(text)) {
        Err(TextError::TooLong { chars, limit }) => {
            Some(words.count("composer.too_long", (chars - limit) as u64))
        }
        _ if nameless.get() => Some(words.text("composer.no_random")),
        _ => None,
    });
    let focus = move || {
        if let Some(field) = field.try_get_untracked().flatten() {
            // A page that is not looked at may refuse the focus: then there is nobody to miss it.
            let _ = field.focus();
        }
    };
    if use_context::<Choice>().is_some_and(Choice::goes_on_writing) {
        field.on_load(move |_| request_animation_frame(focus));
    }
    // Whoever answers what nobody who could answer looks after does from then on; the edge knows nothing of who has left.
    let take_over = move || {
        let left = move || {
            let row = summary.try_get_untracked().flatten()?;
            row.assignee.clone().filter(|_| untrack(|| team.assignee(&row)).is_none())
        };
        let me = untrack(|| session.who()).map(|who| who.email).filter(|_| left().is_some());
        if let Some(me) = me {
            spawn_local(async move {
                // Somebody may have come since it was asked who is there.
                team.refresh().await;
                if let Some(left) = left() {
                    assign(session, notice, live.id(), Some(me), Some(left)).await;
                }
            });
        }
    };
    let send = move || {
        let Ok(text) = written.get_untracked().with_untracked(|text| Text::new(text)) else { return };
        is_plain.set(false);
        if is_note.get_untracked() {
            let posted = live.team().post(text);
            nameless.set(!posted);
            live.send_notes();
        } else {
            let sent = live.say(text);
            nameless.set(!sent);
            if sent {
                live.draft().set(String::new());
                take_over();
            }
        }
        focus();
    };
    let pressed = move |event: KeyboardEvent| {
        if event.key() == "Enter" && !event.shift_key() && !is_of_input_method(&event) {
            event.prevent_default();
            send();
        }
    };
    let typed = move |text: String| {
        let is_first = written.get_untracked().with_untracked(String::is_empty);
        if is_note.get_untracked() {
            live.team().failure().set(None);
        }
        if is_first && text == OPENS_REPLIES && !is_note.get_untracked() && !is_plain.get_untracked() {
            is_plain.set(true);
            if let Some(field) = field.get_untracked() {
                field.set_value("");
            }
            return picks.set(true);
        }
        let says_something = !text.trim().is_empty();
        written.get_untracked().set(text);
        if says_something && !is_note.get_untracked() {
            live.typing();
        }
    };
    let left = move || {
        let left = Text::LIMIT.saturating_sub(chars.get());
        (left <= COUNT_FROM && fault.with(Option::is_none)).then(|| words.count("composer.left", left as u64))
    };
    let hint = move || {
        let closed = live.talk().with(|talk| talk.status()) == Some(Status::Closed);
        let key = match live.connection() {
            _ if is_note.get() => "note.hint",
            Connection::Down { .. } => "composer.offline",
            _ if closed => "composer.closed",
            _ => "composer.hint",
        };
        words.text(key)
    };
    let mode = move |id: &'static str, note: bool, label: &'static str| {
        let waits = move || {
            let draft = if note { live.team().draft() } else { live.draft() };
            is_note.get() != note && draft.with(|draft| !draft.trim().is_empty())
        };
        view! {
            <button
                type="button"
                id=id
                aria-pressed=move || (is_note.get() == note).to_string()
                class:waits=waits
                on:click=move |_| {
                    is_note.set(note);
                    nameless.set(false);
                    focus();
                }
            >
                {t(label)}
            </button>
        }
    };
    let label = move || words.text(if is_note.get() { "note.label" } else { "composer.label" });
    let placeholder =
        move || words.text(if is_note.get() { "note.placeholder" } else { "composer.placeholder" });
    view! {
        <Show
            when=move || session.may(Role::Agent)
            fallback=move || view! { <p class="composer-off">{t("composer.viewer")}</p> }
        >
            <form
                class="composer"
                class:for-team=move || is_note.get()
                on:submit=move |event| {
                    event.prevent_default();
                    send();
                }
            >
                <div class="filters" role="group" aria-label=t("note.whom")>
                    {mode(FOR_VISITOR, false, "note.reply")}
                    {mode(FOR_TEAM, true, "note.note")}
                </div>
                <label class="only-read" for=FIELD>{label}</label>
                <textarea
                    node_ref=field
                    id=FIELD
                    rows="2"
                    dir="auto"
                    autocomplete="off"
                    placeholder=placeholder
                    aria-describedby="reply-hint"
                    aria-invalid=move || fault.with(Option::is_some).then_some("true")
                    prop:value=move || written.get().get()
                    on:input=move |event| typed(event_target_value(&event))
                    on:keydown=pressed
                ></textarea>
                {move || {
                    let failure = live.team().failure().get().filter(|_| is_note.get());
                    failure.map(|failure| view! { <Refusal failure/> })
                }}
                <div class="composer-foot">
                    <p id="reply-hint" class="hint" class:fault=move || fault.with(Option::is_some)>
                        {move || fault.get().or_else(left).unwrap_or_else(hint)}
                    </p>
                    <Show when=move || !is_note.get()>
                        <button type="button" class="button quiet" id="saved-replies" on:click=move |_| picks.set(true)>
                            <Glyph icon=Icon::Replies/>
                            <span class="button-label">{t("replies.title")}</span>
                        </button>
                    </Show>
                    <button
                        type="submit"
                        class="button primary"
                        id="send"
                        aria-disabled=move || (chars.get() == 0 || fault.with(Option::is_some)).to_string()
                    >
                        {move || words.text(if is_note.get() { "note.go" } else { "composer.send" })}
                        <Glyph icon=Icon::Send/>
                    </button>
                </div>
            </form>
        </Show>
        <Show when=move || picks.get()>
            <ReplyPicker
                live
                summary
                on_close=move |()| {
                    picks.set(false);
                    if live.draft().with_untracked(|draft| !draft.is_empty()) {
                        is_plain.set(false);
                    }
                    // The dialogue gives the focus back to where it came from, and only then can the field have it.
                    request_animation_frame(focus);
                }
            />
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
            provide_context(crate::team::LiveTeam::of(crate::session::session()));
            let live = LiveTalk::start(ConversationId([id; 16]));
            view! {
                <Transcript live/>
                <Composer live summary=Memo::new(|_| None)/>
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
