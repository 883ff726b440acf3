//! Signing in and out.

use deskbell_shared::wire::{ProblemKind, Role, SignInRequest, SignedIn, SiteId};

use super::session::{AgentClaims, Authority, agent, cookie_name, csrf_of};
use crate::{
    guard::{self, Act},
    platform::object::ask,
    refusal::Outcome,
    reply::Reply,
    site::{
        calls::{Person, SignIn, SignOut},
        origin, view,
    },
    visit::Visit,
};

/// `POST /v1/sites/{site}/sign-in`.
pub(crate) async fn sign_in(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    origin::check_own(visit.header("Origin").as_deref(), visit.own_origin())?;
    let SignInRequest { email, password } = visit.json().await?;
    view(visit, site).await?;
    let admission = guard::admit(visit, site, Act::SignIn(&email)).await?;
    let from = guard::records::place_of(visit, site);
    let outcome = ask(&visit.site_object(site)?, &SignIn { email: email.clone(), password, from }).await;
    if outcome.as_ref().is_err_and(|refusal| refusal.problem().kind == ProblemKind::SignInWrong) {
        guard::note_wrong_sign_in(visit, site, &email).await;
    }
    let session = outcome?;
    // Whoever knows the password is not guessing it.
    admission.was_theirs().await;

    let claims = AgentClaims { site: site.clone(), session: session.id.clone(), expires: session.expires };
    let max_age = session.expires.since(visit.now) / 1000;
    let cookie = cookie(site, &visit.keys.agent_session.seal(&claims), max_age);
    Ok(Reply::json(&signed_in(visit, site, session.person, &session.id))?.with("Set-Cookie", cookie))
}

/// `POST /v1/sites/{site}/sign-out`.
pub(crate) async fn sign_out(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let (_, session) = agent(visit, site, Role::Viewer, Authority::ToChange).await?;
    ask(&visit.site_object(site)?, &SignOut { session }).await?;
    Ok(Reply::status(204).with("Set-Cookie", cookie(site, "", 0)))
}

/// `GET /v1/sites/{site}/me`.
pub(crate) async fn me(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let (person, session) = agent(visit, site, Role::Viewer, Authority::ToRead).await?;
    Reply::json(&signed_in(visit, site, person, &session))
}

fn signed_in(visit: &Visit, site: &SiteId, person: Person, session: &str) -> SignedIn {
    SignedIn {
        site: site.clone(),
        site_name: person.site_name,
        email: person.email,
        name: person.name,
        role: person.role,
        csrf: csrf_of(&visit.keys, session),
    }
}

fn cookie(site: &SiteId, value: &str, max_age: u64) -> String {
    let name = cookie_name(site);
    format!("{name}={value}; Path=/; Max-Age={max_age}; HttpOnly; Secure; SameSite=Strict")
}
