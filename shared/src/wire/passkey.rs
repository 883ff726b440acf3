//! Passkeys: what the edge and a browser tell each other in the JSON forms of Web Authentication, Level 3, sections 5.1.8
//! to 5.1.10, so that a browser's own `parseCreationOptionsFromJSON`, `parseRequestOptionsFromJSON` and `toJSON` do the rest.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Credential, Line, Millis};

/// How many passkeys one person has at most.
pub const MAX_PASSKEYS: usize = 20;

/// Bytes to or from an authenticator, in URL-safe base64 without padding: 1 to [`Base64Url::MAX_CHARS`] characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Base64Url(String);

/// Not URL-safe base64, or too much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("1 to {} characters of URL-safe base64 without padding", Base64Url::MAX_CHARS)]
pub struct Base64UrlError;

impl Base64Url {
    /// The most characters: six kilobytes. The largest of what is sent, a key or signature of RSA, has one.
    pub const MAX_CHARS: usize = 8192;

    /// The characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// These bytes.
    ///
    /// # Errors
    /// [`Base64UrlError`] for none, and for too many.
    #[cfg(feature = "server")]
    pub fn of(bytes: &[u8]) -> Result<Self, Base64UrlError> {
        super::token::base64url(bytes).try_into()
    }

    /// The bytes; `None` when bits are set that belong to none.
    #[cfg(feature = "server")]
    pub fn bytes(&self) -> Option<Vec<u8>> {
        super::token::from_base64url(&self.0)
    }
}

impl TryFrom<String> for Base64Url {
    type Error = Base64UrlError;
    fn try_from(text: String) -> Result<Self, Base64UrlError> {
        let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        // A last group of one character is of no whole byte.
        let fits = (1..=Self::MAX_CHARS).contains(&text.len()) && text.len() % 4 != 1;
        if fits && text.bytes().all(is_digit) { Ok(Self(text)) } else { Err(Base64UrlError) }
    }
}

impl From<Base64Url> for String {
    fn from(bytes: Base64Url) -> String {
        bytes.0
    }
}

/// `GET /v1/sites/{site}/me/passkeys`: somebody's own; also the answer to what changes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkeys {
    /// In the order in which they were added.
    pub passkeys: Vec<Passkey>,
}

/// One passkey of somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// What its authenticator calls it.
    pub id: Base64Url,
    /// What its owner calls it.
    pub name: Line,
    /// When it was added.
    pub added: Millis,
    /// When somebody last signed in with it, or proved with it who they are; `None` before that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<Millis>,
}

/// `POST /v1/sites/{site}/me/passkeys`: one more passkey of whoever asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddPasskeyRequest {
    /// What to call it.
    pub name: Line,
    /// What the browser says of it.
    pub passkey: Registration,
    /// Who is asking, once more.
    pub credential: Credential,
}

/// `POST /v1/sites/{site}/me/passkeys/remove`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovePasskeyRequest {
    /// Which.
    pub id: Base64Url,
    /// Who is asking, once more.
    pub credential: Credential,
}

/// `POST /v1/sites/{site}/sign-in/passkey`; answered as a `SignInRequest` is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeySignInRequest {
    /// What the passkey says.
    pub passkey: Assertion,
}

/// How an authenticator signs, by its number in the COSE registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256: what nearly everything has.
    Es256,
    /// Ed25519.
    EdDsa,
    /// RSASSA-PKCS1-v1_5 with SHA-256: older hardware of Windows.
    Rs256,
}

/// A way of signing that is not taken here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("passkeys sign with -7 (ES256), -8 (EdDSA) or -257 (RS256), not with {0}")]
pub struct AlgorithmError(i32);

impl Algorithm {
    /// All of them, those to be preferred first.
    pub const ALL: [Self; 3] = [Self::Es256, Self::EdDsa, Self::Rs256];
}

impl From<Algorithm> for i32 {
    fn from(algorithm: Algorithm) -> i32 {
        match algorithm {
            Algorithm::Es256 => -7,
            Algorithm::EdDsa => -8,
            Algorithm::Rs256 => -257,
        }
    }
}

impl TryFrom<i32> for Algorithm {
    type Error = AlgorithmError;
    fn try_from(number: i32) -> Result<Self, AlgorithmError> {
        Self::ALL.into_iter().find(|known| i32::from(*known) == number).ok_or(AlgorithmError(number))
    }
}

/// `POST /v1/sites/{site}/me/passkeys/options`: how the browser makes a passkey; `PublicKeyCredentialCreationOptionsJSON`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreationOptions {
    /// Whom it is for.
    pub rp: RelyingParty,
    /// Whose it will be.
    pub user: PasskeyUser,
    /// What is signed, once.
    pub challenge: Base64Url,
    /// In which ways it may sign.
    pub pub_key_cred_params: Vec<CredentialParameters>,
    /// How long the browser waits for the person, in milliseconds.
    pub timeout: u32,
    /// Those that the person has: one authenticator holds one.
    pub exclude_credentials: Vec<CredentialDescriptor>,
    /// What the authenticator has to be able to.
    pub authenticator_selection: AuthenticatorSelection,
    /// What is to be told about the authenticator's make.
    pub attestation: Attestation,
}

/// Whom a passkey is for. Without an `id` it is for the host of the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelyingParty {
    /// What the browser shows.
    pub name: String,
}

/// Whose a passkey is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PasskeyUser {
    /// A name for the person at this site that says nothing about them.
    pub id: Base64Url,
    /// What tells them from others: their address.
    pub name: String,
    /// What they are called.
    pub display_name: String,
}

/// A way of signing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialParameters {
    /// Always a public key.
    #[serde(rename = "type")]
    pub kind: CredentialType,
    /// Which.
    pub alg: Algorithm,
}

/// A passkey, as browsers name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialDescriptor {
    /// Always a public key.
    #[serde(rename = "type")]
    pub kind: CredentialType,
    /// Which.
    pub id: Base64Url,
}

/// What an authenticator has to be able to: to name the person by itself, and to be sure that it is them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthenticatorSelection {
    /// Whether it keeps who the person is, so that nobody types an address.
    pub resident_key: Requirement,
    /// The same for older browsers.
    pub require_resident_key: bool,
    /// Whether it checks that it is them, by a finger, a face or a PIN.
    pub user_verification: Requirement,
}

/// `POST /v1/sites/{site}/passkey-options`: how the browser asks for a passkey; `PublicKeyCredentialRequestOptionsJSON`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestOptions {
    /// What is signed, once.
    pub challenge: Base64Url,
    /// How long the browser waits for the person, in milliseconds.
    pub timeout: u32,
    /// Whether the authenticator checks that it is them.
    pub user_verification: Requirement,
}

/// Of the kinds of credentials there are, the one that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CredentialType {
    /// A key pair.
    #[serde(rename = "public-key")]
    PublicKey,
}

/// How much something is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Requirement {
    /// Not without it.
    Required,
}

/// What is to be told about an authenticator's make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Attestation {
    /// Nothing: nobody is shut out for what they have.
    None,
}

/// What a browser says of a passkey it has made; of `RegistrationResponseJSON` what is needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// The authenticator's answer.
    pub response: RegistrationResponse,
}

/// The authenticator's answer to [`CreationOptions`]; of `AuthenticatorAttestationResponseJSON` what is needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegistrationResponse {
    /// What the browser answered to: JSON.
    #[serde(rename = "clientDataJSON")]
    pub client_data: Base64Url,
    /// What the authenticator says about itself, and the new passkey's name.
    pub authenticator_data: Base64Url,
    /// The public key, as SubjectPublicKeyInfo.
    pub public_key: Base64Url,
    /// How it signs.
    pub public_key_algorithm: Algorithm,
}

/// What a passkey says of who asks; of `AuthenticationResponseJSON` what is needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assertion {
    /// Which passkey.
    pub id: Base64Url,
    /// The authenticator's answer.
    pub response: AssertionResponse,
}

/// The authenticator's answer to [`RequestOptions`]; of `AuthenticatorAssertionResponseJSON` what is needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssertionResponse {
    /// What the browser answered to: JSON.
    #[serde(rename = "clientDataJSON")]
    pub client_data: Base64Url,
    /// What the authenticator says about itself and the person.
    pub authenticator_data: Base64Url,
    /// Its signature over both.
    pub signature: Base64Url,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{from_value, json};

    use super::*;

    #[test]
    fn options_have_the_names_that_browsers_read() {
        let bytes = |text: &str| Base64Url::try_from(text.to_owned()).unwrap();
        let options = CreationOptions {
            rp: RelyingParty { name: "Acme".to_owned() },
            user: PasskeyUser { id: bytes("AAAA"), name: "a@b".to_owned(), display_name: "A".to_owned() },
            challenge: bytes("BBBB"),
            pub_key_cred_params: vec![CredentialParameters {
                kind: CredentialType::PublicKey,
                alg: Algorithm::Rs256,
            }],
            timeout: 1,
            exclude_credentials: vec![CredentialDescriptor {
                kind: CredentialType::PublicKey,
                id: bytes("CCCC"),
            }],
            authenticator_selection: AuthenticatorSelection {
                resident_key: Requirement::Required,
                require_resident_key: true,
                user_verification: Requirement::Required,
            },
            attestation: Attestation::None,
        };
        assert_eq!(
            serde_json::to_value(options).unwrap(),
            json!({
                "rp": { "name": "Acme" },
                "user": { "id": "AAAA", "name": "a@b", "displayName": "A" },
                "challenge": "BBBB",
                "pubKeyCredParams": [{ "type": "public-key", "alg": -257 }],
                "timeout": 1,
                "excludeCredentials": [{ "type": "public-key", "id": "CCCC" }],
                "authenticatorSelection":
                    { "residentKey": "required", "requireResidentKey": true, "userVerification": "required" },
                "attestation": "none",
            })
        );
    }

    #[test]
    fn what_a_browser_says_is_read_and_what_else_it_says_is_left() {
        let said = json!({
            "id": "AAAA", "rawId": "AAAA", "type": "public-key", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": "BBBB", "authenticatorData": "CCCC", "publicKey": "DDDD",
                "publicKeyAlgorithm": -7, "transports": ["internal"], "attestationObject": "EEEE",
            },
        });
        let registration: Registration = from_value(said).unwrap();
        assert_eq!(registration.response.public_key_algorithm, Algorithm::Es256);
        let said = json!({
            "id": "AAAA", "response": { "clientDataJSON": "BBBB", "authenticatorData": "CCCC", "signature": "DDDD" },
        });
        assert!(from_value::<Assertion>(said).is_ok());
        assert!(from_value::<Algorithm>(json!(-8)).is_ok());
        assert!(from_value::<Algorithm>(json!(-37)).unwrap_err().to_string().contains("-37"));
    }

    proptest! {
        #[test]
        fn base64_is_taken_and_nothing_else(text in "[A-Za-z0-9+/=_-]{0,12}") {
            let taken = Base64Url::try_from(text.clone());
            let right = !text.is_empty() && text.len() % 4 != 1 && !text.contains(['+', '/', '=']);
            prop_assert_eq!(taken.is_ok(), right);
        }
    }

    #[test]
    fn too_much_is_refused() {
        assert!(Base64Url::try_from("A".repeat(Base64Url::MAX_CHARS)).is_ok());
        assert!(Base64Url::try_from("A".repeat(Base64Url::MAX_CHARS + 2)).is_err());
    }
}
