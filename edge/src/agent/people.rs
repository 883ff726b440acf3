//! Who may sign in, and as what: an owner's to decide.

use deskbell_shared::wire::{PersonRequest, Role, SiteId};

use super::session::{Authority, operator_or};
use crate::{
    platform::object::ask_text,
    refusal::Outcome,
    reply::Reply,
    site::calls::{ChangePerson, ListPeople},
    visit::Visit,
};

/// `GET /v1/sites/{site}/people`.
pub(crate) async fn list(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    operator_or(visit, site, Role::Owner, Authority::ToRead).await?;
    Ok(Reply::json_text(ask_text(&visit.site_object(site)?, &ListPeople {}).await?))
}

/// `POST /v1/sites/{site}/people`.
pub(crate) async fn change(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let by = operator_or(visit, site, Role::Owner, Authority::ToChange).await?;
    let request: PersonRequest = visit.json().await?;
    let call = ChangePerson { request, by };
    Ok(Reply::json_text(ask_text(&visit.site_object(site)?, &call).await?))
}
