//! Signing in and out.

use deskbell_shared::wire::{Email, ProblemKind, SignInRequest, SignedIn, SiteId};

use super::session::{AgentClaims, Authority, agent_setting_up, cookie_name, csrf_of};
use crate::{
    guard::{self, Act},
    platform::object::{Call, ask},
    refusal::Outcome,
    reply::Reply,
    site::{
        calls::{NewSession, Person, SignIn, SignOut},
        origin, view,
    },
    visit::Visit,
};

/// `POST /v1/sites/{site}/sign-in`.
pub(crate) async fn sign_in(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    origin::check_own(visit.header("Origin").as_deref(), visit.own_origin())?;
    let SignInRequest { email, password, code } = visit.json().await?;
    view(visit, site).await?;
    let from = guard::records::place_of(visit, site);
    let call = SignIn { email: email.clone(), password, code, from };
    welcome(visit, site, attempt(visit, site, &email, &call).await?)
}

/// Lets whoever's session has just begun in.
pub(super) fn welcome(visit: &Visit, site: &SiteId, session: NewSession) -> Outcome<Reply> {
    let claims = AgentClaims { site: site.clone(), session: session.id.clone(), expires: session.expires };
    let max_age = session.expires.since(visit.now) / 1000;
    let cookie = cookie(site, &visit.keys.agent_session.seal(&claims), max_age);
    Ok(Reply::json(&signed_in(visit, site, session.person, &session.id))?.with("Set-Cookie", cookie))
}

/// Asks the site what takes a password or a code, as often as that may be tried for this person.
///
/// # Errors
/// *Throttled*; what the site refuses with.
pub(super) async fn attempt<C: Call>(
    visit: &Visit,
    site: &SiteId,
    email: &Email,
    call: &C,
) -> Outcome<C::Answer> {
    use ProblemKind as P;
    let admission = guard::admit(visit, site, Act::SignIn(email)).await?;
    let outcome = ask(&visit.site_object(site)?, call).await;
    match outcome.as_ref().map_err(|refusal| refusal.problem().kind) {
        // Whoever knows the password is not guessing it.
        Ok(_) => admission.was_theirs(visit, site, email).await,
        Err(P::SignInWrong | P::SecondFactorWrong | P::CredentialWrong) => {
            guard::note_wrong_sign_in(visit, site, Some(email)).await;
        }
        // Nothing was guessed; and nobody is in yet, so that where they are is not remembered.
        Err(P::SecondFactorNeeded | P::PasskeyNeeded | P::PasskeyWrong | P::SignInNeeded | P::Conflict) => {
            admission.give_back().await
        }
        Err(_) => {}
    }
    outcome
}

/// `POST /v1/sites/{site}/sign-out`.
pub(crate) async fn sign_out(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let (_, session) = agent_setting_up(visit, site, Authority::ToChange).await?;
    ask(&visit.site_object(site)?, &SignOut { session }).await?;
    Ok(Reply::status(204).with("Set-Cookie", cookie(site, "", 0)))
}

/// `GET /v1/sites/{site}/me`.
pub(crate) async fn me(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let (person, session) = agent_setting_up(visit, site, Authority::ToRead).await?;
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
        second_factor_due: person.second_factor_due,
        has_passkey: person.has_passkey,
    }
}

fn cookie(site: &SiteId, value: &str, max_age: u64) -> String {
    let name = cookie_name(site);
    format!("{name}={value}; Path=/; Max-Age={max_age}; HttpOnly; Secure; SameSite=Strict")
}
