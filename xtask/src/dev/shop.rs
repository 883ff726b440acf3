//! A demo shop's own web server: the page of `www/demo`, with the edge's address in its script tag.
//!
//! A thread and a connection an answer: the libraries small enough for a chore share a few threads among connections
//! that browsers keep open, and a page with a dozen pictures then waits for ever, now and then.

use std::{
    fmt::Write as _,
    io::{BufRead, BufReader, Read, Result as IoResult, Write},
    net::{TcpListener, TcpStream},
    path::{Component, Path, PathBuf},
    sync::Arc,
    thread,
    time::Duration,
};

use anyhow::{Context, Result};

use crate::{files, repo::Repo};

/// How long a browser may take to say what it wants, and to take it.
const PATIENCE: Duration = Duration::from_secs(10);
/// The most that is read of a request.
const MAX_REQUEST_BYTES: u64 = 64 * 1024;

/// What a shop serves.
pub(super) struct Shop {
    /// The folder of all shops.
    root: PathBuf,
    /// The path of this one's page.
    home: String,
    /// The edge's address.
    edge: String,
}

impl Shop {
    /// Opens the shop of a folder below `www/demo`, until this command ends.
    pub(super) fn open(repo: &Repo, folder: &str, port: u16, edge: &str) -> Result<()> {
        let listener =
            TcpListener::bind(("127.0.0.1", port)).with_context(|| format!("cannot serve port {port}"))?;
        let shop =
            Arc::new(Self { root: repo.at("www/demo"), home: format!("/{folder}/"), edge: edge.to_owned() });
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shop = Arc::clone(&shop);
                thread::spawn(move || {
                    // A browser that hung up wants no answer.
                    let _ = shop.serve(stream);
                });
            }
        });
        Ok(())
    }

    /// The page's address. Another host than the edge's, so that to the browser they are two sites.
    pub(super) fn address(port: u16) -> String {
        format!("http://127.0.0.1:{port}/")
    }

    /// The origins under which people open it.
    pub(super) fn origins(port: u16) -> [String; 2] {
        [format!("http://127.0.0.1:{port}"), format!("http://localhost:{port}")]
    }

    /// Answers one request and closes the connection.
    fn serve(&self, mut stream: TcpStream) -> IoResult<()> {
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let mut lines = BufReader::new((&stream).take(MAX_REQUEST_BYTES)).lines();
        let request = lines.next().transpose()?.unwrap_or_default();
        // The fields are read to their end: closing on what was not read would cut the answer off.
        for field in lines {
            if field?.is_empty() {
                break;
            }
        }
        let mut words = request.split(' ');
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let answer = match method {
            "GET" | "HEAD" => self.answer(target.split('?').next().unwrap_or_default()),
            _ => Answer { status: "405 Method Not Allowed", field: ("allow", "GET, HEAD"), body: Vec::new() },
        };
        let mut head = format!("HTTP/1.1 {}\r\n", answer.status);
        for (name, value) in [
            answer.field,
            ("content-length", &answer.body.len().to_string()),
            ("cache-control", "no-store"),
            ("connection", "close"),
        ] {
            // Writing to a text cannot fail.
            let _ = write!(head, "{name}: {value}\r\n");
        }
        stream.write_all(format!("{head}\r\n").as_bytes())?;
        if method == "HEAD" { Ok(()) } else { stream.write_all(&answer.body) }
    }

    /// What there is at a path.
    fn answer(&self, path: &str) -> Answer<'_> {
        if path == "/" {
            return Answer { status: "302 Found", field: ("location", &self.home), body: Vec::new() };
        }
        let found = inside(&self.root, path).and_then(|file| Some((files::read(&file).ok()?, file)));
        let Some((bytes, file)) = found else {
            let body = b"there is nothing here".to_vec();
            return Answer { status: "404 Not Found", field: ("content-type", "text/plain"), body };
        };
        let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let body = match (extension, String::from_utf8(bytes)) {
            ("html", Ok(text)) => text.replace("{{edge}}", &self.edge).into_bytes(),
            (_, Ok(text)) => text.into_bytes(),
            (_, Err(other)) => other.into_bytes(),
        };
        Answer { status: "200 OK", field: ("content-type", content_type(extension)), body }
    }
}

/// What is said to a browser.
struct Answer<'a> {
    status: &'static str,
    /// The field that this answer has beside those of every answer.
    field: (&'static str, &'a str),
    body: Vec<u8>,
}

/// The file of a path, if it stays below the root.
fn inside(root: &Path, path: &str) -> Option<PathBuf> {
    let relative = Path::new(path.trim_start_matches('/'));
    let plain = relative.components().all(|part| matches!(part, Component::Normal(_)));
    let file = root.join(relative);
    plain.then(|| if path.ends_with('/') { file.join("index.html") } else { file })
}

fn content_type(extension: &str) -> &'static str {
    match extension {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_below_the_root_are_served() {
        let root = Path::new("/shop");
        assert_eq!(inside(root, "/en/"), Some("/shop/en/index.html".into()));
        assert_eq!(inside(root, "/en/pictures/cup.svg"), Some("/shop/en/pictures/cup.svg".into()));
        for outside in ["/../secret", "/en/../../secret", "/./en"] {
            assert_eq!(inside(root, outside), None, "{outside}");
        }
        // A second slash does not make the path absolute.
        assert_eq!(inside(root, "//etc/passwd"), Some("/shop/etc/passwd".into()));
    }
}
