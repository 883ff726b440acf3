//! JSON Web Tokens in which a site's backend says who a visitor is: RFC 7519, signed by HS256 (RFC 7515 and 7518).

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::{
    Customer, CustomerFault, CustomerToken, Millis, SiteId,
    token::{base64url, from_base64url, hmac_sha256},
};

/// How far ahead a token's end may lie, in seconds. It is asked to be short, and a day is the longest that anybody needs.
const LONGEST_S: f64 = 24.0 * 60.0 * 60.0;
/// How far the clocks of a site and of the edge may differ, in seconds.
const LEEWAY_S: f64 = 60.0;

/// What a token says of itself.
#[derive(Deserialize)]
struct Header {
    alg: String,
    /// Extensions that have to be understood. None is.
    crit: Option<serde_json::Value>,
}

/// For whom and when a token is good. Moments are seconds since 1970, and may be fractions.
#[derive(Deserialize)]
struct Terms {
    aud: Audience,
    exp: f64,
    nbf: Option<f64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Signs claims, as a site's backend does: for tests, and for the demo shops, which have no backend.
pub fn sign(claims: &impl Serialize, secret: &str) -> String {
    // A claim that JSON cannot write is left out with all others, and the token refused.
    let claims = serde_json::to_vec(claims).unwrap_or_default();
    let signed = format!("{}.{}", base64url(br#"{"alg":"HS256","typ":"JWT"}"#), base64url(&claims));
    let tag = base64url(&hmac_sha256(secret.as_bytes(), signed.as_bytes()));
    format!("{signed}.{tag}")
}

/// Who a token says that the visitor is, when it is signed with the `secret` of this `site`, and is good `now`.
///
/// # Errors
/// Why it is not believed; a wrong signature before everything else, so that a stranger learns nothing more.
pub fn customer(
    token: &CustomerToken,
    secret: &str,
    site: &SiteId,
    now: Millis,
) -> Result<Customer, CustomerFault> {
    let (signed, tag) = token.as_str().rsplit_once('.').ok_or(CustomerFault::Signature)?;
    let header = signed.split('.').next().and_then(from_base64url);
    let header = header.and_then(|header| serde_json::from_slice::<Header>(&header).ok());
    let is_ours = header.is_some_and(|header| header.alg == "HS256" && header.crit.is_none());
    let tag = from_base64url(tag).filter(|_| is_ours).ok_or(CustomerFault::Signature)?;
    if !bool::from(tag.as_slice().ct_eq(&hmac_sha256(secret.as_bytes(), signed.as_bytes()))) {
        return Err(CustomerFault::Signature);
    }
    let claims = from_base64url(token.claims()).ok_or(CustomerFault::Claims)?;
    let terms: Terms = serde_json::from_slice(&claims).map_err(|_| CustomerFault::Claims)?;
    let is_for_site = match &terms.aud {
        Audience::One(aud) => aud == site.as_str(),
        Audience::Several(all) => all.iter().any(|aud| aud == site.as_str()),
    };
    if !is_for_site {
        return Err(CustomerFault::OtherSite);
    }
    let now = now.0 as f64 / 1000.0;
    if terms.exp <= now || terms.nbf.is_some_and(|from| from > now + LEEWAY_S) {
        return Err(CustomerFault::Expired);
    }
    if terms.exp > now + LONGEST_S + LEEWAY_S {
        return Err(CustomerFault::TooLong);
    }
    serde_json::from_slice(&claims).map_err(|_| CustomerFault::Claims)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    const NOW: Millis = Millis(1_800_000_000_000);

    fn signed(header: &Value, claims: &Value, secret: &str) -> CustomerToken {
        let part = |value: &Value| base64url(value.to_string().as_bytes());
        let signed = format!("{}.{}", part(header), part(claims));
        let tag = base64url(&hmac_sha256(secret.as_bytes(), signed.as_bytes()));
        format!("{signed}.{tag}").try_into().unwrap()
    }

    fn told(token: &CustomerToken) -> Result<String, CustomerFault> {
        customer(token, "secret", &"acme".parse().unwrap(), NOW).map(|customer| customer.id.to_string())
    }

    fn of_claims(claims: Value) -> Result<String, CustomerFault> {
        told(&signed(&json!({ "alg": "HS256", "typ": "JWT" }), &claims, "secret"))
    }

    /// Signed by OpenSSL: `openssl dgst -sha256 -hmac secret`.
    #[test]
    fn a_token_that_another_library_signed_is_believed() {
        let token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI0MiIsImF1ZCI6ImFjbWUiLCJleHAiOjE4MDAwMDA2MDAsImlhdCI6MTgwMDAwMDAwMCwibmFtZSI6IkFuYSIsInZpcCI6dHJ1ZX0.YnsQGU3nMOfonKQaQwCGSPhV-KslzPDqkfeTC_kxWdo";
        let token = CustomerToken::try_from(token.to_owned()).unwrap();
        assert_eq!(told(&token).as_deref(), Ok("42"));
        let ana = customer(&token, "secret", &"acme".parse().unwrap(), NOW).unwrap();
        assert_eq!((ana.name.unwrap().as_str(), ana.vip), ("Ana", true));
        assert_eq!(customer(&token, "Secret", &"acme".parse().unwrap(), NOW), Err(CustomerFault::Signature));
    }

    #[test]
    fn only_this_site_now_and_not_for_long() {
        let now = NOW.0 / 1000;
        for (claims, expected) in [
            (json!({ "sub": "1", "aud": "acme", "exp": now + 1 }), Ok("1".to_owned())),
            (json!({ "sub": "1", "aud": ["x", "acme"], "exp": now as f64 + 0.5 }), Ok("1".to_owned())),
            (json!({ "sub": "1", "aud": "acme", "exp": now + 86_400, "nbf": now + 30 }), Ok("1".to_owned())),
            (json!({ "sub": "1", "aud": "other", "exp": now + 1 }), Err(CustomerFault::OtherSite)),
            (json!({ "sub": "1", "aud": [], "exp": now + 1 }), Err(CustomerFault::OtherSite)),
            (json!({ "sub": "1", "aud": "acme", "exp": now }), Err(CustomerFault::Expired)),
            (
                json!({ "sub": "1", "aud": "acme", "exp": now + 9, "nbf": now + 99 }),
                Err(CustomerFault::Expired),
            ),
            (json!({ "sub": "1", "aud": "acme", "exp": now + 90_000 }), Err(CustomerFault::TooLong)),
            (json!({ "sub": "1", "aud": "acme", "exp": 1e300 }), Err(CustomerFault::TooLong)),
            (json!({ "sub": "1", "aud": "acme" }), Err(CustomerFault::Claims)),
            (json!({ "sub": "1", "exp": now + 1 }), Err(CustomerFault::Claims)),
            (json!({ "aud": "acme", "exp": now + 1 }), Err(CustomerFault::Claims)),
            (json!([1]), Err(CustomerFault::Claims)),
        ] {
            assert_eq!(of_claims(claims.clone()), expected, "{claims}");
        }
    }

    #[test]
    fn a_token_that_claims_another_algorithm_or_none_is_refused() {
        let claims = json!({ "sub": "1", "aud": "acme", "exp": NOW.0 / 1000 + 1 });
        for header in [
            json!({ "alg": "none" }),
            json!({ "alg": "hs256" }),
            json!({ "alg": "RS256" }),
            json!({}),
            json!("HS256"),
            json!({ "alg": "HS256", "crit": ["exp"] }),
        ] {
            assert_eq!(told(&signed(&header, &claims, "secret")), Err(CustomerFault::Signature), "{header}");
        }
    }

    proptest! {
        #[test]
        fn no_token_that_is_made_up_is_believed(header in "[A-Za-z0-9_-]{1,40}", claims in "[A-Za-z0-9_-]{1,40}", tag in "[A-Za-z0-9_-]{1,50}") {
            let token = CustomerToken::try_from(format!("{header}.{claims}.{tag}")).unwrap();
            prop_assert_eq!(told(&token), Err(CustomerFault::Signature));
        }
    }
}
