//! The channels, as far as the edge has said.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{Channel, ChannelId, ChannelRequest, Channels};

use crate::ui::listed::Listed;

/// What is asked about a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Another one.
    Add,
    /// What it is called, and whether the FAQ answers there.
    Change(Channel),
    /// With which key it is carried.
    Key(Channel),
    /// Whether it is to have another.
    Renew(Channel),
    /// Whether it is to go.
    Remove(Channel),
}

/// The channels.
#[derive(Clone, Copy)]
pub struct Known(Listed<Channel>);

impl Known {
    /// Asks for them.
    pub fn load() -> Self {
        Self(Listed::load(|session| Box::pin(async move { session.api().channels().await.map(of_answer) })))
    }

    /// All of them.
    pub fn list(self) -> Listed<Channel> {
        self.0
    }

    /// Makes one, or changes it.
    pub async fn put(self, id: &ChannelId, request: &ChannelRequest) -> Result<(), Failure> {
        self.0.take(self.0.session().api().put_channel(id, request).await.map(of_answer))
    }

    /// Takes one away.
    pub async fn remove(self, id: ChannelId) -> Result<(), Failure> {
        self.0.take(self.0.session().api().remove_channel(&id).await.map(of_answer))
    }
}

fn of_answer(answer: Channels) -> Vec<Channel> {
    answer.channels
}
