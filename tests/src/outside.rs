//! A server of the world outside, which the edge asks: it answers as told, and remembers what it heard. Everything on our side
//! of it is real.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use tiny_http::{Request, ResponseBox, Server};

/// A server on a port of its own. It ends when this is dropped.
pub struct Outside<Heard> {
    server: Arc<Server>,
    heard: Arc<Mutex<Vec<Heard>>>,
    answering: Option<JoinHandle<()>>,
}

impl<Heard: Clone + Send + 'static> Outside<Heard> {
    /// Starts one. Each request is answered with what `answer` makes of it, and what it heard in it is remembered before that.
    ///
    /// # Panics
    /// When no port is free.
    pub fn start(mut answer: impl FnMut(&mut Request) -> (Heard, ResponseBox) + Send + 'static) -> Self {
        let server = Server::http("127.0.0.1:0").unwrap_or_else(|error| panic!("no port: {error}"));
        let (server, heard) = (Arc::new(server), Arc::new(Mutex::new(Vec::new())));
        let answering = {
            let (server, heard) = (Arc::clone(&server), Arc::clone(&heard));
            thread::spawn(move || {
                for mut request in server.incoming_requests() {
                    let (said, response) = answer(&mut request);
                    heard.lock().unwrap_or_else(PoisonError::into_inner).push(said);
                    // Somebody who has gone before the answer is no failure of this side.
                    let _ = request.respond(response);
                }
            })
        };
        Self { server, heard, answering: Some(answering) }
    }

    /// Its address on this machine.
    ///
    /// # Panics
    /// When it has none.
    pub fn address(&self) -> SocketAddr {
        self.server.server_addr().to_ip().unwrap_or_else(|| panic!("no address"))
    }

    /// What it has heard so far.
    pub fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl<Heard> Drop for Outside<Heard> {
    fn drop(&mut self) {
        self.server.unblock();
        if let Some(answering) = self.answering.take() {
            let _ = answering.join();
        }
    }
}
