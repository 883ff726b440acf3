//! The addresses there are, and the methods each of them takes.

mod access;
mod allow;
mod channel;

use deskbell_shared::wire::{
    AppealId, BanId, ChannelId, ConversationId, PackHash, ProblemKind, ReplyId, Sheet, SiteId, WebhookId,
};

pub(crate) use self::channel::ChannelRoute;

/// An address of the worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// `/`
    Health,
    /// `/setup`
    Setup,
    /// `/inbox/{site}`
    Inbox,
    /// `/w/{site}`
    Frame(SiteId),
    /// `/problems/{slug}`
    Explanation(ProblemKind),
    /// `/v1/sites/{site}` and what is below it
    Site(SiteId, SiteRoute),
}

/// An address below a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SiteRoute {
    /// The site itself
    Site,
    /// `check`
    Check,
    /// `settings`
    Settings,
    /// `people`
    People,
    /// `hours`
    Hours,
    /// `retention`
    Retention,
    /// `routing`
    Routing,
    /// `customer-secret`
    CustomerSecret,
    /// `faq`
    Faq,
    /// `faq/source`
    FaqSource,
    /// `faq/report`
    FaqReport,
    /// `faq/tuning`
    FaqTuning,
    /// `faq/asked`
    FaqAsked,
    /// `packs/{hash}`
    Pack(PackHash),
    /// `conversations`
    Conversations,
    /// `sessions`
    Sessions,
    /// `turnstile`
    Turnstile,
    /// `conversations/{id}`
    Conversation(ConversationId),
    /// `conversations/{id}/ticket`
    TalkTicket(ConversationId),
    /// `conversations/{id}/socket`
    TalkSocket(ConversationId),
    /// `conversations/{id}/messages`
    Messages(ConversationId),
    /// `conversations/{id}/close`
    Close(ConversationId),
    /// `conversations/{id}/reopen`
    Reopen(ConversationId),
    /// `conversations/{id}/assignee`
    Assignee(ConversationId),
    /// `conversations/{id}/subject`
    Subject(ConversationId),
    /// `conversations/{id}/notes`
    Notes(ConversationId),
    /// `conversations/{id}/history`
    History(ConversationId),
    /// `team`
    Team,
    /// `subjects`
    Subjects,
    /// `search`
    Search,
    /// `replies`
    Replies,
    /// `replies/{id}`
    Reply(ReplyId),
    /// `webhooks`
    Webhooks,
    /// `webhooks/{id}`
    Webhook(WebhookId),
    /// `webhooks/{id}/secret`
    WebhookSecret(WebhookId),
    /// `webhooks/{id}/test`
    WebhookTest(WebhookId),
    /// `webhooks/{id}/deliveries`
    Deliveries(WebhookId),
    /// `webhooks/{id}/deliveries/{number}`
    Delivery(WebhookId, u64),
    /// `channels`
    Channels,
    /// `channels/{id}` and what is below it
    Channel(ChannelId, ChannelRoute),
    /// `sign-in`
    SignIn,
    /// `sign-in/passkey`
    PasskeySignIn,
    /// `passkey-options`
    PasskeyOptions,
    /// `sign-out`
    SignOut,
    /// `me`
    Me,
    /// `me/password`
    MyPassword,
    /// `me/second-factor`
    MyFactor,
    /// `me/second-factor/secret`
    FactorSecret,
    /// `me/second-factor/codes`
    FactorCodes,
    /// `me/second-factor/off`
    FactorOff,
    /// `me/passkeys`
    MyPasskeys,
    /// `me/passkeys/options`
    NewPasskeyOptions,
    /// `me/passkeys/remove`
    PasskeyRemoval,
    /// `second-factor`
    FactorDemand,
    /// `figures`
    ServiceFigures,
    /// `figures/{sheet}`
    ServiceSheet(Sheet),
    /// `desk/ticket`
    DeskTicket,
    /// `desk/socket`
    DeskSocket,
    /// `desk/appeals`
    DeskAppeals,
    /// `desk/appeals/{number}`
    DeskAppeal(u64),
    /// `guard`
    Guard,
    /// `guard/figures`
    Figures,
    /// `guard/turnstile`
    GuardTurnstile,
    /// `guard/replay`
    Replay,
    /// `audit`
    Audit,
    /// `appeals`
    Appeals,
    /// `appeals/{id}`
    Appeal(AppealId),
    /// `appeals/{id}/fair`
    AppealFair(AppealId),
    /// `bans/preview`
    BanPreview,
    /// `bans`
    Bans,
    /// `bans/{id}`
    Ban(BanId),
}

impl Route {
    /// The address that a URL's path names. `None` when there is nothing there.
    pub(crate) fn of(path: &str) -> Option<Self> {
        let mut parts = path.strip_prefix('/')?.split('/');
        let parts = [(); 8].map(|()| parts.next());
        Some(match parts {
            [Some(""), None, ..] => Self::Health,
            [Some("setup"), None, ..] => Self::Setup,
            [Some("inbox"), Some(site), None, ..] => site.parse::<SiteId>().ok().map(|_| Self::Inbox)?,
            [Some("w"), Some(site), None, ..] => Self::Frame(site.parse().ok()?),
            [Some("problems"), Some(_), None, ..] => {
                Self::Explanation(*ProblemKind::ALL.iter().find(|kind| kind.slug() == path)?)
            }
            [Some("v1"), Some("sites"), Some(site), below @ ..] => {
                Self::Site(site.parse().ok()?, SiteRoute::of(&below)?)
            }
            _ => return None,
        })
    }
}

impl SiteRoute {
    fn of(parts: &[Option<&str>]) -> Option<Self> {
        Some(match parts {
            [None, ..] => Self::Site,
            [Some("check"), None, ..] => Self::Check,
            [Some("settings"), None, ..] => Self::Settings,
            [Some("people"), None, ..] => Self::People,
            [Some("hours"), None, ..] => Self::Hours,
            [Some("retention"), None, ..] => Self::Retention,
            [Some("routing"), None, ..] => Self::Routing,
            [Some("customer-secret"), None, ..] => Self::CustomerSecret,
            [Some("faq"), None, ..] => Self::Faq,
            [Some("faq"), Some("source"), None, ..] => Self::FaqSource,
            [Some("faq"), Some("report"), None, ..] => Self::FaqReport,
            [Some("faq"), Some("tuning"), None, ..] => Self::FaqTuning,
            [Some("faq"), Some("asked"), None, ..] => Self::FaqAsked,
            [Some("packs"), Some(hash), None, ..] => Self::Pack(PackHash::try_from((*hash).to_owned()).ok()?),
            [Some("conversations"), None, ..] => Self::Conversations,
            [Some("conversations"), Some(id), None, ..] => Self::Conversation(id.parse().ok()?),
            [Some("sessions"), None, ..] => Self::Sessions,
            [Some("turnstile"), None, ..] => Self::Turnstile,
            [Some("conversations"), Some(id), Some(what), None, ..] => {
                let id = id.parse().ok()?;
                match *what {
                    "ticket" => Self::TalkTicket(id),
                    "socket" => Self::TalkSocket(id),
                    "messages" => Self::Messages(id),
                    "close" => Self::Close(id),
                    "reopen" => Self::Reopen(id),
                    "assignee" => Self::Assignee(id),
                    "subject" => Self::Subject(id),
                    "notes" => Self::Notes(id),
                    "history" => Self::History(id),
                    _ => return None,
                }
            }
            [Some("sign-in"), None, ..] => Self::SignIn,
            [Some("sign-in"), Some("passkey"), None, ..] => Self::PasskeySignIn,
            [Some("passkey-options"), None, ..] => Self::PasskeyOptions,
            [Some("sign-out"), None, ..] => Self::SignOut,
            [Some("me"), None, ..] => Self::Me,
            [Some("me"), Some("password"), None, ..] => Self::MyPassword,
            [Some("me"), Some("second-factor"), None, ..] => Self::MyFactor,
            [Some("me"), Some("second-factor"), Some("secret"), None, ..] => Self::FactorSecret,
            [Some("me"), Some("second-factor"), Some("codes"), None, ..] => Self::FactorCodes,
            [Some("me"), Some("second-factor"), Some("off"), None, ..] => Self::FactorOff,
            [Some("me"), Some("passkeys"), None, ..] => Self::MyPasskeys,
            [Some("me"), Some("passkeys"), Some("options"), None, ..] => Self::NewPasskeyOptions,
            [Some("me"), Some("passkeys"), Some("remove"), None, ..] => Self::PasskeyRemoval,
            [Some("second-factor"), None, ..] => Self::FactorDemand,
            [Some("team"), None, ..] => Self::Team,
            [Some("subjects"), None, ..] => Self::Subjects,
            [Some("search"), None, ..] => Self::Search,
            [Some("replies"), None, ..] => Self::Replies,
            [Some("replies"), Some(id), None, ..] => Self::Reply(id.parse().ok()?),
            [Some("webhooks"), rest @ ..] => Self::webhooks(rest)?,
            [Some("channels"), None, ..] => Self::Channels,
            [Some("channels"), rest @ ..] => {
                let (id, below) = ChannelRoute::of(rest)?;
                Self::Channel(id, below)
            }
            [Some("figures"), None, ..] => Self::ServiceFigures,
            [Some("figures"), Some(file), None, ..] => Self::ServiceSheet(Sheet::of(file)?),
            [Some("desk"), Some("ticket"), None, ..] => Self::DeskTicket,
            [Some("desk"), Some("socket"), None, ..] => Self::DeskSocket,
            [Some("desk"), Some("appeals"), None, ..] => Self::DeskAppeals,
            [Some("desk"), Some("appeals"), Some(number), None, ..] => Self::DeskAppeal(number.parse().ok()?),
            [Some("guard"), None, ..] => Self::Guard,
            [Some("guard"), Some("figures"), None, ..] => Self::Figures,
            [Some("guard"), Some("replay"), None, ..] => Self::Replay,
            [Some("guard"), Some("turnstile"), None, ..] => Self::GuardTurnstile,
            [Some("audit"), None, ..] => Self::Audit,
            [Some("appeals"), None, ..] => Self::Appeals,
            [Some("appeals"), Some(id), None, ..] => Self::Appeal(id.parse().ok()?),
            [Some("appeals"), Some(id), Some("fair"), None, ..] => Self::AppealFair(id.parse().ok()?),
            [Some("bans"), Some("preview"), None, ..] => Self::BanPreview,
            [Some("bans"), None, ..] => Self::Bans,
            [Some("bans"), Some(id), None, ..] => Self::Ban(id.parse().ok()?),
            _ => return None,
        })
    }

    fn webhooks(parts: &[Option<&str>]) -> Option<Self> {
        Some(match parts {
            [None, ..] => Self::Webhooks,
            [Some(id), None, ..] => Self::Webhook(id.parse().ok()?),
            [Some(id), Some("secret"), None, ..] => Self::WebhookSecret(id.parse().ok()?),
            [Some(id), Some("test"), None, ..] => Self::WebhookTest(id.parse().ok()?),
            [Some(id), Some("deliveries"), None, ..] => Self::Deliveries(id.parse().ok()?),
            [Some(id), Some("deliveries"), Some(number), None] => {
                Self::Delivery(id.parse().ok()?, number.parse().ok()?)
            }
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_path_is_read_without_a_panic(path in ".*") {
            let _ = Route::of(&path);
        }

        #[test]
        fn what_lies_too_deep_is_nowhere(tail in "(/[a-z]{1,5}){4,9}") {
            let path = format!("/v1/sites/acme{tail}");
            prop_assert_eq!(Route::of(&path), None);
        }
    }

    #[test]
    fn every_address_of_the_map_is_found() {
        let id = "0123456789abcdef0123456789abcdef";
        let below = |tail: &str| match Route::of(&format!("/v1/sites/acme{tail}")) {
            Some(Route::Site(site, route)) if site.as_str() == "acme" => Some(route),
            _ => None,
        };
        assert_eq!(Route::of("/"), Some(Route::Health));
        assert_eq!(Route::of("/setup"), Some(Route::Setup));
        assert_eq!(Route::of("/inbox/acme"), Some(Route::Inbox));
        assert_eq!(Route::of("/w/acme"), "acme".parse().ok().map(Route::Frame));
        assert_eq!(Route::of("/problems/banned"), Some(Route::Explanation(ProblemKind::Banned)));
        assert_eq!(below(""), Some(SiteRoute::Site));
        assert_eq!(below("/check"), Some(SiteRoute::Check));
        assert_eq!(below("/faq/source"), Some(SiteRoute::FaqSource));
        assert_eq!(below("/desk/socket"), Some(SiteRoute::DeskSocket));
        let sms = |route| "sms".parse().ok().map(|id| SiteRoute::Channel(id, route));
        assert_eq!(below("/channels"), Some(SiteRoute::Channels));
        assert_eq!(below("/channels/sms"), sms(ChannelRoute::Channel));
        assert_eq!(below("/channels/sms/outgoing"), sms(ChannelRoute::Outgoing));
        assert_eq!(below("/channels/sms/else"), None);
        assert_eq!(below("/figures/people.csv"), Some(SiteRoute::ServiceSheet(Sheet::People)));
        assert_eq!(below("/me/second-factor"), Some(SiteRoute::MyFactor));
        assert_eq!(below("/me/second-factor/codes"), Some(SiteRoute::FactorCodes));
        assert_eq!(below("/me/passkeys/options"), Some(SiteRoute::NewPasskeyOptions));
        assert_eq!(below("/second-factor"), Some(SiteRoute::FactorDemand));
        assert!(matches!(below(&format!("/conversations/{id}")), Some(SiteRoute::Conversation(_))));
        assert!(matches!(below(&format!("/packs/{id}")), Some(SiteRoute::Pack(_))));
        assert!(matches!(below(&format!("/bans/{id}")), Some(SiteRoute::Ban(_))));
        assert!(matches!(below(&format!("/replies/{id}")), Some(SiteRoute::Reply(_))));
        assert!(matches!(below(&format!("/conversations/{id}/notes")), Some(SiteRoute::Notes(_))));
        assert!(matches!(below(&format!("/conversations/{id}/messages")), Some(SiteRoute::Messages(_))));
    }

    #[test]
    fn what_is_not_on_the_map_is_nowhere() {
        for path in [
            "",
            "//",
            "/w/",
            "/w/Acme",
            "/w/acme/",
            "/inbox",
            "/problems/",
            "/problems/unheard-of",
            "/v1/sites/",
            "/v1/sites/acme/",
            "/v1/sites/acme/conversations/1/ticket",
            "/v1/sites/acme/packs/../../x",
        ] {
            assert_eq!(Route::of(path), None, "{path}");
        }
    }
}
