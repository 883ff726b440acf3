//! A field of a form: its label, what it is for, and what is wrong with it.

use leptos::prelude::*;

use crate::words::words;

/// What a field takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A line of text.
    #[default]
    Text,
    /// An e-mail address.
    Email,
    /// A password.
    Password,
    /// Six digits.
    Code,
    /// Several lines, each something of its own.
    Lines,
    /// Sentences.
    Prose,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Text | Self::Code | Self::Lines | Self::Prose => "text",
            Self::Email => "email",
            Self::Password => "password",
        }
    }

    /// Which keyboard a phone shows.
    fn keyboard(self) -> Option<&'static str> {
        (self == Self::Code).then_some("numeric")
    }
}

/// A field of a form.
#[component]
pub fn Field(
    /// Its id, and its name in the form.
    id: &'static str,
    /// The key of its label.
    label: &'static str,
    /// What it takes.
    #[prop(optional)]
    kind: Kind,
    /// What password managers and the browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// What stands in it.
    value: RwSignal<String>,
    /// The key of what it is for.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// What is wrong with it.
    #[prop(optional, into)]
    fault: Signal<Option<String>>,
    /// Whether it has the focus from the start.
    #[prop(optional)]
    focus: bool,
) -> impl IntoView {
    let words = words();
    let fault_id = format!("{id}-fault");
    let hint_id = format!("{id}-hint");
    let described = {
        let (fault_id, hint_id) = (fault_id.clone(), hint_id.clone());
        move || {
            let fault = fault.with(Option::is_some).then(|| fault_id.clone());
            let hint = hint.is_some().then(|| hint_id.clone());
            let ids: Vec<_> = fault.into_iter().chain(hint).collect();
            (!ids.is_empty()).then(|| ids.join(" "))
        }
    };
    let invalid = move || fault.with(Option::is_some).then_some("true");
    let control = if matches!(kind, Kind::Lines | Kind::Prose) {
        view! {
            <textarea
                id=id
                name=id
                rows=if kind == Kind::Prose { "6" } else { "3" }
                dir=(kind == Kind::Prose).then_some("auto")
                spellcheck=(kind == Kind::Prose).to_string()
                aria-invalid=invalid
                aria-describedby=described
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            ></textarea>
        }
        .into_any()
    } else {
        let node = NodeRef::<leptos::html::Input>::new();
        if focus {
            node.on_load(|input| {
                request_animation_frame(move || {
                    // A page that is not looked at may refuse the focus: then there is nobody to miss it.
                    let _ = input.focus();
                });
            });
        }
        view! {
            <input
                node_ref=node
                id=id
                name=id
                type=kind.name()
                inputmode=kind.keyboard()
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                aria-invalid=invalid
                aria-describedby=described
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
        }
        .into_any()
    };
    view! {
        <div class="field">
            <label for=id>{move || words.text(label)}</label>
            {control}
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{move || words.text(hint)}</p> })}
            {move || {
                fault.get().map(|fault| view! { <p class="fault" id=fault_id.clone()>{fault}</p> })
            }}
        </div>
    }
}

/// What browsers give as the code of a key that went to an input method.
const KEY_OF_AN_INPUT_METHOD: u32 = 229;

/// Whether a key belongs to an input method. Some browsers say so only by the key's code: that of the Enter that commits.
pub fn is_of_input_method(event: &web_sys::KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == KEY_OF_AN_INPUT_METHOD
}

/// Gives the focus to the first field that is marked as wrong.
pub fn focus_first_fault() {
    request_animation_frame(|| {
        let field = document().query_selector("[aria-invalid=true]").ok().flatten();
        focus(field);
    });
}

/// Presses a button, where there is one of this id.
pub fn press(id: &str) {
    use wasm_bindgen::JsCast;
    let button = document().get_element_by_id(id);
    if let Some(button) = button.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
        button.click();
    }
}

/// Gives the focus to an element, when there is one that takes it.
pub fn focus(element: Option<web_sys::Element>) {
    use wasm_bindgen::JsCast;
    if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        // A page that is not looked at may refuse the focus: then there is nobody to miss it.
        let _ = element.focus();
    }
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::tests::{find, settle, stage};

    #[wasm_bindgen_test]
    async fn a_fault_is_tied_to_its_field() {
        let fault = RwSignal::new(None::<String>);
        let place = stage(move || {
            let value = RwSignal::new("x".to_owned());
            view! { <Field id="email" label="sign_in.email" value=value fault=fault/> }
        });
        assert_eq!(find(&place, "label").get_attribute("for").unwrap(), "email");
        assert_eq!(find(&place, "input").get_attribute("aria-invalid"), None);
        fault.set(Some("Enter it.".to_owned()));
        settle().await;
        let input = find(&place, "input");
        assert_eq!(input.get_attribute("aria-invalid").as_deref(), Some("true"));
        let described = input.get_attribute("aria-describedby").unwrap();
        assert_eq!(find(&place, &format!("#{described}")).text_content().unwrap(), "Enter it.");
    }
}
