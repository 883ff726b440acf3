//! The door: from a request to the one function that answers it, and from its outcome to a response.

use std::{borrow::Cow, pin::Pin};

use deskbell_shared::wire::{ProblemKind, SiteId};
use wasm_bindgen::JsValue;
use web_sys::{Request, Response};
use worker::Env;

use crate::{
    agent::{
        bans, channels, desk, guarding, keeping, learning, passkeys, people, replies, second_factor,
        session::is_agents, sign_in, subjects, team, webhooks,
    },
    carrier::{incoming, outgoing},
    guard,
    keys::Keys,
    platform::{afterwards::Afterwards, now},
    ready,
    refusal::{Outcome, Refusal},
    reply::Reply,
    route::{ChannelRoute, Route, SiteRoute},
    site::{self, customers, faq, frame, hours, origin, origin::Strictness, pages, settings},
    talk,
    verb::Verb,
    visit::{self, Visit},
    visitor::{appeal, handoff, session, turnstile},
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
pub(crate) async fn answer(request: Request, env: Env, afterwards: Afterwards) -> Result<Response, JsValue> {
    let (method, url) = (request.method(), request.url());
    let route = Route::of(visit::path(&url));
    let outcome = match (&route, Verb::of(&method)) {
        (Some(Route::Health), Some(Verb::Get)) => Ok(Reply::ready(ready::hello()?)),
        (None, _) => Err(Refusal::new(ProblemKind::NotFound, "There is nothing at this address.")),
        (Some(route), verb) => match Keys::of(&env) {
            Ok(keys) => {
                let headers = request.headers();
                let address = visit::address_in(&headers);
                let (own_url, now) = (url.clone(), now());
                let visit = Visit { request, headers, address, url: own_url, env, keys, now, afterwards };
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
    // Agents ask for tickets and messages at the same addresses, with their cookie. Any other cookie says nothing: a shop
    // may have set it for all hosts of its own.
    let of_agent = || below.is_shared_with_agents() && visit.bearer().is_none() && is_agents(visit, site);
    let outcome = match guard::refuse_at_the_gate(visit, &view) {
        Err(refusal) if below.stops_at_the_gate() && !of_agent() => Err(refusal),
        _ => below_site(visit, site, below, method, verb).await,
    };
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
            .with("Access-Control-Allow-Headers", "Authorization, Content-Type, X-Deskbell-Proof")
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
    use ChannelRoute as Below;
    use SiteRoute as S;
    // Boxed, so that each stays a function of its own and they do not all become one enormous state machine.
    let answering: Pin<Box<dyn Future<Output = Outcome<Reply>> + '_>> = match (below, verb) {
        (S::Site, Some(Verb::Put)) => Box::pin(settings::put(visit, site)),
        (S::Check, Some(Verb::Get)) => Box::pin(frame::check(visit, site)),
        (S::Settings, Some(Verb::Get)) => Box::pin(settings::get(visit, site)),
        (S::Settings, Some(Verb::Put)) => Box::pin(settings::put_look(visit, site)),
        (S::CustomerSecret, Some(Verb::Get)) => Box::pin(customers::secret(visit, site)),
        (S::CustomerSecret, Some(Verb::Post)) => Box::pin(customers::renew(visit, site)),
        (S::Faq, Some(Verb::Get)) => Box::pin(faq::pointer(visit, site)),
        (S::Faq, Some(Verb::Put)) => Box::pin(faq::publish(visit, site)),
        (S::FaqSource, Some(Verb::Get)) => Box::pin(faq::source(visit, site)),
        (S::FaqReport, Some(Verb::Get)) => Box::pin(faq::report(visit, site)),
        (S::FaqTuning, Some(Verb::Put)) => Box::pin(faq::tune(visit, site)),
        (S::FaqAsked, Some(Verb::Get)) => Box::pin(learning::asked(visit, site)),
        (S::FaqAsked, Some(Verb::Post)) => Box::pin(learning::settle(visit, site)),
        (S::Pack(hash), Some(Verb::Get)) => Box::pin(faq::pack(visit, site, hash)),
        (S::Conversations, Some(Verb::Post)) => Box::pin(handoff::hand_over(visit, site)),
        (S::Sessions, Some(Verb::Post)) => Box::pin(session::resume(visit, site)),
        (S::Turnstile, Some(Verb::Post)) => Box::pin(turnstile::pass(visit, site)),
        (S::Conversation(id), Some(Verb::Get)) => Box::pin(keeping::record(visit, site, *id)),
        (S::Conversation(id), Some(Verb::Delete)) => Box::pin(keeping::erase(visit, site, *id)),
        (S::People, Some(Verb::Get)) => Box::pin(people::list(visit, site)),
        (S::People, Some(Verb::Post)) => Box::pin(people::change(visit, site)),
        (S::Hours, Some(Verb::Get)) => Box::pin(hours::get(visit, site)),
        (S::Hours, Some(Verb::Put)) => Box::pin(hours::put(visit, site)),
        (S::Retention, Some(Verb::Get)) => Box::pin(keeping::retention(visit, site)),
        (S::Retention, Some(Verb::Put)) => Box::pin(keeping::put_retention(visit, site)),
        (S::Routing, Some(Verb::Get)) => Box::pin(desk::routing(visit, site)),
        (S::Routing, Some(Verb::Put)) => Box::pin(desk::put_routing(visit, site)),
        (S::TalkTicket(id), Some(Verb::Post)) => Box::pin(talk::ticket(visit, site, *id)),
        (S::TalkSocket(id), Some(Verb::Get)) => Box::pin(talk::socket(visit, site, *id)),
        (S::Messages(id), Some(Verb::Get)) => Box::pin(talk::missed(visit, site, *id)),
        (S::Messages(id), Some(Verb::Post)) => Box::pin(talk::say(visit, site, *id)),
        (S::Close(id), Some(Verb::Post)) => Box::pin(desk::close(visit, site, *id)),
        (S::Reopen(id), Some(Verb::Post)) => Box::pin(desk::reopen(visit, site, *id)),
        (S::Assignee(id), Some(Verb::Put)) => Box::pin(team::assign(visit, site, *id)),
        (S::Subject(id), Some(Verb::Put)) => Box::pin(subjects::set(visit, site, *id)),
        (S::Notes(id), Some(Verb::Get)) => Box::pin(team::notes(visit, site, *id)),
        (S::Notes(id), Some(Verb::Post)) => Box::pin(team::note(visit, site, *id)),
        (S::History(id), Some(Verb::Get)) => Box::pin(team::history(visit, site, *id)),
        (S::Team, Some(Verb::Get)) => Box::pin(team::list(visit, site)),
        (S::Subjects, Some(Verb::Get)) => Box::pin(subjects::list(visit, site)),
        (S::Search, Some(Verb::Get)) => Box::pin(desk::search(visit, site)),
        (S::Replies, Some(Verb::Get)) => Box::pin(replies::list(visit, site)),
        (S::Reply(id), Some(Verb::Put)) => Box::pin(replies::put(visit, site, *id)),
        (S::Reply(id), Some(Verb::Delete)) => Box::pin(replies::remove(visit, site, *id)),
        (S::Webhooks, Some(Verb::Get)) => Box::pin(webhooks::list(visit, site)),
        (S::Webhook(id), Some(Verb::Put)) => Box::pin(webhooks::put(visit, site, *id)),
        (S::Webhook(id), Some(Verb::Delete)) => Box::pin(webhooks::remove(visit, site, *id)),
        (S::WebhookSecret(id), Some(Verb::Get)) => Box::pin(webhooks::secret(visit, site, *id)),
        (S::WebhookSecret(id), Some(Verb::Post)) => Box::pin(webhooks::renew(visit, site, *id)),
        (S::WebhookTest(id), Some(Verb::Post)) => Box::pin(webhooks::test(visit, site, *id)),
        (S::Deliveries(id), Some(Verb::Get)) => Box::pin(webhooks::deliveries(visit, site, *id)),
        (S::Delivery(id, number), Some(Verb::Post)) => Box::pin(webhooks::again(visit, site, *id, *number)),
        (S::Channels, Some(Verb::Get)) => Box::pin(channels::list(visit, site)),
        (S::Channel(id, Below::Channel), Some(Verb::Put)) => Box::pin(channels::put(visit, site, id)),
        (S::Channel(id, Below::Channel), Some(Verb::Delete)) => Box::pin(channels::remove(visit, site, id)),
        (S::Channel(id, Below::Key), Some(Verb::Get)) => Box::pin(channels::key(visit, site, id)),
        (S::Channel(id, Below::Key), Some(Verb::Post)) => Box::pin(channels::renew(visit, site, id)),
        (S::Channel(id, Below::Messages), Some(Verb::Post)) => Box::pin(incoming::carry(visit, site, id)),
        (S::Channel(id, Below::Outgoing), Some(Verb::Get)) => Box::pin(outgoing::list(visit, site, id)),
        (S::Channel(id, Below::Delivered), Some(Verb::Post)) => {
            Box::pin(outgoing::delivered(visit, site, id))
        }
        (S::SignIn, Some(Verb::Post)) => Box::pin(sign_in::sign_in(visit, site)),
        (S::PasskeySignIn, Some(Verb::Post)) => Box::pin(passkeys::sign_in(visit, site)),
        (S::PasskeyOptions, Some(Verb::Post)) => Box::pin(passkeys::request_options(visit, site)),
        (S::SignOut, Some(Verb::Post)) => Box::pin(sign_in::sign_out(visit, site)),
        (S::Me, Some(Verb::Get)) => Box::pin(sign_in::me(visit, site)),
        (S::MyPassword, Some(Verb::Put)) => Box::pin(second_factor::set_password(visit, site)),
        (S::MyFactor, Some(Verb::Get)) => Box::pin(second_factor::state(visit, site)),
        (S::MyFactor, Some(Verb::Put)) => Box::pin(second_factor::turn_on(visit, site)),
        (S::FactorSecret, Some(Verb::Post)) => Box::pin(second_factor::offer(visit, site)),
        (S::FactorCodes, Some(Verb::Post)) => Box::pin(second_factor::renew_codes(visit, site)),
        (S::FactorOff, Some(Verb::Post)) => Box::pin(second_factor::turn_off(visit, site)),
        (S::MyPasskeys, Some(Verb::Get)) => Box::pin(passkeys::list(visit, site)),
        (S::MyPasskeys, Some(Verb::Post)) => Box::pin(passkeys::add(visit, site)),
        (S::NewPasskeyOptions, Some(Verb::Post)) => Box::pin(passkeys::creation_options(visit, site)),
        (S::PasskeyRemoval, Some(Verb::Post)) => Box::pin(passkeys::remove(visit, site)),
        (S::FactorDemand, Some(Verb::Put)) => Box::pin(second_factor::demand(visit, site)),
        (S::ServiceFigures, Some(Verb::Get)) => Box::pin(desk::figures(visit, site)),
        (S::ServiceSheet(table), Some(Verb::Get)) => Box::pin(desk::sheet(visit, site, *table)),
        (S::DeskTicket, Some(Verb::Post)) => Box::pin(desk::ticket(visit, site)),
        (S::DeskSocket, Some(Verb::Get)) => Box::pin(desk::socket(visit, site)),
        (S::DeskAppeals, Some(Verb::Get)) => Box::pin(guarding::appeals(visit, site)),
        (S::DeskAppeal(number), Some(Verb::Post)) => Box::pin(guarding::decide(visit, site, *number)),
        (S::Guard, Some(Verb::Get)) => Box::pin(guarding::rules(visit, site)),
        (S::Guard, Some(Verb::Put)) => Box::pin(guarding::put_rules(visit, site)),
        (S::GuardTurnstile, Some(Verb::Get)) => Box::pin(guarding::turnstile(visit, site)),
        (S::GuardTurnstile, Some(Verb::Put)) => Box::pin(guarding::put_turnstile(visit, site)),
        (S::Figures, Some(Verb::Get)) => Box::pin(guarding::figures(visit, site)),
        (S::Replay, Some(Verb::Post)) => Box::pin(guarding::replay(visit, site)),
        (S::Audit, Some(Verb::Get)) => Box::pin(guarding::audit(visit, site)),
        (S::Appeals, Some(Verb::Post)) => Box::pin(appeal::make(visit, site)),
        (S::Appeal(id), Some(Verb::Get)) => Box::pin(appeal::state(visit, site, *id)),
        (S::AppealFair(id), Some(Verb::Post)) => Box::pin(appeal::fair(visit, site, *id)),
        (S::BanPreview, Some(Verb::Post)) => Box::pin(bans::preview(visit, site)),
        (S::Bans, Some(Verb::Get)) => Box::pin(bans::list(visit, site)),
        (S::Bans, Some(Verb::Post)) => Box::pin(bans::make(visit, site)),
        (S::Ban(id), Some(Verb::Delete)) => Box::pin(bans::lift(visit, site, *id)),
        _ => return not_that_way(&Route::Site(site.clone(), below.clone()), method),
    };
    answering.await
}

fn not_that_way(route: &Route, method: &str) -> Outcome<Reply> {
    let allow = route.allow();
    if method == "OPTIONS" {
        return Ok(Reply::status(204).with("Allow", allow));
    }
    let refusal = Refusal::new(ProblemKind::MethodNotAllowed, format!("This address takes: {allow}."));
    Ok(Reply::refused(&refusal).with("Allow", allow))
}
