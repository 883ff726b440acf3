//! What visitors asked before a person came, for whoever keeps the FAQ.

use deskbell_shared::wire::{Role, SettleRequest, SiteId};

use super::session::{Authority, operator_or};
use crate::{
    desk::calls::{ListAsked, SettleAsked},
    platform::object::{ask, ask_text},
    refusal::Outcome,
    reply::Reply,
    site::view,
    visit::Visit,
};

/// `GET /v1/sites/{site}/faq/asked`.
pub(crate) async fn asked(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    operator_or(visit, site, Role::Admin, Authority::ToRead).await?;
    view(visit, site).await?;
    Ok(Reply::json_text(ask_text(&visit.desk_object(site)?, &ListAsked {}).await?))
}

/// `POST /v1/sites/{site}/faq/asked`. What is settled already is no fault.
pub(crate) async fn settle(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    operator_or(visit, site, Role::Admin, Authority::ToChange).await?;
    view(visit, site).await?;
    let request: SettleRequest = visit.json().await?;
    ask(&visit.desk_object(site)?, &SettleAsked { request }).await?;
    Ok(Reply::status(204))
}
