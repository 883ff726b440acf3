//! The interface's language.

use deskbell_browser::{http::Call, page};
use deskbell_shared::locale::{Catalog, direction, negotiate};
use leptos::logging::error;

/// The languages that have a locale file, as `frame.html` names them.
const SPOKEN: &[&str] = &["en", "zh-Hans", "zh-Hant"];

/// The language to speak to somebody who wants `wanted`, most wanted first; `fallback` is the site's own.
pub(crate) fn choose(wanted: &[String], fallback: Option<&str>) -> &'static str {
    let browser = page::languages();
    let wanted: Vec<&str> = wanted.iter().chain(&browser).map(String::as_str).chain(fallback).collect();
    negotiate(&wanted, SPOKEN, "en")
}

/// Fetches the words of a language; `None` when they cannot be had, which the console says.
pub(crate) async fn fetch(language: &'static str) -> Option<Catalog> {
    let body = web_sys::window()?.document()?.body()?;
    let address = body.get_attribute(&format!("data-locale-{language}"))?;
    let words = match Call::get(address).text().await {
        Ok((_, json)) => Catalog::parse(language, &json).map_err(|fault| fault.to_string()),
        Err(failure) => Err(failure.to_string()),
    };
    words.inspect_err(|fault| error!("Deskbell: no words for {language}: {fault}")).ok()
}

/// Tells the browser which language the page is in, for screen readers, fonts and line breaks.
pub(crate) fn announce(words: &Catalog) {
    let root = web_sys::window().and_then(|window| window.document()?.document_element());
    if let Some(root) = root {
        // Setting an attribute of a well-formed name cannot fail.
        let _ = root.set_attribute("lang", words.language());
        let _ = root.set_attribute("dir", direction(words.language()).as_str());
    }
}
