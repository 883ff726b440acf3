//! The pages that the worker fills: the widget's frame and the console.

use std::fmt::Write;

use deskbell_shared::wire::{Origin, ProblemKind, SiteId, WidgetConfig};

use super::{hours, origin::Strictness, pages, view};
use crate::{platform::asset, refusal::Outcome, reply::Reply, site::origin, visit::Visit};

/// Where the template takes the configuration.
const CONFIG_PLACE: &str = "<!--deskbell:config-->";
/// Where the template takes what should be fetched at once.
const PRELOAD_PLACE: &str = "<!--deskbell:preload-->";

/// `GET /w/{site}`: the widget's page, with its configuration in it, to be framed by the site's pages alone.
pub(crate) async fn frame(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let view = match view(visit, site).await {
        Ok(view) => view,
        Err(refusal) if refusal.problem().kind == ProblemKind::SiteUnknown => {
            return Ok(pages::unknown_site(site));
        }
        Err(refusal) => return Err(refusal),
    };
    let template = asset::text(&visit.env, "/frame.html").await?;
    let config = WidgetConfig {
        site: site.clone(),
        settings: view.settings.clone(),
        pack: view.pack.clone(),
        attendance: view.hours.as_ref().and_then(|hours| hours::told(hours, visit.now)),
    };
    let preload = view.pack.as_ref().map_or_else(String::new, |pack| {
        format!(
            r#"<link rel="preload" as="fetch" crossorigin href="/v1/sites/{site}/packs/{}">"#,
            pack.as_str()
        )
    });
    let html = template.replace(CONFIG_PLACE, &config_element(&config)?).replace(PRELOAD_PLACE, &preload);
    let turnstile = view.settings.turnstile.is_some();
    Ok(page(html, visit.own_origin(), &frame_ancestors(&view.settings.origins), turnstile))
}

/// `GET /inbox/{site}` and `GET /setup`: the console, which nobody may frame.
pub(crate) async fn console(visit: &Visit) -> Outcome<Reply> {
    Ok(page(asset::text(&visit.env, "/inbox.html").await?, visit.own_origin(), "'none'", false))
}

/// `GET /v1/sites/{site}/check`: why the frame does not come up. Any page may read the answer.
pub(crate) async fn check(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let view = view(visit, site).await?;
    let page = visit.header("Origin");
    origin::check(page.as_deref(), visit.own_origin(), &view.settings.origins, Strictness::Reading)?;
    Ok(Reply::status(204))
}

/// Where Turnstile's script and its own frame come from.
const TURNSTILE: &str = "https://challenges.cloudflare.com";

fn page(html: String, own_origin: &str, frame_ancestors: &str, turnstile: bool) -> Reply {
    // Browsers differ on whether 'self' covers sockets, so they are named.
    let socket = own_origin.replacen("http", "ws", 1);
    let (script, frame) = match turnstile {
        true => (format!(" {TURNSTILE}"), format!("frame-src {TURNSTILE}; ")),
        false => Default::default(),
    };
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{script}; {frame}style-src 'self'; connect-src 'self' {socket}; \
         img-src 'self' data:; font-src 'self'; manifest-src 'self'; frame-ancestors {frame_ancestors}; \
         base-uri 'none'; form-action 'none'"
    );
    Reply::text("text/html; charset=utf-8", html)
        .with("Content-Security-Policy", policy)
        .with("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
}

fn frame_ancestors(origins: &[Origin]) -> String {
    if origins.is_empty() {
        return "'none'".to_owned();
    }
    let mut list = String::new();
    for origin in origins {
        // Writing to a string cannot fail.
        let _ = write!(list, "{}{origin}", if list.is_empty() { "" } else { " " });
    }
    list
}

/// The configuration as JSON in an element that no text in it can close.
fn config_element(config: &WidgetConfig) -> Outcome<String> {
    let json = serde_json::to_string(config)?.replace('<', "\\u003c");
    Ok(format!(r#"<script type="application/json" id="deskbell-config">{json}</script>"#))
}

#[cfg(test)]
mod tests {
    use deskbell_shared::wire::{Line, SiteSettings};

    use super::*;

    #[test]
    fn no_text_of_the_owner_can_leave_the_configuration() {
        let name = "</script><script>alert(1)</script><!--";
        let settings: SiteSettings = serde_json::from_value(serde_json::json!({ "name": name })).unwrap();
        let config = WidgetConfig { site: "acme".parse().unwrap(), settings, pack: None, attendance: None };
        let html = config_element(&config).unwrap();
        let json = html
            .strip_prefix(r#"<script type="application/json" id="deskbell-config">"#)
            .and_then(|rest| rest.strip_suffix("</script>"))
            .unwrap();
        assert!(!json.contains('<'));
        let read: WidgetConfig = serde_json::from_str(json).unwrap();
        assert_eq!(read.settings.name, Line::new(name).unwrap());
    }

    #[test]
    fn a_site_without_pages_is_framed_nowhere() {
        assert_eq!(frame_ancestors(&[]), "'none'");
        let origins = ["https://a.example", "http://localhost:3000"].map(|origin| origin.parse().unwrap());
        assert_eq!(frame_ancestors(&origins), "https://a.example http://localhost:3000");
    }
}
