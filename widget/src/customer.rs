//! Who the visitor is, as the site's page says: `Deskbell('identify', { token })`.

use deskbell_shared::wire::{Customer, CustomerToken};
use js_sys::{JSON, Reflect};
use wasm_bindgen::JsValue;

/// A visitor who is signed in at the site. Nobody has verified it here, so it changes nothing but what this visitor sees.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Identity {
    /// What the edge believes, or not.
    pub(crate) token: CustomerToken,
    /// The claims, as JSON. Only what talks to a person reads them all: that code is not there before.
    claims: String,
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
        let claims = decoded(token.claims()).ok_or(IdentityError)?;
        Ok(Self { token, claims })
    }

    /// Whether the site asks not to keep the visitor waiting.
    pub(crate) fn is_vip(&self) -> bool {
        self.claim("vip").is_some_and(|vip| vip.as_bool() == Some(true))
    }

    /// Whether it says of somebody else who they are.
    pub(crate) fn is_another(&self, other: &Self) -> bool {
        self.claim("sub") != other.claim("sub")
    }

    fn claim(&self, name: &str) -> Option<JsValue> {
        JSON::parse(&self.claims).and_then(|claims| Reflect::get(&claims, &name.into())).ok()
    }

    /// What the token says.
    ///
    /// # Errors
    /// [`IdentityError`] when that is not who somebody is.
    pub(crate) fn customer(&self) -> Result<Customer, IdentityError> {
        serde_json::from_str(&self.claims).map_err(|_| IdentityError)
    }
}

/// The text in URL-safe base64. The browser decodes the other alphabet, and into characters of a byte each.
fn decoded(base64: &str) -> Option<String> {
    let base64 = base64.replace('-', "+").replace('_', "/");
    let bytes = web_sys::window()?.atob(&base64).ok()?;
    String::from_utf8(bytes.chars().map(|byte| byte as u8).collect()).ok()
}
