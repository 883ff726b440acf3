use deskbell_shared::wire::ChannelId;

/// An address below `channels/{id}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChannelRoute {
    /// The channel itself
    Channel,
    /// `key`
    Key,
    /// `messages`
    Messages,
    /// `outgoing`
    Outgoing,
    /// `delivered`
    Delivered,
}

impl ChannelRoute {
    /// The channel that these parts of a path name, and where below it they lead.
    pub(super) fn of(parts: &[Option<&str>]) -> Option<(ChannelId, Self)> {
        let (id, below) = match parts {
            [Some(id), None, ..] => (id, Self::Channel),
            [Some(id), Some("key"), None, ..] => (id, Self::Key),
            [Some(id), Some("messages"), None, ..] => (id, Self::Messages),
            [Some(id), Some("outgoing"), None, ..] => (id, Self::Outgoing),
            [Some(id), Some("delivered"), None, ..] => (id, Self::Delivered),
            _ => return None,
        };
        Some((id.parse().ok()?, below))
    }

    /// What can be done there, as the `Allow` field lists it.
    pub(super) fn allow(self) -> &'static str {
        match self {
            Self::Channel => "PUT, DELETE, OPTIONS",
            Self::Key => "GET, HEAD, POST, OPTIONS",
            Self::Outgoing => "GET, HEAD, OPTIONS",
            Self::Messages | Self::Delivered => "POST, OPTIONS",
        }
    }
}
