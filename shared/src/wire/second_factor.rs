use core::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::{Assertion, Email, Millis};

/// The alphabet of RFC 4648, in which authenticator apps take a secret.
const RFC4648: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Crockford's alphabet: nothing in it is easily taken for something else.
const CROCKFORD: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// The most characters in which a code is looked for.
const LONGEST_CODE: usize = 64;

/// What an authenticator app makes its codes from: 160 bits, as RFC 4226 has it for SHA-1. Never shown but when it is made.
///
/// On the wire: 32 characters of base32.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TotpSecret(pub [u8; 20]);

/// Not a secret of an authenticator app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a secret is 32 characters of base32")]
pub struct TotpSecretError;

impl TotpSecret {
    /// The secret as apps take it, in capital letters.
    pub fn reveal(&self) -> String {
        base32(&self.0, RFC4648)
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

impl TryFrom<String> for TotpSecret {
    type Error = TotpSecretError;
    fn try_from(text: String) -> Result<Self, TotpSecretError> {
        from_base32(&text, RFC4648).map(Self).ok_or(TotpSecretError)
    }
}

impl From<TotpSecret> for String {
    fn from(secret: TotpSecret) -> String {
        secret.reveal()
    }
}

/// A code that lets somebody in once when their authenticator app is out of reach: 80 bits, `xxxx-xxxx-xxxx-xxxx`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RecoveryCode(pub [u8; 10]);

impl RecoveryCode {
    /// What is kept of a person's code. It has bits enough that nobody finds the code by trying.
    pub fn digest(&self, email: &Email) -> [u8; 32] {
        Sha256::new().chain_update(self.0).chain_update(email.as_str()).finalize().into()
    }
}

impl fmt::Display for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, letter) in base32(&self.0, CROCKFORD).chars().enumerate() {
            let hyphen = if at > 0 && at % 4 == 0 { "-" } else { "" };
            write!(f, "{hyphen}{letter}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

impl TryFrom<String> for RecoveryCode {
    type Error = FactorCodeError;
    fn try_from(text: String) -> Result<Self, FactorCodeError> {
        match FactorCode::try_from(text)? {
            FactorCode::Recovery(code) => Ok(code),
            FactorCode::Digits(_) => Err(FactorCodeError),
        }
    }
}

impl From<RecoveryCode> for String {
    fn from(code: RecoveryCode) -> String {
        code.to_string()
    }
}

/// The second factor as somebody typed it: blanks and hyphens anywhere, full-width characters, capital letters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum FactorCode {
    /// What an authenticator app shows: six digits, below 1,000,000.
    Digits(u32),
    /// A recovery code.
    Recovery(RecoveryCode),
}

/// Not a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a code has six digits; a recovery code has 16 digits and letters")]
pub struct FactorCodeError;

impl TryFrom<String> for FactorCode {
    type Error = FactorCodeError;
    fn try_from(text: String) -> Result<Self, FactorCodeError> {
        if text.chars().nth(LONGEST_CODE).is_some() {
            return Err(FactorCodeError);
        }
        let is_dress = |c: char| c.is_whitespace() || matches!(c, '-' | '‐'..='―' | '−');
        let plain: String = text.chars().map(half_width).filter(|c| !is_dress(*c)).collect();
        let plain = plain.to_ascii_lowercase();
        if plain.len() == 6 && plain.bytes().all(|byte| byte.is_ascii_digit()) {
            return plain.parse().map(Self::Digits).map_err(|_| FactorCodeError);
        }
        let meant: String = plain.chars().map(meant_in_crockford).collect();
        from_base32(&meant, CROCKFORD).map(|code| Self::Recovery(RecoveryCode(code))).ok_or(FactorCodeError)
    }
}

impl From<FactorCode> for String {
    fn from(code: FactorCode) -> String {
        match code {
            FactorCode::Digits(digits) => format!("{digits:06}"),
            FactorCode::Recovery(code) => code.to_string(),
        }
    }
}

/// What proves once more who is signed in, before their second factor changes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Credential {
    /// Their password, as typed.
    Password(String),
    /// A code of their second factor. It is used up.
    Code(FactorCode),
    /// One of their passkeys.
    Passkey(Assertion),
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential(…)")
    }
}

/// `GET /v1/sites/{site}/me/second-factor`: how somebody's own second factor stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactor {
    /// Since when it is on; `None` when it is off.
    pub on_since: Option<Millis>,
    /// How many recovery codes are left.
    pub codes_left: u32,
    /// Whether the site demands it of everybody.
    pub demanded: bool,
}

/// `POST /v1/sites/{site}/me/second-factor/secret`: a secret for an authenticator app. Nothing has changed yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretOffer {
    /// The secret.
    pub secret: TotpSecret,
    /// The same, signed for whoever asked; good for a quarter of an hour.
    pub offer: String,
}

/// `PUT /v1/sites/{site}/me/second-factor`: from now on the offered secret counts, instead of one that is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnOnRequest {
    /// [`SecretOffer::offer`].
    pub offer: String,
    /// What the app shows now: it has the secret, and its clock is right.
    pub code: FactorCode,
    /// The password; or, for another app, a code of the one before.
    pub credential: Credential,
}

/// `POST …/me/second-factor/off` and `POST …/me/second-factor/codes`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialRequest {
    /// Who is asking, once more.
    pub credential: Credential,
}

/// New recovery codes: shown once, and in the place of those before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryCodes {
    /// Each works once.
    pub codes: Vec<RecoveryCode>,
}

/// `PUT /v1/sites/{site}/second-factor`: whether everybody needs one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemandRequest {
    /// Whether whoever has none sets it up before anything else.
    pub demanded: bool,
}

/// Full-width characters as the plain ones they stand for.
fn half_width(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    }
}

/// What Crockford's alphabet takes a letter for that is not in it.
fn meant_in_crockford(c: char) -> char {
    match c {
        'o' => '0',
        'i' | 'l' => '1',
        c => c,
    }
}

/// Five bits a character. `bytes` fill their characters exactly: they are a multiple of five.
fn base32(bytes: &[u8], alphabet: &[u8; 32]) -> String {
    let letter = |group: u64, at: usize| char::from(alphabet[(group >> (35 - 5 * at)) as usize & 31]);
    let group = |five: &[u8]| five.iter().fold(0, |group, byte| group << 8 | u64::from(*byte));
    bytes.chunks(5).map(group).flat_map(|group| (0..8).map(move |at| letter(group, at))).collect()
}

/// The bytes of exactly as many characters as they fill.
fn from_base32<const N: usize>(text: &str, alphabet: &[u8; 32]) -> Option<[u8; N]> {
    if text.len() * 5 != N * 8 {
        return None;
    }
    let mut bytes = [0; N];
    for (eight, five) in text.as_bytes().chunks(8).zip(bytes.chunks_mut(5)) {
        let mut group = 0_u64;
        for letter in eight {
            group = group << 5 | alphabet.iter().position(|known| known == letter)? as u64;
        }
        five.copy_from_slice(&group.to_be_bytes()[3..]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn typed(text: &str) -> Result<FactorCode, FactorCodeError> {
        FactorCode::try_from(text.to_owned())
    }

    proptest! {
        #[test]
        fn secrets_and_codes_survive_the_round_trip(secret in any::<[u8; 20]>(), code in any::<[u8; 10]>()) {
            prop_assert_eq!(TotpSecret::try_from(TotpSecret(secret).reveal()), Ok(TotpSecret(secret)));
            let code = RecoveryCode(code);
            prop_assert_eq!(typed(&code.to_string()), Ok(FactorCode::Recovery(code.clone())));
            prop_assert_eq!(typed(&code.to_string().to_uppercase()), Ok(FactorCode::Recovery(code)));
        }

        #[test]
        fn any_text_as_a_code_is_read_or_refused_without_a_panic(text in ".*") {
            if let Ok(code) = typed(&text) {
                prop_assert_eq!(typed(&String::from(code.clone())), Ok(code));
            }
            let _ = TotpSecret::try_from(text);
        }
    }

    #[test]
    fn base32_is_that_of_rfc_4648() {
        assert_eq!(base32(b"foobarfoob", RFC4648), "MZXW6YTBOJTG633C");
        let secret = TotpSecret(*b"12345678901234567890");
        assert_eq!(secret.reveal(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        for dressed in ["007123", " 007 123\n", "００７１２３", "007-123", "0 0 7 1 2 3", "００７　１２３"]
        {
            assert_eq!(typed(dressed), Ok(FactorCode::Digits(7123)), "{dressed}");
        }
        let code = typed("0123-4567-89ab-cdef");
        assert!(matches!(code, Ok(FactorCode::Recovery(_))));
        for dressed in ["O123 4567 89AB CDEF", "oI23456789abcdef", "０l２３－４５６７－８９ＡＢ–cdef"]
        {
            assert_eq!(typed(dressed), code, "{dressed}");
        }
        for bad in [
            "",
            "12345",
            "1234567",
            "12345a",
            "０１２３４",
            "0123-4567-89ab-cdeu",
            "٠٠٧١٢٣",
            &"1".repeat(100_000),
        ] {
            assert_eq!(typed(bad), Err(FactorCodeError), "{bad}");
        }
    }

    #[test]
    fn what_is_secret_is_never_printed() {
        let secret = TotpSecret([7; 20]);
        let code = RecoveryCode([7; 10]);
        let credential = Credential::Password("correct horse".to_owned());
        let printed = format!("{secret:?} {code:?} {credential:?} {:?}", FactorCode::Recovery(code.clone()));
        for hidden in [secret.reveal(), code.to_string(), "horse".to_owned()] {
            assert!(!printed.contains(&hidden), "{printed}");
        }
    }

    #[test]
    fn one_code_of_two_people_is_kept_as_two() {
        let person = |text: &str| Email::try_from(text.to_owned()).unwrap();
        let code = RecoveryCode([7; 10]);
        assert_ne!(code.digest(&person("a@b")), code.digest(&person("b@b")));
    }
}
