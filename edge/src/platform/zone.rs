//! Time zones, as the platform's own `Intl` knows them: no table of them is carried.

use deskbell_shared::wire::{Millis, ZoneName};
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// A time zone that there is.
pub(crate) struct Zone {
    /// Writes a moment with the zone's distance from UTC.
    format: Function,
}

impl Zone {
    /// The zone of a name; `None` when there is none.
    pub(crate) fn named(name: &ZoneName) -> Option<Self> {
        let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
        let class = Reflect::get(&intl, &"DateTimeFormat".into()).ok()?.dyn_into::<Function>().ok()?;
        let options = Object::new();
        for (option, value) in [("timeZone", name.as_str()), ("timeZoneName", "longOffset")] {
            Reflect::set(&options, &option.into(), &value.into()).ok()?;
        }
        // It throws for a name that it does not know.
        let format = Reflect::construct(&class, &Array::of2(&"en".into(), &options)).ok()?;
        let format = Reflect::get(&format, &"format".into()).ok()?.dyn_into().ok()?;
        Some(Self { format })
    }

    /// How far its clocks are ahead of UTC at a moment, in minutes.
    pub(crate) fn offset_minutes(&self, at: Millis) -> i32 {
        let written = self.format.call1(&JsValue::UNDEFINED, &JsValue::from_f64(at.0 as f64));
        written.ok().and_then(|written| offset(&written.as_string()?)).unwrap_or(0)
    }
}

/// The minutes of `11/29/2026, GMT+05:30`; of UTC itself no more than `GMT` is written.
fn offset(written: &str) -> Option<i32> {
    let (_, offset) = written.rsplit_once("GMT")?;
    let Some(sign) = offset.chars().next() else { return Some(0) };
    let (sign, time) = (if sign == '+' { 1 } else { -1 }, &offset[sign.len_utf8()..]);
    // Seconds, as some zones had them long ago, do not count.
    let mut parts = time.split(':').map(|part| part.parse::<i32>().ok());
    Some(sign * (parts.next()?? * 60 + parts.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_read_as_they_are_written() {
        for (written, minutes) in [
            ("11/29/2026, GMT+08:00", Some(480)),
            ("11/29/2026, GMT-03:30", Some(-210)),
            ("11/29/2026, GMT\u{2212}05:00", Some(-300)),
            ("1/1/1900, GMT+00:53:28", Some(53)),
            ("11/29/2026, GMT", Some(0)),
            ("11/29/2026", None),
            ("GMT+eight", None),
        ] {
            assert_eq!(offset(written), minutes, "{written}");
        }
    }
}
