use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Email, Line, Priority};

/// A visitor who is signed in at the site, as its backend says: the claims of a [`CustomerToken`] that are about them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// What the site calls them: the claim `sub`. The same person always has the same.
    #[serde(rename = "sub")]
    pub id: Line,
    /// What people call them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Line>,
    /// Their address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// Whether they should not wait.
    #[serde(default)]
    pub vip: bool,
}

impl Customer {
    /// How soon a person should come to them, whatever it is about.
    pub fn priority(&self) -> Priority {
        if self.vip { Priority::High } else { Priority::Normal }
    }
}

/// A JSON Web Token by which the site's backend says who the visitor is, signed with the site's secret (HS256).
///
/// One that exists looks like one: three parts of URL-safe base64. Whether it is to be believed is found out at the edge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CustomerToken(String);

/// Not a JSON Web Token, or longer than [`CustomerToken::LIMIT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("that is no JSON Web Token of at most {} characters", CustomerToken::LIMIT)]
pub struct CustomerTokenError;

impl CustomerToken {
    /// The characters it may have.
    pub const LIMIT: usize = 4096;

    /// The token as it was signed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part that holds the claims, in URL-safe base64 without padding.
    pub fn claims(&self) -> &str {
        self.0.split('.').nth(1).unwrap_or_default()
    }
}

impl TryFrom<String> for CustomerToken {
    type Error = CustomerTokenError;
    fn try_from(text: String) -> Result<Self, CustomerTokenError> {
        let is_base64 = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        };
        let fits =
            text.len() <= Self::LIMIT && text.split('.').count() == 3 && text.split('.').all(is_base64);
        if fits { Ok(Self(text)) } else { Err(CustomerTokenError) }
    }
}

impl From<CustomerToken> for String {
    fn from(token: CustomerToken) -> String {
        token.0
    }
}

/// Why a [`CustomerToken`] is not believed. It is said to the site's developer; the visitor stays anonymous.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Error)]
#[serde(rename_all = "snake_case")]
pub enum CustomerFault {
    /// Signed with something else.
    #[error("the token is not signed with the site's secret, by HS256")]
    Signature,
    /// What it says cannot be read.
    #[error(
        "the token needs the claims `sub`, `aud` and `exp`; `name`, `email` and `vip` may be left out, but not empty"
    )]
    Claims,
    /// Made for another site.
    #[error("the token's `aud` is not this site")]
    OtherSite,
    /// Its time is over, or has not come.
    #[error("the token has expired, or is not good yet")]
    Expired,
    /// Good for too long: whoever finds one could be somebody else for as long.
    #[error("the token's `exp` is more than a day away")]
    TooLong,
}

/// `GET`, and to have a new one `POST`, `/v1/sites/{site}/customer-secret`: with what the site's backend signs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerSecret {
    /// The secret, used as the characters it has.
    pub secret: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_three_parts_of_base64_and_an_end() {
        for good in ["a.b.c", "eyJhbGciOiJIUzI1NiJ9.e30.Zm9v_-"] {
            assert!(CustomerToken::try_from(good.to_owned()).is_ok(), "{good}");
        }
        let long = format!("a.{}.c", "b".repeat(CustomerToken::LIMIT));
        for bad in ["", "a", "a.b", "a.b.", "a..c", "a.b.c.d", "a.b.c=", "a.b c.d", "ä.b.c", &long] {
            assert_eq!(CustomerToken::try_from(bad.to_owned()), Err(CustomerTokenError), "{bad}");
        }
        assert_eq!(CustomerToken::try_from("a.b.c".to_owned()).unwrap().claims(), "b");
    }

    #[test]
    fn claims_are_read_as_a_customer_and_nothing_of_them_may_be_empty() {
        let read = |json: &str| serde_json::from_str::<Customer>(json).ok();
        let ana =
            read(r#"{"sub":"42","name":"Ana","email":"Ana@Mail.example","vip":true,"aud":"x","exp":1}"#)
                .unwrap();
        assert_eq!(ana.id.as_str(), "42");
        assert_eq!(ana.email.as_ref().map(Email::as_str), Some("ana@mail.example"));
        assert!(ana.vip);
        assert_eq!(read(&serde_json::to_string(&ana).unwrap()), Some(ana), "what is written is read");
        assert!(read(r#"{"sub":"42"}"#).is_some_and(|customer| !customer.vip && customer.name.is_none()));
        let others = r#"{"sub":"42","id":"7","phone":"+44","roles":["buyer"]}"#;
        assert!(
            read(others).is_some_and(|customer| customer.id.as_str() == "42"),
            "other claims say nothing here"
        );
        for bad in [
            r#"{}"#,
            r#"{"id":"42"}"#,
            r#"{"sub":""}"#,
            r#"{"sub":42}"#,
            r#"{"sub":"1","name":" "}"#,
            r#"{"sub":"1","vip":"yes"}"#,
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
