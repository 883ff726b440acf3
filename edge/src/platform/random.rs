//! Entropy, from the platform's own generator.

use deskbell_shared::wire::token::base64url;

use super::crypto::crypto;

/// `N` random bytes.
///
/// # Errors
/// When the platform has no entropy to give.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], worker::Error> {
    let mut bytes = [0; N];
    crypto()?.get_random_values_with_u8_array(&mut bytes).map_err(worker::Error::from)?;
    Ok(bytes)
}

/// A text of 256 random bits that is safe in URLs and cookies.
///
/// # Errors
/// When the platform has no entropy to give.
pub(crate) fn secret() -> Result<String, worker::Error> {
    Ok(base64url(&bytes::<32>()?))
}
