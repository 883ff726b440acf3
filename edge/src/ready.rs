//! Answers that an isolate has ready: of them nothing is made anew but the response object itself.

use std::cell::OnceCell;

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::{Headers, Response, ResponseInit};

/// An answer that only has to be handed to the platform.
pub(crate) struct Ready {
    body: Uint8Array,
    /// The status and the headers, made once.
    init: ResponseInit,
}

impl Ready {
    /// A success with these headers and this body.
    ///
    /// # Errors
    /// When the platform refuses a header.
    pub(crate) fn new(headers: &[(&str, &str)], body: &[u8]) -> Result<Self, JsValue> {
        let fields = Headers::new()?;
        for (name, value) in headers {
            fields.set(name, value)?;
        }
        let init = ResponseInit::new();
        init.set_headers_headers(&fields);
        if fields.has("Content-Encoding")? {
            // The body is encoded already; without this the platform would do it again.
            Reflect::set(&init, &"encodeBody".into(), &"manual".into())?;
        }
        Ok(Self { body: Uint8Array::from(body), init })
    }

    /// The platform's response.
    ///
    /// # Errors
    /// When the platform does not make one.
    pub(crate) fn response(&self) -> Result<Response, JsValue> {
        Response::new_with_opt_js_u8_array_and_init(Some(&self.body), &self.init)
    }

    /// Its body.
    pub(crate) fn body(&self) -> &Uint8Array {
        &self.body
    }
}

thread_local! {
    static HELLO: OnceCell<Ready> = const { OnceCell::new() };
}

/// `GET /`: that the worker is up, for health checks.
///
/// # Errors
/// When the platform does not make a response.
pub(crate) fn hello() -> Result<Response, JsValue> {
    HELLO.with(|hello| {
        if let Some(ready) = hello.get() {
            return ready.response();
        }
        let headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
            ("Cache-Control", "no-store"),
        ];
        let made = Ready::new(&headers, b"ok")?;
        hello.get_or_init(|| made).response()
    })
}
