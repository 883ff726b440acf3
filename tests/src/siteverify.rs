//! Cloudflare's server for Turnstile, which is the world outside: what it is asked, and answers, as its documentation has
//! it. Everything on our side of it is real.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use serde_json::{Value, json};
use tiny_http::{Response, Server};

/// The secret that it knows.
pub const SECRET: &str = "0x4AAAAAAAsecret-of-a-site";

/// A server on a port of its own. It ends when this is dropped.
pub struct Siteverify {
    server: Arc<Server>,
    asked: Arc<Mutex<Vec<Value>>>,
    answering: Option<JoinHandle<()>>,
}

impl Siteverify {
    /// Starts one that lets everybody pass whose token begins with `good`, once.
    ///
    /// # Panics
    /// When no port is free.
    pub fn start() -> Self {
        let server = Server::http("127.0.0.1:0").unwrap_or_else(|error| panic!("no port: {error}"));
        let (server, asked) = (Arc::new(server), Arc::new(Mutex::new(Vec::new())));
        let answering = {
            let (server, asked) = (Arc::clone(&server), Arc::clone(&asked));
            thread::spawn(move || answer(&server, &asked))
        };
        Self { server, asked, answering: Some(answering) }
    }

    /// Where it is asked.
    ///
    /// # Panics
    /// When it has no address.
    pub fn url(&self) -> String {
        let address = self.server.server_addr().to_ip().unwrap_or_else(|| panic!("no address"));
        format!("http://{address}/turnstile/v0/siteverify")
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<Value> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Siteverify {
    fn drop(&mut self) {
        self.server.unblock();
        if let Some(answering) = self.answering.take() {
            let _ = answering.join();
        }
    }
}

fn answer(server: &Server, asked: &Mutex<Vec<Value>>) {
    let mut spent = BTreeSet::new();
    for mut request in server.incoming_requests() {
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
        asked.lock().unwrap_or_else(PoisonError::into_inner).push(question);
        let answer = json!({
            "success": error.is_none(),
            "error-codes": error.into_iter().collect::<Vec<_>>(),
            "challenge_ts": "2026-01-01T00:00:00.000Z",
            "hostname": "localhost",
        });
        // Somebody who has gone before the answer is no failure of this side.
        let _ = request.respond(Response::from_string(answer.to_string()));
    }
}
