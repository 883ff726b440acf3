use core::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Email, LanguageTag, Line, Text};

/// A web origin exactly as browsers send it: scheme, host and, unless it is the scheme's own, port.
///
/// The host is a name or an IPv4 address. An IPv6 address cannot stand in the policy that lets a page show the widget:
/// CSP has no way to write one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin(String);

/// Not an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "an origin is scheme://host or scheme://host:port, http or https, lower case, no IPv6 address, with nothing after it"
)]
pub struct OriginError;

impl Origin {
    /// The origin as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Origin {
    type Err = OriginError;
    fn from_str(text: &str) -> Result<Self, OriginError> {
        let (default_port, authority) = match text.split_once("://") {
            Some(("https", rest)) => ("443", rest),
            Some(("http", rest)) => ("80", rest),
            _ => return Err(OriginError),
        };
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        };
        let in_host = |c: u8| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_');
        let host_is_plain = !host.is_empty() && host.len() <= 253 && host.bytes().all(in_host);
        let port_is_plain = port.is_none_or(|port| {
            port != default_port && !port.starts_with('0') && port.parse::<u16>().is_ok_and(|p| p > 0)
        });
        if host_is_plain && port_is_plain { Ok(Self(text.to_owned())) } else { Err(OriginError) }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Origin {
    type Error = OriginError;
    fn try_from(text: String) -> Result<Self, OriginError> {
        text.parse()
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> String {
        origin.0
    }
}

/// The content hash that names a compiled pack: the first 16 bytes of its SHA-256, in lower-case hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PackHash(String);

impl PackHash {
    /// The hash as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<[u8; 16]> for PackHash {
    fn from(digest: [u8; 16]) -> Self {
        Self(super::MessageId(digest).to_string())
    }
}

impl TryFrom<String> for PackHash {
    type Error = super::IdError;
    fn try_from(text: String) -> Result<Self, super::IdError> {
        text.parse::<super::MessageId>().map(|_| Self(text))
    }
}

impl From<PackHash> for String {
    fn from(hash: PackHash) -> String {
        hash.0
    }
}

/// What a site's owner decides about the widget. Every field but the name has a default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteSettings {
    /// The name visitors see.
    pub name: Line,
    /// The pages that may show the widget. An empty list shows it nowhere.
    #[serde(default)]
    pub origins: Vec<Origin>,
    /// The brand's colour, `#rrggbb`.
    #[serde(default)]
    pub accent: Colour,
    /// The language to fall back on when the visitor's is not spoken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageTag>,
    /// The first words of the chat; the widget has its own, in the visitor's language, when there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub greeting: Option<Text>,
    /// The site key of Cloudflare's Turnstile, when visitors are asked that instead of a puzzle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turnstile: Option<TurnstileKey>,
    /// Whether visitors who were served are asked how likely they are to recommend the site.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub asks_to_recommend: bool,
}

/// `PUT /v1/sites/{site}/settings`: what visitors are to see of the widget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookRequest {
    /// What they are to see.
    pub look: Look,
    /// What they saw when somebody began to change it: *conflict* when that is not so any more.
    #[serde(default)]
    pub was: Option<Look>,
}

/// What visitors see of the widget, which the site's admins decide. Which pages may show it is the operator's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// As in [`SiteSettings`].
    pub name: Line,
    /// As in [`SiteSettings`].
    #[serde(default)]
    pub accent: Colour,
    /// As in [`SiteSettings`].
    #[serde(default)]
    pub language: Option<LanguageTag>,
    /// As in [`SiteSettings`].
    #[serde(default)]
    pub greeting: Option<Text>,
    /// As in [`SiteSettings`].
    #[serde(default)]
    pub asks_to_recommend: bool,
}

impl SiteSettings {
    /// What visitors see of them.
    pub fn look(&self) -> Look {
        Look {
            name: self.name.clone(),
            accent: self.accent.clone(),
            language: self.language.clone(),
            greeting: self.greeting.clone(),
            asks_to_recommend: self.asks_to_recommend,
        }
    }

    /// These, with another look.
    pub fn with(self, look: Look) -> Self {
        let Look { name, accent, language, greeting, asks_to_recommend } = look;
        Self { name, accent, language, greeting, asks_to_recommend, ..self }
    }
}

/// A key of Turnstile: letters, digits, `-` and `_`, 100 at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TurnstileKey(String);

/// The secret that belongs to a key of Turnstile; it is never shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TurnstileSecret(TurnstileKey);

/// Not a key of Turnstile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("keys and secrets of Turnstile are letters, digits, - and _, 100 at most")]
pub struct TurnstileKeyError;

impl TurnstileKey {
    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for TurnstileKey {
    type Error = TurnstileKeyError;
    fn try_from(text: String) -> Result<Self, TurnstileKeyError> {
        let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        if plain && (1..=100).contains(&text.len()) { Ok(Self(text)) } else { Err(TurnstileKeyError) }
    }
}

impl From<TurnstileKey> for String {
    fn from(key: TurnstileKey) -> String {
        key.0
    }
}

impl TurnstileSecret {
    /// The secret itself.
    pub fn reveal(&self) -> &str {
        self.0.as_str()
    }
}

impl TryFrom<String> for TurnstileSecret {
    type Error = TurnstileKeyError;
    fn try_from(text: String) -> Result<Self, TurnstileKeyError> {
        TurnstileKey::try_from(text).map(Self)
    }
}

impl fmt::Debug for TurnstileSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TurnstileSecret(…)")
    }
}

/// A colour as `#rrggbb`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Colour(String);

/// Not a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a colour is written #rrggbb")]
pub struct ColourError;

impl Default for Colour {
    /// Deskbell's own.
    fn default() -> Self {
        Self("#0f766e".to_owned())
    }
}

impl Colour {
    /// The colour as CSS reads it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Colour {
    type Error = ColourError;
    fn try_from(text: String) -> Result<Self, ColourError> {
        let digits = text.strip_prefix('#').ok_or(ColourError)?;
        if digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(ColourError)
        }
    }
}

impl From<Colour> for String {
    fn from(colour: Colour) -> String {
        colour.0
    }
}

/// `PUT /v1/sites/{site}` with the operator's token: makes a site, or puts these settings in the place of those it has.
/// With `If-None-Match: *` it only makes one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteRequest {
    /// The settings.
    pub settings: SiteSettings,
    /// A person to add, or to give a new password; needed when the site is made, and whoever exists stays without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<NewPerson>,
    /// Somebody who has lost their second factor: it is taken off them, and their sessions end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_second_factor: Option<Email>,
    /// The secret of the settings' `turnstile` key. The one that is stored stays when there is none here, and no request
    /// reads it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turnstile_secret: Option<TurnstileSecret>,
}

/// `GET` and `PUT /v1/sites/{site}/guard/turnstile`: whether visitors are asked Cloudflare's Turnstile instead of a puzzle.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnstileSetting {
    /// The site key; without one, Turnstile is not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<TurnstileKey>,
    /// The secret that belongs to it. The one that is stored stays when there is none here, and no request reads it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<TurnstileSecret>,
}

/// Somebody who may sign in to the inbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPerson {
    /// Their address, with which they sign in.
    pub email: Email,
    /// The name visitors see. Without one they keep the one they have; somebody new gets the site's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Line>,
    /// Their password, 10 to 200 characters. Whoever was signed in with another is not any more.
    pub password: Password,
}

/// A password on its way to being hashed: 10 to 200 characters, never shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Password(String);

/// Not a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a password has 10 to 200 characters")]
pub struct PasswordError;

impl Password {
    /// The password itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

impl TryFrom<String> for Password {
    type Error = PasswordError;
    fn try_from(text: String) -> Result<Self, PasswordError> {
        if (10..=200).contains(&text.chars().count()) { Ok(Self(text)) } else { Err(PasswordError) }
    }
}

impl From<Password> for String {
    fn from(password: Password) -> String {
        password.0
    }
}

/// `PUT /v1/sites/{site}/me/password`: somebody chooses another password. Their other sessions end.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordRequest {
    /// The one they have, as typed.
    pub current: String,
    /// The one to have, 10 to 200 characters.
    pub new: Password,
}

impl fmt::Debug for PasswordRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordRequest(…)")
    }
}

/// `GET /v1/sites/{site}/faq`: which pack is in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaqPointer {
    /// The pack; `None` until one is published.
    pub pack: Option<PackHash>,
}

/// `PUT /v1/sites/{site}/faq`: what publishing did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// The pack now in force.
    pub pack: PackHash,
    /// Entries it has.
    pub entries: usize,
    /// Phrasings it has.
    pub phrasings: usize,
    /// Its size, in bytes, before compression.
    pub bytes: usize,
    /// What the owner may want to mend; nothing here stopped the publication.
    #[serde(default)]
    pub warnings: Vec<super::SourceFault>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_exactly_what_a_browser_sends() {
        for good in [
            "https://example.com",
            "http://localhost:8801",
            "https://xn--fiqs8s.example",
            "http://127.0.0.1:8801",
        ] {
            assert!(good.parse::<Origin>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "null",
            "example.com",
            "https://",
            "https://example.com/",
            "https://Example.com",
            "https://example.com:443",
            "http://example.com:80",
            "http://example.com:0",
            "http://example.com:99999",
            "http://example.com:080",
            "https://user@example.com",
            "https://*.example.com",
            "ftp://example.com",
            "http://[::1]",
            "http://[::1]:8801",
            "http://[::1",
            "http://[]",
            "https://a b",
            "https://a;script-src",
        ] {
            assert!(bad.parse::<Origin>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_password_is_never_printed() {
        let password = Password::try_from("correct horse".to_owned()).unwrap();
        assert!(!format!("{password:?}").contains("horse"));
        assert!(Password::try_from("short".to_owned()).is_err());
        let secret = TurnstileSecret::try_from("0x4AAA-secret_1".to_owned()).unwrap();
        assert!(!format!("{secret:?}").contains("0x4"));
        assert_eq!(serde_json::from_str::<TurnstileSecret>("\"0x4AAA-secret_1\"").ok(), Some(secret));
    }

    #[test]
    fn a_look_says_nothing_of_what_the_operator_decides() {
        let read = |json: &str| serde_json::from_str::<Look>(json).map_err(|error| error.to_string());
        let look = read(r##"{"name":"Acme","accent":"#112233","asks_to_recommend":true}"##).unwrap();
        let settings: SiteSettings =
            serde_json::from_str(r#"{"name":"A","origins":["https://acme.example"],"greeting":"Hi"}"#)
                .unwrap();
        let origins = settings.origins.clone();
        let set = settings.with(look.clone());
        assert_eq!(set.look(), look);
        assert_eq!((set.name.as_str(), set.accent.as_str(), &set.greeting), ("Acme", "#112233", &None));
        assert!(set.asks_to_recommend && set.origins == origins);
        for (wrong, named) in [
            (r#"{}"#, "name"),
            (r#"{"name":""}"#, "empty"),
            (r#"{"name":"A","accent":"red"}"#, "#rrggbb"),
            (r#"{"name":"A","origins":[]}"#, "origins"),
            (r#"{"name":"A","language":"?"}"#, "language"),
        ] {
            let error = read(wrong).unwrap_err();
            assert!(error.contains(named), "{wrong}: {error}");
        }
    }

    #[test]
    fn a_key_of_turnstile_can_stand_anywhere() {
        for bad in ["", "a b", "a'b", "茶", &"a".repeat(101)] {
            assert!(TurnstileKey::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_colour_is_six_hexadecimal_digits() {
        assert_eq!(Colour::try_from("#0F766E".to_owned()).unwrap().as_str(), "#0f766e");
        for bad in ["", "red", "#fff", "#12345g", "#1234567", "0f766e"] {
            assert!(Colour::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
