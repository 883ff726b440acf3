//! A request, answered with a value or with a [`Failure`] that can be put into words.

use deskbell_shared::wire::Problem;
use gloo_net::http::{Headers, Method, RequestBuilder, Response};
use serde::{Serialize, de::DeserializeOwned};
use thiserror::Error;
use wasm_bindgen::JsValue;
use web_sys::{AbortSignal, RequestCredentials};

/// How long a request may take before it counts as unanswered, in milliseconds, unless its call says otherwise.
const PATIENCE_MS: u32 = 20_000;

/// Why a request brought nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Failure {
    /// No answer: no network, no edge, or none in time.
    #[error("no answer")]
    Unreachable,
    /// The edge refused, and says why.
    #[error("{}", .0.detail)]
    Refused(Box<Problem>),
    /// An answer that is not one of ours: something stands between, such as a proxy's error page.
    #[error("an answer that cannot be read (status {status})")]
    Garbled {
        /// The HTTP status.
        status: u16,
    },
}

/// A request about to be sent.
pub struct Call {
    method: Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Option<JsValue>,
    patience_ms: u32,
}

impl Call {
    /// Asks for something.
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    /// Makes something happen.
    pub fn post(path: impl Into<String>) -> Self {
        Self::new(Method::POST, path)
    }

    /// Puts something in its place.
    pub fn put(path: impl Into<String>) -> Self {
        Self::new(Method::PUT, path)
    }

    /// Takes something away.
    pub fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::DELETE, path)
    }

    fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), headers: Vec::new(), body: None, patience_ms: PATIENCE_MS }
    }

    /// With a header. A value that no header can have makes the request fail as unreachable.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// With so many milliseconds until it counts as unanswered.
    pub fn patience(mut self, ms: u32) -> Self {
        self.patience_ms = ms;
        self
    }

    /// With `Authorization: Bearer …`.
    pub fn bearer(self, token: &str) -> Self {
        self.header("Authorization", format!("Bearer {token}"))
    }

    /// With a JSON body.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        // Our own wire types: there is nothing in them that JSON cannot write.
        self.body = Some(serde_json::to_string(body).unwrap_or_default().into());
        self.header("Content-Type", "application/json")
    }

    /// With any body the browser can send, such as a file.
    pub fn body(mut self, content_type: &'static str, body: JsValue) -> Self {
        self.body = Some(body);
        self.header("Content-Type", content_type)
    }

    /// Sends it and reads the answer as a `T`.
    ///
    /// # Errors
    /// [`Failure`], always with something to tell the person.
    pub async fn answer<T: DeserializeOwned>(self) -> Result<T, Failure> {
        let (status, text) = self.text().await?;
        serde_json::from_str(&text).map_err(|_| Failure::Garbled { status })
    }

    /// Sends it, for the effect alone.
    ///
    /// # Errors
    /// [`Failure`], always with something to tell the person.
    pub async fn done(self) -> Result<(), Failure> {
        self.text().await.map(drop)
    }

    /// Sends it and gives the status and the text of an answer that is not a refusal.
    ///
    /// # Errors
    /// [`Failure`], always with something to tell the person.
    pub async fn text(self) -> Result<(u16, String), Failure> {
        let response = self.accepted().await?;
        let status = response.status();
        Ok((status, read_text(&response).await?))
    }

    /// Sends it and gives the bytes of an answer that is not a refusal.
    ///
    /// # Errors
    /// [`Failure`], always with something to tell the person.
    pub async fn bytes(self) -> Result<Vec<u8>, Failure> {
        self.accepted().await?.binary().await.map_err(|_| Failure::Unreachable)
    }

    async fn accepted(self) -> Result<Response, Failure> {
        let response = self.send().await.ok_or(Failure::Unreachable)?;
        if response.ok() {
            return Ok(response);
        }
        match serde_json::from_str(&read_text(&response).await?) {
            Ok(problem) => Err(Failure::Refused(Box::new(problem))),
            Err(_) => Err(Failure::Garbled { status: response.status() }),
        }
    }

    async fn send(self) -> Option<Response> {
        // Not through the builder, which panics where a value is none that a header can have.
        let headers = web_sys::Headers::new().ok()?;
        for (name, value) in &self.headers {
            headers.set(name, value).ok()?;
        }
        let request = RequestBuilder::new(&self.path)
            .method(self.method)
            .headers(Headers::from_raw(headers))
            .credentials(RequestCredentials::SameOrigin)
            .abort_signal(Some(&AbortSignal::timeout_with_u32(self.patience_ms)));
        let request = match self.body {
            Some(body) => request.body(body),
            None => request.build(),
        };
        request.ok()?.send().await.ok()
    }
}

async fn read_text(response: &Response) -> Result<String, Failure> {
    response.text().await.map_err(|_| Failure::Unreachable)
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    async fn an_answer_that_is_not_ours_is_told_from_none() {
        // Whatever serves these tests knows no such address, and nothing listens at the other.
        let garbled = Call::get("/no/such/address").done().await;
        assert!(matches!(garbled, Err(Failure::Garbled { status: 400..=499 })), "{garbled:?}");
        assert_eq!(Call::get("http://127.0.0.1:1/").done().await, Err(Failure::Unreachable));
    }

    #[wasm_bindgen_test]
    async fn a_header_that_cannot_be_sent_is_a_failure_and_no_exception() {
        assert_eq!(Call::get("/").header("X-Name", "茶\n").done().await, Err(Failure::Unreachable));
    }

    #[wasm_bindgen_test]
    async fn a_call_is_as_patient_as_it_says() {
        assert_eq!(Call::get("/").patience(0).done().await, Err(Failure::Unreachable));
        assert!(matches!(Call::get("/").patience(60_000).text().await, Ok((200, _))));
    }
}
