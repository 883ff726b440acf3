//! Cloudflare's server for Turnstile: what it is asked, and answers, as its documentation has it.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tiny_http::Response;

use crate::outside::Outside;

/// The secret that it knows.
pub const SECRET: &str = "0x4AAAAAAAsecret-of-a-site";

/// Such a server.
pub struct Siteverify(Outside<Value>);

impl Siteverify {
    /// Starts one that lets everybody pass whose token begins with `good`, once.
    ///
    /// # Panics
    /// When no port is free.
    pub fn start() -> Self {
        let mut spent = BTreeSet::new();
        Self(Outside::start(move |request| {
            let question: Value = serde_json::from_reader(request.as_reader()).unwrap_or_default();
            let response = question["response"].as_str().unwrap_or_default().to_owned();
            let error = if question["secret"] != SECRET {
                Some("invalid-input-secret")
            } else if !response.starts_with("good") {
                Some("invalid-input-response")
            } else if spent.insert(response) {
                None
            } else {
                Some("timeout-or-duplicate")
            };
            let answer = json!({
                "success": error.is_none(),
                "error-codes": error.into_iter().collect::<Vec<_>>(),
                "challenge_ts": "2026-01-01T00:00:00.000Z",
                "hostname": "localhost",
            });
            (question, Response::from_string(answer.to_string()).boxed())
        }))
    }

    /// Where it is asked.
    ///
    /// # Panics
    /// When it has no address.
    pub fn url(&self) -> String {
        format!("http://{}/turnstile/v0/siteverify", self.0.address())
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<Value> {
        self.0.heard()
    }
}
