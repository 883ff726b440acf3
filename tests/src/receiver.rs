//! Another program, which a site's webhooks tell what happens.

use std::{
    collections::VecDeque,
    io::{self, Read},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use tiny_http::{Header, Response, ResponseBox, StatusCode};

use crate::outside::Outside;

/// How long something may take to arrive that has no reason to wait.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a receiver got.
#[derive(Clone, Debug)]
pub struct Letter {
    /// When.
    pub at: Instant,
    /// Its headers, the names in lower case.
    headers: Vec<(String, String)>,
    /// Its body, as it was sent.
    pub body: String,
}

impl Letter {
    /// A header's value; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// What it tells of.
    pub fn topic(&self) -> String {
        self.json()["type"].as_str().unwrap_or_default().to_owned()
    }

    /// How many of its signatures are those of this secret, reckoned as a receiver would: Standard Webhooks, "Verifying
    /// signatures".
    ///
    /// # Panics
    /// When the secret is none.
    pub fn signatures_of(&self, secret: &str) -> usize {
        let bytes = secret.strip_prefix("whsec_").and_then(|text| STANDARD.decode(text).ok());
        let bytes = bytes.unwrap_or_else(|| panic!("not a secret: {secret}"));
        let content =
            format!("{}.{}.{}", self.header("webhook-id"), self.header("webhook-timestamp"), self.body);
        let mac = Hmac::<Sha256>::new_from_slice(&bytes).unwrap_or_else(|error| panic!("{error}"));
        let tag = STANDARD.encode(mac.chain_update(content).finalize().into_bytes());
        self.header("webhook-signature").split(' ').filter(|signed| *signed == format!("v1,{tag}")).count()
    }
}

/// How a receiver answers.
#[derive(Clone, Debug)]
pub enum Manner {
    /// With this status.
    Status(u16),
    /// With this status, and this to say.
    Says(u16, &'static str),
    /// With this status, asking to be left alone for so many seconds.
    Later(u16, u32),
    /// By sending whoever asks elsewhere.
    Elsewhere(String),
    /// With 200, after a while.
    Slowly(Duration),
    /// With 200, and much to say that takes a while.
    Stalls(Duration),
}

/// A receiver on a port of its own.
pub struct Receiver {
    server: Outside<Letter>,
    manners: Arc<Mutex<VecDeque<Manner>>>,
}

impl Receiver {
    /// Starts one that answers with these, one after the other, and then 200 to everything.
    ///
    /// # Panics
    /// When no port is free.
    pub fn start(manners: impl IntoIterator<Item = Manner>) -> Self {
        let manners = Arc::new(Mutex::new(manners.into_iter().collect::<VecDeque<_>>()));
        let next = Arc::clone(&manners);
        let server = Outside::start(move |request| {
            let headers = request.headers().iter();
            let headers =
                headers.map(|h| (h.field.as_str().as_str().to_lowercase(), h.value.to_string())).collect();
            let mut body = String::new();
            // What is not text is not what was expected, and is seen as such.
            let _ = request.as_reader().read_to_string(&mut body);
            let manner = next.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            (Letter { at: Instant::now(), headers, body }, answer(manner.unwrap_or(Manner::Status(200))))
        });
        Self { server, manners }
    }

    /// Where it takes letters.
    ///
    /// # Panics
    /// When it has no address.
    pub fn url(&self) -> String {
        format!("http://localhost:{}/hook", self.server.address().port())
    }

    /// Answers the next with these.
    pub fn then(&self, manners: impl IntoIterator<Item = Manner>) {
        self.manners.lock().unwrap_or_else(PoisonError::into_inner).extend(manners);
    }

    /// What it got so far.
    pub fn letters(&self) -> Vec<Letter> {
        self.server.heard()
    }

    /// What it got, as soon as there are so many.
    ///
    /// # Panics
    /// When there are not, after a while.
    pub async fn got(&self, count: usize) -> Vec<Letter> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let letters = self.letters();
            if letters.len() >= count {
                return letters;
            }
            assert!(Instant::now() < deadline, "{count} letters did not come, but {letters:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

fn answer(manner: Manner) -> ResponseBox {
    let header = |name: &str, value: &str| {
        Header::from_bytes(name, value).unwrap_or_else(|()| panic!("no header: {name}: {value}"))
    };
    let says = |status: u16, text: &str| Response::from_string(text).with_status_code(status);
    let response = match manner {
        Manner::Status(status) => says(status, ""),
        Manner::Says(status, text) => says(status, text),
        Manner::Later(status, seconds) => {
            says(status, "").with_header(header("Retry-After", &seconds.to_string()))
        }
        Manner::Elsewhere(url) => says(307, "").with_header(header("Location", &url)),
        Manner::Slowly(time) => {
            thread::sleep(time);
            says(200, "")
        }
        Manner::Stalls(time) => {
            let much = io::repeat(b'x').take(100_000).chain(Pause(time));
            return Response::new(StatusCode(200), Vec::new(), much, None, None).boxed();
        }
    };
    response.boxed()
}

/// Nothing, after a while.
struct Pause(Duration);

impl Read for Pause {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        thread::sleep(std::mem::take(&mut self.0));
        Ok(0)
    }
}
