//! Sends something to another server, once, and says what has come of it.

use deskbell_shared::{
    webhook::{answered, has_to_be_read},
    wire::{Attempt, AttemptResult, Millis, WebhookFormat, WebhookUrl},
};
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, ReadableStreamDefaultReader, RequestInit, RequestRedirect, Response,
    WorkerGlobalScope,
};

use crate::{
    platform::{now, patience::within},
    refusal::Outcome,
};

/// How long the other side may take, in milliseconds.
const PATIENCE_MS: u64 = 10_000;
/// How long what it says beside its status may take, in milliseconds.
const BODY_PATIENCE_MS: u64 = 2_000;
/// As much of an answer is read, in bytes: what chats refuse with fits.
const READ_BYTES: usize = 2_048;

/// What is sent.
pub(crate) struct Parcel<'a> {
    /// Where.
    pub(crate) url: &'a WebhookUrl,
    /// In what form.
    pub(crate) format: WebhookFormat,
    /// The body.
    pub(crate) body: &'a str,
    /// The headers beside the usual.
    pub(crate) headers: &'a [(&'static str, String)],
}

/// What came of it, and after how many seconds the other side wants to be asked again.
pub(crate) async fn post(parcel: &Parcel<'_>) -> Outcome<(Attempt, Option<u64>)> {
    let at = now();
    let controller = AbortController::new()?;
    let (result, retry_after_s) = match within(PATIENCE_MS, exchange(parcel, &controller)).await {
        Some(Ok((response, retry_after_s))) => {
            let status = response.status();
            // The status has come: what else is said, or comes too late, makes nothing of it undone.
            let said = if has_to_be_read(parcel.format, status) {
                let said = within(BODY_PATIENCE_MS, beginning(&response)).await;
                said.and_then(Result::ok).unwrap_or_default()
            } else {
                String::new()
            };
            (answered(parcel.format, status, &said), retry_after_s)
        }
        // What the platform says of it may hold the address, which may be a secret.
        Some(Err(_)) => (AttemptResult::Unreachable, None),
        None => (AttemptResult::Late, None),
    };
    // Whatever is still on its way is not waited for.
    controller.abort();
    Ok((Attempt { at, took_ms: now().since(at), result }, retry_after_s))
}

async fn exchange(
    parcel: &Parcel<'_>,
    controller: &AbortController,
) -> worker::Result<(Response, Option<u64>)> {
    let headers = Headers::new()?;
    headers.set("Content-Type", "application/json")?;
    headers.set("User-Agent", concat!("Deskbell/", env!("CARGO_PKG_VERSION")))?;
    for (name, value) in parcel.headers {
        headers.set(name, value)?;
    }
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers_headers(&headers);
    init.set_body(&JsValue::from_str(parcel.body));
    // Where it was to go was checked; where a redirect leads was not.
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(&controller.signal()));
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    let fetched = JsFuture::from(scope.fetch_with_str_and_init(parcel.url.as_str(), &init)).await?;
    let response: Response = fetched.unchecked_into();
    let retry_after_s = response.headers().get("Retry-After")?.and_then(|text| seconds(text.trim(), now()));
    Ok((response, retry_after_s))
}

/// What `Retry-After` asks for, in seconds from now: a number of them or a date (RFC 9110, section 10.2.3). Discord has
/// fractions.
fn seconds(text: &str, now: Millis) -> Option<u64> {
    let from_date = || (js_sys::Date::parse(text) - now.0 as f64) / 1000.0;
    let seconds = text.parse::<f64>().unwrap_or_else(|_| from_date());
    // A cast takes what is below nothing for nothing, and what is beyond all bounds for the most.
    (!seconds.is_nan()).then(|| seconds.ceil() as u64)
}

/// The beginning of what an answer says; the rest, which may have no end, is not read.
async fn beginning(response: &Response) -> worker::Result<String> {
    let Some(stream) = response.body() else { return Ok(String::new()) };
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut body = Vec::new();
    while body.len() < READ_BYTES {
        let chunk = JsFuture::from(reader.read()).await?;
        if Reflect::get(&chunk, &JsValue::from_str("done"))?.is_truthy() {
            break;
        }
        let bytes: Uint8Array = Reflect::get(&chunk, &JsValue::from_str("value"))?.unchecked_into();
        let fits = bytes.length().min(u32::try_from(READ_BYTES - body.len()).unwrap_or(u32::MAX));
        body.extend(bytes.subarray(0, fits).to_vec());
    }
    drop(reader.cancel());
    Ok(String::from_utf8_lossy(&body).into_owned())
}
