//! The keyboard, for whoever answers visitors all day.

use deskbell_browser::{page::Listener, storage};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::{
    nav::{Nav, nav},
    pane::{Choice, choice},
};
use crate::{
    keys::{Pressed, Shortcut},
    place::Screen,
    talk::{
        CLOSE, DETAILS, DETAILS_OVER,
        assigned::TAKE,
        composer::{FOR_TEAM, FOR_VISITOR},
    },
    ui::{
        dialog::Dialog,
        field::press,
        icons::{Glyph, Icon},
        switch::Switch,
    },
    words::{t, words},
};

/// Where this browser keeps whether letters and signs are shortcuts.
const CHARACTERS: &str = "deskbell.characters";

/// Whether letters and signs are shortcuts. Kept in this browser, whoever signs in there.
#[derive(Clone, Copy)]
pub struct Characters(RwSignal<bool>);

impl Characters {
    /// As it was set last; they are, until somebody turns them off.
    pub fn kept() -> Self {
        Self(RwSignal::new(storage::read(CHARACTERS).unwrap_or(true)))
    }

    fn flip(self) {
        self.0.update(|act| *act = !*act);
        storage::write(CHARACTERS, &self.0.get_untracked());
    }
}

/// Turns shortcuts of letters and signs off, and on again.
#[component]
pub fn CharactersSwitch() -> impl IntoView {
    let characters: Characters = expect_context();
    view! {
        <Switch id="characters" label="account.characters" is_on=characters.0 on_flip=move |()| characters.flip()/>
    }
}

/// Listens to the keyboard, and shows its shortcuts when asked.
#[component]
pub fn Shortcuts() -> impl IntoView {
    let (nav, choice, words) = (nav(), choice(), words());
    let Characters(characters) = expect_context();
    let help = RwSignal::new(false);
    let is_at_desk = move || matches!(untrack(|| nav.screen()), Screen::Desk | Screen::Talk(_));
    let act = move |shortcut: Shortcut| match shortcut {
        // Elsewhere there is no list, and what stands in a form would be lost.
        Shortcut::Next | Shortcut::Previous | Shortcut::Open if !is_at_desk() => {}
        Shortcut::Next => choice.step(true),
        Shortcut::Previous => choice.step(false),
        Shortcut::Open => {
            if let Some(id) = choice.at() {
                nav.go(Screen::Talk(id));
            }
        }
        Shortcut::Reply => press(FOR_VISITOR),
        Shortcut::Note => press(FOR_TEAM),
        Shortcut::Close => press(CLOSE),
        Shortcut::Take => press(TAKE),
        Shortcut::Search => choice.focus_search(),
        Shortcut::Back => back(nav, choice, is_at_desk()),
        Shortcut::Help => help.set(true),
    };
    let listener = Listener::on(&document(), "keydown", move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        // The shortcuts rest while something is asked.
        if document().query_selector("dialog[open]").ok().flatten().is_some() {
            return;
        }
        // A key that is held down goes through the list, and does nothing else twice.
        let goes_on = |shortcut: &Shortcut| matches!(shortcut, Shortcut::Next | Shortcut::Previous);
        // Escape closes what has popped up before it leads back.
        let popped_up = document().query_selector(":popover-open").ok().flatten().is_some();
        let characters = characters.get_untracked();
        if let Some(shortcut) =
            shortcut(event, characters).filter(|shortcut| *shortcut != Shortcut::Back || !popped_up)
        {
            event.prevent_default();
            if !event.repeat() || goes_on(&shortcut) {
                act(shortcut);
            }
        }
    });
    StoredValue::new_local(listener);
    let row = move |(_, keys, label): &(Shortcut, &'static [&'static str], &'static str)| {
        let label = *label;
        view! {
            <div>
                <dt>{keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view()}</dt>
                <dd>{move || words.text(label)}</dd>
            </div>
        }
    };
    move || {
        help.get().then(|| {
            view! {
                <Dialog labelled_by="shortcuts" on_close=move |()| help.set(false)>
                    <form method="dialog" class="dialog-head">
                        <h2 id="shortcuts">{t("keys.title")}</h2>
                        <button class="button quiet" aria-label=t("dialog.close")>
                            <Glyph icon=Icon::Close/>
                        </button>
                    </form>
                    <dl class="keys">{Shortcut::ALL.iter().map(row).collect_view()}</dl>
                </Dialog>
            }
        })
    }
}

/// Leaves the field one is in, or else what is known of the visitor, where it lies over the conversation, or else the
/// conversation.
fn back(nav: Nav, choice: Choice, is_at_desk: bool) {
    let field = document().active_element().filter(takes_text);
    match field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
        Some(field) => {
            // It fails only for an element that cannot have the focus, and this one has it.
            let _ = field.blur();
        }
        None if document().query_selector(DETAILS_OVER).ok().flatten().is_some() => press(DETAILS),
        None if is_at_desk => {
            nav.go(Screen::Desk);
            choice.focus();
        }
        None => {}
    }
}

fn shortcut(event: &KeyboardEvent, characters_act: bool) -> Option<Shortcut> {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    Shortcut::of(&Pressed {
        key: &event.key(),
        modified: event.ctrl_key() || event.alt_key() || event.meta_key(),
        composing: event.is_composing(),
        typing: target.as_ref().is_some_and(takes_text),
        scrolls: target.as_ref().is_some_and(|target| within(target, "main, aside")),
        on_control: target.as_ref().is_some_and(|target| within(target, "a, button, summary")),
        characters_act,
    })
}

/// Whether what is typed goes into this element.
fn takes_text(element: &Element) -> bool {
    element.matches("input, textarea, select, [contenteditable]").unwrap_or(false)
}

fn within(element: &Element, selector: &str) -> bool {
    element.closest(selector).ok().flatten().is_some()
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;
    use web_sys::HtmlElement;

    use super::*;
    use crate::tests::{find, settle, stage};

    #[wasm_bindgen_test]
    async fn shortcuts_of_letters_stay_off_when_they_were_turned_off() {
        let place = stage(|| {
            provide_context(Characters::kept());
            view! { <CharactersSwitch/> }
        });
        let switch: HtmlElement = find(&place, "#characters").unchecked_into();
        assert_eq!(switch.get_attribute("aria-checked").as_deref(), Some("true"));
        switch.click();
        settle().await;
        assert_eq!(switch.get_attribute("aria-checked").as_deref(), Some("false"));
        assert!(!Characters::kept().0.get_untracked());
        storage::remove(CHARACTERS);
    }
}
