use core::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a text is not an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum IdError {
    /// Not 32 lower-case hexadecimal digits.
    #[error("expected 32 lower-case hexadecimal digits")]
    Hex,
    /// Not a site's name.
    #[error("a site id has 1 to 40 of a-z, 0-9 and single hyphens between them")]
    Site,
    /// Not a channel's name.
    #[error("a channel id has 1 to 40 of a-z, 0-9 and single hyphens between them")]
    Channel,
    /// Not an FAQ entry's name.
    #[error("an entry id has 1 to 80 letters, digits, '-', '_', '.' or ':'")]
    Entry,
}

/// Declares identifiers of 128 bits that differ in meaning only, so that one is never taken for another.
macro_rules! ids_of_128_bits {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// On the wire: 32 lower-case hexadecimal digits.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(pub [u8; 16]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_hex(&self.0, f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_hex(&self.0, f)
            }
        }
        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                parse_hex(text).map(Self)
            }
        }
        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.to_string()
            }
        }
    )*};
}

ids_of_128_bits! {
    /// A conversation between a visitor and the site's people. Public within the site: it opens nothing by itself.
    ConversationId;
    /// A message, named by whoever wrote it, so that a repeated delivery is recognised.
    MessageId;
    /// A visitor's browser, as far as it says so itself. Evidence, never authentication.
    VisitorId;
    /// The visitor's own key to a conversation, made in the browser when the visitor agrees to hand over.
    /// A secret: whoever has it can continue the talk. The conversation's id is derived from it at the edge.
    ResumeKey;
    /// A ban, for lifting it.
    BanId;
    /// A saved reply.
    ReplyId;
    /// A webhook.
    WebhookId;
    /// A challenge, which is answered once.
    ChallengeId;
    /// An appeal. A secret: whoever has it learns how it was decided.
    AppealId;
}

fn write_hex(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

fn parse_hex<const N: usize>(text: &str) -> Result<[u8; N], IdError> {
    let digit = |c: u8| match c {
        b'0'..=b'9' => Ok(c - b'0'),
        b'a'..=b'f' => Ok(c - b'a' + 10),
        _ => Err(IdError::Hex),
    };
    let text = text.as_bytes();
    if text.len() != 2 * N {
        return Err(IdError::Hex);
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Ok(bytes)
}

/// A site's name, as in the script tag's `data-site`: 1 to 40 of `a-z`, `0-9` and single hyphens between them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SiteId(String);

/// A channel's name in addresses, such as `whatsapp`: written as a site's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ChannelId(String);

/// The name of an FAQ entry, chosen by the site's owner: 1 to 80 letters, digits, `-`, `_`, `.` or `:`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EntryId(String);

impl FromStr for SiteId {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        if is_slug(text) { Ok(Self(text.to_owned())) } else { Err(IdError::Site) }
    }
}

impl FromStr for ChannelId {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        if is_slug(text) { Ok(Self(text.to_owned())) } else { Err(IdError::Channel) }
    }
}

fn is_slug(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let hyphens_inside = !text.starts_with('-') && !text.ends_with('-') && !text.contains("--");
    (1..=40).contains(&text.len()) && text.chars().all(allowed) && hyphens_inside
}

impl FromStr for EntryId {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let allowed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
        if (1..=80).contains(&text.chars().count()) && text.chars().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::Entry)
        }
    }
}

macro_rules! text_id {
    ($($name:ident)*) => {$(
        impl $name {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    )*};
}
text_id!(SiteId ChannelId EntryId);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_survives_the_wire(bytes in any::<[u8; 16]>()) {
            let id = MessageId(bytes);
            prop_assert_eq!(id.to_string().parse::<MessageId>(), Ok(id));
        }

        #[test]
        fn parsing_any_text_as_an_id_never_panics(text in ".*") {
            let _ = text.parse::<MessageId>();
            let _ = text.parse::<SiteId>();
            let _ = text.parse::<ChannelId>();
            let _ = text.parse::<EntryId>();
        }
    }

    #[test]
    fn the_name_of_a_site_or_a_channel_is_a_plain_slug() {
        for good in ["a", "acme", "tea-house-2", &"x".repeat(40)] {
            assert!(good.parse::<SiteId>().is_ok(), "{good}");
            assert!(good.parse::<ChannelId>().is_ok(), "{good}");
        }
        for bad in ["", "-a", "a-", "a--b", "Acme", "a b", "a/b", "茶", &"x".repeat(41)] {
            assert_eq!(bad.parse::<SiteId>(), Err(IdError::Site), "{bad}");
            assert_eq!(bad.parse::<ChannelId>(), Err(IdError::Channel), "{bad}");
        }
    }

    #[test]
    fn an_id_is_lower_case_hexadecimal_of_the_right_length() {
        assert_eq!("ABCDEF00000000000000000000000000".parse::<MessageId>(), Err(IdError::Hex));
        assert_eq!("00".parse::<MessageId>(), Err(IdError::Hex));
        assert_eq!("é0000000000000000000000000000000".parse::<MessageId>(), Err(IdError::Hex));
    }
}
