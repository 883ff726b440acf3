//! An authenticator that keeps passkeys, as a phone or a security key does: Web Authentication, Level 3, section 6.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use deskbell_shared::wire::{
    Algorithm, Assertion, AssertionResponse, Base64Url, CreationOptions, Registration, RegistrationResponse,
    RequestOptions,
};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair},
};
use sha2::{Digest, Sha256};

/// That somebody was there, and that the authenticator has checked who.
pub const CHECKED: u8 = 0b101;
/// That somebody was there.
pub const PRESENT: u8 = 0b001;
/// That a passkey comes with the data.
const MADE: u8 = 0b100_0000;

/// What stands before a key in its SubjectPublicKeyInfo: RFC 5480.
const P256_SPKI: &[u8] = b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00";
/// The same for Ed25519: RFC 8410.
const ED25519_SPKI: &[u8] = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";

enum Pair {
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// A passkey, and how its authenticator behaves.
pub struct Passkey {
    id: Vec<u8>,
    pair: Pair,
    /// The page that asks, as the browser names it.
    pub origin: String,
    /// The host it is for.
    pub host: String,
    /// What the authenticator says of the person.
    pub flags: u8,
    /// How often it has signed; 0 when it does not count.
    pub counter: u32,
}

impl Passkey {
    /// A new one, as a page of this origin asks for it; and what the browser says of it.
    pub fn make(origin: &str, options: &CreationOptions, algorithm: Algorithm) -> (Self, Registration) {
        let random = SystemRandom::new();
        let id = ring::rand::generate::<[u8; 32]>(&random).map(ring::rand::Random::expose);
        let pair = match algorithm {
            Algorithm::EdDsa => {
                let pkcs8 = Ed25519KeyPair::generate_pkcs8(&random).unwrap_or_else(|_| panic!("no key"));
                let pair = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref());
                Pair::Ed25519(pair.unwrap_or_else(|error| panic!("{error}")))
            }
            _ => {
                let how = &ECDSA_P256_SHA256_ASN1_SIGNING;
                let pkcs8 = EcdsaKeyPair::generate_pkcs8(how, &random).unwrap_or_else(|_| panic!("no key"));
                let pair = EcdsaKeyPair::from_pkcs8(how, pkcs8.as_ref(), &random);
                Pair::P256(pair.unwrap_or_else(|error| panic!("{error}")))
            }
        };
        let host = origin.split("://").nth(1).and_then(|host| host.split(':').next()).unwrap_or_default();
        let passkey = Self {
            id: id.unwrap_or_else(|_| panic!("no randomness")).to_vec(),
            pair,
            origin: origin.to_owned(),
            host: host.to_owned(),
            flags: CHECKED,
            counter: 0,
        };
        let registration = passkey.register(&options.challenge, algorithm);
        (passkey, registration)
    }

    /// What the browser says of it when it is made for this challenge.
    pub fn register(&self, challenge: &Base64Url, algorithm: Algorithm) -> Registration {
        let length = u16::try_from(self.id.len()).unwrap_or_default().to_be_bytes();
        // The key follows in CBOR, which nobody reads: the browser has it as SubjectPublicKeyInfo.
        let made = [&[0; 16][..], &length, &self.id].concat();
        let public_key = match &self.pair {
            Pair::P256(pair) => [P256_SPKI, pair.public_key().as_ref()].concat(),
            Pair::Ed25519(pair) => [ED25519_SPKI, pair.public_key().as_ref()].concat(),
        };
        Registration {
            response: RegistrationResponse {
                client_data: encoded(&self.client_data("webauthn.create", challenge)),
                authenticator_data: encoded(&self.data(self.flags | MADE, &made)),
                public_key: encoded(&public_key),
                public_key_algorithm: algorithm,
            },
        }
    }

    /// What it says to a challenge.
    pub fn sign(&self, options: &RequestOptions) -> Assertion {
        self.sign_as("webauthn.get", options)
    }

    /// The same, to a page that has asked for this.
    pub fn sign_as(&self, kind: &str, options: &RequestOptions) -> Assertion {
        let (client_data, data) = (self.client_data(kind, &options.challenge), self.data(self.flags, &[]));
        let message = [&data[..], &Sha256::digest(&client_data)].concat();
        let signature = match &self.pair {
            Pair::P256(pair) => pair
                .sign(&SystemRandom::new(), &message)
                .unwrap_or_else(|_| panic!("no signature"))
                .as_ref()
                .to_vec(),
            Pair::Ed25519(pair) => pair.sign(&message).as_ref().to_vec(),
        };
        Assertion {
            id: self.id(),
            response: AssertionResponse {
                client_data: encoded(&client_data),
                authenticator_data: encoded(&data),
                signature: encoded(&signature),
            },
        }
    }

    /// Its name.
    pub fn id(&self) -> Base64Url {
        encoded(&self.id)
    }

    fn client_data(&self, kind: &str, challenge: &Base64Url) -> Vec<u8> {
        let (challenge, origin) = (challenge.as_str(), &self.origin);
        format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#)
            .into_bytes()
    }

    fn data(&self, flags: u8, tail: &[u8]) -> Vec<u8> {
        [&Sha256::digest(&self.host)[..], &[flags], &self.counter.to_be_bytes(), tail].concat()
    }
}

fn encoded(bytes: &[u8]) -> Base64Url {
    Base64Url::try_from(URL_SAFE_NO_PAD.encode(bytes)).unwrap_or_else(|error| panic!("{error}"))
}
