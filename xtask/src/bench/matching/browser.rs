//! A page in headless Chromium that measures something and sends what it found.

use std::{
    collections::HashMap,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;
use tiny_http::{Header, Method, Response, Server};

use crate::{
    files,
    repo::Repo,
    shell::{command, read},
};

/// How long the page may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// Nothing that reaches for the network by itself, and nothing that slows down a page that nobody looks at.
const FLAGS: [&str; 10] = [
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--no-first-run",
    "--no-default-browser-check",
];

/// With these the page is alone in its process, and its clock has steps of 5 µs instead of 100.
const ALONE: [(&str, &str); 2] =
    [("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Embedder-Policy", "require-corp")];

/// What is served: by path, its type and its bytes.
pub(super) struct Page(HashMap<String, (&'static str, Vec<u8>)>);

impl Page {
    /// A page, which ends by sending JSON to `/result`.
    pub(super) fn new(html: &str) -> Self {
        Self([("/".to_owned(), ("text/html; charset=utf-8", html.as_bytes().to_vec()))].into())
    }

    /// Adds what the page asks for.
    pub(super) fn serve(&mut self, path: &str, kind: &'static str, bytes: Vec<u8>) {
        self.0.insert(path.to_owned(), (kind, bytes));
    }

    /// Opens it in a browser of its own, and returns what it sends.
    ///
    /// # Errors
    /// Chromium does not start or ends early, or the page takes too long.
    pub(super) fn open(&self, repo: &Repo) -> Result<Value> {
        let server = Server::http("127.0.0.1:0").map_err(|fault| anyhow!("no free port: {fault}"))?;
        let address = server.server_addr().to_ip().context("the server has no address")?;
        let mut chromium = Chromium::start(repo, &format!("http://{address}/"))?;
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if let Some(status) = chromium.0.try_wait()? {
                bail!("Chromium ended early: {status}");
            }
            let Some(mut request) = server.recv_timeout(Duration::from_millis(200))? else { continue };
            if *request.method() == Method::Post && request.url() == "/result" {
                let result = serde_json::from_reader(request.as_reader())?;
                // The answer is a courtesy: the browser is about to be ended.
                let _ = request.respond(Response::empty(204));
                return Ok(result);
            }
            let Some((kind, bytes)) = self.0.get(request.url()) else {
                request.respond(Response::empty(404))?;
                continue;
            };
            let mut response = Response::from_data(bytes.clone());
            for (name, value) in ALONE.into_iter().chain([("Content-Type", *kind)]) {
                let header = Header::from_bytes(name, value).map_err(|()| anyhow!("no header: {name}"))?;
                response.add_header(header);
            }
            request.respond(response)?;
        }
        bail!("the page is not done after {} s", PATIENCE.as_secs())
    }
}

/// A browser with a fresh profile; it ends when this is dropped.
struct Chromium(Child);

impl Chromium {
    fn start(repo: &Repo, address: &str) -> Result<Self> {
        let profile = repo.memory().join("bench/chromium");
        files::remove(&profile)?;
        let mut chromium = command("chromium", FLAGS);
        // Chromium refuses its sandbox to root, as whom containers run.
        if read(&mut command("id", ["-u"])).is_ok_and(|id| id.trim() == "0") {
            chromium.arg("--no-sandbox");
        }
        chromium.arg(format!("--user-data-dir={}", profile.display())).arg(address);
        chromium.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(Self(chromium.spawn().context("cannot start Chromium")?))
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
