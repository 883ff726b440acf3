//! The time, and to be called later.

use std::time::Duration;

use deskbell_shared::wire::Millis;
use wasm_bindgen::{JsCast, closure::Closure};

/// This browser's idea of now. Clocks of browsers are wrong by minutes more often than one thinks: good for
/// showing and for waiting, never for deciding who was first.
pub fn now() -> Millis {
    // A float that is negative or not a number casts to 0, the safest wrong time.
    Millis(js_sys::Date::now() as u64)
}

/// How far this browser's clock is ahead of UTC, in minutes.
pub fn utc_offset_minutes() -> i16 {
    -js_sys::Date::new_0().get_timezone_offset() as i16
}

/// A call that is still to come, or comes again and again. Dropping it calls it off.
#[must_use = "a timer that is dropped never fires"]
pub struct Timer {
    id: i32,
    repeats: bool,
    _callback: Closure<dyn FnMut()>,
}

impl Timer {
    /// Calls once, after at least this long. `None` outside a window.
    pub fn after(delay: Duration, call: impl FnMut() + 'static) -> Option<Self> {
        let callback = Closure::<dyn FnMut()>::new(call);
        let id = web_sys::window()?
            .set_timeout_with_callback_and_timeout_and_arguments_0(
                callback.as_ref().unchecked_ref(),
                whole_ms(delay),
            )
            .ok()?;
        Some(Self { id, repeats: false, _callback: callback })
    }

    /// Calls every so often. `None` outside a window.
    pub fn every(period: Duration, call: impl FnMut() + 'static) -> Option<Self> {
        let callback = Closure::<dyn FnMut()>::new(call);
        let id = web_sys::window()?
            .set_interval_with_callback_and_timeout_and_arguments_0(
                callback.as_ref().unchecked_ref(),
                whole_ms(period),
            )
            .ok()?;
        Some(Self { id, repeats: true, _callback: callback })
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            if self.repeats {
                window.clear_interval_with_handle(self.id);
            } else {
                window.clear_timeout_with_handle(self.id);
            }
        }
    }
}

/// A wait of more than 24 days would wrap in the browser and fire at once.
fn whole_ms(delay: Duration) -> i32 {
    i32::try_from(delay.as_millis()).unwrap_or(i32::MAX)
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use std::{cell::Cell, rc::Rc};

    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    async fn wait(ms: u64) {
        let (sender, promise) = {
            let mut resolve = None;
            let promise = js_sys::Promise::new(&mut |done, _| resolve = Some(done));
            (resolve.unwrap(), promise)
        };
        let timer = Timer::after(Duration::from_millis(ms), move || {
            sender.call0(&wasm_bindgen::JsValue::UNDEFINED).unwrap();
        });
        wasm_bindgen_futures::JsFuture::from(promise).await.unwrap();
        drop(timer);
    }

    #[wasm_bindgen_test]
    async fn a_timer_that_is_dropped_never_fires() {
        let fired = Rc::new(Cell::new(0));
        let count = |fired: &Rc<Cell<u32>>| {
            let fired = fired.clone();
            move || fired.set(fired.get() + 1)
        };
        let kept = Timer::after(Duration::from_millis(5), count(&fired));
        drop(Timer::after(Duration::from_millis(5), count(&fired)));
        let again = Timer::every(Duration::from_millis(5), count(&fired));
        wait(60).await;
        drop(again);
        let so_far = fired.get();
        assert!(so_far > 2, "once, and again and again: {so_far}");
        wait(30).await;
        assert_eq!(fired.get(), so_far);
        drop(kept);
    }
}
