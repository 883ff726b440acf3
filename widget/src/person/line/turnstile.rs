//! Cloudflare's Turnstile, where the site has it: asked instead of solving the puzzle.
//!
//! Its script is fetched when there is something to answer, and not before. Whatever goes wrong with it, the puzzle is
//! still there, and the visitor need not know.

use std::rc::Rc;

use deskbell_browser::http::Call;
use deskbell_shared::{
    guard::signal::Signal,
    wire::{BoundedText, Challenge, Pass, TurnstileKey, TurnstilePass, TurnstileRequest, VisitorId},
};
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::Inner;

/// Where its script is. It makes itself known as `window.turnstile`.
const SCRIPT: &str = "https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit";
/// The element that it fills.
pub(crate) const PLACE: &str = "turnstile-place";

impl Inner {
    /// Answers a challenge by Turnstile, or, when that cannot be, by its puzzle.
    pub(super) fn ask_turnstile(
        self: &Rc<Self>,
        key: TurnstileKey,
        challenge: Challenge,
        signals: Vec<Signal>,
    ) {
        let (this, visitor, call) = (Rc::downgrade(self), self.visitor, Call::post(self.path("/turnstile")));
        spawn_local(async move {
            let pass = pass(&key, visitor, &challenge, call).await;
            let Some(this) = this.upgrade() else { return };
            match pass {
                Some(pass) if this.solves(&challenge) => this.solved(challenge.passed_with(pass)),
                _ => this.work_on(challenge, signals),
            }
        });
    }
}

/// What the edge gives for a token of Turnstile.
async fn pass(key: &TurnstileKey, visitor: VisitorId, challenge: &Challenge, call: Call) -> Option<Pass> {
    let response = response(key).await.ok()?.as_string()?;
    let (challenge, response) = (BoundedText::new(&challenge.token).ok()?, BoundedText::new(&response).ok()?);
    let passed: TurnstilePass =
        call.json(&TurnstileRequest { visitor, challenge, response }).answer().await.ok()?;
    Some(passed.pass)
}

/// A token of Turnstile.
async fn response(key: &TurnstileKey) -> Result<JsValue, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let document = window.document().ok_or(JsValue::NULL)?;
    let name = JsValue::from("turnstile");
    if Reflect::get(&window, &name)?.is_undefined() {
        let script = document.create_element("script")?;
        script.set_attribute("src", SCRIPT)?;
        let loaded = Promise::new(&mut |resolve, reject| {
            set(&script, [("onload", &resolve.into()), ("onerror", &reject.into())]);
        });
        document.body().ok_or(JsValue::NULL)?.append_child(&script)?;
        JsFuture::from(loaded).await?;
    }
    let turnstile = Reflect::get(&window, &name)?;
    let place = document.get_element_by_id(PLACE).ok_or(JsValue::NULL)?;
    let render: Function = Reflect::get(&turnstile, &"render".into())?.dyn_into()?;
    let answered = Promise::new(&mut |resolve, reject| {
        let (options, reject) = (Object::new(), JsValue::from(reject));
        set(&options, [("sitekey", &key.as_str().into()), ("callback", &resolve.into())]);
        set(
            &options,
            ["error-callback", "timeout-callback", "unsupported-callback"].map(|name| (name, &reject)),
        );
        if let Err(fault) = render.call2(&turnstile, &place, &options) {
            // Whoever waits hears of it.
            let _ = reject.unchecked_ref::<Function>().call1(&JsValue::NULL, &fault);
        }
    });
    JsFuture::from(answered).await
}

fn set<const N: usize>(object: &JsValue, values: [(&str, &JsValue); N]) {
    for (name, value) in values {
        // Ordinary objects take everything.
        let _ = Reflect::set(object, &name.into(), value);
    }
}
