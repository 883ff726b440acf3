//! Who asks at which address, and what a ban stops there.

use super::SiteRoute;

impl SiteRoute {
    /// Whether a widget asks this: its requests may come from the site's pages as well as from the frame.
    pub(crate) fn is_for_visitors(&self) -> bool {
        matches!(
            self,
            Self::Faq
                | Self::Pack(_)
                | Self::Conversations
                | Self::Sessions
                | Self::Turnstile
                | Self::TalkTicket(_)
                | Self::TalkSocket(_)
                | Self::Messages(_)
                | Self::Appeals
                | Self::Appeal(_)
                | Self::AppealFair(_)
        )
    }

    /// Whether a ban of a range or a country stops it. The FAQ and appeals always work.
    pub(crate) fn stops_at_the_gate(&self) -> bool {
        matches!(
            self,
            Self::Conversations
                | Self::Sessions
                | Self::Turnstile
                | Self::TalkTicket(_)
                | Self::TalkSocket(_)
                | Self::Messages(_)
        )
    }

    /// Whether agents ask at the same address.
    pub(crate) fn is_shared_with_agents(&self) -> bool {
        matches!(self, Self::TalkTicket(_) | Self::TalkSocket(_) | Self::Messages(_))
    }
}
