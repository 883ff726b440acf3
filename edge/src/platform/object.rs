//! Calls from one durable object, or from the worker, to another object: typed, with refusals that survive
//! the way.

use std::pin::Pin;

use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, Response};
use worker::Env;

use crate::refusal::{Outcome, Refusal};

/// The binding of the conversations.
pub(crate) const CONVERSATION: &str = "CONVERSATION";
/// The binding of the desks.
pub(crate) const DESK: &str = "DESK";
/// The binding of the sites.
pub(crate) const SITE: &str = "SITE";
/// The binding of the guard's shards.
pub(crate) const GUARD: &str = "GUARD";
/// The binding of the compilers.
pub(crate) const COMPILER: &str = "COMPILER";

/// The binding of the watches.
pub(crate) const WATCH: &str = "WATCH";

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
    parse(&ask_text(object, call).await?)
}

/// As [`ask`], for an answer that goes out to the client as it is: the JSON of a `C::Answer`.
///
/// # Errors
/// As [`ask`].
pub(crate) async fn ask_text<C: Call>(object: &Object, call: &C) -> Outcome<String> {
    exchange(object, C::PATH, serde_json::to_string(call)?).await
}

/// Asks an object for a socket; the answer goes to the client as it is.
///
/// # Errors
/// As [`ask`].
pub(crate) async fn upgrade(object: &Object, query: &str) -> Outcome<Response> {
    let headers = Headers::new()?;
    headers.set("Upgrade", "websocket")?;
    let init = web_sys::RequestInit::new();
    init.set_headers_headers(&headers);
    let response = fetch(object, &format!("/socket?{query}"), &init).await?;
    if response.status() == 101 { Ok(response) } else { Err(refusal(&text(&response).await?)) }
}

// What follows here is written once for all calls, and what is generic above only wraps it: a copy for each of them
// would be a third of the module.

fn exchange<'a>(
    object: &'a Object,
    path: &'a str,
    body: String,
) -> Pin<Box<dyn Future<Output = Outcome<String>> + 'a>> {
    // Boxed, so that whoever waits for it keeps a pointer and not a copy of its state.
    Box::pin(async move {
        let init = web_sys::RequestInit::new();
        init.set_method("POST");
        init.set_body(&JsValue::from_str(&body));
        let response = fetch(object, path, &init).await?;
        let text = text(&response).await?;
        if response.status() == DONE { Ok(text) } else { Err(refusal(&text)) }
    })
}

async fn text(response: &Response) -> Outcome<String> {
    Ok(JsFuture::from(response.text()?).await?.as_string().unwrap_or_default())
}

fn refusal(text: &str) -> Refusal {
    parse(text).unwrap_or_else(|unreadable| unreadable)
}

fn parse<T: DeserializeOwned>(text: &str) -> Outcome<T> {
    serde_json::from_str(text).map_err(Refusal::failed)
}

async fn fetch(object: &Object, path: &str, init: &web_sys::RequestInit) -> Outcome<Response> {
    let response = object.fetch(&format!("https://object{path}"), init)?;
    Ok(JsFuture::from(response).await?.unchecked_into())
}

/// The status of an answer, and of a refusal. The client never sees it.
const DONE: u16 = 200;
const REFUSED: u16 = 400;

/// The object's side of [`ask`]: which call is answered by what.
macro_rules! answer {
    ($path:expr, $body:expr; $($call:ty => |$name:pat_param| $answer:expr,)*) => {
        match $path {
            $(<$call as $crate::platform::object::Call>::PATH => {
                let $name: $call = $crate::platform::object::call($body)?;
                $crate::platform::object::answered::<$call>(&$answer)
            })*
            _ => Err($crate::refusal::Refusal::failed("no such call")),
        }
    };
}
pub(crate) use answer;

/// Reads a call.
///
/// # Errors
/// When it is another one.
pub(crate) fn call<C: Call>(body: &str) -> Outcome<C> {
    parse(body)
}

/// Writes the answer to a call.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn answered<C: Call>(answer: &C::Answer) -> Outcome<String> {
    Ok(serde_json::to_string(answer)?)
}

/// Sends an outcome as [`ask`] reads it, and logs what failed here.
///
/// # Errors
/// When not even a refusal can be sent.
pub(crate) fn send(place: &str, outcome: Outcome<String>) -> worker::Result<worker::Response> {
    let (status, text) = match outcome {
        Ok(text) => (DONE, text),
        Err(refusal) => {
            if refusal.problem().status >= 500 {
                refusal.log(place);
            }
            (REFUSED, serde_json::to_string(&refusal)?)
        }
    };
    Ok(worker::Response::builder().with_status(status).fixed(text.into_bytes()))
}
