//! What carriers ask: programs of a site's that hand over what people write on a channel, and deliver what they are answered.

mod answering;
pub(crate) mod incoming;
pub(crate) mod outgoing;
mod triage;

use deskbell_shared::{
    guard::signal::Signal,
    wire::{Channel, ChannelId, ProblemKind, SiteId},
};
use subtle::ConstantTimeEq;

use crate::{
    guard,
    refusal::{Outcome, Refusal},
    site::{
        channels::{KEY_PREFIX, unknown},
        forget, view,
    },
    visit::Visit,
};

/// The channel whose carrier is asking.
///
/// # Errors
/// *Not found*, when there is no such channel; *sign-in needed*, when its key was not sent.
async fn channel(visit: &Visit, site: &SiteId, id: &ChannelId) -> Outcome<Channel> {
    let no_key =
        || Refusal::new(ProblemKind::SignInNeeded, "Send the channel's key: Authorization: Bearer KEY.");
    let sent = visit.bearer().filter(|sent| sent.starts_with(KEY_PREFIX)).ok_or_else(no_key)?;
    if let Some(channel) = channel_opened_by(visit, site, id, &sent).await? {
        return Ok(channel);
    }
    // It may have been made, or its key renewed, a moment ago, elsewhere. Whoever guesses has the site asked once a second.
    if guard::is_news(&format!("a channel's key at {site}"), visit.now) {
        forget(site);
        if let Some(channel) = channel_opened_by(visit, site, id, &sent).await? {
            return Ok(channel);
        }
    }
    guard::suspect_address(visit, site, Signal::RejectedToken).await;
    if view(visit, site).await?.channels.iter().any(|kept| kept.channel.id == *id) {
        return Err(no_key());
    }
    Err(unknown())
}

async fn channel_opened_by(
    visit: &Visit,
    site: &SiteId,
    id: &ChannelId,
    sent: &str,
) -> Outcome<Option<Channel>> {
    let view = view(visit, site).await?;
    let kept = view.channels.iter().find(|kept| kept.channel.id == *id);
    let opened = kept.filter(|kept| kept.key(&visit.keys, site).as_bytes().ct_eq(sent.as_bytes()).into());
    Ok(opened.map(|kept| kept.channel.clone()))
}
