//! Signed tokens: `<payload>.<tag>`, both URL-safe base64 without padding, the tag an HMAC-SHA-256.
//!
//! One master key is enough for a deployment: every purpose derives its own, so that a token made for
//! one purpose is never accepted for another.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use thiserror::Error;

use super::{ChallengeId, ConversationId, Millis, ResumeKey, SiteId, VisitorId};

/// A key for one purpose, derived from the deployment's master key. It is kept as HMAC's state after the key's own block,
/// so that each message is hashed and nothing else.
#[derive(Clone)]
pub struct Key(Hmac<Sha256>);

/// Why a token is not accepted. Deliberately coarse: the holder learns nothing but what to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TokenError {
    /// Not a token of ours.
    #[error("the token is not valid")]
    Invalid,
    /// It was good once.
    #[error("the token has expired")]
    Expired,
}

impl Key {
    /// The key for `purpose`, a fixed text such as `visitor-session/1`.
    pub fn derive(master: &[u8], purpose: &str) -> Self {
        Self(keyed(&mac(keyed(master), &[purpose.as_bytes()])))
    }

    /// The HMAC-SHA-256 of several parts; their lengths are part of what is signed.
    pub fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        mac(self.0.clone(), parts)
    }

    /// A name for several parts, which nobody without the key leads back to them: 32 hexadecimal digits.
    pub fn name(&self, parts: &[&[u8]]) -> String {
        let mac = self.mac(parts);
        let digit = |digit: u8| char::from(b"0123456789abcdef"[usize::from(digit & 15)]);
        mac[..16].iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
    }

    /// Seals `claims` into a token.
    pub fn seal(&self, claims: &impl Serialize) -> String {
        // The claims are our own plain structs: there is nothing in them that JSON cannot write.
        let payload = serde_json::to_vec(claims).unwrap_or_default();
        let tag = self.mac(&[&payload]);
        format!("{}.{}", base64url(&payload), base64url(&tag))
    }

    /// Opens a token made by [`Key::seal`].
    ///
    /// # Errors
    /// [`TokenError::Invalid`] when it is not one of ours; [`TokenError::Expired`] when its time is over.
    pub fn open<C: Claims>(&self, token: &str, now: Millis) -> Result<C, TokenError> {
        let (payload, tag) = token.split_once('.').ok_or(TokenError::Invalid)?;
        let payload = from_base64url(payload).ok_or(TokenError::Invalid)?;
        let tag = from_base64url(tag).ok_or(TokenError::Invalid)?;
        if !bool::from(tag.as_slice().ct_eq(&self.mac(&[&payload]))) {
            return Err(TokenError::Invalid);
        }
        let claims: C = serde_json::from_slice(&payload).map_err(|_| TokenError::Invalid)?;
        if claims.expires() <= now { Err(TokenError::Expired) } else { Ok(claims) }
    }
}

/// What a token says.
pub trait Claims: DeserializeOwned {
    /// When it stops being believed.
    fn expires(&self) -> Millis;
}

/// The claims of a visitor's session: one visitor, one conversation, one site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionClaims {
    /// The site.
    pub site: SiteId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The visitor's browser.
    pub visitor: VisitorId,
    /// When it ends.
    pub expires: Millis,
}

impl Claims for SessionClaims {
    fn expires(&self) -> Millis {
        self.expires
    }
}

/// The claims of a challenge: one visitor, one site, one puzzle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChallengeClaims {
    /// Which one: it is answered once.
    pub id: ChallengeId,
    /// The site.
    pub site: SiteId,
    /// Whom it was set: an HMAC.
    pub subject: String,
    /// How hard it is.
    pub bits: u8,
    /// When it is worth nothing any more.
    pub expires: Millis,
}

impl Claims for ChallengeClaims {
    fn expires(&self) -> Millis {
        self.expires
    }
}

/// The conversation that a visitor's key opens at a site. Whoever knows the conversation's id learns nothing of the key.
pub fn conversation_of(key: &Key, site: &SiteId, resume: &ResumeKey) -> ConversationId {
    let digest = key.mac(&[site.as_str().as_bytes(), &resume.0]);
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    ConversationId(id)
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    // HMAC takes keys of every length: RFC 2104, section 2.
    Hmac::new_from_slice(key).unwrap_or_else(|_| Hmac::new(&Default::default()))
}

fn mac(mut mac: Hmac<Sha256>, parts: &[&[u8]]) -> [u8; 32] {
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// The HMAC-SHA-256 of a message: RFC 2104.
pub(super) fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    keyed(key).chain_update(message).finalize().into_bytes().into()
}

/// URL-safe base64 without padding: RFC 4648, section 5.
pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of a text made by [`base64url`]; `None` for anything else.
pub fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn claims(expires: u64) -> SessionClaims {
        SessionClaims {
            site: "acme".parse().unwrap(),
            conversation: ConversationId([1; 16]),
            visitor: VisitorId([2; 16]),
            expires: Millis(expires),
        }
    }

    proptest! {
        #[test]
        fn base64_survives_the_round_trip(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            prop_assert_eq!(from_base64url(&base64url(&bytes)), Some(bytes));
        }

        #[test]
        fn any_text_as_a_token_is_refused_without_a_panic(text in ".*") {
            let key = Key::derive(b"master", "test");
            prop_assert_eq!(key.open::<SessionClaims>(&text, Millis(0)), Err(TokenError::Invalid));
        }

        #[test]
        fn a_token_changed_anywhere_is_refused(place in 0usize..200, letter in "[A-Za-z0-9_-]") {
            let key = Key::derive(b"master", "test");
            let token = key.seal(&claims(10));
            let place = place % token.len();
            let mut forged = token.clone();
            forged.replace_range(place..=place, &letter);
            if forged != token {
                prop_assert_eq!(key.open::<SessionClaims>(&forged, Millis(0)), Err(TokenError::Invalid));
            }
        }
    }

    #[test]
    fn a_token_holds_until_its_moment_and_for_its_purpose_only() {
        let key = Key::derive(b"master", "visitor-session/1");
        let token = key.seal(&claims(10));
        assert_eq!(key.open(&token, Millis(9)), Ok(claims(10)));
        assert_eq!(key.open::<SessionClaims>(&token, Millis(10)), Err(TokenError::Expired));
        let other = Key::derive(b"master", "agent-session/1");
        assert_eq!(other.open::<SessionClaims>(&token, Millis(9)), Err(TokenError::Invalid));
    }

    #[test]
    fn the_parts_of_a_mac_cannot_run_into_each_other() {
        let key = Key::derive(b"master", "test");
        assert_ne!(key.mac(&[b"ab", b"c"]), key.mac(&[b"a", b"bc"]));
    }
}
