//! Who may sign in, and as what: an owner's to decide.

use deskbell_shared::wire::{PersonRequest, ProblemKind, Role, SiteId};

use super::{
    second_factor::prover,
    session::{Authority, agent, operator, operator_or},
    sign_in::attempt,
};
use crate::{
    platform::object::{ask, ask_text},
    refusal::{Outcome, Refusal},
    reply::Reply,
    site::calls::{ChangePerson, ListPeople},
    visit::Visit,
};

/// `GET /v1/sites/{site}/people`.
pub(crate) async fn list(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    operator_or(visit, site, Role::Owner, Authority::ToRead).await?;
    Ok(Reply::json_text(ask_text(&visit.site_object(site)?, &ListPeople {}).await?))
}

/// `POST /v1/sites/{site}/people`. An owner proves once more who they are.
pub(crate) async fn change(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    if visit.bearer().is_some() {
        operator(visit)?;
        let request = visit.json().await?;
        return Reply::json(&ask(&visit.site_object(site)?, &ChangePerson { request, by: None }).await?);
    }
    let (owner, session) = agent(visit, site, Role::Owner, Authority::ToChange).await?;
    let mut request: PersonRequest = visit.json().await?;
    let credential = request.credential.take().ok_or_else(|| {
        Refusal::new(
            ProblemKind::Malformed,
            "credential: your password, a code of your second factor, or a passkey",
        )
    })?;
    let by = prover(visit, site, (&owner.email, session), credential);
    let call = ChangePerson { request, by: Some(by) };
    Reply::json(&attempt(visit, site, &owner.email, &call).await?)
}
