use deskbell_shared::wire::{ChannelId, ChannelRequest};
use serde::{Deserialize, Serialize};

use crate::{platform::object::calls, site::channels::KeptChannel};

/// Makes a channel, or changes it; those there are then. *Conflict* when there are as many as there can be.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PutChannel {
    /// Which.
    pub(crate) id: ChannelId,
    /// What it is from now on.
    pub(crate) request: ChannelRequest,
    /// Who wants it, for the record.
    pub(crate) by: String,
}

/// Takes a channel away; those there are then.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct DropChannel {
    /// Which.
    pub(crate) id: ChannelId,
    /// Who wants it, for the record.
    pub(crate) by: String,
}

/// Gives a channel another key; the channels there are. *Not found* when there is none of this name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RenewChannelKey {
    /// Which.
    pub(crate) id: ChannelId,
    /// Who wants it, for the record.
    pub(crate) by: String,
}

calls! {
    PutChannel => Vec<KeptChannel>, "/put-channel";
    DropChannel => Vec<KeptChannel>, "/drop-channel";
    RenewChannelKey => Vec<KeptChannel>, "/renew-channel-key";
}
