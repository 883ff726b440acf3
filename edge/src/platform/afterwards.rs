//! Work that goes on after the answer has left.

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::future_to_promise;

#[wasm_bindgen]
extern "C" {
    /// What the platform gives with every request: it keeps the isolate for what is begun and not awaited.
    pub type Afterwards;

    #[wasm_bindgen(method, catch, js_name = waitUntil)]
    fn wait_until(this: &Afterwards, work: &js_sys::Promise) -> Result<(), JsValue>;
}

impl Afterwards {
    /// Does this without anybody waiting for it, half a minute at most. What must not be lost is no such thing.
    pub(crate) fn run(&self, work: impl Future<Output = ()> + 'static) {
        let work = future_to_promise(async {
            work.await;
            Ok(JsValue::UNDEFINED)
        });
        // A platform that does not wait does it nevertheless, for as long as the isolate lives.
        let _ = self.wait_until(&work);
    }
}
