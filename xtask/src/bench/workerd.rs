//! A worker on bare workerd: `workerd serve CONFIG`, without wrangler's proxy, which hides nearly all throughput.

use std::{
    fmt::Write,
    fs::{self, File},
    net::TcpListener,
    path::PathBuf,
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{files, repo::Repo, shell::command};

/// How long it may take to come up.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a worker is made of. Every file becomes a file beside the configuration, which embeds them.
#[derive(Default)]
pub(super) struct Worker {
    files: Vec<(String, Vec<u8>)>,
    modules: Vec<String>,
    bindings: Vec<String>,
    namespaces: Vec<String>,
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

    fn config(&self, port: u16, compatibility_date: &str, objects: &str) -> String {
        let mut config = String::new();
        let list = |items: &[String]| items.join(",\n    ");
        let _ = write!(
            config,
            r#"using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "objects", disk = (path = "{objects}", writable = true)),
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
        files::write(&config, self.config(port, &compatibility_date(repo)?, &objects))?;
        let log = folder.join("workerd.log");
        let said = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let child = command(repo.npm_tool("workerd"), ["serve"])
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(said)
            .spawn()
            .context("cannot start workerd")?;
        let mut server = Server { child, address: format!("http://127.0.0.1:{port}"), log };
        server.wait_until_up(port)?;
        Ok(server)
    }
}

/// A worker being served; it ends when this is dropped.
pub(super) struct Server {
    child: Child,
    address: String,
    log: PathBuf,
}

impl Server {
    /// Its address, without a slash at the end.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    fn wait_until_up(&mut self, port: u16) -> Result<()> {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
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
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The date that the deployable is written for.
fn compatibility_date(repo: &Repo) -> Result<String> {
    let config = files::read_text(&repo.at("wrangler.toml"))?;
    let date = config.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        (name.trim() == "compatibility_date").then(|| value.trim().trim_matches('"').to_owned())
    });
    date.context("wrangler.toml names no compatibility_date")
}
