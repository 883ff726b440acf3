//! The interface's language.

use deskbell_browser::{http::Call, page};
use deskbell_shared::{
    locale::{Catalog, OF_WIDGET, direction, negotiate},
    wire::LanguageTag,
};
use leptos::logging::error;

/// What is spoken to whoever wants nothing that there is.
const FALLBACK: &str = "en";

/// The languages that the visitor wants, most wanted first: those of the page, then the browser's, then the site's own.
pub(crate) fn wanted(of_page: Vec<String>, of_site: Option<&LanguageTag>) -> Vec<String> {
    let of_site = of_site.map(|tag| tag.as_str().to_owned());
    of_page.into_iter().chain(page::languages()).chain(of_site).chain([FALLBACK.to_owned()]).collect()
}

/// The language to speak to somebody who wants these.
pub(crate) fn choose(wanted: &[String]) -> &'static str {
    let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
    negotiate(&wanted, &OF_WIDGET, FALLBACK)
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
