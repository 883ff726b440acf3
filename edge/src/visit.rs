//! One request at the door: its headers and body, read once and checked before anything inside sees them.

use std::rc::Rc;

use deskbell_shared::{
    guard::range::Country,
    throttle::ClientAddress,
    wire::{MAX_BODY_BYTES, Millis, ProblemKind, SiteId},
};
use js_sys::{ArrayBuffer, Reflect, Uint8Array};
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, ReadableStreamDefaultReader, Request};
use worker::Env;

use crate::{
    json_path,
    keys::Keys,
    platform::{
        afterwards::Afterwards,
        object::{self, Object},
    },
    refusal::{Outcome, Refusal},
};

/// A request, and what is needed to answer it.
pub(crate) struct Visit {
    /// The request.
    pub(crate) request: Request,
    /// Its headers, fetched from the platform once.
    pub(crate) headers: Headers,
    /// Where it came from, if the platform says so.
    pub(crate) address: Option<ClientAddress>,
    /// Its URL, whole.
    pub(crate) url: String,
    /// The bindings.
    pub(crate) env: Env,
    /// The keys.
    pub(crate) keys: Rc<Keys>,
    /// When it came.
    pub(crate) now: Millis,
    /// What goes on after it is answered.
    pub(crate) afterwards: Afterwards,
}

impl Visit {
    /// A header's value, if it was sent.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).ok().flatten()
    }

    /// The edge's own origin, as the request was addressed to it.
    pub(crate) fn own_origin(&self) -> &str {
        own_origin(&self.url)
    }

    /// A parameter of the query, as it stands.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        query(&self.url, name)
    }

    /// The token of `Authorization: Bearer …`.
    pub(crate) fn bearer(&self) -> Option<String> {
        let header = self.header("Authorization")?;
        let (scheme, token) = header.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
    }

    /// The country it came from, as the platform says.
    pub(crate) fn country(&self) -> Option<Country> {
        self.header("CF-IPCountry")?.parse().ok()
    }

    /// The object that keeps a site.
    pub(crate) fn site_object(&self, site: &SiteId) -> Outcome<Object> {
        object::named(&self.env, object::SITE, site.as_str())
    }

    /// The object that compiles a site's FAQ.
    pub(crate) fn compiler_object(&self, site: &SiteId) -> Outcome<Object> {
        object::named(&self.env, object::COMPILER, site.as_str())
    }

    /// The object that keeps the index of a site's conversations.
    pub(crate) fn desk_object(&self, site: &SiteId) -> Outcome<Object> {
        object::named(&self.env, object::DESK, site.as_str())
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// *Unsupported media* for another type, *too large*, and *malformed* with the name of the first field
    /// that is not as it should be.
    pub(crate) async fn json<T: DeserializeOwned>(&self) -> Outcome<T> {
        self.json_within(MAX_BODY_BYTES).await
    }

    /// As [`Self::json`], of at most `limit` bytes.
    pub(crate) async fn json_within<T: DeserializeOwned>(&self, limit: usize) -> Outcome<T> {
        parse_json(&self.json_text(limit).await?)
    }

    async fn json_text(&self, limit: usize) -> Outcome<String> {
        if self.media_type() != "application/json" {
            return Err(Refusal::new(
                ProblemKind::UnsupportedMedia,
                "Send the body as JSON, with Content-Type: application/json.",
            ));
        }
        let body = self.body(limit).await?;
        String::from_utf8(body).map_err(|_| Refusal::new(ProblemKind::Malformed, "The body is not UTF-8."))
    }

    /// The type of the body, without its parameters, in lower case.
    pub(crate) fn media_type(&self) -> String {
        let header = self.header("Content-Type").unwrap_or_default();
        header.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// The body, of at most `limit` bytes.
    ///
    /// # Errors
    /// *Too large*, as soon as that is known; nothing more is read then.
    pub(crate) async fn body(&self, limit: usize) -> Outcome<Vec<u8>> {
        let too_large =
            || Refusal::new(ProblemKind::TooLarge, format!("The body may have {limit} bytes at most."));
        let declared = self.header("Content-Length").and_then(|length| length.parse::<usize>().ok());
        if declared.is_some_and(|length| length > limit) {
            return Err(too_large());
        }
        let broken_off = |error| {
            Refusal::new(ProblemKind::Malformed, "The body ended before it was whole.")
                .because(worker::Error::from(error))
        };
        if declared.is_some() {
            // HTTP ends a body where it was declared to end, so that all of it may be taken at once.
            let buffer = JsFuture::from(self.request.array_buffer()?).await.map_err(broken_off)?;
            return Ok(Uint8Array::new(&buffer.unchecked_into::<ArrayBuffer>()).to_vec());
        }
        let Some(stream) = self.request.body() else { return Ok(Vec::new()) };
        let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
        let mut body = Vec::new();
        loop {
            let chunk = JsFuture::from(reader.read()).await.map_err(broken_off)?;
            if Reflect::get(&chunk, &JsValue::from_str("done"))?.is_truthy() {
                return Ok(body);
            }
            let bytes: Uint8Array = Reflect::get(&chunk, &JsValue::from_str("value"))?.unchecked_into();
            if body.len() + bytes.length() as usize > limit {
                drop(reader.cancel());
                return Err(too_large());
            }
            let start = body.len();
            body.resize(start + bytes.length() as usize, 0);
            bytes.copy_to(&mut body[start..]);
        }
    }
}

/// Where a request came from. Only the header that the platform itself sets is believed.
pub(crate) fn address_in(headers: &Headers) -> Option<ClientAddress> {
    ClientAddress::parse(&headers.get("CF-Connecting-IP").ok()??)
}

/// Reads JSON from outside.
///
/// # Errors
/// *Malformed*, with the name of the field and what is wrong with it.
pub(crate) fn parse_json<T: DeserializeOwned>(text: &str) -> Outcome<T> {
    serde_json::from_str(text).map_err(|fault| malformed(text, &fault))
}

fn malformed(text: &str, fault: &serde_json::Error) -> Refusal {
    let fault_text = fault.to_string();
    let of_whole = fault_text.starts_with("missing field");
    let path = json_path::at(text, fault.line(), fault.column(), of_whole);
    let detail = if path.is_empty() { fault_text } else { format!("{path}: {fault_text}") };
    Refusal::new(ProblemKind::Malformed, detail)
}

/// A parameter of a URL's query, as it stands: ours are of characters that are never escaped.
pub(crate) fn query<'a>(url: &'a str, name: &str) -> Option<&'a str> {
    let (_, query) = url.split('#').next()?.split_once('?')?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// The part of an absolute URL before its path.
pub(crate) fn own_origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + 3);
    let end = url[host..].find(['/', '?', '#']).map_or(url.len(), |at| host + at);
    &url[..end]
}

/// The path of an absolute URL, still escaped.
pub(crate) fn path(url: &str) -> &str {
    let rest = &url[own_origin(url).len()..];
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    if path.is_empty() { "/" } else { path }
}

#[cfg(test)]
mod tests {
    use deskbell_shared::wire::{HandoffRequest, SayRequest};

    use super::*;

    #[test]
    fn a_url_comes_apart_at_its_path() {
        for (url, origin, route) in [
            ("https://chat.example.com/w/acme?x=/y", "https://chat.example.com", "/w/acme"),
            ("http://localhost:8787", "http://localhost:8787", "/"),
            ("http://localhost:8787?x", "http://localhost:8787", "/"),
            ("http://[::1]:8787/a#b", "http://[::1]:8787", "/a"),
        ] {
            assert_eq!((own_origin(url), path(url)), (origin, route), "{url}");
        }
    }

    #[test]
    fn a_query_is_taken_as_it_stands() {
        let url = "https://chat.example.com/x?after=7&ticket=a-b_c&after=8#after=9";
        assert_eq!(query(url, "after"), Some("7"));
        assert_eq!(query(url, "ticket"), Some("a-b_c"));
        assert_eq!(query(url, "x"), None);
        assert_eq!(query("https://chat.example.com/x", "after"), None);
    }

    #[test]
    fn a_fault_in_json_names_its_field() {
        let detail = |body: &str| {
            parse_json::<HandoffRequest>(body).err().map(|refusal| refusal.problem().detail.clone())
        };
        assert!(detail("").is_some_and(|detail| detail.contains("EOF")));
        assert!(detail("{}").is_some_and(|detail| detail.contains("missing field `resume`")));
        let bad_id = r#"{"resume": "xyz"}"#;
        assert!(detail(bad_id).is_some_and(|detail| detail.starts_with("resume: expected 32 lower-case")));
        let twice = r#"{"id": "0123456789abcdef0123456789abcdef", "text": "hi"} {}"#;
        let twice = parse_json::<SayRequest>(twice).err().map(|refusal| refusal.problem().detail.clone());
        assert!(twice.is_some_and(|detail| detail.starts_with("trailing characters")));
    }
}
