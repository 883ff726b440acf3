//! A worker on bare workerd: `workerd serve CONFIG`, without wrangler's proxy, which hides nearly all throughput.

use std::{
    fmt::Write,
    fs::{self, File},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::deployed::Deployment;
use crate::{files, repo::Repo, setup};

/// The file of the rate limit.
const LIMITER: &str = "limiter.mjs";

/// How long it may take to come up.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a worker is made of. Every file becomes a file beside the configuration, which embeds them.
#[derive(Default)]
pub(super) struct Worker {
    files: Vec<(String, Vec<u8>)>,
    modules: Vec<String>,
    bindings: Vec<String>,
    namespaces: Vec<String>,
    services: Vec<String>,
    extensions: Vec<String>,
}

/// So many requests in so many seconds.
#[derive(Clone, Copy, Deserialize)]
pub(super) struct Limit {
    pub(super) limit: u32,
    pub(super) period: u32,
}

impl Worker {
    /// Adds a JavaScript module; the first one is the entry.
    pub(super) fn script(self, name: &str, source: Vec<u8>) -> Self {
        self.module(name, "esModule", source)
    }

    /// Adds a WebAssembly module.
    pub(super) fn wasm(self, name: &str, module: Vec<u8>) -> Self {
        self.module(name, "wasm", module)
    }

    /// Binds a text.
    pub(super) fn text(self, name: &str, text: &str) -> Self {
        self.binding(name, "text", text.as_bytes().to_vec())
    }

    /// Binds a value, from JSON.
    pub(super) fn json(self, name: &str, value: &serde_json::Value) -> Self {
        self.binding(name, "json", value.to_string().into_bytes())
    }

    /// Binds bytes.
    pub(super) fn data(self, name: &str, bytes: Vec<u8>) -> Self {
        self.binding(name, "data", bytes)
    }

    /// Binds a class of durable objects with SQLite.
    pub(super) fn objects(mut self, name: &str, class: &str) -> Self {
        self.bindings.push(format!("(name = \"{name}\", durableObjectNamespace = \"{class}\")"));
        self.namespaces.push(format!("(className = \"{class}\", uniqueKey = \"{class}\", enableSql = true)"));
        self
    }

    /// Binds the files of a folder, each at its path.
    pub(super) fn directory(mut self, name: &str, folder: &Path) -> Self {
        self.services.push(format!("(name = \"{name}\", disk = (path = \"{}\"))", folder.display()));
        self.bindings.push(format!("(name = \"{name}\", service = \"{name}\")"));
        self
    }

    /// Binds a rate limit. Bare workerd has none: it is an extension of ours.
    pub(super) fn limiter(mut self, name: &str, Limit { limit, period }: Limit) -> Self {
        let module = format!("bench:{name}");
        let number = |name, number| format!("(name = \"{name}\", json = \"{number}\")");
        let inner = [number("limit", limit), number("period", period)].join(", ");
        self.files.push((LIMITER.to_owned(), include_bytes!("limiter.mjs").to_vec()));
        self.extensions.push(format!(
            "(modules = [(name = \"{module}\", internal = true, esModule = embed \"{LIMITER}\")])"
        ));
        self.bindings.push(format!(
            "(name = \"{name}\", wrapped = (moduleName = \"{module}\", innerBindings = [{inner}]))"
        ));
        self
    }

    fn module(mut self, name: &str, kind: &str, content: Vec<u8>) -> Self {
        self.modules.push(format!("(name = \"{name}\", {kind} = embed \"{name}\")"));
        self.files.push((name.to_owned(), content));
        self
    }

    fn binding(mut self, name: &str, kind: &str, content: Vec<u8>) -> Self {
        let file = format!("{name}.binding");
        self.bindings.push(format!("(name = \"{name}\", {kind} = embed \"{file}\")"));
        self.files.push((file, content));
        self
    }

    /// The configuration that serves it.
    pub(super) fn config(&self, port: u16, compatibility_date: &str, objects: &str) -> String {
        let mut config = String::new();
        let list = |items: &[String]| items.join(",\n    ");
        let mut services = vec![
            "(name = \"main\", worker = .main)".to_owned(),
            format!("(name = \"objects\", disk = (path = \"{objects}\", writable = true))"),
        ];
        services.extend_from_slice(&self.services);
        let _ = write!(
            config,
            r#"using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    {}
  ],
  extensions = [
    {}
  ],
  sockets = [(name = "http", address = "127.0.0.1:{port}", http = (), service = "main")],
);

const main :Workerd.Worker = (
  compatibilityDate = "{compatibility_date}",
  modules = [
    {}
  ],
  bindings = [
    {}
  ],
  durableObjectNamespaces = [
    {}
  ],
  durableObjectStorage = (localDisk = "objects"),
);
"#,
            list(&services),
            list(&self.extensions),
            list(&self.modules),
            list(&self.bindings),
            list(&self.namespaces),
        );
        config
    }

    /// Serves it on a free port, until the returned server is dropped.
    ///
    /// # Errors
    /// A file cannot be written, or workerd does not come up.
    pub(super) fn serve(&self, repo: &Repo, name: &str) -> Result<Server> {
        let folder = repo.memory().join("bench").join(name);
        files::remove(&folder)?;
        for (file, content) in &self.files {
            files::write(&folder.join(file), content)?;
        }
        let port = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
        let port = port.context("no free port")?.port();
        let config = folder.join("config.capnp");
        // SQLite wants files: in memory, objects have none.
        let objects = folder.join("objects");
        fs::create_dir_all(&objects).with_context(|| format!("cannot make {}", objects.display()))?;
        let objects = objects.to_string_lossy();
        files::write(&config, self.config(port, &Deployment::read(repo)?.compatibility_date, &objects))?;
        let log = folder.join("workerd.log");
        let said = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let mut command = setup::npm_tool(repo, "workerd", ["serve"]);
        command.arg(&config).stdin(Stdio::null()).stdout(Stdio::null()).stderr(said);
        let child = spawn(&mut command)?;
        let mut server = Server { command, child, port, address: format!("http://127.0.0.1:{port}"), log };
        server.wait_until_up()?;
        Ok(server)
    }
}

/// A worker being served; it ends when this is dropped.
pub(super) struct Server {
    command: Command,
    child: Child,
    port: u16,
    address: String,
    log: PathBuf,
}

impl Server {
    /// Its address, without a slash at the end.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Takes it down in the middle of whatever it is doing, as a failing machine would.
    pub(super) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Brings it up again after [`Server::kill`], at the same address and with what it had stored.
    ///
    /// # Errors
    /// It does not come up.
    pub(super) fn start_again(&mut self) -> Result<()> {
        self.child = spawn(&mut self.command)?;
        self.wait_until_up()
    }

    fn wait_until_up(&mut self) -> Result<()> {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("workerd ended at once: {status}; {} says why", self.log.display());
            }
            thread::sleep(Duration::from_millis(50));
        }
        bail!("workerd does not listen after {} s", PATIENCE.as_secs())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

fn spawn(command: &mut Command) -> Result<Child> {
    command.spawn().context("cannot start workerd")
}
