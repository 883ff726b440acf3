//! Password hashing: PBKDF2 with HMAC-SHA-256, computed by the platform rather than in WebAssembly.

use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Crypto, CryptoKey};

/// Iterations for new passwords: as many as the platform allows in production.
pub(crate) const ITERATIONS: u32 = 100_000;

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
    let subtle = crypto()?.subtle();
    let uses = Array::of1(&JsValue::from_str("deriveBits"));
    let password = Uint8Array::from(password.as_bytes());
    let key = subtle.import_key_with_str("raw", password.as_ref(), "PBKDF2", false, &uses)?;
    let key: CryptoKey = JsFuture::from(key).await?.unchecked_into();

    let algorithm = Object::new();
    Reflect::set(&algorithm, &"name".into(), &"PBKDF2".into())?;
    Reflect::set(&algorithm, &"hash".into(), &"SHA-256".into())?;
    Reflect::set(&algorithm, &"salt".into(), &Uint8Array::from(salt))?;
    Reflect::set(&algorithm, &"iterations".into(), &iterations.into())?;
    let bits = JsFuture::from(subtle.derive_bits_with_object(&algorithm, &key, 256)?).await?;
    let bits = Uint8Array::new(&bits);
    let mut hash = [0; 32];
    if bits.length() as usize != hash.len() {
        return Err(worker::Error::RustError("PBKDF2 gave a hash of the wrong length".to_owned()));
    }
    bits.copy_to(&mut hash);
    Ok(hash)
}
