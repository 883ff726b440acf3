//! What is to be delivered on a channel, and what has come of it.

use deskbell_shared::wire::{ChannelId, ConversationId, DeliveredRequest, Outgoing, ProblemKind, SiteId};
use futures_util::future::join_all;

use super::channel;
use crate::{
    conversation::{
        self,
        calls::{NoteDelivered, ReadOutgoing},
    },
    desk::calls::{OWING_PAGE, Owing},
    platform::object::ask,
    refusal::{Outcome, Refusal},
    reply::Reply,
    visit::Visit,
};

/// `GET /v1/sites/{site}/channels/{id}/outgoing?after=`.
pub(crate) async fn list(visit: &Visit, site: &SiteId, id: &ChannelId) -> Outcome<Reply> {
    let channel = channel(visit, site, id).await?.id;
    let after =
        match visit.query("after") {
            None => None,
            Some(text) => Some(text.parse::<ConversationId>().map_err(|_| {
                Refusal::new(ProblemKind::Malformed, "after: what the page before said as next")
            })?),
        };
    let owing = ask(&visit.desk_object(site)?, &Owing { channel: channel.clone(), after }).await?;
    let read = owing.iter().map(|id| {
        let channel = channel.clone();
        async move { ask(&conversation::object(&visit.env, site, *id)?, &ReadOutgoing { channel }).await }
    });
    // One that was erased, or cannot be read, keeps no other from being delivered.
    let read = join_all(read).await.into_iter();
    let messages =
        read.filter_map(|read| read.inspect_err(|why| why.log("reading what is to be delivered")).ok());
    let messages = messages.flatten().collect();
    let next = owing.last().copied().filter(|_| owing.len() >= OWING_PAGE);
    Reply::json(&Outgoing { messages, next })
}

/// `POST /v1/sites/{site}/channels/{id}/delivered`.
pub(crate) async fn delivered(visit: &Visit, site: &SiteId, id: &ChannelId) -> Outcome<Reply> {
    let channel = channel(visit, site, id).await?.id;
    let DeliveredRequest { conversation, seq, failed } = visit.json().await?;
    let call = NoteDelivered { channel, seq, failed };
    ask(&conversation::object(&visit.env, site, conversation)?, &call).await?;
    Ok(Reply::status(204))
}
