//! An answer on its way out, with the headers that every answer has.

use std::borrow::Cow;

use js_sys::Uint8Array;
use serde::Serialize;
use wasm_bindgen::JsValue;
use web_sys::{Headers, Response, ResponseInit};

use crate::{
    limits::{self, Limit},
    refusal::{Outcome, Refusal},
};

/// An answer.
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, Cow<'static, str>)>,
    body: Body,
}

enum Body {
    Nothing,
    Text(String),
    Bytes(Uint8Array),
    /// An answer that is the platform's own already: a socket, or one made ready beforehand.
    Ready(Response),
}

impl Reply {
    /// Nothing but a status.
    pub(crate) fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Body::Nothing }
    }

    /// A value as JSON.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn json(value: &impl Serialize) -> Outcome<Self> {
        Ok(Self::json_text(serde_json::to_string(value)?))
    }

    /// A value that is written as JSON already.
    pub(crate) fn json_text(text: String) -> Self {
        Self::text("application/json", text)
    }

    /// A text of this type.
    pub(crate) fn text(content_type: &'static str, text: impl Into<String>) -> Self {
        let mut reply = Self::status(200).with("Content-Type", content_type);
        reply.body = Body::Text(text.into());
        reply
    }

    /// Bytes of this type.
    pub(crate) fn bytes(content_type: &'static str, bytes: Uint8Array) -> Self {
        let mut reply = Self::status(200).with("Content-Type", content_type);
        reply.body = Body::Bytes(bytes);
        reply
    }

    /// An answer that needs nothing more.
    pub(crate) fn ready(response: Response) -> Self {
        let mut reply = Self::status(200);
        reply.body = Body::Ready(response);
        reply
    }

    /// The problem document of a refusal.
    pub(crate) fn refused(refusal: &Refusal) -> Self {
        let problem = refusal.problem();
        let text = serde_json::to_string(problem).unwrap_or_default();
        let mut reply = Self::text("application/problem+json", text).with_status(problem.status);
        if let Some(seconds) = problem.retry_after_s {
            reply = reply.with("Retry-After", seconds.to_string());
        }
        reply.with_limits(refusal.limits())
    }

    /// The same with another status.
    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The same with one header more.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same, saying where the limits that were consulted stand.
    pub(crate) fn with_limits(self, limits: &[Limit]) -> Self {
        if limits.is_empty() {
            return self;
        }
        self.with("RateLimit-Policy", limits::policy_field(limits))
            .with("RateLimit", limits::state_field(limits))
    }

    /// The platform's response. A `HEAD` request gets everything but the body.
    ///
    /// # Errors
    /// When the platform does not make one.
    pub(crate) fn into_response(self, without_body: bool) -> Result<Response, JsValue> {
        let body = match self.body {
            Body::Ready(response) if !without_body => {
                for (name, value) in &self.headers {
                    response.headers().append(name, value)?;
                }
                return Ok(response);
            }
            Body::Ready(response) => {
                let init = ResponseInit::new();
                init.set_status(response.status());
                init.set_headers_headers(&response.headers());
                return Response::new_with_opt_str_and_init(None, &init);
            }
            body => body,
        };
        let headers = Headers::new()?;
        headers.set("X-Content-Type-Options", "nosniff")?;
        headers.set("Referrer-Policy", "no-referrer")?;
        headers.set("Cache-Control", "no-store")?;
        for (name, value) in &self.headers {
            match *name {
                // The only fields of ours that add to what is there already.
                "Set-Cookie" | "Link" | "Vary" => headers.append(name, value)?,
                _ => headers.set(name, value)?,
            }
        }
        let init = ResponseInit::new();
        init.set_status(self.status);
        init.set_headers_headers(&headers);
        match body {
            Body::Text(text) if !without_body => Response::new_with_opt_str_and_init(Some(&text), &init),
            Body::Bytes(bytes) if !without_body => {
                Response::new_with_opt_js_u8_array_and_init(Some(&bytes), &init)
            }
            _ => Response::new_with_opt_str_and_init(None, &init),
        }
    }
}
