//! A stage for views under test: in a real browser, with the real words.

use deskbell_shared::{
    locale::Catalog,
    wire::{Email, Line, Role, SignedIn},
};
use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::{
    desk::outdated::Outdated,
    session::Session,
    ui::{
        clock::{Clock, sleep},
        notice::Notice,
    },
    words::Words,
};

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

const ENGLISH: &str = include_str!("../../www/locales/inbox/en.json");

/// Somebody who is signed in.
pub(crate) fn ana() -> SignedIn {
    SignedIn {
        site: "tea".parse().unwrap(),
        site_name: Line::new("Tea").unwrap(),
        email: Email::try_from("ana@example.com".to_owned()).unwrap(),
        name: Line::new("Ana").unwrap(),
        role: Role::Agent,
        csrf: "csrf".to_owned(),
        second_factor_due: false,
        has_passkey: false,
    }
}

/// Shows a view in the page, with everything around it that views expect.
pub(crate) fn stage<V: IntoView + 'static>(view: impl FnOnce() -> V + 'static) -> HtmlElement {
    let place: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    document().body().unwrap().append_child(&place).unwrap();
    let handle = mount_to(place.clone(), move || {
        provide_context(Words::of(Catalog::parse("en", ENGLISH).unwrap()));
        provide_context(Clock::start());
        provide_context(Session::of(ana()));
        provide_context(Notice::default());
        provide_context(Outdated::default());
        view()
    });
    handle.forget();
    place
}

/// The one element below `place` that `selector` names.
pub(crate) fn find(place: &HtmlElement, selector: &str) -> Element {
    place
        .query_selector(selector)
        .unwrap()
        .unwrap_or_else(|| panic!("no {selector} in {}", place.inner_html()))
}

/// Lets everything happen that was put off: effects, requests, frames.
pub(crate) async fn settle() {
    sleep(80).await;
}
