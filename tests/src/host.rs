//! The site a widget is put into: pages written in the test, served from an origin of their own.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use tiny_http::{Header, Response, Server};

/// A site on a port of its own. It ends when this is dropped.
pub struct HostSite {
    server: Arc<Server>,
    address: SocketAddr,
    pages: Pages,
    serving: Option<JoinHandle<()>>,
}

type Pages = Arc<Mutex<HashMap<String, Page>>>;

#[derive(Clone)]
struct Page {
    html: String,
    headers: Vec<Header>,
}

impl HostSite {
    /// Starts an empty site, so that its origin is known before its pages are written.
    ///
    /// # Panics
    /// When no port is free.
    pub fn start() -> Self {
        let server =
            Server::http("127.0.0.1:0").unwrap_or_else(|error| panic!("no port for a host site: {error}"));
        let address =
            server.server_addr().to_ip().unwrap_or_else(|| panic!("a host site listens on no address"));
        let server = Arc::new(server);
        let pages = Pages::default();
        let serving = {
            let (server, pages) = (Arc::clone(&server), Arc::clone(&pages));
            thread::spawn(move || serve(&server, &pages))
        };
        Self { server, address, pages, serving: Some(serving) }
    }

    /// Puts a page at a path, in place of what was there, and returns its address.
    pub fn page(&self, path: &str, html: &str) -> String {
        self.page_with_headers(path, html, &[])
    }

    /// As [`HostSite::page`], with response headers: a policy, say.
    ///
    /// # Panics
    /// When a header is none.
    pub fn page_with_headers(&self, path: &str, html: &str, headers: &[(&str, &str)]) -> String {
        let headers = headers.iter().map(|(name, value)| header(name, value)).collect();
        let page = Page { html: html.to_owned(), headers };
        self.pages.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), page);
        format!("{}{path}", self.origin())
    }

    /// The site's origin, without a slash at the end.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for HostSite {
    fn drop(&mut self) {
        self.server.unblock();
        if let Some(serving) = self.serving.take() {
            let _ = serving.join();
        }
    }
}

fn serve(server: &Server, pages: &Pages) {
    for request in server.incoming_requests() {
        let path = request.url().split('?').next().unwrap_or_default().to_owned();
        let page = pages.lock().unwrap_or_else(PoisonError::into_inner).get(&path).cloned();
        // Somebody who has gone before the answer is no failure of the site.
        let _ = match page {
            None => request.respond(Response::from_string("not found").with_status_code(404)),
            Some(page) => {
                let mut response = Response::from_string(page.html);
                response.add_header(header("Content-Type", "text/html; charset=utf-8"));
                page.headers.into_iter().for_each(|header| response.add_header(header));
                request.respond(response)
            }
        };
    }
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).unwrap_or_else(|()| panic!("{name}: {value} is no header"))
}
