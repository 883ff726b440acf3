//! Names of languages, dates and numbers, in the reader's language, from the browser's own
//! `Intl`. What it does not know comes back unchanged.

use deskbell_shared::wire::Millis;
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// The name of the language `tag` in the language `locale`: `简体中文` for `zh-Hans` in Chinese.
pub fn language_name(locale: &str, tag: &str) -> String {
    let name = || -> Option<String> {
        let names = construct("DisplayNames", locale, &[("type", "language")])?;
        call(&names, "of", &tag.into())?.as_string()
    };
    name().unwrap_or_else(|| tag.to_owned())
}

/// A moment as `locale` writes it, with the fields that `options` of `Intl.DateTimeFormat` ask for.
pub fn date(locale: &str, at: Millis, options: &[(&str, &str)]) -> String {
    let text = || -> Option<String> {
        let format = construct("DateTimeFormat", locale, options)?;
        let format = Reflect::get(&format, &"format".into()).ok()?.dyn_into::<Function>().ok()?;
        format.call1(&JsValue::UNDEFINED, &JsValue::from_f64(at.0 as f64)).ok()?.as_string()
    };
    text().unwrap_or_default()
}

/// A number as `locale` writes it.
pub fn number(locale: &str, n: u64) -> String {
    let text = || -> Option<String> {
        let format = construct("NumberFormat", locale, &[])?;
        let format = Reflect::get(&format, &"format".into()).ok()?.dyn_into::<Function>().ok()?;
        format.call1(&JsValue::UNDEFINED, &JsValue::from_f64(n as f64)).ok()?.as_string()
    };
    text().unwrap_or_else(|| n.to_string())
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
