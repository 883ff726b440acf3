//! Who is asking: an agent by a signed cookie, or the operator by a token.

use deskbell_shared::wire::{
    Millis, ProblemKind, Role, SiteId,
    token::{Claims, base64url},
};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::{
    keys::Keys,
    platform::object::ask,
    refusal::{Outcome, Refusal},
    site::{
        calls::{Person, Place, WhoIs},
        origin,
    },
    visit::Visit,
};

/// What an agent's cookie says. The site's object knows whether the session still stands.
#[derive(Serialize, Deserialize)]
pub(crate) struct AgentClaims {
    pub(crate) site: SiteId,
    pub(crate) session: String,
    pub(crate) expires: Millis,
}

impl Claims for AgentClaims {
    fn expires(&self) -> Millis {
        self.expires
    }
}

/// What somebody is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Authority {
    /// Look at something.
    ToRead,
    /// Change something: other pages must not be able to make the agent's browser do it.
    ToChange,
}

/// The cookie's name. The prefix makes browsers keep it to this host alone, over a secure connection.
/// One cookie a site, so that an agent of two sites is signed in to both.
pub(crate) fn cookie_name(site: &SiteId) -> String {
    format!("__Host-deskbell-{site}")
}

/// The token that a session's changing requests carry in `X-Deskbell-Csrf`.
pub(crate) fn csrf_of(keys: &Keys, session: &str) -> String {
    base64url(&keys.csrf.mac(&[session.as_bytes()]))
}

/// The name by which the objects that keep an agent's sockets know the session.
pub(crate) fn socket_name(keys: &Keys, session: &str) -> String {
    keys.agent_socket.name(&[session.as_bytes()])
}

/// The agent of this site who is asking, and their session.
///
/// # Errors
/// *Second factor due*, when the site demands one and there is none. *Sign-in needed*, also for a change without the session's CSRF token: whoever signed in again elsewhere in the
/// browser gets the new one by asking who they are. *Not allowed* for a role below `least`; *origin not allowed*
/// for a change from another page.
pub(crate) async fn agent(
    visit: &Visit,
    site: &SiteId,
    least: Role,
    authority: Authority,
) -> Outcome<(Person, String)> {
    let question = |session| WhoIs { session, opens: None, sets_up: false };
    who_asks(visit, site, least, authority, question).await
}

/// As [`agent`], also for somebody who has to set up a second factor first: for that, and for leaving.
///
/// # Errors
/// As [`agent`].
pub(crate) async fn agent_setting_up(
    visit: &Visit,
    site: &SiteId,
    authority: Authority,
) -> Outcome<(Person, String)> {
    let question = |session| WhoIs { session, opens: None, sets_up: true };
    who_asks(visit, site, Role::Viewer, authority, question).await
}

/// As [`agent`], for somebody who is about to open a socket there; with the session's [`socket_name`]. The site
/// remembers the place, and ends what was opened when it ends the session.
///
/// # Errors
/// As [`agent`].
pub(crate) async fn agent_opening(
    visit: &Visit,
    site: &SiteId,
    least: Role,
    place: Place,
) -> Outcome<(Person, String)> {
    let question = |session| WhoIs { session, opens: Some(place), sets_up: false };
    let (person, session) = who_asks(visit, site, least, Authority::ToChange, question).await?;
    Ok((person, socket_name(&visit.keys, &session)))
}

async fn who_asks(
    visit: &Visit,
    site: &SiteId,
    least: Role,
    authority: Authority,
    question: impl FnOnce(String) -> WhoIs,
) -> Outcome<(Person, String)> {
    let claims = claims(visit, site)
        .ok_or_else(|| Refusal::new(ProblemKind::SignInNeeded, "Sign in to the inbox first."))?;
    if authority == Authority::ToChange {
        origin::check_own(visit.header("Origin").as_deref(), visit.own_origin())?;
        let sent = visit.header("X-Deskbell-Csrf").unwrap_or_default();
        let due = csrf_of(&visit.keys, &claims.session);
        if !bool::from(due.as_bytes().ct_eq(sent.as_bytes())) {
            return Err(Refusal::new(
                ProblemKind::SignInNeeded,
                "Send the session's csrf value, as /me has it, as X-Deskbell-Csrf.",
            ));
        }
    }
    let session = claims.session;
    let person = ask(&visit.site_object(site)?, &question(session.clone())).await?;
    if person.role < least {
        return Err(Refusal::beyond_role());
    }
    Ok((person, session))
}

/// Checks that the operator is asking.
///
/// # Errors
/// *Sign-in needed.*
pub(crate) fn operator(visit: &Visit) -> Outcome<()> {
    match visit.bearer() {
        Some(token) if visit.keys.is_admin_token(&token) => Ok(()),
        _ => Err(Refusal::new(
            ProblemKind::SignInNeeded,
            "Send the operator's token: Authorization: Bearer DESKBELL_ADMIN_TOKEN.",
        )),
    }
}

/// Checks that the operator is asking, or an agent with at least this role; says who, for the record.
///
/// # Errors
/// As [`operator`] when a token was sent, else as [`agent`].
pub(crate) async fn operator_or(
    visit: &Visit,
    site: &SiteId,
    least: Role,
    authority: Authority,
) -> Outcome<String> {
    if visit.bearer().is_some() {
        return operator(visit).map(|()| "operator".to_owned());
    }
    let (person, _) = agent(visit, site, least, authority).await?;
    Ok(person.email.as_str().to_owned())
}

/// Whether a request brings an agent's cookie for this site. Whether the session still stands is another question.
pub(crate) fn is_agents(visit: &Visit, site: &SiteId) -> bool {
    claims(visit, site).is_some()
}

fn claims(visit: &Visit, site: &SiteId) -> Option<AgentClaims> {
    let (header, name) = (visit.header("Cookie")?, cookie_name(site));
    let mut cookies = header.split(';').filter_map(|pair| pair.trim().split_once('='));
    let (_, token) = cookies.find(|(key, _)| *key == name)?;
    let claims: AgentClaims = visit.keys.agent_session.open(token, visit.now).ok()?;
    (claims.site == *site).then_some(claims)
}
