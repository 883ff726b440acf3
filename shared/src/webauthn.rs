//! What of Web Authentication, Level 3, the edge decides: whether an authenticator's answer is one to our challenge, given
//! for our host by a person it is sure of. Section 7.1 for a new passkey, section 7.2 for one that signs.
//!
//! Attestation is not asked for, so a new passkey's key is taken from the browser as it stands: whoever could lie about it
//! is whoever it will let in. Signatures are checked by the platform.

use serde::Deserialize;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::wire::Base64Url;

/// The bytes of a P-256 number.
const P256_BYTES: usize = 32;
/// The longest name of a passkey, in bytes: section 4, *credential ID*.
const LONGEST_ID: usize = 1023;

/// What the person was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ceremony {
    /// To make a passkey.
    Create,
    /// To use one.
    Get,
}

/// Why an authenticator's answer is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum WebAuthnError {
    /// The client data are no JSON, or lack something.
    #[error("clientDataJSON could not be read")]
    ClientData,
    /// It was asked for something else.
    #[error("the answer is to another request")]
    Ceremony,
    /// Another page has asked, or ours inside another.
    #[error("another page has asked for it")]
    Origin,
    /// The authenticator's data are cut or malformed.
    #[error("authenticatorData could not be read")]
    AuthenticatorData,
    /// It is a passkey for another host.
    #[error("the passkey is for another host")]
    Host,
    /// The authenticator does not know whether it is them.
    #[error("the authenticator has not checked who uses it")]
    Unverified,
    /// No signature of the algorithm.
    #[error("the signature could not be read")]
    Signature,
}

/// What the authenticator says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthenticatorData<'a> {
    /// How often it has signed, or 0 from one that does not count.
    pub counter: u32,
    /// The name of the passkey it has just made.
    pub made: Option<&'a [u8]>,
}

impl<'a> AuthenticatorData<'a> {
    /// Reads them (section 6.1), and checks that they are for this host, and about somebody who was there and was checked.
    ///
    /// # Errors
    /// [`WebAuthnError`].
    pub fn read(bytes: &'a [u8], host: &str) -> Result<Self, WebAuthnError> {
        use WebAuthnError::{AuthenticatorData as Unreadable, Host, Unverified};
        const PRESENT: u8 = 1;
        const VERIFIED: u8 = 1 << 2;
        const CAN_BE_BACKED_UP: u8 = 1 << 3;
        const IS_BACKED_UP: u8 = 1 << 4;
        const MADE: u8 = 1 << 6;
        let (of_host, rest) = bytes.split_first_chunk::<32>().ok_or(Unreadable)?;
        let (flags, rest) = rest.split_first().ok_or(Unreadable)?;
        let (counter, rest) = rest.split_first_chunk::<4>().ok_or(Unreadable)?;
        if *of_host != <[u8; 32]>::from(Sha256::digest(host)) {
            return Err(Host);
        }
        if flags & (PRESENT | VERIFIED) != PRESENT | VERIFIED {
            return Err(Unverified);
        }
        if flags & (CAN_BE_BACKED_UP | IS_BACKED_UP) == IS_BACKED_UP {
            return Err(Unreadable);
        }
        let made = match flags & MADE {
            0 => None,
            _ => Some(made(rest).ok_or(Unreadable)?),
        };
        Ok(Self { counter: u32::from_be_bytes(*counter), made })
    }
}

/// The name in attested credential data (section 6.5.1): the make's sixteen bytes, the name's length, the name, the key.
fn made(bytes: &[u8]) -> Option<&[u8]> {
    let (_make, rest) = bytes.split_first_chunk::<16>()?;
    let (length, rest) = rest.split_first_chunk::<2>()?;
    let (id, _key) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
    (1..=LONGEST_ID).contains(&id.len()).then_some(id)
}

/// The challenge that a browser answered to, when it was asked for this, by a page of this origin.
///
/// # Errors
/// [`WebAuthnError`].
pub fn challenge_of(client_data: &[u8], ceremony: Ceremony, origin: &str) -> Result<Vec<u8>, WebAuthnError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct ClientData {
        #[serde(rename = "type")]
        kind: String,
        challenge: Base64Url,
        origin: String,
        #[serde(default)]
        cross_origin: bool,
    }
    let said: ClientData = serde_json::from_slice(client_data).map_err(|_| WebAuthnError::ClientData)?;
    let asked = match ceremony {
        Ceremony::Create => "webauthn.create",
        Ceremony::Get => "webauthn.get",
    };
    if said.kind != asked {
        return Err(WebAuthnError::Ceremony);
    }
    if said.origin != origin || said.cross_origin {
        return Err(WebAuthnError::Origin);
    }
    said.challenge.bytes().ok_or(WebAuthnError::ClientData)
}

/// The host of an origin, for which its passkeys are: the *RP ID*.
pub fn host_of(origin: &str) -> &str {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    host.split_once(':').map_or(host, |(host, _)| host)
}

/// What a passkey signs: section 7.2, steps 19 and 20.
pub fn signed_message(authenticator_data: &[u8], client_data: &[u8]) -> Vec<u8> {
    [authenticator_data, &Sha256::digest(client_data)].concat()
}

/// A signature of ES256 as WebCrypto takes it, two numbers of 32 bytes, from the DER that authenticators write: section 6.5.5.
///
/// # Errors
/// [`WebAuthnError::Signature`] for anything that is not exactly one such signature.
pub fn raw_es256(der: &[u8]) -> Result<[u8; 2 * P256_BYTES], WebAuthnError> {
    const SEQUENCE: u8 = 0x30;
    // Two numbers of 33 bytes and their heads: every length is one byte.
    let numbers = |der| {
        let (both, nothing) = tagged(der, SEQUENCE)?;
        let (r, rest) = number(both)?;
        let (s, rest) = number(rest)?;
        (nothing.is_empty() && rest.is_empty()).then_some([r, s])
    };
    let mut raw = [0; 2 * P256_BYTES];
    for (number, place) in
        numbers(der).ok_or(WebAuthnError::Signature)?.iter().zip(raw.chunks_mut(P256_BYTES))
    {
        place.copy_from_slice(number);
    }
    Ok(raw)
}

/// A positive number of 32 bytes at most, and what follows it.
fn number(der: &[u8]) -> Option<([u8; P256_BYTES], &[u8])> {
    const INTEGER: u8 = 2;
    let (digits, rest) = tagged(der, INTEGER)?;
    let digits = match digits {
        [0, next, ..] if *next >= 0x80 => &digits[1..],
        // Zero, or with a digit too many.
        [0, ..] => return None,
        [first, ..] if *first < 0x80 => digits,
        _ => return None,
    };
    let mut number = [0; P256_BYTES];
    number.get_mut(P256_BYTES.checked_sub(digits.len())?..)?.copy_from_slice(digits);
    Some((number, rest))
}

/// What stands under a tag with a length of one byte, and what follows it.
fn tagged(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (head, rest) = der.split_first_chunk::<2>()?;
    (head[0] == tag && head[1] < 0x80).then(|| rest.split_at_checked(usize::from(head[1])))?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::wire::token::base64url;

    const ORIGIN: &str = "https://chat.example.com";
    const HOST: &str = "chat.example.com";

    fn client_data(kind: &str, origin: &str, more: &str) -> Vec<u8> {
        let challenge = base64url(b"once");
        format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}"{more}}}"#).into_bytes()
    }

    fn authenticator_data(host: &str, flags: u8, tail: &[u8]) -> Vec<u8> {
        [&Sha256::digest(host)[..], &[flags], &7_u32.to_be_bytes(), tail].concat()
    }

    #[test]
    fn a_browser_answers_to_one_challenge_of_one_page() {
        let ask = |data: Vec<u8>| challenge_of(&data, Ceremony::Get, ORIGIN);
        assert_eq!(ask(client_data("webauthn.get", ORIGIN, "")), Ok(b"once".to_vec()));
        let more = r#","crossOrigin":false,"other_keys_can_be_added_here":"so do not compare""#;
        assert_eq!(ask(client_data("webauthn.get", ORIGIN, more)), Ok(b"once".to_vec()));
        for (data, error) in [
            (client_data("webauthn.create", ORIGIN, ""), WebAuthnError::Ceremony),
            (client_data("webauthn.get", "https://chat.example.com.evil.com", ""), WebAuthnError::Origin),
            (client_data("webauthn.get", "http://chat.example.com", ""), WebAuthnError::Origin),
            (client_data("webauthn.get", ORIGIN, r#","crossOrigin":true"#), WebAuthnError::Origin),
            (b"{}".to_vec(), WebAuthnError::ClientData),
            (Vec::new(), WebAuthnError::ClientData),
        ] {
            assert_eq!(ask(data), Err(error));
        }
        let made = client_data("webauthn.create", ORIGIN, "");
        assert_eq!(challenge_of(&made, Ceremony::Create, ORIGIN), Ok(b"once".to_vec()));
    }

    #[test]
    fn a_host_has_no_scheme_and_no_port() {
        assert_eq!(host_of(ORIGIN), HOST);
        assert_eq!(host_of("http://localhost:8787"), "localhost");
        assert_eq!(host_of("localhost"), "localhost");
    }

    #[test]
    fn an_authenticator_speaks_for_one_host_about_somebody_it_has_checked() {
        let read = |flags, tail: &[u8]| {
            let data = authenticator_data(HOST, flags, tail);
            AuthenticatorData::read(&data, HOST).map(|data| (data.counter, data.made.map(<[u8]>::to_vec)))
        };
        assert_eq!(read(0b0000_0101, b""), Ok((7, None)));
        assert_eq!(read(0b0000_0001, b""), Err(WebAuthnError::Unverified));
        assert_eq!(read(0b0000_0100, b""), Err(WebAuthnError::Unverified));
        assert_eq!(read(0b0001_1101, b""), Ok((7, None)));
        assert_eq!(read(0b0001_0101, b""), Err(WebAuthnError::AuthenticatorData), "a copy of what has none");
        let made = [&[0; 16][..], &[0, 3], b"key", b"and its CBOR"].concat();
        assert_eq!(read(0b0100_0101, &made), Ok((7, Some(b"key".to_vec()))));
        for cut in 0..21 {
            assert_eq!(read(0b0100_0101, &made[..cut]), Err(WebAuthnError::AuthenticatorData), "{cut}");
        }
        assert_eq!(read(0b0100_0101, &[0; 40]), Err(WebAuthnError::AuthenticatorData), "a name of no bytes");
        let elsewhere = authenticator_data("evil.com", 5, b"");
        assert_eq!(AuthenticatorData::read(&elsewhere, HOST), Err(WebAuthnError::Host));
    }

    /// The shortest DER of two numbers.
    fn der(numbers: &[[u8; P256_BYTES]; 2]) -> Vec<u8> {
        let integer = |number: &[u8; P256_BYTES]| {
            let digits: Vec<u8> = number.iter().copied().skip_while(|digit| *digit == 0).collect();
            let sign = (digits[0] >= 0x80).then_some(0);
            let digits: Vec<u8> = sign.into_iter().chain(digits).collect();
            [&[2, digits.len() as u8][..], &digits].concat()
        };
        let both = numbers.iter().flat_map(integer).collect::<Vec<u8>>();
        [&[0x30, both.len() as u8][..], &both].concat()
    }

    proptest! {
        #[test]
        fn a_signature_is_read_as_it_was_written(
            numbers in any::<[[u8; P256_BYTES]; 2]>(),
            short in 0..P256_BYTES,
        ) {
            let mut numbers = numbers;
            numbers[0][..short].fill(0);
            numbers.iter_mut().for_each(|number| number[P256_BYTES - 1] |= 1);
            let der = der(&numbers);
            prop_assert_eq!(raw_es256(&der).unwrap().to_vec(), numbers.concat());
            prop_assert_eq!(raw_es256(&der[..der.len() - 1]), Err(WebAuthnError::Signature));
            prop_assert_eq!(raw_es256(&[&der[..], &[0]].concat()), Err(WebAuthnError::Signature));
        }

        #[test]
        fn any_bytes_are_read_or_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
            let _ = raw_es256(&bytes);
            let _ = challenge_of(&bytes, Ceremony::Get, ORIGIN);
            let _ = AuthenticatorData::read(&bytes, HOST);
            let _ = AuthenticatorData::read(&authenticator_data(HOST, 0xff, &bytes), HOST);
        }
    }

    #[test]
    fn numbers_that_are_negative_zero_or_too_long_are_refused() {
        let one = [2, 1, 1];
        let long = [&[2, 34, 0][..], &[0x80; 33]].concat();
        for bad in [&[2, 1, 0x80][..], &[2, 1, 0], &[2, 2, 0, 1], &[2, 0], &long] {
            let both = [bad, &one].concat();
            let der = [&[0x30, both.len() as u8][..], &both].concat();
            assert_eq!(raw_es256(&der), Err(WebAuthnError::Signature), "{bad:?}");
        }
    }
}
