//! Where the visitor writes.

use deskbell_shared::wire::Text;
use leptos::{
    ev::{Event, KeyboardEvent, SubmitEvent},
    html,
    prelude::*,
};

use super::{
    change::{told, when, whether},
    icon, person,
};
use crate::app::App;

/// From how many characters before the limit the visitor is told.
const NEAR: usize = 200;
/// What a key press reports while an input method has it, in browsers that say so in no other way.
const PROCESSED: u32 = 229;

/// Whether a key press sends what is written.
///
/// Enter does, unless Shift makes it a new line, or it only confirms what an input method offers. Safari ends the
/// composition before it reports that very Enter: there only the key code tells.
fn sends(key: &str, shift: bool, composing: bool, code: u32) -> bool {
    key == "Enter" && !shift && !composing && code != PROCESSED
}

/// Characters that can still be written: `None` while there are plenty, negative when it is too long.
fn left(draft: &str) -> Option<i64> {
    let left = Text::LIMIT as i64 - draft.trim().chars().count() as i64;
    (left <= NEAR as i64).then_some(left)
}

/// The composer, and the line under it.
pub(super) fn composer(app: App) -> AnyView {
    let field = NodeRef::<html::Textarea>::new();
    let composing = StoredValue::new(false);
    let blocked = move || {
        let unfit =
            app.draft.with(|draft| draft.trim().is_empty() || left(draft).is_some_and(|left| left < 0));
        unfit || app.wait_until.get().is_some()
    };
    let submit = move || {
        if !untrack(blocked) && app.submit(&app.draft.get_untracked()) {
            app.draft.set(String::new());
        }
        focus(field);
    };
    let pressed = move |event: KeyboardEvent| {
        let composing = event.is_composing() || composing.get_value();
        if sends(&event.key(), event.shift_key(), composing, event.key_code()) {
            event.prevent_default();
            submit();
        }
    };
    let typed = move |event: Event| {
        app.draft.set(event_target_value(&event));
        app.typed();
    };
    // The field is as high as what is in it, up to the limit that the style sheet sets.
    Effect::new(move |_| {
        app.draft.track();
        // Only when the frame is painted does the field have the text that the draft has.
        request_animation_frame(move || fit(field));
    });
    // Opening the panel means to write, and so does what is done in it, except on a phone, where the keyboard would hide
    // what there is to read.
    Effect::new(move |_| {
        field.track();
        app.refocus.track();
        if app.open.get() && !app.touch.get_untracked() {
            // When the frame is painted, a sheet has closed and given back the focus it had taken.
            request_animation_frame(move || focus(field));
        }
    });
    let placeholder = told(move || {
        app.say(match (app.is_to_person(), app.is_to_person() && app.is_closed()) {
            (_, true) => "composer.reopen",
            (true, false) => "composer.person",
            (false, false) => "composer.faq",
        })
    });
    let banned = whether(move || app.is_to_person() && app.ban.with(Option::is_some));
    view! {
        <form class="composer" on:submit=move |event: SubmitEvent| { event.prevent_default(); submit() }>
            <div class="field">
                <label class="unseen" for="message">{placeholder}</label>
                <textarea
                    id="message"
                    rows="1"
                    dir="auto"
                    enterkeyhint="send"
                    aria-describedby="left"
                    placeholder=placeholder
                    prop:value=app.draft
                    prop:readOnly=banned
                    aria-disabled=told(move || banned.get().to_string())
                    node_ref=field
                    on:input=typed
                    on:keydown=pressed
                    on:compositionstart=move |_| composing.set_value(true)
                    on:compositionend=move |_| composing.set_value(false)
                ></textarea>
                <button
                    id="send"
                    type="submit"
                    aria-label=app.say("composer.send")
                    aria-disabled=told(move || blocked().to_string())
                >
                    {icon::icon(icon::SEND)}
                </button>
            </div>
            {limit(app)}
            {when(move || !app.is_to_person(), move || hint(app))}
        </form>
    }
    .into_any()
}

/// How much more can be written, when that is not much.
fn limit(app: App) -> AnyView {
    let text = told(move || match app.draft.with(|draft| left(draft)) {
        None => String::new(),
        Some(left) if left < 0 => app.count("composer.over", left.unsigned_abs()),
        Some(left) => app.count("composer.left", left.unsigned_abs()),
    });
    let over = whether(move || app.draft.with(|draft| left(draft).is_some_and(|left| left < 0)));
    view! { <p id="left" class="left" class:over=over aria-live="polite">{text}</p> }.into_any()
}

/// Why it is safe to ask, and the way to a person.
fn hint(app: App) -> AnyView {
    view! {
        <p class="hint">
            {icon::icon(icon::LOCK)}
            <span>{app.say("composer.private")}</span>
            {person::button(app, Some("person"), "link", ().into_any())}
        </p>
    }
    .into_any()
}

fn fit(field: NodeRef<html::Textarea>) {
    if let Some(Some(field)) = field.try_get_untracked() {
        let style = web_sys::HtmlElement::style(&field);
        // Properties of these names are always taken.
        let _ = style.set_property("height", "auto");
        let _ = style.set_property("height", &format!("{}px", field.scroll_height()));
    }
}

fn focus(field: NodeRef<html::Textarea>) {
    if let Some(Some(field)) = field.try_get_untracked() {
        // It fails only for an element that cannot have the focus.
        let _ = field.focus();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enter_sends_unless_it_makes_a_line_or_belongs_to_an_input_method() {
        assert!(sends("Enter", false, false, 13));
        assert!(!sends("Enter", true, false, 13), "a new line");
        assert!(!sends("Enter", false, true, 13), "confirms what is composed");
        assert!(
            !sends("Enter", false, false, PROCESSED),
            "the same in Safari, where the composition has ended"
        );
        assert!(!sends("Process", false, false, PROCESSED));
        assert!(!sends("a", false, false, 65));
    }

    #[test]
    fn the_visitor_is_told_near_the_end_and_beyond_it() {
        assert_eq!(left(""), None);
        assert_eq!(left(&"茶".repeat(Text::LIMIT - NEAR - 1)), None);
        assert_eq!(left(&"茶".repeat(Text::LIMIT - NEAR)), Some(NEAR as i64));
        assert_eq!(left(&"a".repeat(Text::LIMIT + 3)), Some(-3));
    }
}
