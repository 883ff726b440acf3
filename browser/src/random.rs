//! Identifiers and jitter, from the browser's cryptographic source.

/// Sixteen random bytes: a new identifier that nobody else has.
///
/// `None` where the browser has no `crypto`, which no browser that runs WebAssembly lacks.
pub fn id() -> Option<[u8; 16]> {
    let mut bytes = [0; 16];
    let crypto = web_sys::window()?.crypto().ok()?;
    crypto.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(bytes)
}

/// From 0 to 1, for jitter only.
pub fn fraction() -> f64 {
    js_sys::Math::random()
}
