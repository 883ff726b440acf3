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
