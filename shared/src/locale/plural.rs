use super::negotiate::primary;

/// The forms that a counted phrase may have; the names, and what they mean, are those of Unicode CLDR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plural {
    /// `key.zero`
    Zero,
    /// `key.one`
    One,
    /// `key.two`
    Two,
    /// `key.few`
    Few,
    /// `key.many`
    Many,
    /// `key.other`, which every language has.
    Other,
}

impl Plural {
    /// What follows the key in a locale file.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Zero => ".zero",
            Self::One => ".one",
            Self::Two => ".two",
            Self::Few => ".few",
            Self::Many => ".many",
            Self::Other => ".other",
        }
    }
}

/// How a language counts: languages that count alike share a rule.
#[derive(Clone, Copy)]
enum Rule {
    Alike,
    /// As English: exactly one is set apart.
    One,
    /// As French: none is counted like one.
    NoneOrOne,
    Arabic,
    Polish,
    Russian,
}

fn rule(language: &str) -> Rule {
    let language = primary(language);
    let is = |known: &[&str]| known.iter().any(|known| known.eq_ignore_ascii_case(language));
    match () {
        () if is(&["id", "ja", "ko", "ms", "th", "vi", "zh"]) => Rule::Alike,
        () if is(&["fr", "hi", "pt"]) => Rule::NoneOrOne,
        () if is(&["ar"]) => Rule::Arabic,
        () if is(&["pl"]) => Rule::Polish,
        () if is(&["ru", "uk"]) => Rule::Russian,
        () => Rule::One,
    }
}

/// The form that `count` takes in a language: the rules of CLDR for whole numbers.
///
/// A language that is not known counts as English does. What French, Italian, Portuguese and Spanish do with
/// whole millions is left out: nothing that is counted here gets there.
pub fn plural(language: &str, count: u64) -> Plural {
    let (tens, ones) = (count % 100, count % 10);
    let is_few = matches!(ones, 2..=4) && !matches!(tens, 12..=14);
    match (rule(language), count) {
        (Rule::One | Rule::NoneOrOne | Rule::Arabic | Rule::Polish, 1) | (Rule::NoneOrOne, 0) => Plural::One,
        (Rule::Alike | Rule::One | Rule::NoneOrOne, _) => Plural::Other,
        (Rule::Arabic, 0) => Plural::Zero,
        (Rule::Arabic, 2) => Plural::Two,
        (Rule::Arabic, _) => match tens {
            3..=10 => Plural::Few,
            11.. => Plural::Many,
            _ => Plural::Other,
        },
        (Rule::Russian, _) if ones == 1 && tens != 11 => Plural::One,
        (Rule::Russian | Rule::Polish, _) => {
            if is_few {
                Plural::Few
            } else {
                Plural::Many
            }
        }
    }
}

/// The forms that a language has: every counted phrase of its locale file needs each of them.
pub fn plural_forms(language: &str) -> &'static [Plural] {
    use Plural::{Few, Many, One, Other, Two, Zero};
    match rule(language) {
        Rule::Alike => &[Other],
        Rule::One | Rule::NoneOrOne => &[One, Other],
        Rule::Arabic => &[Zero, One, Two, Few, Many, Other],
        // The last is for fractions: there are none today, but a phrase without it would be no phrase.
        Rule::Polish | Rule::Russian => &[One, Few, Many, Other],
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        Plural::{Few, Many, One, Other, Two, Zero},
        *,
    };

    proptest! {
        #[test]
        fn a_form_that_is_taken_is_one_that_the_language_has(count: u64) {
            for language in ["ar", "de", "en", "fr", "hi", "ja", "pl", "pt-BR", "ru", "tr", "zh-Hans", ""] {
                prop_assert!(plural_forms(language).contains(&plural(language, count)), "{language}");
            }
        }
    }

    #[test]
    fn english_sets_one_apart_and_chinese_counts_alike() {
        assert_eq!([0, 1, 2, 21].map(|n| plural("en-GB", n)), [Other, One, Other, Other]);
        assert_eq!(plural("zh-Hant", 1), Other);
        assert_eq!(plural_forms("ZH"), [Other]);
    }

    #[test]
    fn none_is_like_one_in_french_portuguese_and_hindi_but_not_in_spanish() {
        for language in ["fr-CA", "pt-BR", "hi"] {
            assert_eq!([0, 1, 2].map(|n| plural(language, n)), [One, One, Other], "{language}");
        }
        assert_eq!([0, 1, 2].map(|n| plural("es-419", n)), [Other, One, Other]);
    }

    #[test]
    fn arabic_has_six_forms() {
        let forms = [0, 1, 2, 3, 10, 11, 99, 100, 101, 102, 103, 111, 200, 1_003];
        let expected = [Zero, One, Two, Few, Few, Many, Many, Other, Other, Other, Few, Many, Other, Few];
        assert_eq!(forms.map(|n| plural("ar-EG", n)), expected);
    }

    #[test]
    fn polish_and_russian_differ_in_twenty_one() {
        let counts = [0, 1, 2, 4, 5, 11, 12, 14, 21, 22, 25, 101, 111, 112, 122];
        let polish = [Many, One, Few, Few, Many, Many, Many, Many, Many, Few, Many, Many, Many, Many, Few];
        let russian = [Many, One, Few, Few, Many, Many, Many, Many, One, Few, Many, One, Many, Many, Few];
        assert_eq!(counts.map(|n| plural("pl", n)), polish);
        assert_eq!(counts.map(|n| plural("ru-RU", n)), russian);
    }
}
