use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The secret of a webhook: 32 bytes, within the 24 to 64 that Standard Webhooks allows.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl Secret {
    /// The secret of these bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// As it is handed to the other side: `whsec_` and base64.
    pub fn to_text(&self) -> String {
        format!("whsec_{}", STANDARD.encode(self.0))
    }

    /// The signature of a message: `v1,` and the base64 of the HMAC-SHA-256 of its id, the time in seconds since the Unix epoch
    /// and its body, with full stops between.
    pub fn sign(&self, id: &str, at_s: u64, body: &str) -> String {
        sign(&self.0, id, at_s, body)
    }
}

fn sign(secret: &[u8], id: &str, at_s: u64, body: &str) -> String {
    // HMAC takes keys of every length; what could not be keyed would be signed with nothing, and believed by nobody.
    let tag = Hmac::<Sha256>::new_from_slice(secret)
        .map(|mac| mac.chain_update(format!("{id}.{at_s}.{body}")).finalize().into_bytes().to_vec());
    format!("v1,{}", STANDARD.encode(tag.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_signed_as_the_reference_does() {
        // The example that the reference libraries are tested with.
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature =
            sign(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_is_handed_out_as_libraries_take_it() {
        let text = Secret::new([255; 32]).to_text();
        assert_eq!(text, "whsec_//////////////////////////////////////////8=");
    }
}
