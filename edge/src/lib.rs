//! The worker: the door, its routes, and the durable objects behind it.
//!
//! A request is read once, at the door, into types that cannot hold an invalid state; every refusal leaves as
//! a problem document. State lives in five kinds of durable objects, and a sixth compiles; each says why there is one
//! of it per what.
//!
//! | module | concern |
//! |---|---|
//! | [`visit`], [`route`], [`ready`], [`reply`], [`refusal`] | the door |
//! | [`visitor`] | handing over, coming back |
//! | [`talk`], [`conversation`] | a conversation, from both sides |
//! | [`carrier`] | other ways in than the site's pages |
//! | [`agent`], [`desk`] | signing in, the inbox, bans |
//! | [`site`] | the frame, settings, the FAQ |
//! | [`guard`] | who may open something now |
//! | [`watch`] | what the guard decided, counted and tried again |
//! | [`platform`] | what the `worker` crate lacks |

mod agent;
mod carrier;
mod compiler_do;
mod conversation;
mod conversation_do;
mod desk;
mod desk_do;
mod door;
mod guard;
mod guard_do;
mod json_path;
mod keys;
mod limits;
mod platform;
mod ready;
mod refusal;
mod reply;
mod route;
mod site;
mod site_do;
mod talk;
mod ticket;
mod verb;
mod visit;
mod visitor;
mod watch;
mod watch_do;
mod webhook;

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::future_to_promise;
use web_sys::Request;
use worker::Env;

use platform::afterwards::Afterwards;

/// Every request that is not for a static file.
///
/// What the isolate has ready is returned as it is, and only the rest as a promise: a promise and its future cost as
/// much again as the whole of a ready answer. That is why this is exported by hand and not by `#[event(fetch)]`,
/// which always makes both.
///
/// # Errors
/// Only when the platform makes no response at all.
#[wasm_bindgen]
pub fn fetch(request: Request, env: Env, context: Afterwards) -> Result<JsValue, JsValue> {
    match door::at_once(&request) {
        Some(response) => response.map(JsValue::from),
        None => {
            Ok(future_to_promise(async { door::answer(request, env, context).await.map(JsValue::from) })
                .into())
        }
    }
}
