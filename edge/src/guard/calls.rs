//! What a guard's shard can be asked.

use deskbell_shared::{
    guard::{
        conduct::{Conduct, Evidence},
        ladder::Thresholds,
        signal::Signal,
    },
    throttle::{self, Quota},
    wire::{BanId, BanScope, ChallengeId, Line, MessageId, Millis, SiteId},
};
use serde::{Deserialize, Serialize};

use crate::{limits::Limit, platform::object::calls, site::calls::GuardBan};

/// Declares each quota the guard keeps once: its name in `RateLimit-Policy`, and how much it admits.
macro_rules! policies {
    ($($(#[$doc:meta])* $name:ident $text:literal $quota:ident;)*) => {
        /// A quota the guard keeps.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub(crate) enum Policy {$(
            $(#[$doc])*
            #[serde(rename = $text)]
            $name,
        )*}

        impl Policy {
            /// Its name.
            pub(crate) const fn name(self) -> &'static str {
                match self {$(Self::$name => $text,)*}
            }

            /// How much it admits.
            pub(crate) const fn quota(self) -> Quota {
                match self {$(Self::$name => throttle::$quota,)*}
            }
        }
    };
}

policies! {
    /// Handoffs of one visitor
    HandoffVisitor "handoff-visitor" HANDOFFS_PER_VISITOR;
    /// Handoffs of one visitor in a day
    HandoffVisitorDay "handoff-visitor-day" HANDOFFS_PER_VISITOR_DAY;
    /// Handoffs of one address
    HandoffAddress "handoff-address" HANDOFFS_PER_ADDRESS;
    /// Handoffs of one address by browsers that solved a challenge
    HandoffAddressProven "handoff-address-proven" HANDOFFS_PER_ADDRESS_PROVEN;
    /// Handoffs of one IPv6 /48
    HandoffNetwork "handoff-network" HANDOFFS_PER_NETWORK;
    /// Handoffs of one IPv6 /48 by browsers that solved a challenge
    HandoffNetworkProven "handoff-network-proven" HANDOFFS_PER_NETWORK_PROVEN;
    /// Handoffs with nearly the same words
    HandoffWords "handoff-words" HANDOFFS_PER_WORDS;
    /// Handoffs with nearly the same words by browsers that solved a challenge
    HandoffWordsProven "handoff-words-proven" HANDOFFS_PER_WORDS_PROVEN;
    /// Handoffs to one site
    HandoffSite "handoff-site" HANDOFFS_PER_SITE;
    /// Talks that begin on the channels of one site
    CarrySite "carry-site" CARRIES_PER_SITE;
    /// Sessions and tickets of one visitor
    SessionVisitor "session-visitor" SESSIONS_PER_VISITOR;
    /// Sessions and tickets of one address
    SessionAddress "session-address" SESSIONS_PER_ADDRESS;
    /// Sessions and tickets of one IPv6 /48
    SessionNetwork "session-network" SESSIONS_PER_NETWORK;
    /// Sessions and tickets of one site
    SessionSite "session-site" SESSIONS_PER_SITE;
    /// Appeals of one visitor
    AppealVisitor "appeal-visitor" APPEALS_PER_VISITOR;
    /// Appeals of one address
    AppealAddress "appeal-address" APPEALS_PER_ADDRESS;
    /// Appeals of one IPv6 /48
    AppealNetwork "appeal-network" APPEALS_PER_NETWORK;
    /// Appeals to one site
    AppealSite "appeal-site" APPEALS_PER_SITE;
    /// Sign-ins tried for one person from one address
    SignInPersonFrom "sign-in-person-address" SIGN_INS_PER_PERSON_AND_ADDRESS;
    /// Sign-ins tried for one person, from everywhere
    SignInPerson "sign-in-person" SIGN_INS_PER_PERSON;
    /// Sign-ins tried from one address
    SignInAddress "sign-in-address" SIGN_INS_PER_ADDRESS;
    /// Sign-ins tried from one IPv6 /48
    SignInNetwork "sign-in-network" SIGN_INS_PER_NETWORK;
    /// Sign-ins tried for one site
    SignInSite "sign-in-site" SIGN_INS_PER_SITE;
}

/// Admits one act of a key, and counts it by each of the quotas; refused when the key is banned or a quota is used up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Admit {
    /// By which quotas.
    pub(crate) policies: Vec<Policy>,
    /// Who is counted: an HMAC.
    pub(crate) key: String,
    /// Who may be banned: an HMAC under another key. `None` for what is never banned.
    pub(crate) ban: Option<String>,
    /// What is to be weighed; `None` for keys of which nothing else is known.
    pub(crate) judged: Option<Judged>,
    /// Whether it matters if the key has been [`Remember`]ed.
    pub(crate) recognises: bool,
}

/// What is weighed when somebody opens something.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Judged {
    /// What they say, under an id so that the same again is not counted again.
    pub(crate) said: Option<(MessageId, Evidence)>,
    /// What else was noticed.
    pub(crate) signals: Vec<Signal>,
    /// The challenge whose solution came along.
    pub(crate) spends: Option<ChallengeId>,
    /// When a ban answers; `None` for an address, which is never banned by the guard.
    pub(crate) bans: Option<BansBy>,
}

/// When the guard bans a visitor.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct BansBy {
    /// From how many points on.
    pub(crate) thresholds: Thresholds,
    /// Whose visitor it is: that site is told.
    pub(crate) site: SiteId,
}

/// That something was admitted by a key.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Admitted {
    /// Where the quotas stand.
    pub(crate) limits: Vec<Limit>,
    /// How the key behaves.
    pub(crate) conduct: Conduct,
    /// Whether the solution had been used before.
    pub(crate) spent_before: bool,
    /// The ban by which the key is stopped from now on.
    pub(crate) stopped: Option<PutBan>,
    /// Whether the key has been [`Remember`]ed.
    pub(crate) known: bool,
}

/// Bans a visitor who has gone too far, for as long as the ladder says; refused when they are banned already.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Stop {
    /// Whom it stops.
    pub(crate) key: String,
    /// By what.
    pub(crate) by: BansBy,
}

/// Somebody has shown that they belong here: their key is known for a while.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Remember {
    /// Whose.
    pub(crate) key: String,
}

/// Gives back what [`Admit`] counted, because what it was for did not happen.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct GiveBack {
    /// By which quotas it was counted.
    pub(crate) policies: Vec<Policy>,
    /// Who was counted.
    pub(crate) key: String,
    /// When, or somewhat before.
    pub(crate) counted: Millis,
}

/// Something speaks against a key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Suspect {
    /// Whom: the HMAC that bans go by.
    pub(crate) key: String,
    /// What.
    pub(crate) signal: Signal,
}

/// Bans a key from now on. Doing it again changes when it ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PutBan {
    /// Which ban this is.
    pub(crate) id: BanId,
    /// Whom it stops.
    pub(crate) key: String,
    /// When it ends; `None` until it is lifted.
    pub(crate) until: Option<Millis>,
    /// What the visitor is told; `None` when the guard made it.
    pub(crate) reason: Option<Line>,
    /// What the guard went by.
    pub(crate) signals: Vec<Signal>,
}

impl PutBan {
    /// The same ban of a visitor, as their site is told of it.
    pub(crate) fn told(self) -> GuardBan {
        let Self { id, key, until, signals, .. } = self;
        GuardBan { id, conversation: None, scope: BanScope::Visitor, key, signals, until }
    }
}

/// Lifts a ban. Doing it again changes nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct LiftBan {
    /// Which ban.
    pub(crate) id: BanId,
    /// Whose it was, when it was wrong: then nothing that led to it counts any more.
    pub(crate) forgiven: Option<String>,
}

calls! {
    Admit => Admitted, "/admit";
    GiveBack => (), "/give-back";
    Stop => PutBan, "/stop";
    Remember => (), "/remember";
    Suspect => (), "/suspect";
    PutBan => (), "/put-ban";
    LiftBan => (), "/lift-ban";
}
