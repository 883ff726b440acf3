//! The methods that each address takes.

use super::{Route, SiteRoute};

impl Route {
    /// What can be done there, as the `Allow` field lists it.
    pub(crate) fn allow(&self) -> &'static str {
        use SiteRoute as S;
        match self {
            Self::Site(_, S::Channel(_, below)) => below.allow(),
            Self::Site(
                _,
                S::Site | S::FaqTuning | S::FactorDemand | S::MyPassword | S::Assignee(_) | S::Subject(_),
            ) => "PUT, OPTIONS",
            Self::Site(_, S::Reply(_) | S::Webhook(_)) => "PUT, DELETE, OPTIONS",
            Self::Site(
                _,
                S::Settings
                | S::Hours
                | S::Faq
                | S::Guard
                | S::GuardTurnstile
                | S::MyFactor
                | S::Retention
                | S::Routing,
            ) => "GET, HEAD, PUT, OPTIONS",
            Self::Site(
                _,
                S::Messages(_)
                | S::Notes(_)
                | S::Bans
                | S::FaqAsked
                | S::CustomerSecret
                | S::WebhookSecret(_)
                | S::People
                | S::MyPasskeys,
            ) => "GET, HEAD, POST, OPTIONS",
            Self::Site(_, S::Conversation(_)) => "GET, HEAD, DELETE, OPTIONS",
            Self::Site(_, S::Ban(_)) => "DELETE, OPTIONS",
            Self::Site(
                _,
                S::Conversations
                | S::Sessions
                | S::Turnstile
                | S::TalkTicket(_)
                | S::Close(_)
                | S::Reopen(_)
                | S::SignIn
                | S::PasskeySignIn
                | S::PasskeyOptions
                | S::NewPasskeyOptions
                | S::PasskeyRemoval
                | S::SignOut
                | S::FactorSecret
                | S::FactorCodes
                | S::FactorOff
                | S::Appeals
                | S::AppealFair(_)
                | S::DeskAppeal(_)
                | S::BanPreview
                | S::Replay
                | S::WebhookTest(_)
                | S::Delivery(..)
                | S::DeskTicket,
            ) => "POST, OPTIONS",
            Self::Site(
                _,
                S::Check
                | S::FaqSource
                | S::FaqReport
                | S::Pack(_)
                | S::TalkSocket(_)
                | S::Me
                | S::Team
                | S::Subjects
                | S::Search
                | S::Replies
                | S::Webhooks
                | S::Deliveries(_)
                | S::Channels
                | S::History(_)
                | S::DeskSocket
                | S::ServiceFigures
                | S::ServiceSheet(_)
                | S::DeskAppeals
                | S::Audit
                | S::Figures
                | S::Appeal(_),
            )
            | Self::Health
            | Self::Setup
            | Self::Inbox
            | Self::Frame(_)
            | Self::Explanation(_) => "GET, HEAD, OPTIONS",
        }
    }
}
