//! The webhooks of a site, which its admins keep.

use deskbell_shared::wire::{ProblemKind, Role, SiteId, WebhookId, WebhookRequest, WebhookSecret};

use super::session::{Authority, operator_or};
use crate::{
    platform::object::{Call, ask, ask_text},
    refusal::{Outcome, Refusal},
    reply::Reply,
    site::{note, view},
    visit::Visit,
    webhook::{
        calls::{DropWebhook, GetSalt, ListDeliveries, ListWebhooks, PutWebhook, SendAgain, TryWebhook},
        store::secret_of,
    },
};

/// The variable that lets `http://localhost` be an address, in development.
const LOCAL_WEBHOOKS: &str = "DESKBELL_LOCAL_WEBHOOKS";

/// `GET /v1/sites/{site}/webhooks`.
pub(crate) async fn list(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    reading(visit, site, &ListWebhooks {}).await
}

/// `PUT /v1/sites/{site}/webhooks/{id}`.
pub(crate) async fn put(visit: &Visit, site: &SiteId, id: WebhookId) -> Outcome<Reply> {
    let by = operator_or(visit, site, Role::Admin, Authority::ToChange).await?;
    view(visit, site).await?;
    let request: WebhookRequest = visit.json().await?;
    if request.url.is_local() && visit.env.var(LOCAL_WEBHOOKS).is_err() {
        let detail = format!("url: {}", deskbell_shared::wire::WebhookUrlError::NotHttps);
        return Err(Refusal::new(ProblemKind::Malformed, detail));
    }
    // The rest of an address may be a secret.
    let state = if request.on { "on" } else { "off" };
    note(visit, site, by, "webhook", format!("{id} to {}, {state}", request.url.host())).await?;
    let inbox = format!("{}/inbox/{site}", visit.own_origin());
    let call = PutWebhook { site: site.clone(), inbox, id, request };
    Ok(Reply::json_text(ask_text(&visit.desk_object(site)?, &call).await?))
}

/// `DELETE /v1/sites/{site}/webhooks/{id}`. One that is not there is no fault: it is gone.
pub(crate) async fn remove(visit: &Visit, site: &SiteId, id: WebhookId) -> Outcome<Reply> {
    let by = operator_or(visit, site, Role::Admin, Authority::ToChange).await?;
    view(visit, site).await?;
    note(visit, site, by, "webhook-removed", id.to_string()).await?;
    Ok(Reply::json_text(ask_text(&visit.desk_object(site)?, &DropWebhook { id }).await?))
}

/// `GET /v1/sites/{site}/webhooks/{id}/secret`.
pub(crate) async fn secret(visit: &Visit, site: &SiteId, id: WebhookId) -> Outcome<Reply> {
    operator_or(visit, site, Role::Admin, Authority::ToRead).await?;
    view(visit, site).await?;
    secret_in_force(visit, site, GetSalt { id, renew: false }).await
}

/// `POST /v1/sites/{site}/webhooks/{id}/secret`: a new one. For a day what is sent is signed with those before as well.
pub(crate) async fn renew(visit: &Visit, site: &SiteId, id: WebhookId) -> Outcome<Reply> {
    let by = operator_or(visit, site, Role::Admin, Authority::ToChange).await?;
    view(visit, site).await?;
    note(visit, site, by, "webhook-secret", id.to_string()).await?;
    secret_in_force(visit, site, GetSalt { id, renew: true }).await
}

/// `GET /v1/sites/{site}/webhooks/{id}/deliveries`.
pub(crate) async fn deliveries(visit: &Visit, site: &SiteId, id: WebhookId) -> Outcome<Reply> {
    reading(visit, site, &ListDeliveries { id }).await
}

/// `POST /v1/sites/{site}/webhooks/{id}/deliveries/{number}`: sends it once more.
pub(crate) async fn again(visit: &Visit, site: &SiteId, id: WebhookId, number: u64) -> Outcome<Reply> {
    operator_or(visit, site, Role::Admin, Authority::ToChange).await?;
    view(visit, site).await?;
    ask(&visit.desk_object(site)?, &SendAgain { id, number }).await?;
    Ok(Reply::status(204))
}

/// `POST /v1/sites/{site}/webhooks/{id}/test`: sends something that says nothing, and answers what came of it.
pub(crate) async fn test(visit: &Visit, site: &SiteId, id: WebhookId) -> Outcome<Reply> {
    operator_or(visit, site, Role::Admin, Authority::ToChange).await?;
    view(visit, site).await?;
    Ok(Reply::json_text(ask_text(&visit.desk_object(site)?, &TryWebhook { id }).await?))
}

async fn reading(visit: &Visit, site: &SiteId, call: &impl Call) -> Outcome<Reply> {
    operator_or(visit, site, Role::Admin, Authority::ToRead).await?;
    view(visit, site).await?;
    Ok(Reply::json_text(ask_text(&visit.desk_object(site)?, call).await?))
}

async fn secret_in_force(visit: &Visit, site: &SiteId, call: GetSalt) -> Outcome<Reply> {
    let salt = ask(&visit.desk_object(site)?, &call).await?;
    Reply::json(&WebhookSecret { secret: secret_of(&visit.keys, site, call.id, salt).to_text() })
}
