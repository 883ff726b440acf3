//! Hashing passwords (PBKDF2 with HMAC-SHA-256), sealing what is kept (AES-256-GCM) and checking what passkeys sign, all
//! computed by the platform rather than in WebAssembly.

use deskbell_shared::{webauthn::raw_es256, wire::Algorithm};
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Crypto, CryptoKey};

use super::random;

/// Iterations for new passwords: as many as the platform allows in production.
pub(crate) const ITERATIONS: u32 = 100_000;
/// What sealing is done with.
const AES: &str = "AES-GCM";
/// The bytes of its nonce.
const NONCE: usize = 12;

/// The global `crypto` object.
///
/// # Errors
/// When there is none.
pub(crate) fn crypto() -> Result<Crypto, worker::Error> {
    let crypto = Reflect::get(&js_sys::global(), &JsValue::from_str("crypto"))?;
    // A worker's `crypto` is a `Crypto` under a name that an instance check does not find.
    Ok(crypto.unchecked_into())
}

/// The 32 bytes that PBKDF2-HMAC-SHA-256 makes of a password.
///
/// # Errors
/// When the platform refuses, such as for more iterations than it allows.
pub(crate) async fn pbkdf2(password: &str, salt: &[u8], iterations: u32) -> Result<[u8; 32], worker::Error> {
    let key = imported(password.as_bytes(), "PBKDF2", "deriveBits").await?;
    let algorithm = Object::new();
    Reflect::set(&algorithm, &"name".into(), &"PBKDF2".into())?;
    Reflect::set(&algorithm, &"hash".into(), &"SHA-256".into())?;
    Reflect::set(&algorithm, &"salt".into(), &Uint8Array::from(salt))?;
    Reflect::set(&algorithm, &"iterations".into(), &iterations.into())?;
    let bits = JsFuture::from(crypto()?.subtle().derive_bits_with_object(&algorithm, &key, 256)?).await?;
    let bits = Uint8Array::new(&bits);
    let mut hash = [0; 32];
    if bits.length() as usize != hash.len() {
        return Err(worker::Error::RustError("PBKDF2 gave a hash of the wrong length".to_owned()));
    }
    bits.copy_to(&mut hash);
    Ok(hash)
}

/// Bytes sealed with a key: nobody without it reads them, nor changes them without its being noticed. What seals them is
/// random each time, and stands in front.
///
/// # Errors
/// When the platform refuses, or has no entropy to give.
pub(crate) async fn seal(key: &[u8; 32], plain: &[u8]) -> Result<Vec<u8>, worker::Error> {
    let nonce = random::bytes::<NONCE>()?;
    let key = imported(key, AES, "encrypt").await?;
    let sealed = crypto()?.subtle().encrypt_with_object_and_u8_array(&aes(&nonce)?, &key, plain)?;
    let sealed = Uint8Array::new(&JsFuture::from(sealed).await?);
    Ok([nonce.as_slice(), &sealed.to_vec()].concat())
}

/// What was sealed with this key.
///
/// # Errors
/// When it was sealed with another key, or is not as it was.
pub(crate) async fn open(key: &[u8; 32], sealed: &[u8]) -> Result<Vec<u8>, worker::Error> {
    let Some((nonce, sealed)) = sealed.split_at_checked(NONCE) else {
        return Err(worker::Error::RustError("what is sealed is longer".to_owned()));
    };
    let key = imported(key, AES, "decrypt").await?;
    let plain = crypto()?.subtle().decrypt_with_object_and_u8_array(&aes(nonce)?, &key, sealed)?;
    Ok(Uint8Array::new(&JsFuture::from(plain).await?).to_vec())
}

/// A public key of a passkey, from its SubjectPublicKeyInfo.
///
/// # Errors
/// When it is no key of this algorithm.
pub(crate) async fn public_key(algorithm: Algorithm, spki: &[u8]) -> Result<CryptoKey, worker::Error> {
    let subtle = crypto()?.subtle();
    let key = Uint8Array::from(spki);
    let uses = Array::of1(&"verify".into());
    let key = subtle.import_key_with_object("spki", key.as_ref(), &signing(algorithm)?, false, &uses)?;
    Ok(JsFuture::from(key).await?.unchecked_into())
}

/// Whether this key has signed this message. What the platform cannot take for a signature, such as one of another length, is
/// none.
///
/// # Errors
/// When the platform cannot check signatures of this kind.
pub(crate) async fn has_signed(
    (algorithm, key): (Algorithm, &CryptoKey),
    message: &[u8],
    signature: &[u8],
) -> Result<bool, worker::Error> {
    let raw = match algorithm {
        Algorithm::Es256 => match raw_es256(signature) {
            Ok(raw) => raw.to_vec(),
            Err(_) => return Ok(false),
        },
        Algorithm::EdDsa | Algorithm::Rs256 => signature.to_vec(),
    };
    let subtle = crypto()?.subtle();
    let verdict =
        subtle.verify_with_object_and_u8_array_and_u8_array(&signing(algorithm)?, key, &raw, message)?;
    Ok(JsFuture::from(verdict).await.is_ok_and(|verdict| verdict.is_truthy()))
}

/// How the platform calls a way of signing, for importing a key and for checking a signature alike.
fn signing(algorithm: Algorithm) -> Result<Object, worker::Error> {
    let (name, curve) = match algorithm {
        Algorithm::Es256 => ("ECDSA", Some("P-256")),
        Algorithm::EdDsa => ("Ed25519", None),
        Algorithm::Rs256 => ("RSASSA-PKCS1-v1_5", None),
    };
    let named = Object::new();
    Reflect::set(&named, &"name".into(), &name.into())?;
    Reflect::set(&named, &"hash".into(), &"SHA-256".into())?;
    if let Some(curve) = curve {
        Reflect::set(&named, &"namedCurve".into(), &curve.into())?;
    }
    Ok(named)
}

fn aes(nonce: &[u8]) -> Result<Object, worker::Error> {
    let algorithm = Object::new();
    Reflect::set(&algorithm, &"name".into(), &AES.into())?;
    Reflect::set(&algorithm, &"iv".into(), &Uint8Array::from(nonce))?;
    Ok(algorithm)
}

async fn imported(key: &[u8], algorithm: &str, uses: &str) -> Result<CryptoKey, worker::Error> {
    let uses = Array::of1(&JsValue::from_str(uses));
    let key = Uint8Array::from(key);
    let key = crypto()?.subtle().import_key_with_str("raw", key.as_ref(), algorithm, false, &uses)?;
    Ok(JsFuture::from(key).await?.unchecked_into())
}
