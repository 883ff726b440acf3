//! A visitor who is stopped says that this is wrong, and asks what became of it. No ban stops an appeal.

use deskbell_shared::wire::{AppealId, AppealRequest, FairRequest, ProblemKind, SiteId};

use super::session;
use crate::{
    guard::{self, Act, calls::Policy},
    platform::object::{ask, ask_text},
    refusal::Outcome,
    reply::Reply,
    site::calls::{AppealOf, MakeAppeal},
    visit::Visit,
};

/// `POST /v1/sites/{site}/appeals`.
pub(crate) async fn make(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let request: AppealRequest = visit.json().await?;
    let admission = guard::admit(visit, site, Act::Appeal(request.visitor)).await?;
    let keys = session::keys_of(visit, site, request.visitor);
    let made = ask(&visit.site_object(site)?, &MakeAppeal { request, keys }).await;
    if made.as_ref().is_err_and(|refusal| refusal.problem().kind == ProblemKind::NotFound) {
        // Whom nothing stops takes nobody's turn.
        admission.give_back_by(Policy::AppealSite).await;
    }
    Ok(Reply::json(&admission.stands_for(made).await?)?.with_status(201).with_limits(&admission.limits))
}

/// `GET /v1/sites/{site}/appeals/{id}`.
pub(crate) async fn state(visit: &Visit, site: &SiteId, id: AppealId) -> Outcome<Reply> {
    Ok(Reply::json_text(ask_text(&visit.site_object(site)?, &AppealOf { id, fair: None }).await?))
}

/// `POST /v1/sites/{site}/appeals/{id}/fair`.
pub(crate) async fn fair(visit: &Visit, site: &SiteId, id: AppealId) -> Outcome<Reply> {
    let FairRequest { fair } = visit.json().await?;
    Ok(Reply::json_text(ask_text(&visit.site_object(site)?, &AppealOf { id, fair: Some(fair) }).await?))
}
