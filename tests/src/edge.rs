//! A real edge: the deployable under `wrangler dev`, that is workerd with durable objects on disk, at an address of
//! its own.
//!
//! It serves a copy of what was built, so that a build which finishes meanwhile changes nothing under a test; and
//! it ends when the test process does, however that ends.

use std::{
    fs, io, iter,
    net::TcpListener,
    ops::Range,
    path::{Path, PathBuf},
    process::{self, Child},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use deskbell_shared::wire::{CustomerSecret, Published, SiteRequest};
use deskbell_wrangler::{End, without_build};
use reqwest::{Client, RequestBuilder, Response};
use serde::de::DeserializeOwned;
use tokio::sync::OnceCell;

use crate::folder::Folder;

/// How long it may take to come up, also on a machine that has other things to do.
const PATIENCE: Duration = Duration::from_secs(90);

/// The operator's token of every edge under test.
pub const ADMIN_TOKEN: &str = "the-operator-token-of-edges-under-test";

/// What every key of an edge under test is derived from.
const KEY: &str = "the-key-of-an-edge-under-test-0123456789";

/// An edge. It ends when this is dropped.
pub struct Edge {
    port: u16,
    /// What it serves, what it stores, and what it says.
    folder: Folder,
    process: Mutex<Option<Child>>,
}

impl Edge {
    /// One of the edges that all tests of a program share, in turn. Each test makes sites of its own there. An edge has one
    /// thread here: with one alone, all tests would wait for one that publishes, and cores stand idle.
    pub async fn shared() -> &'static Self {
        static SHARED: [OnceCell<Edge>; 2] = [const { OnceCell::const_new() }; 2];
        static TURN: AtomicUsize = AtomicUsize::new(0);
        SHARED[TURN.fetch_add(1, Ordering::Relaxed) % SHARED.len()].get_or_init(Self::start).await
    }

    /// Another one that they share, for what has to happen within seconds: nobody publishes an FAQ there. On one machine
    /// everything waits for a compilation, which takes seconds itself.
    pub async fn undisturbed() -> &'static Self {
        static UNDISTURBED: OnceCell<Edge> = OnceCell::const_new();
        UNDISTURBED.get_or_init(Self::start).await
    }

    /// Starts an edge for one test.
    ///
    /// # Panics
    /// When nothing has been built, or it does not come up: the message says what to do.
    pub async fn start() -> Self {
        let secrets = format!("DESKBELL_KEY=\"{KEY}\"\nDESKBELL_ADMIN_TOKEN=\"{ADMIN_TOKEN}\"\n");
        Self::start_with_secrets(&secrets).await
    }

    /// As [`Edge::start`], with this variable set beside its secrets.
    ///
    /// # Panics
    /// As [`Edge::start`].
    pub async fn start_with(name: &str, value: &str) -> Self {
        let secrets =
            format!("DESKBELL_KEY=\"{KEY}\"\nDESKBELL_ADMIN_TOKEN=\"{ADMIN_TOKEN}\"\n{name}=\"{value}\"\n");
        Self::start_with_secrets(&secrets).await
    }

    /// As [`Edge::start`], with these secrets, written as in `.dev.vars`.
    ///
    /// # Panics
    /// As [`Edge::start`].
    pub async fn start_with_secrets(secrets: &str) -> Self {
        Self::start_in(prepare(secrets)).await
    }

    /// As [`Edge::start`], with shards of the guard that are this class's body instead: what the platform does to an
    /// object that is broken or gone.
    ///
    /// # Panics
    /// As [`Edge::start`].
    pub async fn start_with_guard(body: &str) -> Self {
        let module = "export { default } from './entry.mjs';\nexport * from './entry.mjs';\n";
        Self::start_behind(&format!("{module}export class GuardDo {{ {body} }}\n")).await
    }

    /// As [`Edge::start`], behind this module, which exports what `./entry.mjs` does: so that something can go wrong with the
    /// platform that never does on this machine.
    ///
    /// # Panics
    /// As [`Edge::start`].
    pub async fn start_behind(module: &str) -> Self {
        let secrets = format!("DESKBELL_KEY=\"{KEY}\"\nDESKBELL_ADMIN_TOKEN=\"{ADMIN_TOKEN}\"\n");
        let folder = prepare(&secrets).and_then(|folder| {
            fs::write(folder.path().join("edge/build/broken.mjs"), module)?;
            let config = folder.path().join("wrangler.toml");
            fs::write(&config, fs::read_to_string(&config)?.replace("entry.mjs", "broken.mjs"))?;
            Ok(folder)
        });
        Self::start_in(folder).await
    }

    async fn start_in(folder: io::Result<Folder>) -> Self {
        let folder = folder.unwrap_or_else(|error| {
            panic!("the edge cannot be copied for a test ({error}): run `cargo xtask build` first")
        });
        let edge = Self { port: free_port(), folder, process: Mutex::new(None) };
        edge.start_again().await;
        edge
    }

    /// Where it is, without a slash at the end.
    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Takes it down in the middle of whatever it is doing, as a failing machine would.
    pub fn kill(&self) {
        if let Some(mut child) = self.process().take() {
            drop(child.stdin.take());
            let _ = child.wait();
        }
    }

    /// Brings it up again after [`Edge::kill`], at the same address and with what it had stored.
    ///
    /// # Panics
    /// When it does not come up.
    pub async fn start_again(&self) {
        let started = self.spawn().unwrap_or_else(|error| panic!("wrangler cannot be started: {error}"));
        *self.process() = Some(started);
        let deadline = Instant::now() + PATIENCE;
        let client = client();
        while client.get(self.origin()).send().await.is_err() {
            assert!(Instant::now() < deadline, "the edge did not come up:\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// As [`Edge::start_again`], with another key, as after `wrangler secret put`.
    ///
    /// # Panics
    /// When it does not come up.
    pub async fn start_again_with_key(&self, key: &str) {
        let secrets = format!("DESKBELL_KEY=\"{key}\"\nDESKBELL_ADMIN_TOKEN=\"{ADMIN_TOKEN}\"\n");
        let written = fs::write(self.folder.path().join(".dev.vars"), secrets);
        written.unwrap_or_else(|error| panic!("the key cannot be changed: {error}"));
        self.start_again().await;
    }

    /// A request to a path of it, as the operator.
    pub fn put(&self, path: &str) -> RequestBuilder {
        client().put(format!("{}{path}", self.origin())).bearer_auth(ADMIN_TOKEN)
    }

    /// The same, to read what is there.
    pub fn get(&self, path: &str) -> RequestBuilder {
        client().get(format!("{}{path}", self.origin())).bearer_auth(ADMIN_TOKEN)
    }

    /// A request to a path of it, as anybody, from this origin.
    pub fn post(&self, path: &str, origin: &str) -> RequestBuilder {
        client().post(format!("{}{path}", self.origin())).header("Origin", origin)
    }

    /// The secret with which a site's server signs who its customers are.
    ///
    /// # Panics
    /// When the edge refuses.
    pub async fn customer_secret(&self, site: &str) -> String {
        let request = self.get(&format!("/v1/sites/{site}/customer-secret"));
        answer::<CustomerSecret>(self.expect(request).await).await.secret
    }

    /// Makes a site, or changes its settings.
    ///
    /// # Panics
    /// When the edge refuses.
    pub async fn put_site(&self, site: &str, request: &SiteRequest) {
        self.expect(self.put(&format!("/v1/sites/{site}")).json(request)).await;
    }

    /// Publishes an FAQ written in YAML.
    ///
    /// # Panics
    /// When the edge refuses.
    pub async fn publish(&self, site: &str, yaml: &str) -> Published {
        let request = self.put(&format!("/v1/sites/{site}/faq"));
        let request =
            request.header("Content-Type", "application/yaml").header("X-Deskbell-File", "faq.yaml");
        answer(self.expect(request.body(yaml.to_owned())).await).await
    }

    /// The answer to a request that succeeds.
    ///
    /// # Panics
    /// When it does not.
    pub async fn expect(&self, request: RequestBuilder) -> Response {
        match request.send().await {
            Ok(response) if response.status().is_success() => response,
            Ok(response) => {
                let status = response.status();
                panic!("the edge refused with {status}: {}", response.text().await.unwrap_or_default())
            }
            Err(error) => panic!("the edge did not answer: {error}\n{}", self.log()),
        }
    }

    fn spawn(&self) -> io::Result<Child> {
        let log = fs::File::options().create(true).append(true).open(self.log_file())?;
        deskbell_wrangler::dev(&repository(), End::AtOnce)
            .args(["--port", &self.port.to_string(), "--inspector-port", &free_port().to_string()])
            .arg("--persist-to")
            .arg(self.folder.path().join("state"))
            .current_dir(self.folder.path())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
    }

    fn process(&self) -> std::sync::MutexGuard<'_, Option<Child>> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("edge.log")
    }

    /// What it has said so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_else(|error| format!("(no log: {error})"))
    }
}

impl Drop for Edge {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Gives up on an answer that does not come, so that a test fails rather than hangs.
fn client() -> Client {
    let client = Client::builder().timeout(Duration::from_secs(60)).build();
    client.unwrap_or_else(|error| panic!("no HTTP client: {error}"))
}

/// The body of an answer as JSON.
///
/// # Panics
/// When it is none, or another one.
pub async fn answer<T: DeserializeOwned>(response: Response) -> T {
    let text = response.text().await.unwrap_or_else(|error| panic!("an answer broke off: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in the answer {text}"))
}

/// A folder with everything an edge needs.
fn prepare(secrets: &str) -> io::Result<Folder> {
    let folder = Folder::new()?;
    let (from, to) = (repository(), folder.path());
    copy(&from.join("dist"), &to.join("dist"))?;
    copy(&from.join("edge/build"), &to.join("edge/build"))?;
    fs::write(to.join("wrangler.toml"), without_build(&fs::read_to_string(from.join("wrangler.toml"))?))?;
    fs::write(to.join(".dev.vars"), secrets)?;
    Ok(folder)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}

/// The repository whose build is under test.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A port that nobody has. Below those that systems give to outgoing connections, which would take it before the edge does.
fn free_port() -> u16 {
    const PORTS: Range<u32> = 10_000..32_000;
    static TRIED: AtomicU32 = AtomicU32::new(0);
    let count = PORTS.end - PORTS.start;
    // Programs that run beside this one begin elsewhere.
    let first = process::id().wrapping_mul(97);
    let ports = iter::repeat_with(|| first.wrapping_add(TRIED.fetch_add(1, Ordering::Relaxed)) % count);
    let mut ports = ports.take(count as usize).filter_map(|place| u16::try_from(PORTS.start + place).ok());
    let free = ports.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok());
    free.unwrap_or_else(|| panic!("no free port in {PORTS:?}"))
}
