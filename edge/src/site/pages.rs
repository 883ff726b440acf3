//! Small pages that need no build: what a refusal means, and that there is no such site.

use deskbell_shared::wire::{ProblemKind, SiteId};

use crate::reply::Reply;

/// `GET /problems/{slug}`: what a refusal means and what helps.
pub(crate) fn explanation(kind: ProblemKind) -> Reply {
    let status = format!("HTTP status {}.", kind.status());
    page(kind.title(), &[kind.help(), &status]).with("Cache-Control", "public, max-age=86400")
}

/// The page for a frame of a site that does not exist.
pub(crate) fn unknown_site(site: &SiteId) -> Reply {
    let missing = format!("No site here is called “{site}”.");
    page(ProblemKind::SiteUnknown.title(), &[&missing, "It is the data-site of the script tag."])
        .with_status(404)
}

fn page(title: &str, paragraphs: &[&str]) -> Reply {
    let paragraphs: String = paragraphs.iter().map(|text| format!("<p>{}</p>", escape(text))).collect();
    let title = escape(title);
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">\
         <title>{title}</title><main><h1>{title}</h1>{paragraphs}</main></html>"
    );
    Reply::text("text/html; charset=utf-8", html)
        .with("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
