//! Calls from one durable object, or from the worker, to another object: typed, with refusals that survive
//! the way.

use std::future::Future;

use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, Response};
use worker::{Env, Request};

use crate::refusal::{Outcome, Refusal};

/// The binding of the conversations.
pub(crate) const CONVERSATION: &str = "CONVERSATION";
/// The binding of the desks.
pub(crate) const DESK: &str = "DESK";
/// The binding of the sites.
pub(crate) const SITE: &str = "SITE";
/// The binding of the guard's shards.
pub(crate) const GUARD: &str = "GUARD";

/// Something an object can be asked.
pub(crate) trait Call: Serialize + DeserializeOwned {
    /// Where the object takes it: an absolute path.
    const PATH: &'static str;
    /// What it answers.
    type Answer: Serialize + DeserializeOwned;
}

/// Declares what a [`Call`] is answered with.
macro_rules! calls {
    ($($call:ty => $answer:ty, $path:literal;)*) => {$(
        impl $crate::platform::object::Call for $call {
            const PATH: &'static str = $path;
            type Answer = $answer;
        }
    )*};
}
pub(crate) use calls;

#[wasm_bindgen]
extern "C" {
    /// A stub, whose `fetch` gives the platform's own response: nothing is wrapped, and sockets pass through.
    pub(crate) type Object;

    #[wasm_bindgen(method, catch)]
    fn fetch(this: &Object, url: &str, init: &web_sys::RequestInit) -> Result<js_sys::Promise, JsValue>;
}

/// The object of this name. There is one of each name in the whole deployment.
///
/// # Errors
/// When the binding is missing.
pub(crate) fn named(env: &Env, binding: &str, name: &str) -> Outcome<Object> {
    Ok(env.durable_object(binding)?.get_by_name(name)?.into_rpc())
}

/// Asks an object.
///
/// # Errors
/// What the object refused with; *unavailable* when it could not be asked.
pub(crate) async fn ask<C: Call>(object: &Object, call: &C) -> Outcome<C::Answer> {
    let body = JsValue::from_str(&serde_json::to_string(call)?);
    read::<C>(post(object, C::PATH, &body).await?).await
}

/// Reads what an object answered.
///
/// # Errors
/// As [`ask`].
pub(crate) async fn read<C: Call>(response: Response) -> Outcome<C::Answer> {
    let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    serde_json::from_str::<Result<C::Answer, Refusal>>(&text)
        .map_err(|error| Refusal::failed(format_args!("{}: {error}", C::PATH)))?
}

/// Posts any body to an object.
///
/// # Errors
/// When it could not be reached.
pub(crate) async fn post(object: &Object, path: &str, body: &JsValue) -> Outcome<Response> {
    let init = web_sys::RequestInit::new();
    init.set_method("POST");
    init.set_body(body);
    fetch(object, path, &init).await
}

/// Asks an object for a socket; the answer goes to the client as it is.
///
/// # Errors
/// What the object refused with; *unavailable* when it could not be asked.
pub(crate) async fn upgrade(object: &Object, query: &str) -> Outcome<Response> {
    let headers = Headers::new()?;
    headers.set("Upgrade", "websocket")?;
    let init = web_sys::RequestInit::new();
    init.set_headers_headers(&headers);
    let response = fetch(object, &format!("/socket?{query}"), &init).await?;
    if response.status() == 101 {
        return Ok(response);
    }
    let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    match serde_json::from_str::<Result<(), Refusal>>(&text) {
        Ok(Err(refusal)) => Err(refusal),
        _ => Err(Refusal::failed("an object gave neither a socket nor a reason")),
    }
}

async fn fetch(object: &Object, path: &str, init: &web_sys::RequestInit) -> Outcome<Response> {
    let response = object.fetch(&format!("https://object{path}"), init)?;
    Ok(JsFuture::from(response).await?.unchecked_into())
}

/// The object's side of [`ask`]: reads the call, lets the object answer, and sends what it said.
///
/// # Errors
/// When not even a refusal can be sent.
pub(crate) async fn answer<C: Call, F: Future<Output = Outcome<C::Answer>>>(
    request: &mut Request,
    object: impl FnOnce(C) -> F,
) -> worker::Result<worker::Response> {
    let body = request.text().await?;
    let outcome = match serde_json::from_str(&body) {
        Ok(call) => object(call).await,
        Err(error) => Err(Refusal::failed(format_args!("{}: {error}", C::PATH))),
    };
    send(C::PATH, &outcome)
}

/// Sends an outcome as [`ask`] reads it.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn send<T: Serialize>(place: &str, outcome: &Outcome<T>) -> worker::Result<worker::Response> {
    if let Err(refusal) = outcome
        && refusal.problem().status >= 500
    {
        refusal.log(place);
    }
    Ok(worker::Response::builder().fixed(serde_json::to_vec(outcome)?))
}
