use super::negotiate::primary;

/// The forms that a counted phrase may have; the names, and what they mean, are those of Unicode CLDR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plural {
    /// `key.one`
    One,
    /// `key.other`, which every language has.
    Other,
}

impl Plural {
    /// What follows the key in a locale file.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::One => ".one",
            Self::Other => ".other",
        }
    }
}

/// Languages that count everything alike.
const WITHOUT_PLURAL: &[&str] = &["id", "ja", "ko", "ms", "th", "vi", "zh"];

/// The form that `count` takes in a language.
///
/// Known are the languages without a plural and those that, like English, set apart exactly one. A language
/// with more forms (Russian, Arabic, Polish) needs its rule, and [`Plural`] its forms, before it is spoken.
pub fn plural(language: &str, count: u64) -> Plural {
    if count == 1 && plural_forms(language).contains(&Plural::One) { Plural::One } else { Plural::Other }
}

/// The forms that a language has: every counted phrase of its locale file needs each of them.
pub fn plural_forms(language: &str) -> &'static [Plural] {
    let alike = WITHOUT_PLURAL.iter().any(|known| known.eq_ignore_ascii_case(primary(language)));
    if alike { &[Plural::Other] } else { &[Plural::One, Plural::Other] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_sets_one_apart_and_chinese_counts_alike() {
        assert_eq!(
            [0, 1, 2, 21].map(|n| plural("en-GB", n)),
            [Plural::Other, Plural::One, Plural::Other, Plural::Other]
        );
        assert_eq!(plural("zh-Hant", 1), Plural::Other);
        assert_eq!(plural_forms("ZH"), [Plural::Other]);
    }
}
