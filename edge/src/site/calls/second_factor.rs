//! What a site can be asked of its people's second factors.

use deskbell_shared::wire::{Credential, Email, Millis, Password, RecoveryCodes, SecondFactor, TotpSecret};
use serde::{Deserialize, Serialize};

use crate::platform::object::calls;

/// How somebody's second factor stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct FactorOf {
    /// Whose.
    pub(crate) email: Email,
}

/// Turns a second factor on, or puts another app in the place of the one before. Their other sessions end.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct TurnOnFactor {
    /// Who is asking.
    pub(crate) prover: Prover,
    /// The secret that their app has.
    pub(crate) secret: TotpSecret,
    /// The time step of the code which showed that.
    pub(crate) step: u64,
    /// Since when the one was on whose place it takes; *conflict* when that is not so any more.
    pub(crate) instead_of: Option<Millis>,
}

/// Turns somebody's second factor off.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct TurnOffFactor {
    /// Who is asking.
    pub(crate) prover: Prover,
}

/// Puts another password in the place of somebody's. Their other sessions end.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SetPassword {
    /// Who is asking, by the password they have.
    pub(crate) prover: Prover,
    /// The password to have.
    pub(crate) new: Password,
}

/// Makes new recovery codes.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct RenewCodes {
    /// Who is asking.
    pub(crate) prover: Prover,
}

/// Somebody who is signed in, and proves once more who they are.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Prover {
    /// Who.
    pub(crate) email: Email,
    /// The session they ask in; nothing is proven in one that has ended meanwhile.
    pub(crate) session: String,
    /// By what.
    pub(crate) credential: Credential,
    /// From where, as the record names it.
    pub(crate) from: String,
    /// The origin of the page that may ask for a passkey: the edge's own.
    pub(crate) origin: String,
}

/// Demands a second factor of everybody, or does not any more.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct DemandFactor {
    /// Whether.
    pub(crate) demanded: bool,
    /// Who says so.
    pub(crate) by: Email,
}

calls! {
    FactorOf => SecondFactor, "/factor";
    TurnOnFactor => RecoveryCodes, "/turn-on-factor";
    TurnOffFactor => (), "/turn-off-factor";
    SetPassword => (), "/set-password";
    RenewCodes => RecoveryCodes, "/renew-codes";
    DemandFactor => (), "/demand-factor";
}
