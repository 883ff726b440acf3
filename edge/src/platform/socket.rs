//! Sockets that outlive the memory of the object they belong to.

use deskbell_shared::wire::Millis;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use worker::{State, WebSocket, WebSocketPair, WebSocketRequestResponsePair};

use super::now;

/// Opens a socket: the object keeps one end, with what it must know about the holder attached, and the
/// other end is the answer. It is found again by each of its tags.
///
/// # Errors
/// When the platform does not give one.
pub(crate) fn accept(
    state: &State,
    tags: &[&str],
    seat: &impl Serialize,
) -> worker::Result<worker::Response> {
    let WebSocketPair { client, server } = WebSocketPair::new()?;
    state.accept_websocket_with_tags(&server, tags);
    server.serialize_attachment(serde_json::to_string(seat)?)?;
    worker::Response::from_websocket(client)
}

/// What is attached to a socket.
pub(crate) fn seat<T: DeserializeOwned>(socket: &WebSocket) -> Option<T> {
    let text: String = socket.deserialize_attachment().ok().flatten()?;
    serde_json::from_str(&text).ok()
}

/// Closes the sockets with this tag, whose holders may not have them any more. What still comes over them finds no
/// [`seat`].
pub(crate) fn end_all(state: &State, tag: &str) {
    for socket in state.get_websockets_with_tag(tag) {
        // One that is gone already needs neither.
        let _ = socket.serialize_attachment(String::new());
        let _ = socket.close(Some(1008), Some("the session has ended"));
    }
}

/// Lets the platform answer `ping` with `pong` without waking the object.
pub(crate) fn answer_pings(state: &State) {
    if let Ok(pair) = WebSocketRequestResponsePair::new("ping", "pong") {
        state.set_websocket_auto_response(&pair);
    }
}

#[wasm_bindgen]
extern "C" {
    /// The part of `DurableObjectState` that the `worker` crate does not bind.
    type Answering;

    #[wasm_bindgen(method, catch, js_name = getWebSocketAutoResponseTimestamp)]
    fn last_answered(this: &Answering, socket: &web_sys::WebSocket) -> Result<Option<js_sys::Date>, JsValue>;
}

/// A socket that has not been heard of for so long is nobody's any more, in milliseconds: widgets and consoles send a ping every
/// half minute.
const SILENT_MS: u64 = 90_000;

/// Whether nothing has come over a socket that was opened then for long: whoever held it has gone without a word.
pub(crate) fn is_silent(state: &State, socket: &WebSocket, opened: Millis) -> bool {
    let answering: &Answering = state.as_raw().unchecked_ref();
    let pinged = answering.last_answered(socket.as_ref()).ok().flatten();
    let last = pinged.map_or(opened, |at| opened.max(Millis(at.get_time() as u64)));
    now().since(last) > SILENT_MS
}

/// Sends a frame. A socket that is gone has closed by itself; its reader catches up when it comes back.
pub(crate) fn send(socket: &WebSocket, frame: &impl Serialize) {
    if let Ok(text) = serde_json::to_string(frame) {
        let _ = socket.send_with_str(text);
    }
}

/// Sends the same frame to several sockets, written once.
pub(crate) fn send_all(sockets: impl IntoIterator<Item = WebSocket>, frame: &impl Serialize) {
    if let Ok(text) = serde_json::to_string(frame) {
        for socket in sockets {
            let _ = socket.send_with_str(&text);
        }
    }
}

/// Completes a close that the other side began, so that it sees its own code and not 1006.
pub(crate) fn complete_close(socket: &WebSocket, code: usize, reason: &str) {
    // 1005 and 1006 say that there was no code; they cannot be sent.
    let can_be_sent = |code: &u16| matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999);
    let code = u16::try_from(code).ok().filter(can_be_sent).unwrap_or(1000);
    let _ = socket.close(Some(code), Some(reason));
}
