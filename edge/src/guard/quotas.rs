//! Which quotas an act falls under, from the narrowest to the widest, and what is said when one is used up.

use deskbell_shared::{
    guard::conduct::Evidence,
    throttle::{ClientAddress, Decision},
    wire::{ConversationId, Email, MessageId, SiteId, VisitorId},
};

use super::{calls::Policy, subject::Who};
use crate::{
    conversation::watch::{Watch, Watcher},
    limits::Limit,
    refusal::Refusal,
};

/// Something that opens a way in, and so is counted exactly.
pub(crate) enum Act<'a> {
    /// A visitor is handed to a person, under an id, with what they said before.
    Handoff(VisitorId, MessageId, &'a str),
    /// Somebody writes for the first time on a channel, whose carrier the site trusts.
    Carry(VisitorId),
    /// A visitor comes back to a conversation.
    Session(VisitorId),
    /// A visitor with a session opens a socket.
    Ticket(VisitorId),
    /// A visitor has been let pass by Turnstile.
    Turnstile(VisitorId),
    /// A visitor who is stopped says that this is wrong.
    Appeal(VisitorId),
    /// Somebody tries to sign in as this person.
    SignIn(&'a Email),
    /// Somebody tries to sign in with a passkey: until it is looked at, nobody knows as whom.
    Passkey,
}

/// Whom a refusal is about.
pub(super) enum About {
    /// A visitor, with what they said, and the talk they wanted to begin with it: when that is erased, so is this.
    Visitor(VisitorId, String, Option<ConversationId>),
    /// Somebody who wanted to sign in, as this person if it is known as whom.
    Person(Option<Email>),
}

/// Whom to ask, and by which quotas.
pub(super) struct Asked<'a> {
    pub(super) policies: Vec<Policy>,
    pub(super) who: Who<'a>,
    /// Whether a ban of theirs stops this.
    pub(super) may_be_banned: bool,
    /// Whether a solved challenge leads past this quota, to a wider one.
    pub(super) spared_by_proof: bool,
}

impl Act<'_> {
    /// The visitor whose act it is.
    pub(super) fn visitor(&self) -> Option<VisitorId> {
        match self {
            Self::Handoff(visitor, ..)
            | Self::Carry(visitor)
            | Self::Session(visitor)
            | Self::Ticket(visitor)
            | Self::Turnstile(visitor)
            | Self::Appeal(visitor) => Some(*visitor),
            Self::SignIn(_) | Self::Passkey => None,
        }
    }

    /// Whom it is about, when it is refused.
    pub(super) fn about(&self) -> About {
        match self {
            Self::SignIn(email) => About::Person(Some((*email).clone())),
            Self::Passkey => About::Person(None),
            // The words before a handoff are told under the talk's own name.
            Self::Handoff(visitor, MessageId(id), words) => {
                About::Visitor(*visitor, (*words).to_owned(), Some(ConversationId(*id)))
            }
            Self::Carry(visitor)
            | Self::Session(visitor)
            | Self::Ticket(visitor)
            | Self::Turnstile(visitor)
            | Self::Appeal(visitor) => About::Visitor(*visitor, String::new(), None),
        }
    }

    /// Whether it begins a talk: that is what a shield stands before.
    pub(super) fn begins_a_talk(&self) -> bool {
        matches!(self, Self::Handoff(..))
    }

    /// Whether somebody who is stopped may not do it. Whoever stops an address may be behind it themselves, as visitors and
    /// colleagues in one shop are: signing in has quotas of its own.
    pub(super) fn may_be_banned(&self) -> bool {
        !matches!(self, Self::Appeal(_) | Self::SignIn(_) | Self::Passkey)
    }

    /// Whether it is judged by how the visitor and the address behaved.
    pub(super) fn is_judged(&self) -> bool {
        matches!(self, Self::Handoff(..) | Self::Session(_))
    }

    /// Whether a solved challenge leads past quotas that others may have used up.
    pub(super) fn is_spared_by_proof(&self) -> bool {
        matches!(self, Self::Handoff(..))
    }

    /// What that says against the visitor.
    pub(super) fn said(&self, site: &SiteId, watch: &Watch) -> Option<(MessageId, Evidence)> {
        match self {
            Self::Handoff(_, id, text) if !text.is_empty() => {
                Some((*id, Watcher::of(site, watch).weigh(text)))
            }
            _ => None,
        }
    }
}

/// The quotas an act falls under, from the narrowest to the widest.
pub(super) fn quotas_of<'a>(
    address: Option<ClientAddress>,
    act: &Act<'a>,
    words: Option<[u64; 2]>,
    proven: bool,
) -> Vec<Asked<'a>> {
    use Policy as P;
    let (narrowest, of_address, of_network, of_site) = match act {
        Act::Handoff(visitor, ..) => (
            Some((vec![P::HandoffVisitor, P::HandoffVisitorDay], Who::Visitor(*visitor))),
            Some(if proven { P::HandoffAddressProven } else { P::HandoffAddress }),
            Some(if proven { P::HandoffNetworkProven } else { P::HandoffNetwork }),
            Some(P::HandoffSite),
        ),
        // Where the carrier is says nothing about who writes; and what floods a channel must not keep visitors from the site's.
        Act::Carry(visitor) => (
            Some((vec![P::HandoffVisitor, P::HandoffVisitorDay], Who::Visitor(*visitor))),
            None,
            None,
            Some(P::CarrySite),
        ),
        Act::Session(visitor) | Act::Ticket(visitor) | Act::Turnstile(visitor) => (
            Some((vec![P::SessionVisitor], Who::Visitor(*visitor))),
            Some(P::SessionAddress),
            Some(P::SessionNetwork),
            Some(P::SessionSite),
        ),
        Act::Appeal(visitor) => (
            Some((vec![P::AppealVisitor], Who::Visitor(*visitor))),
            Some(P::AppealAddress),
            Some(P::AppealNetwork),
            Some(P::AppealSite),
        ),
        Act::SignIn(email) => (
            Some((vec![P::SignInPersonFrom], Who::PersonFrom(email, address))),
            Some(P::SignInAddress),
            Some(P::SignInNetwork),
            Some(P::SignInSite),
        ),
        // Nobody finds one by trying, and a try costs little: no person and no site is shielded from that, and so none is kept
        // out by others.
        Act::Passkey => (None, Some(P::SignInAddress), Some(P::SignInNetwork), None),
    };
    let may_be_banned = act.may_be_banned();
    let spared = act.is_spared_by_proof();
    let asked = |policies, who, spared_by_proof| Asked { policies, who, may_be_banned, spared_by_proof };
    let narrowest = narrowest.map(|(policies, who)| asked(policies, who, false));
    let of_address = of_address.map(|policy| asked(vec![policy], Who::Address(address), spared));
    let mut quotas: Vec<_> = narrowest.into_iter().chain(of_address).collect();
    if let (Some(address), Some(policy)) = (address, of_network)
        && address.network().is_some()
    {
        quotas.push(asked(vec![policy], Who::Network(address), spared));
    }
    let policy = if proven { P::HandoffWordsProven } else { P::HandoffWords };
    quotas.extend(words.into_iter().flatten().map(|name| asked(vec![policy], Who::Words(name), true)));
    if let Act::SignIn(email) = act {
        quotas.push(asked(vec![P::SignInPerson], Who::Person(email), false));
    }
    quotas.extend(of_site.map(|policy| asked(vec![policy], Who::Site, false)));
    quotas
}

/// The refusal of a quota.
pub(crate) fn throttled(policy: Policy, decision: Decision, limits: Vec<Limit>) -> Refusal {
    let wait = match decision {
        Decision::Refused { retry_after_ms: Some(wait) } => wait,
        _ => policy.quota().window_ms(),
    };
    Refusal::throttled(detail(policy), wait, limits)
}

fn detail(policy: Policy) -> &'static str {
    use Policy as P;
    match policy {
        P::HandoffVisitor
        | P::HandoffVisitorDay
        | P::HandoffAddress
        | P::HandoffAddressProven
        | P::HandoffNetwork
        | P::HandoffNetworkProven => "Too many conversations were opened from here in a short time.",
        P::HandoffWords | P::HandoffWordsProven => "Many others are sending nearly the same words right now.",
        P::HandoffSite | P::CarrySite => "Very many people are asking for a person at the moment.",
        P::SessionVisitor | P::SessionAddress | P::SessionNetwork => {
            "Too many connections were opened from here in a short time."
        }
        P::SessionSite => "Very many people are connecting at the moment.",
        P::AppealVisitor | P::AppealAddress | P::AppealNetwork => {
            "Too many appeals came from here in a short time."
        }
        P::AppealSite => "Very many appeals have come at once.",
        P::SignInPersonFrom | P::SignInPerson => "Too many sign-ins were tried for this person.",
        P::SignInAddress | P::SignInNetwork => "Too many sign-ins were tried from here.",
        P::SignInSite => "Too many sign-ins were tried at this site.",
    }
}
