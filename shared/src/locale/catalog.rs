use core::fmt;

use serde::{
    Deserialize,
    de::{Deserializer, MapAccess, Visitor},
};
use thiserror::Error;

use super::plural;

/// Why a file is not a catalogue.
#[derive(Debug, Error)]
pub enum CatalogError {
    /// Not a JSON object whose values are all texts.
    #[error("a locale file is one JSON object of key and text: {0}")]
    Malformed(#[from] serde_json::Error),
    /// A key stands there twice: one of its texts would never be seen.
    #[error("the key {0:?} stands there twice")]
    Twice(String),
}

/// The words of one language: a flat JSON object of key and text, such as `{"composer.send": "Send"}`.
///
/// A text may have places to fill, `{name}`. A phrase that counts something is written once for each form
/// its language has, in English under `key.one` and `key.other` (see [`super::Plural`]).
///
/// Looking up never fails: a key that is missing is shown itself, which is ugly enough to be noticed and
/// better than nothing for the reader. That no key is missing is checked when the product is built.
///
/// ```
/// # use deskbell_shared::locale::{Catalog, CatalogError};
/// let words = Catalog::parse("en", r#"{"hi": "Hello {name}", "wait.one": "{count} second", "wait.other": "{count} seconds"}"#)?;
/// assert_eq!(words.fill("hi", &[("name", "Ana")]), "Hello Ana");
/// assert_eq!(words.count("wait", 1, &[]), "1 second");
/// assert_eq!(words.count("wait", 5, &[]), "5 seconds");
/// # Ok::<(), CatalogError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalog {
    language: String,
    /// Sorted by key.
    texts: Vec<(String, String)>,
}

impl Catalog {
    /// Reads the words of `language` from a locale file.
    ///
    /// # Errors
    /// [`CatalogError`] when it is not a JSON object of texts, or names a key twice.
    pub fn parse(language: &str, json: &str) -> Result<Self, CatalogError> {
        let Pairs(mut texts) = serde_json::from_str(json)?;
        texts.sort_by(|a, b| a.0.cmp(&b.0));
        if let Some(pair) = texts.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(CatalogError::Twice(pair[0].0.clone()));
        }
        Ok(Self { language: language.to_owned(), texts })
    }

    /// The language it speaks, as it was given to [`Catalog::parse`].
    pub fn language(&self) -> &str {
        &self.language
    }

    /// All keys, in alphabetical order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(|(key, _)| key.as_str())
    }

    /// The text of a key, or the key itself when there is none.
    pub fn text<'a>(&'a self, key: &'a str) -> &'a str {
        self.find(key).unwrap_or(key)
    }

    /// The text of a key with its places filled. A place without a value stays as it is written;
    /// what looks like a place inside a value stays text.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(self.text(key), values)
    }

    /// The phrase of a key for `count` things, in the form the language asks for. The place `{count}` is
    /// filled with the number; for a number written with separators, give `count` among the values.
    pub fn count(&self, key: &str, count: u64, values: &[(&str, &str)]) -> String {
        let form = [key, plural(&self.language, count).suffix()].concat();
        let number = count.to_string();
        let values: Vec<_> = values.iter().copied().chain([("count", number.as_str())]).collect();
        fill(self.find(&form).unwrap_or(key), &values)
    }

    fn find(&self, key: &str) -> Option<&str> {
        let place = self.texts.binary_search_by(|(known, _)| known.as_str().cmp(key)).ok()?;
        self.texts.get(place).map(|(_, text)| text.as_str())
    }
}

fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, opened)) = rest.split_once('{') {
        filled.push_str(before);
        let value = opened.split_once('}').and_then(|(name, after)| {
            values.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value, after))
        });
        match value {
            Some((value, after)) => {
                filled.push_str(value);
                rest = after;
            }
            None => {
                filled.push('{');
                rest = opened;
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// A JSON object in the order it was written, with nothing dropped.
struct Pairs(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Pairs;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of key and text")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn english() -> Catalog {
        Catalog::parse(
            "en",
            r#"{"b": "{x} and {y}", "a": "plain", "n.one": "{count} day", "n.other": "{count} days"}"#,
        )
        .unwrap()
    }

    proptest! {
        #[test]
        fn reading_and_filling_any_text_never_panics(json in ".*", key in ".*", value in ".*") {
            let _ = Catalog::parse("en", &json);
            let _ = english().fill(&key, &[("x", &value)]);
            let _ = fill(&json, &[(&key, &value)]);
        }

        #[test]
        fn a_value_is_never_filled_itself(value in "[{}xy ]*") {
            let filled = english().fill("b", &[("x", &value), ("y", "Y")]);
            prop_assert_eq!(filled, format!("{value} and Y"));
        }
    }

    #[test]
    fn a_missing_key_shows_itself_and_a_missing_value_its_place() {
        assert_eq!(english().text("a"), "plain");
        assert_eq!(english().text("no.such.key"), "no.such.key");
        assert_eq!(english().count("no.such", 3, &[]), "no.such");
        assert_eq!(english().fill("b", &[("y", "1")]), "{x} and 1");
        assert_eq!(fill("{ {x} } {x", &[("x", "1")]), "{ 1 } {x");
    }

    #[test]
    fn a_count_takes_the_form_of_its_language() {
        assert_eq!(english().count("n", 1, &[]), "1 day");
        assert_eq!(english().count("n", 1_200, &[("count", "1,200")]), "1,200 days");
        let chinese = Catalog::parse("zh-Hans", r#"{"n.other": "{count} 天"}"#).unwrap();
        assert_eq!(chinese.count("n", 1, &[]), "1 天");
        let arabic = r#"{"n.two": "يومان", "n.few": "{count} أيام", "n.other": "{count} يوم"}"#;
        let arabic = Catalog::parse("ar", arabic).unwrap();
        assert_eq!([2, 3, 100].map(|n| arabic.count("n", n, &[])), ["يومان", "3 أيام", "100 يوم"]);
    }

    #[test]
    fn what_is_no_catalogue_is_refused() {
        for json in ["", "[]", r#"{"a": 1}"#, r#"{"a": {"b": "c"}}"#, r#"{"a": "b"} x"#] {
            assert!(matches!(Catalog::parse("en", json), Err(CatalogError::Malformed(_))), "{json}");
        }
        let twice = Catalog::parse("en", r#"{"a": "1", "b": "2", "a": "3"}"#);
        assert!(matches!(twice, Err(CatalogError::Twice(key)) if key == "a"));
    }
}
