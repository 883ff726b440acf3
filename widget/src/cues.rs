//! What shows that a person is needed, in the languages of the FAQ: fetched once the FAQ is there, and never because of a question.

use deskbell_browser::http::Call;
use deskbell_shared::{
    faq::Matcher,
    handoff::{CueReader, CueTable},
};
use leptos::logging::error;

/// The most languages that are read. An FAQ in more of them is read in those it uses first.
const MOST: usize = 3;

/// The languages whose cues should be known, of an FAQ and of an interface, by their primary subtags.
pub(crate) fn wanted(faq: Option<&Matcher>, interface: &str) -> Vec<String> {
    let of_faq = faq.map(Matcher::entries).unwrap_or_default().iter().map(|entry| entry.lang.as_str());
    let mut wanted = Vec::new();
    for lang in [interface].into_iter().chain(of_faq) {
        let primary = lang.split('-').next().unwrap_or_default().to_ascii_lowercase();
        if wanted.len() < MOST && !primary.is_empty() && !wanted.contains(&primary) {
            wanted.push(primary);
        }
    }
    wanted
}

/// Fetches the cues of a language, unless they are read already; `None` when there are none, or they cannot be had now.
pub(crate) async fn fetch(lang: &str) -> Option<CueTable> {
    let body = web_sys::window()?.document()?.body()?;
    let address = body.get_attribute(&format!("data-cues-{lang}"))?;
    // Without them nobody is lost: a wish is understood by rules, and the button is always there.
    let (_, text) = Call::get(address).text().await.ok()?;
    CueTable::parse(&text).inspect_err(|fault| error!("Deskbell: the cues of {lang}: {fault}")).ok()
}

/// Those of the wanted languages that are not read yet.
pub(crate) fn missing(wanted: Vec<String>, reader: &CueReader) -> Vec<String> {
    wanted.into_iter().filter(|lang| !reader.reads(lang)).collect()
}
