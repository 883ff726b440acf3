//! Names of languages, dates and numbers, in the reader's language, from the browser's own
//! `Intl`. What it does not know comes back unchanged.

use std::cell::RefCell;

use deskbell_shared::wire::Millis;
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// The name of the language `tag` in the language `locale`: `简体中文` for `zh-Hans` in Chinese.
pub fn language_name(locale: &str, tag: &str) -> String {
    let name = || -> Option<String> {
        let names = made("DisplayNames", locale, &[("type", "language")])?;
        call(&names, "of", &tag.into())?.as_string()
    };
    name().unwrap_or_else(|| tag.to_owned())
}

/// The name of a country in the language `locale`: `Germany` for `DE` in English.
pub fn country_name(locale: &str, code: &str) -> String {
    let name = || -> Option<String> {
        let names = made("DisplayNames", locale, &[("type", "region")])?;
        call(&names, "of", &code.into())?.as_string()
    };
    name().unwrap_or_else(|| code.to_owned())
}

/// A moment as `locale` writes it, with the fields that `options` of `Intl.DateTimeFormat` ask for.
pub fn date(locale: &str, at: Millis, options: &[(&str, &str)]) -> String {
    let text = || -> Option<String> {
        let format = made("DateTimeFormat", locale, options)?;
        let format = Reflect::get(&format, &"format".into()).ok()?.dyn_into::<Function>().ok()?;
        format.call1(&JsValue::UNDEFINED, &JsValue::from_f64(at.0 as f64)).ok()?.as_string()
    };
    text().unwrap_or_default()
}

/// The names of the time zones there are; none where the browser does not tell.
pub fn time_zones() -> Vec<String> {
    let names = || -> Option<Array> {
        let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
        call(&intl, "supportedValuesOf", &"timeZone".into())?.dyn_into().ok()
    };
    names().map(|names| names.iter().filter_map(|name| name.as_string()).collect()).unwrap_or_default()
}

/// The name of the time zone that this browser is in; `UTC` where it does not tell.
pub fn own_time_zone() -> String {
    let name = || -> Option<String> {
        let format = made("DateTimeFormat", "en", &[])?;
        let resolve = Reflect::get(&format, &"resolvedOptions".into()).ok()?.dyn_into::<Function>().ok()?;
        Reflect::get(&resolve.call0(&format).ok()?, &"timeZone".into()).ok()?.as_string()
    };
    name().unwrap_or_else(|| "UTC".to_owned())
}

/// A number as `locale` writes it.
pub fn number(locale: &str, n: u64) -> String {
    let text = || -> Option<String> {
        let format = made("NumberFormat", locale, &[])?;
        let format = Reflect::get(&format, &"format".into()).ok()?.dyn_into::<Function>().ok()?;
        format.call1(&JsValue::UNDEFINED, &JsValue::from_f64(n as f64)).ok()?.as_string()
    };
    text().unwrap_or_else(|| n.to_string())
}

/// How many are kept once they are made.
const KEPT: usize = 60;

thread_local! {
    /// Those that were made, by what they were made of: making one takes a hundred times as long as using it.
    static MADE: RefCell<Vec<(String, JsValue)>> = const { RefCell::new(Vec::new()) };
}

/// As [`construct`], made once.
fn made(class: &str, locale: &str, options: &[(&str, &str)]) -> Option<JsValue> {
    let mut name = String::new();
    let parts = options.iter().flat_map(|(name, value)| [*name, *value]);
    for part in [class, locale].into_iter().chain(parts) {
        name.push_str(part);
        name.push('\n');
    }
    let known = MADE.with_borrow(|made| {
        made.iter().find(|(known, _)| *known == name).map(|(_, formatter)| formatter.clone())
    });
    if known.is_some() {
        return known;
    }
    let formatter = construct(class, locale, options)?;
    MADE.with_borrow_mut(|made| {
        if made.len() >= KEPT {
            made.clear();
        }
        made.push((name, formatter.clone()));
    });
    Some(formatter)
}

/// `new Intl[class](locale, options)`; `None` where the browser has no such class or refuses the arguments.
fn construct(class: &str, locale: &str, options: &[(&str, &str)]) -> Option<JsValue> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let class = Reflect::get(&intl, &class.into()).ok()?.dyn_into::<Function>().ok()?;
    let asked = Object::new();
    for (name, value) in options {
        Reflect::set(&asked, &(*name).into(), &(*value).into()).ok()?;
    }
    Reflect::construct(&class, &Array::of2(&locale.into(), &asked)).ok()
}

fn call(object: &JsValue, method: &str, argument: &JsValue) -> Option<JsValue> {
    let method = Reflect::get(object, &method.into()).ok()?.dyn_into::<Function>().ok()?;
    method.call1(object, argument).ok()
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    fn what_the_browser_does_not_know_comes_back_unchanged() {
        assert_eq!(language_name("en", "zh-Hant"), "Traditional Chinese");
        assert_eq!(language_name("en", "not a tag"), "not a tag");
        assert_eq!(language_name("not a locale", "en"), "en");
        assert_eq!(country_name("en", "DE"), "Germany");
        assert_eq!(country_name("en", "not a country"), "not a country");
        assert_eq!(number("en", 1_234_567), "1,234,567");
        assert_eq!(number("not a locale", 7), "7");
        assert_eq!(date("not a locale", Millis(0), &[]), "");
        assert_eq!(date("en", Millis(u64::MAX), &[]), "", "no calendar reaches that far");
        assert_eq!(date("en-GB", Millis(0), &[("timeZone", "UTC"), ("dateStyle", "short")]), "01/01/1970");
    }
}
