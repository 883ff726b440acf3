//! The door: from a request to the one function that answers it, and from its outcome to a response.

use std::borrow::Cow;

use deskbell_shared::wire::{ProblemKind, SiteId};
use wasm_bindgen::JsValue;
use web_sys::{Request, Response};
use worker::Env;

use crate::{
    agent::{bans, desk, sign_in},
    guard,
    keys::Keys,
    platform::now,
    ready,
    refusal::{Outcome, Refusal},
    reply::Reply,
    route::{Route, SiteRoute, Verb},
    site::{self, faq, frame, origin, origin::Strictness, pages, settings},
    talk,
    visit::{self, Visit},
    visitor::{handoff, session},
};

/// Answers what this isolate has ready, with nothing to wait for and nothing to count; the most frequent requests
/// there are. `None` for everything else.
pub(crate) fn at_once(request: &Request) -> Option<Result<Response, JsValue>> {
    if request.method() != "GET" {
        return None;
    }
    match Route::of(visit::path(&request.url()))? {
        Route::Health => Some(ready::hello()),
        Route::Site(site, SiteRoute::Pack(hash)) => faq::kept(request, &site, &hash),
        _ => None,
    }
}

/// Answers any other request. Whatever comes in, something readable goes out.
///
/// # Errors
/// Only when the platform makes no response at all.
pub(crate) async fn answer(request: Request, env: Env) -> Result<Response, JsValue> {
    let (method, url) = (request.method(), request.url());
    let route = Route::of(visit::path(&url));
    let outcome = match (&route, Verb::of(&method)) {
        (Some(Route::Health), Some(Verb::Get)) => Ok(Reply::ready(ready::hello()?)),
        (None, _) => Err(Refusal::new(ProblemKind::NotFound, "There is nothing at this address.")),
        (Some(route), verb) => match Keys::of(&env) {
            Ok(keys) => {
                let visit = Visit { request, url: url.clone(), env, keys, now: now() };
                match guard::hold_back_floods(&visit).await {
                    Ok(()) => dispatch(&visit, route, &method, verb).await,
                    Err(refusal) => {
                        refusal.log(&format!("{method} {}", visit::path(&url)));
                        Ok(readable_by(Reply::refused(&refusal), "*"))
                    }
                }
            }
            Err(refusal) => Err(refusal),
        },
    };
    let reply = outcome.unwrap_or_else(|refusal| {
        refusal.log(&format!("{method} {}", visit::path(&url)));
        Reply::refused(&refusal)
    });
    reply.into_response(method == "HEAD")
}

async fn dispatch(visit: &Visit, route: &Route, method: &str, verb: Option<Verb>) -> Outcome<Reply> {
    match (route, verb) {
        (Route::Site(site, SiteRoute::Check), _) => {
            // The loader asks from a page that may not be allowed: it can read the answer nevertheless.
            let outcome = below_site(visit, site, &SiteRoute::Check, method, verb).await;
            Ok(outcome
                .unwrap_or_else(|refusal| Reply::refused(&refusal))
                .with("Access-Control-Allow-Origin", "*"))
        }
        (Route::Site(site, below), _) if below.is_for_visitors() => {
            from_a_page(visit, site, below, method, verb).await
        }
        (Route::Site(site, below), _) => below_site(visit, site, below, method, verb).await,
        (Route::Frame(site), Some(Verb::Get)) => frame::frame(visit, site).await,
        (Route::Inbox | Route::Setup, Some(Verb::Get)) => frame::console(visit).await,
        (Route::Explanation(kind), Some(Verb::Get)) => Ok(pages::explanation(*kind)),
        _ => not_that_way(route, method),
    }
}

/// Visitors' addresses may be asked from the site's pages too, so their origin is checked, and an allowed page
/// may read what comes back.
async fn from_a_page(
    visit: &Visit,
    site: &SiteId,
    below: &SiteRoute,
    method: &str,
    verb: Option<Verb>,
) -> Outcome<Reply> {
    let page = visit.header("Origin");
    let view = site::view(visit, site).await?;
    let opens_socket = matches!(below, SiteRoute::TalkSocket(_));
    // Publishing has rules of its own: the operator's tools send no origin.
    let is_visitors = !(*below == SiteRoute::Faq && verb == Some(Verb::Put));
    if is_visitors && verb.is_some() {
        let changing = verb != Some(Verb::Get) || opens_socket;
        let strictness = if changing { Strictness::Changing } else { Strictness::Reading };
        origin::check(page.as_deref(), visit.own_origin(), &view.settings.origins, strictness)?;
    }
    let outcome = below_site(visit, site, below, method, verb).await;
    let readable = page.filter(|page| !opens_socket && origin::is_allowed(page, &view.settings.origins));
    let Some(page) = readable else { return outcome };
    let reply = outcome.unwrap_or_else(|refusal| {
        refusal.log(&format!("{method} {}", visit::path(&visit.url)));
        Reply::refused(&refusal)
    });
    let reply = readable_by(reply, page).with("Vary", "Origin");
    Ok(if method == "OPTIONS" {
        reply
            .with("Access-Control-Allow-Methods", "GET, POST")
            .with("Access-Control-Allow-Headers", "Authorization, Content-Type")
            .with("Access-Control-Max-Age", "600")
    } else {
        reply
    })
}

/// The same answer, which a page of this origin may read: what any page may read says nothing about the site.
fn readable_by(reply: Reply, page: impl Into<Cow<'static, str>>) -> Reply {
    reply
        .with("Access-Control-Allow-Origin", page)
        .with("Access-Control-Expose-Headers", "Retry-After, RateLimit, RateLimit-Policy")
}

async fn below_site(
    visit: &Visit,
    site: &SiteId,
    below: &SiteRoute,
    method: &str,
    verb: Option<Verb>,
) -> Outcome<Reply> {
    use SiteRoute as S;
    match (below, verb) {
        (S::Site, Some(Verb::Put)) => settings::put(visit, site).await,
        (S::Check, Some(Verb::Get)) => frame::check(visit, site).await,
        (S::Settings, Some(Verb::Get)) => settings::get(visit, site).await,
        (S::Faq, Some(Verb::Get)) => faq::pointer(visit, site).await,
        (S::Faq, Some(Verb::Put)) => faq::publish(visit, site).await,
        (S::FaqSource, Some(Verb::Get)) => faq::source(visit, site).await,
        (S::Pack(hash), Some(Verb::Get)) => faq::pack(visit, site, hash).await,
        (S::Conversations, Some(Verb::Post)) => handoff::hand_over(visit, site).await,
        (S::Sessions, Some(Verb::Post)) => session::resume(visit, site).await,
        (S::TalkTicket(id), Some(Verb::Post)) => talk::ticket(visit, site, *id).await,
        (S::TalkSocket(id), Some(Verb::Get)) => talk::socket(visit, site, *id).await,
        (S::Messages(id), Some(Verb::Get)) => talk::missed(visit, site, *id).await,
        (S::Messages(id), Some(Verb::Post)) => talk::say(visit, site, *id).await,
        (S::Close(id), Some(Verb::Post)) => desk::close(visit, site, *id).await,
        (S::SignIn, Some(Verb::Post)) => sign_in::sign_in(visit, site).await,
        (S::SignOut, Some(Verb::Post)) => sign_in::sign_out(visit, site).await,
        (S::Me, Some(Verb::Get)) => sign_in::me(visit, site).await,
        (S::DeskTicket, Some(Verb::Post)) => desk::ticket(visit, site).await,
        (S::DeskSocket, Some(Verb::Get)) => desk::socket(visit, site).await,
        (S::Bans, Some(Verb::Get)) => bans::list(visit, site).await,
        (S::Bans, Some(Verb::Post)) => bans::make(visit, site).await,
        (S::Ban(id), Some(Verb::Delete)) => bans::lift(visit, site, *id).await,
        _ => not_that_way(&Route::Site(site.clone(), below.clone()), method),
    }
}

fn not_that_way(route: &Route, method: &str) -> Outcome<Reply> {
    let allow = route.allow();
    if method == "OPTIONS" {
        return Ok(Reply::status(204).with("Allow", allow));
    }
    let refusal = Refusal::new(ProblemKind::MethodNotAllowed, format!("This address takes: {allow}."));
    Ok(Reply::refused(&refusal).with("Allow", allow))
}
