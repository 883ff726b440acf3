//! The time that views follow, and waiting in a task.

use std::time::Duration;

use deskbell_browser::clock::{self, Timer};
use deskbell_shared::wire::Millis;
use leptos::prelude::*;

/// Now, to the second. Reading it in a view makes it follow the time.
#[derive(Clone, Copy)]
pub struct Clock(RwSignal<Millis>);

impl Clock {
    /// Starts to tick, for as long as the owner that calls lives.
    pub fn start() -> Self {
        let now = RwSignal::new(clock::now());
        let ticks = Timer::every(Duration::from_secs(1), move || {
            now.try_set(clock::now());
        });
        StoredValue::new_local(ticks);
        Self(now)
    }

    /// Now.
    pub fn now(self) -> Millis {
        self.0.get()
    }
}

/// The time that views follow.
pub fn now() -> Clock {
    expect_context()
}

/// Waits for so many milliseconds.
pub async fn sleep(ms: u64) {
    let mut timer = None;
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        timer = Timer::after(Duration::from_millis(ms), move || {
            // Nothing listens to what a resolved promise returns.
            let _ = resolve.call0(&wasm_bindgen::JsValue::UNDEFINED);
        });
    });
    // A promise that is only ever resolved does not fail.
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
    drop(timer);
}
