//! The channels of a site, which its admins keep.

use deskbell_shared::wire::{Channel, ChannelId, ChannelKey, ChannelRequest, Channels, Role, SiteId};

use super::session::{Authority, operator_or};
use crate::{
    platform::object::{Call, ask},
    refusal::Outcome,
    reply::Reply,
    site::{
        calls::{DropChannel, PutChannel, RenewChannelKey},
        channels::{KeptChannel, unknown},
        forget, view,
    },
    visit::Visit,
};

/// `GET /v1/sites/{site}/channels`.
pub(crate) async fn list(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    shown(&there_are(visit, site).await?)
}

/// `PUT /v1/sites/{site}/channels/{id}`.
pub(crate) async fn put(visit: &Visit, site: &SiteId, id: &ChannelId) -> Outcome<Reply> {
    let by = operator_or(visit, site, Role::Admin, Authority::ToChange).await?;
    let request: ChannelRequest = visit.json().await?;
    shown(&changed(visit, site, &PutChannel { id: id.clone(), request, by }).await?)
}

/// `DELETE /v1/sites/{site}/channels/{id}`. One that is not there is no fault: it is gone.
pub(crate) async fn remove(visit: &Visit, site: &SiteId, id: &ChannelId) -> Outcome<Reply> {
    let by = operator_or(visit, site, Role::Admin, Authority::ToChange).await?;
    shown(&changed(visit, site, &DropChannel { id: id.clone(), by }).await?)
}

/// `GET /v1/sites/{site}/channels/{id}/key`.
pub(crate) async fn key(visit: &Visit, site: &SiteId, id: &ChannelId) -> Outcome<Reply> {
    key_in_force(visit, site, id, &there_are(visit, site).await?)
}

/// `POST /v1/sites/{site}/channels/{id}/key`: a new one. The one before opens nothing any more.
pub(crate) async fn renew(visit: &Visit, site: &SiteId, id: &ChannelId) -> Outcome<Reply> {
    let by = operator_or(visit, site, Role::Admin, Authority::ToChange).await?;
    key_in_force(visit, site, id, &changed(visit, site, &RenewChannelKey { id: id.clone(), by }).await?)
}

async fn there_are(visit: &Visit, site: &SiteId) -> Outcome<Vec<KeptChannel>> {
    operator_or(visit, site, Role::Admin, Authority::ToRead).await?;
    // What was changed a moment ago, elsewhere, is seen.
    forget(site);
    Ok(view(visit, site).await?.channels.clone())
}

async fn changed<C: Call<Answer = Vec<KeptChannel>>>(
    visit: &Visit,
    site: &SiteId,
    call: &C,
) -> Outcome<Vec<KeptChannel>> {
    let channels = ask(&visit.site_object(site)?, call).await?;
    forget(site);
    Ok(channels)
}

fn shown(channels: &[KeptChannel]) -> Outcome<Reply> {
    let channels: Vec<Channel> = channels.iter().map(|kept| kept.channel.clone()).collect();
    Reply::json(&Channels { channels })
}

fn key_in_force(visit: &Visit, site: &SiteId, id: &ChannelId, channels: &[KeptChannel]) -> Outcome<Reply> {
    let kept = channels.iter().find(|kept| kept.channel.id == *id).ok_or_else(unknown)?;
    Reply::json(&ChannelKey { key: kept.key(&visit.keys, site) })
}
