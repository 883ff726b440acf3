//! The words of the interface, in the reader's language, changed without a reload.

use std::sync::Arc;

use deskbell_browser::{http::Call, intl, page, random, storage};
use deskbell_shared::{
    locale::{Catalog, direction, negotiate},
    throttle::Backoff,
    wire::Millis,
};
use leptos::{prelude::*, task::spawn_local};
use serde::Deserialize;

use crate::ui::clock::sleep;

/// The languages the console speaks: tag, and its own name for itself.
pub const SPOKEN: [(&str, &str); 3] = [("en", "English"), ("zh-Hans", "简体中文"), ("zh-Hant", "繁體中文")];

const FALLBACK: &str = "en";
/// Where the choice of language is kept.
const CHOICE: &str = "deskbell.language";

/// Where the locale files are: the page says so, since their names carry their digests.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Files {
    en: String,
    #[serde(rename = "zh-Hans")]
    zh_hans: String,
    #[serde(rename = "zh-Hant")]
    zh_hant: String,
}

impl Files {
    fn on_page() -> Option<Self> {
        let text = document().get_element_by_id("locales")?.text_content()?;
        serde_json::from_str(&text).ok()
    }

    fn of(&self, tag: &str) -> &str {
        match tag {
            "zh-Hans" => &self.zh_hans,
            "zh-Hant" => &self.zh_hant,
            _ => &self.en,
        }
    }
}

/// The words in force. Reading them in a view makes it follow a change of language.
#[derive(Clone, Copy)]
pub struct Words {
    catalog: RwSignal<Option<Arc<Catalog>>>,
    wanted: RwSignal<&'static str>,
}

impl Words {
    /// Loads the language the reader chose, or else the one the browser reads.
    pub fn load() -> Self {
        let chosen: Option<String> = storage::read(CHOICE);
        let wanted: Vec<String> = chosen.into_iter().chain(page::languages()).collect();
        let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        let words = Self {
            catalog: RwSignal::new(None),
            wanted: RwSignal::new(negotiate(&wanted, &SPOKEN.map(|(tag, _)| tag), FALLBACK)),
        };
        words.fetch();
        words
    }

    /// Speaks another language, now and next time.
    pub fn choose(self, tag: &str) {
        let Some((tag, _)) = SPOKEN.into_iter().find(|(spoken, _)| *spoken == tag) else { return };
        storage::write(CHOICE, &tag);
        self.wanted.set(tag);
        self.fetch();
    }

    /// The language that was chosen last, as a BCP 47 tag.
    pub fn language(self) -> &'static str {
        self.wanted.get()
    }

    /// Whether there are any words yet.
    pub fn are_here(self) -> bool {
        self.catalog.with(Option::is_some)
    }

    /// The words themselves.
    pub fn catalog(self) -> Arc<Catalog> {
        self.catalog.get().unwrap_or_default()
    }

    /// The text of a key.
    pub fn text(self, key: &str) -> String {
        self.catalog().text(key).to_owned()
    }

    /// The name of a country.
    pub fn country_name(self, code: &str) -> String {
        intl::country_name(self.catalog().language(), code)
    }

    /// The text of a key with its places filled.
    pub fn fill(self, key: &str, values: &[(&str, &str)]) -> String {
        self.catalog().fill(key, values)
    }

    /// The phrase of a key for `count` things.
    pub fn count(self, key: &str, count: u64) -> String {
        let catalog = self.catalog();
        let number = intl::number(&region(catalog.language()), count);
        catalog.count(key, count, &[("count", &number)])
    }

    /// A moment as the language writes it, with the fields of `Intl.DateTimeFormat`.
    pub fn date(self, at: Millis, fields: &[(&str, &str)]) -> String {
        intl::date(&region(self.catalog().language()), at, fields)
    }

    /// The name of a language.
    pub fn language_name(self, tag: &str) -> String {
        intl::language_name(self.catalog().language(), tag)
    }

    /// Fetches the words until they are here: without them nothing could be said, not even why.
    fn fetch(self) {
        let tag = self.wanted.get_untracked();
        let Some(files) = Files::on_page() else { return };
        spawn_local(async move {
            let mut backoff = Backoff::default();
            loop {
                let got = Call::get(files.of(tag)).text().await.ok();
                let got = got.and_then(|(_, json)| Catalog::parse(tag, &json).ok());
                // The reader may have chosen again meanwhile.
                if self.wanted.try_get_untracked() != Some(tag) {
                    return;
                }
                if let Some(catalog) = got {
                    name_language(tag);
                    self.catalog.try_set(Some(Arc::new(catalog)));
                    return;
                }
                sleep(backoff.failed(random::fraction())).await;
            }
        });
    }
}

/// The tag by which dates and numbers are written: the reader's own variety of the language, when the browser
/// names one, for `en` alone would be written as in the United States.
fn region(language: &str) -> String {
    let spoken = SPOKEN.map(|(tag, _)| tag);
    let own = page::languages().into_iter().find(|tag| negotiate(&[tag], &spoken, "") == language);
    own.unwrap_or_else(|| language.to_owned())
}

/// Tells the browser and screen readers which language the page speaks.
fn name_language(tag: &str) {
    if let Some(root) = document().document_element() {
        // Both are plain attribute names, which is all that could be refused.
        let _ = root.set_attribute("lang", tag);
        let _ = root.set_attribute("dir", direction(tag).as_str());
    }
}

/// The words in force.
pub fn words() -> Words {
    expect_context()
}

/// The text of a key, for a view: it follows a change of language.
pub fn t(key: &'static str) -> impl Fn() -> String + Copy + Send + 'static {
    let words = words();
    move || words.text(key)
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
impl Words {
    /// Words that are already here.
    pub(crate) fn of(catalog: Catalog) -> Self {
        Self { catalog: RwSignal::new(Some(Arc::new(catalog))), wanted: RwSignal::new(FALLBACK) }
    }
}
