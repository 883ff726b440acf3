use core::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a text is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TextError {
    /// Nothing but blanks.
    #[error("the text is empty")]
    Empty,
    /// Longer than the limit, in characters.
    #[error("the text has {chars} characters; the limit is {limit}")]
    TooLong {
        /// Characters it has.
        chars: usize,
        /// Characters it may have.
        limit: usize,
    },
}

/// Text from a person, 1 to `LIMIT` characters after trimming.
///
/// Control characters other than line feed and tab are removed, and line ends become line feeds:
/// they carry no meaning a reader could miss, and terminals and logs are safer without them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BoundedText<const LIMIT: usize>(String);

/// What a visitor or an agent says in one message.
pub type Text = BoundedText<4000>;
/// A name, a title or another single line shown to people.
pub type Line = BoundedText<200>;
/// A web address kept for context.
pub type Address = BoundedText<2000>;

impl<const LIMIT: usize> BoundedText<LIMIT> {
    /// The characters it may have.
    pub const LIMIT: usize = LIMIT;

    /// Takes the text as a person typed it.
    ///
    /// # Errors
    /// [`TextError`] when it is blank or too long.
    pub fn new(text: &str) -> Result<Self, TextError> {
        let kept = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
        let clean: String = text.replace("\r\n", "\n").replace('\r', "\n").chars().filter(kept).collect();
        let clean = clean.trim();
        match clean.chars().count() {
            0 => Err(TextError::Empty),
            chars if chars > LIMIT => Err(TextError::TooLong { chars, limit: LIMIT }),
            _ => Ok(Self(clean.to_owned())),
        }
    }

    /// The text as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Keeps the first `LIMIT` characters of a text that is only context, such as a page's title.
    /// `None` when nothing is left.
    pub fn cut(text: &str) -> Option<Self> {
        let short: String = text.chars().take(LIMIT).collect();
        Self::new(&short).ok()
    }
}

impl<const LIMIT: usize> fmt::Display for BoundedText<LIMIT> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const LIMIT: usize> TryFrom<String> for BoundedText<LIMIT> {
    type Error = TextError;
    fn try_from(text: String) -> Result<Self, TextError> {
        Self::new(&text)
    }
}

impl<const LIMIT: usize> From<BoundedText<LIMIT>> for String {
    fn from(text: BoundedText<LIMIT>) -> String {
        text.0
    }
}

/// An e-mail address as far as it can be checked without sending mail: lower case, one `@`,
/// something on both sides, at most 254 characters, no blanks.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// Not an e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("that is not an e-mail address")]
pub struct EmailError;

impl Email {
    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Email {
    type Error = EmailError;
    fn try_from(text: String) -> Result<Self, EmailError> {
        let text = text.trim().to_lowercase();
        let sides = text.split_once('@');
        let plausible =
            sides.is_some_and(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'));
        let printable = text.chars().all(|c| !c.is_whitespace() && !c.is_control());
        if plausible && printable && text.len() <= 254 { Ok(Self(text)) } else { Err(EmailError) }
    }
}

impl From<Email> for String {
    fn from(email: Email) -> String {
        email.0
    }
}

/// A language as a BCP 47 tag of at most 35 characters, such as `zh-Hant-TW`. Only its form is checked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LanguageTag(String);

/// Not of the form of a language tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a language is a BCP 47 tag such as en or zh-Hans")]
pub struct LanguageTagError;

impl LanguageTag {
    /// English, where nobody says otherwise.
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// The language alone, without script and country.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }

    /// The tag as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for LanguageTag {
    type Error = LanguageTagError;
    fn try_from(text: String) -> Result<Self, LanguageTagError> {
        let subtag =
            |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
        let primary = text.split('-').next().unwrap_or_default();
        let primary_is_letters = primary.len() >= 2 && primary.bytes().all(|b| b.is_ascii_alphabetic());
        if text.len() <= 35 && primary_is_letters && text.split('-').all(subtag) {
            Ok(Self(text))
        } else {
            Err(LanguageTagError)
        }
    }
}

impl From<LanguageTag> for String {
    fn from(tag: LanguageTag) -> String {
        tag.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn accepted_text_is_accepted_again_unchanged(text in any::<String>()) {
            if let Ok(once) = Text::new(&text) {
                prop_assert_eq!(Text::new(once.as_str()), Ok(once.clone()));
            }
        }
    }

    #[test]
    fn text_is_trimmed_and_cleaned_of_control_characters() {
        assert_eq!(Text::new(" a\u{0}b\r\nc\u{7} ").unwrap().as_str(), "ab\nc");
        assert_eq!(Text::new(" \u{1}\n "), Err(TextError::Empty));
        assert_eq!(Line::new(&"长".repeat(201)), Err(TextError::TooLong { chars: 201, limit: 200 }));
    }

    #[test]
    fn an_email_is_lower_case_and_has_two_sides() {
        assert_eq!(Email::try_from(" Ana@Example.COM ".to_owned()).unwrap().as_str(), "ana@example.com");
        for bad in ["", "a", "@", "a@", "@b", "a@b@c", "a b@c", &format!("{}@b", "a".repeat(260))] {
            assert_eq!(Email::try_from(bad.to_owned()), Err(EmailError), "{bad}");
        }
    }

    #[test]
    fn a_language_tag_has_the_form_of_bcp_47() {
        for good in ["en", "zh-Hans", "zh-Hant-TW", "es-419"] {
            assert!(LanguageTag::try_from(good.to_owned()).is_ok(), "{good}");
        }
        for bad in ["", "e", "en_US", "-en", "en-", "1n", "en-toolongsubtag", "<script>"] {
            assert!(LanguageTag::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
