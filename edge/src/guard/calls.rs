//! What a guard's shard can be asked.

use deskbell_shared::{
    throttle::{self, Quota},
    wire::{BanId, Line, Millis},
};
use serde::{Deserialize, Serialize};

use crate::{limits::Limit, platform::object::calls};

/// Declares each quota the guard keeps once: its name in `RateLimit-Policy`, and how much it admits.
macro_rules! policies {
    ($($(#[$doc:meta])* $name:ident $text:literal $quota:ident;)*) => {
        /// A quota the guard keeps.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Handoffs of one address
    HandoffAddress "handoff-address" HANDOFFS_PER_ADDRESS;
    /// Handoffs of one IPv6 /48
    HandoffNetwork "handoff-network" HANDOFFS_PER_NETWORK;
    /// Handoffs to one site
    HandoffSite "handoff-site" HANDOFFS_PER_SITE;
    /// Sessions and tickets of one visitor
    SessionVisitor "session-visitor" SESSIONS_PER_VISITOR;
    /// Sessions and tickets of one address
    SessionAddress "session-address" SESSIONS_PER_ADDRESS;
    /// Sessions and tickets of one IPv6 /48
    SessionNetwork "session-network" SESSIONS_PER_NETWORK;
    /// Sessions and tickets of one site
    SessionSite "session-site" SESSIONS_PER_SITE;
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

/// Admits one act of a key, and counts it; refused when the key is banned or its quota is used up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Admit {
    /// By which quota.
    pub(crate) policy: Policy,
    /// Who is counted: an HMAC.
    pub(crate) key: String,
    /// Who may be banned: an HMAC under another key. `None` for what is never banned.
    pub(crate) ban: Option<String>,
}

/// Gives back what [`Admit`] counted, because what it was for did not happen.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct GiveBack {
    /// By which quota it was counted.
    pub(crate) policy: Policy,
    /// Who was counted.
    pub(crate) key: String,
    /// When, or somewhat before.
    pub(crate) counted: Millis,
}

/// Bans a key from now on. Doing it again changes nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PutBan {
    /// Which ban this is.
    pub(crate) id: BanId,
    /// Whom it stops.
    pub(crate) key: String,
    /// When it ends; `None` until it is lifted.
    pub(crate) until: Option<Millis>,
    /// What the visitor is told.
    pub(crate) reason: Line,
}

/// Lifts a ban. Doing it again changes nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct LiftBan {
    /// Which ban.
    pub(crate) id: BanId,
}

calls! {
    Admit => Limit, "/admit";
    GiveBack => (), "/give-back";
    PutBan => (), "/put-ban";
    LiftBan => (), "/lift-ban";
}
