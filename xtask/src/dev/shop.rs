//! A demo shop's own web server: the page of `www/demo`, with the edge's address in its script tag.

use std::{
    path::{Component, Path, PathBuf},
    sync::Arc,
    thread,
};

use anyhow::{Result, anyhow};
use tiny_http::{Header, Method, Request, Response, Server};

use crate::{files, repo::Repo};

/// A shop that is open until this is dropped.
pub(super) struct Shop {
    server: Arc<Server>,
}

impl Shop {
    /// Opens the shop of a folder below `www/demo`.
    pub(super) fn open(repo: &Repo, folder: &str, port: u16, edge: &str) -> Result<Self> {
        let server = Server::http(("127.0.0.1", port))
            .map_err(|fault| anyhow!("cannot serve port {port}: {fault}"))?;
        let server = Arc::new(server);
        let (root, home, edge) = (repo.at("www/demo"), format!("/{folder}/"), edge.to_owned());
        let requests = Arc::clone(&server);
        thread::spawn(move || {
            for request in requests.incoming_requests() {
                // A browser that hung up wants no answer.
                let _ = answer(request, &root, &home, &edge);
            }
        });
        Ok(Self { server })
    }

    /// The page's address. Another host than the edge's, so that to the browser they are two sites.
    pub(super) fn address(port: u16) -> String {
        format!("http://127.0.0.1:{port}/")
    }

    /// The origins under which people open it.
    pub(super) fn origins(port: u16) -> [String; 2] {
        [format!("http://127.0.0.1:{port}"), format!("http://localhost:{port}")]
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        self.server.unblock();
    }
}

fn answer(request: Request, root: &Path, home: &str, edge: &str) -> std::io::Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return request.respond(Response::empty(405));
    }
    let path = request.url().split('?').next().unwrap_or_default();
    if path == "/" {
        return request.respond(with(Response::empty(302), "location", home));
    }
    let Some((file, bytes)) =
        inside(root, path).and_then(|file| Some((files::read(&file).ok()?, file)).map(|(b, f)| (f, b)))
    else {
        return request.respond(Response::from_string("there is nothing here").with_status_code(404));
    };
    let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let bytes = match (extension, String::from_utf8(bytes)) {
        ("html", Ok(text)) => text.replace("{{edge}}", edge).into_bytes(),
        (_, Ok(text)) => text.into_bytes(),
        (_, Err(other)) => other.into_bytes(),
    };
    let response = with(Response::from_data(bytes), "content-type", content_type(extension));
    request.respond(with(response, "cache-control", "no-store"))
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

fn with<R: std::io::Read>(response: Response<R>, name: &str, value: &str) -> Response<R> {
    match Header::from_bytes(name, value) {
        Ok(header) => response.with_header(header),
        Err(()) => response,
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
