//! What the console asks of the edge about channels.

use deskbell_browser::http::{Call, Failure};
use deskbell_shared::wire::{ChannelId, ChannelKey, ChannelRequest, Channels};

use super::Api;

impl Api {
    /// The site's channels.
    pub async fn channels(&self) -> Result<Channels, Failure> {
        Call::get(self.path("channels")).answer().await
    }

    /// Makes a channel, or changes it.
    pub async fn put_channel(&self, id: &ChannelId, request: &ChannelRequest) -> Result<Channels, Failure> {
        self.signed(Call::put(self.path(&format!("channels/{id}")))).json(request).answer().await
    }

    /// Takes a channel away.
    pub async fn remove_channel(&self, id: &ChannelId) -> Result<Channels, Failure> {
        self.signed(Call::delete(self.path(&format!("channels/{id}")))).answer().await
    }

    /// The key that a channel's program shows.
    pub async fn channel_key(&self, id: &ChannelId) -> Result<ChannelKey, Failure> {
        Call::get(self.path(&format!("channels/{id}/key"))).answer().await
    }

    /// Gives a channel another key.
    pub async fn renew_channel_key(&self, id: &ChannelId) -> Result<ChannelKey, Failure> {
        self.signed(Call::post(self.path(&format!("channels/{id}/key")))).answer().await
    }
}
