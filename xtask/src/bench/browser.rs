//! A page in headless Chromium that measures something and sends what it found.

use std::{
    collections::HashMap,
    fs,
    net::TcpStream,
    path::PathBuf,
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};
use tiny_http::{Header, Method, Response, Server};
use tungstenite::{Message, WebSocket, stream::MaybeTlsStream};

use crate::{
    files,
    repo::Repo,
    shell::{command, read},
};

/// How long the page may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// How long Chromium may take to start.
const STARTS_WITHIN: Duration = Duration::from_secs(30);

/// Nothing that reaches for the network by itself, and nothing that slows down a page that nobody looks at.
const FLAGS: [&str; 11] = [
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
    "--remote-debugging-port=0",
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
        self.open_slowed_down(repo, 1.0)
    }

    /// The same, on a processor that is so many times slower.
    ///
    /// # Errors
    /// As [`Page::open`].
    pub(super) fn open_slowed_down(&self, repo: &Repo, times: f64) -> Result<Value> {
        let server = Server::http("127.0.0.1:0").map_err(|fault| anyhow!("no free port: {fault}"))?;
        let address = server.server_addr().to_ip().context("the server has no address")?;
        let mut chromium = Chromium::start(repo)?;
        // As long as it is held, the processor is slow.
        let mut devtools = DevTools::connect(&chromium)?;
        devtools.call("Emulation.setCPUThrottlingRate", json!({ "rate": times }))?;
        // It answers when the page has begun to come, and what the page comes from is served below.
        devtools.say("Page.navigate", json!({ "url": format!("http://{address}/") }))?;
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if let Some(status) = chromium.child.try_wait()? {
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
struct Chromium {
    child: Child,
    profile: PathBuf,
}

impl Chromium {
    fn start(repo: &Repo) -> Result<Self> {
        let profile = repo.memory().join("bench/chromium");
        files::remove(&profile)?;
        let mut chromium = command("chromium", FLAGS);
        // Chromium refuses its sandbox to root, as whom containers run.
        if read(&mut command("id", ["-u"])).is_ok_and(|id| id.trim() == "0") {
            chromium.arg("--no-sandbox");
        }
        chromium.arg(format!("--user-data-dir={}", profile.display())).arg("about:blank");
        chromium.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(Self { child: chromium.spawn().context("cannot start Chromium")?, profile })
    }

    /// Where it can be steered: it writes the port down once it listens.
    fn port(&self) -> Result<u16> {
        let file = self.profile.join("DevToolsActivePort");
        let start = Instant::now();
        while start.elapsed() < STARTS_WITHIN {
            let port = fs::read_to_string(&file).ok();
            if let Some(port) = port.and_then(|text| text.lines().next()?.parse().ok()) {
                return Ok(port);
            }
            thread::sleep(Duration::from_millis(50));
        }
        bail!("Chromium does not listen after {} s", STARTS_WITHIN.as_secs())
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What steers the browser's page.
struct DevTools {
    socket: WebSocket<MaybeTlsStream<TcpStream>>,
    calls: u32,
}

impl DevTools {
    fn connect(chromium: &Chromium) -> Result<Self> {
        let list = format!("http://127.0.0.1:{}/json/list", chromium.port()?);
        let pages: Vec<Value> = ureq::get(list).call()?.body_mut().read_json()?;
        let page = pages.iter().find(|target| target["type"] == "page").context("Chromium has no page")?;
        let address = page["webSocketDebuggerUrl"].as_str().context("Chromium's page cannot be steered")?;
        let (socket, _) = tungstenite::connect(address)?;
        Ok(Self { socket, calls: 0 })
    }

    /// Asks for something, and does not wait for it.
    fn say(&mut self, method: &str, params: Value) -> Result<()> {
        self.calls += 1;
        let call = json!({ "id": self.calls, "method": method, "params": params });
        Ok(self.socket.send(Message::text(call.to_string()))?)
    }

    /// Asks for something and waits until it is done.
    fn call(&mut self, method: &str, params: Value) -> Result<()> {
        self.say(method, params)?;
        loop {
            let Message::Text(text) = self.socket.read()? else { continue };
            let answer: Value = serde_json::from_str(&text)?;
            if answer["id"] == self.calls {
                return match answer.get("error") {
                    Some(error) => bail!("Chromium refuses {method}: {error}"),
                    None => Ok(()),
                };
            }
        }
    }
}
