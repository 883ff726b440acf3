//! Who the visitor is, as the site's page says: `Deskbell('identify', { token })`.

use deskbell_shared::wire::{Customer, CustomerToken};

/// A visitor who is signed in at the site.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Identity {
    /// What the edge believes, or not.
    pub(crate) token: CustomerToken,
    /// What the token says. Nobody has verified it here, so it changes nothing but what this visitor sees.
    pub(crate) customer: Customer,
}

/// What the page gave is no token that says who somebody is.
#[derive(Debug, thiserror::Error)]
#[error(
    "a JSON Web Token is needed whose claims have a `sub`, and a `name`, `email` and `vip` that are not empty if they are there"
)]
pub(crate) struct IdentityError;

impl Identity {
    /// Reads what the page gave.
    ///
    /// # Errors
    /// [`IdentityError`], also when there is nothing in the browser to decode base64 with.
    pub(crate) fn read(token: String) -> Result<Self, IdentityError> {
        let token = CustomerToken::try_from(token).map_err(|_| IdentityError)?;
        let customer = decoded(token.claims()).and_then(|claims| serde_json::from_slice(&claims).ok());
        Ok(Self { token, customer: customer.ok_or(IdentityError)? })
    }
}

/// The bytes of URL-safe base64. The browser decodes the other alphabet, and into characters of a byte each.
fn decoded(base64: &str) -> Option<Vec<u8>> {
    let base64 = base64.replace('-', "+").replace('_', "/");
    let bytes = web_sys::window()?.atob(&base64).ok()?;
    bytes.chars().map(|byte| u8::try_from(u32::from(byte)).ok()).collect()
}
