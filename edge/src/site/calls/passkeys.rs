//! What a site can be asked of its people's passkeys.

use deskbell_shared::wire::{Assertion, Base64Url, Email, Line, Passkeys, RegistrationResponse};
use serde::{Deserialize, Serialize};

use super::{NewSession, Prover};
use crate::platform::object::calls;

/// Somebody's passkeys.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PasskeysOf {
    /// Whose.
    pub(crate) email: Email,
}

/// Gives somebody one more passkey. Where they owed a second factor, their other sessions end.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct AddPasskey {
    /// Who is asking.
    pub(crate) prover: Prover,
    /// What they call it.
    pub(crate) name: Line,
    /// What the browser says of it.
    pub(crate) made: RegistrationResponse,
}

/// Takes a passkey away from somebody. Their other sessions end: it may have been in other hands.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct RemovePasskey {
    /// Who is asking.
    pub(crate) prover: Prover,
    /// Which.
    pub(crate) id: Base64Url,
}

/// Signs in whoever has this passkey.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SignInByPasskey {
    /// What the passkey says.
    pub(crate) passkey: Assertion,
    /// The origin of the page that may ask for it: the edge's own.
    pub(crate) origin: String,
    /// From where, as the record names it.
    pub(crate) from: String,
}

calls! {
    PasskeysOf => Passkeys, "/passkeys";
    AddPasskey => Passkeys, "/add-passkey";
    RemovePasskey => Passkeys, "/remove-passkey";
    SignInByPasskey => NewSession, "/sign-in-by-passkey";
}
