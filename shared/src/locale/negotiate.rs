/// Which way a language is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// As English is.
    LeftToRight,
    /// As Arabic and Hebrew are.
    RightToLeft,
}

impl Direction {
    /// The value of HTML's `dir` attribute.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }
}

/// Languages written from right to left unless a script says otherwise.
const RIGHT_TO_LEFT_LANGUAGES: &[&str] = &["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];
/// Scripts written from right to left.
const RIGHT_TO_LEFT_SCRIPTS: &[&str] = &["adlm", "arab", "hebr", "nkoo", "rohg", "syrc", "thaa"];
/// Regions where Chinese is written in the traditional script.
const TRADITIONAL_REGIONS: &[&str] = &["tw", "hk", "mo"];

/// Which way the language of a tag is written.
pub fn direction(tag: &str) -> Direction {
    let tag = tag.to_ascii_lowercase();
    let right_to_left = match script(&tag) {
        Some(script) => RIGHT_TO_LEFT_SCRIPTS.contains(&script),
        None => RIGHT_TO_LEFT_LANGUAGES.contains(&primary(&tag)),
    };
    if right_to_left { Direction::RightToLeft } else { Direction::LeftToRight }
}

/// The spoken language that serves best somebody who wants `wanted`, most wanted first.
///
/// This is the lookup of RFC 4647 (§3.4): each wish in turn is cut from its end until a spoken tag equals it.
/// Two rules go beyond it. Chinese is matched by script, since that is what a reader can or cannot read:
/// Taiwan, Hong Kong and Macau read `zh-Hant`, everybody else `zh-Hans`, and either is better than another
/// language. And a wish that is less exact than what is spoken takes it: `pt` is served by `pt-BR`.
pub fn negotiate<'a>(wanted: &[&str], spoken: &[&'a str], fallback: &'a str) -> &'a str {
    wanted.iter().find_map(|wish| serve(wish, spoken)).unwrap_or(fallback)
}

/// Whether who reads the one reads the other, scripts and regions aside: `zh-Hant` and `zh-Hans`, `pt-BR` and `pt`.
pub fn is_same_language(one: &str, other: &str) -> bool {
    primary(&canonical(one)) == primary(&canonical(other))
}

fn serve<'a>(wish: &str, spoken: &[&'a str]) -> Option<&'a str> {
    let wish = canonical(wish);
    let equal = |range: &str| spoken.iter().copied().find(|tag| tag.eq_ignore_ascii_case(range));
    let mut range = wish.as_str();
    loop {
        if let Some(tag) = equal(range) {
            return Some(tag);
        }
        match range.rsplit_once('-') {
            Some((shorter, _)) => range = shorter,
            None => break,
        }
        // A single letter only opens an extension: without one it means nothing (RFC 4647, §3.4).
        if let Some((shorter, last)) = range.rsplit_once('-')
            && last.len() == 1
        {
            range = shorter;
        }
    }
    spoken.iter().copied().find(|tag| primary(tag).eq_ignore_ascii_case(range))
}

/// In lower case with hyphens (browsers and servers also write `zh_CN`), Chinese by its script.
fn canonical(wish: &str) -> String {
    let wish = wish.trim().to_ascii_lowercase().replace('_', "-");
    // Cantonese and others are written Chinese too, and some systems still say so instead of `zh`.
    let traditional = match primary(&wish) {
        "zh" | "cmn" | "wuu" => false,
        "yue" | "nan" | "hak" => true,
        _ => return wish,
    };
    let traditional = match script(&wish) {
        Some("hant") => true,
        Some("hans") => false,
        _ => {
            traditional && !wish.ends_with("-cn")
                || wish.split('-').any(|part| TRADITIONAL_REGIONS.contains(&part))
        }
    };
    if traditional { "zh-hant".to_owned() } else { "zh-hans".to_owned() }
}

/// The language of a tag, without script and region.
pub(super) fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

/// The script of a tag, when it names one: the subtag of four letters.
fn script(tag: &str) -> Option<&str> {
    tag.split('-')
        .skip(1)
        .take_while(|part| part.len() > 1)
        .find(|part| part.len() == 4 && part.bytes().all(|letter| letter.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SPOKEN: &[&str] = &["en", "zh-Hans", "zh-Hant"];

    proptest! {
        #[test]
        fn what_is_chosen_is_spoken(wanted in proptest::collection::vec("[a-zA-Z0-9_-]{0,20}|.{0,8}", 0..4)) {
            let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
            prop_assert!(SPOKEN.contains(&negotiate(&wanted, SPOKEN, "en")));
        }

        #[test]
        fn what_is_spoken_is_served_exactly(choice in 0usize..3, region in "(-[A-Z]{2})?") {
            let wish = format!("{}{region}", SPOKEN[choice]);
            prop_assert_eq!(negotiate(&[&wish], SPOKEN, "none"), SPOKEN[choice]);
        }
    }

    #[test]
    fn chinese_is_chosen_by_script() {
        for simplified in
            ["zh", "zh-CN", "zh-SG", "zh-MY", "zh_CN", "ZH-hans-TW", "zh-Hans", "cmn", "zh-cmn-Hans-CN"]
        {
            assert_eq!(negotiate(&[simplified], SPOKEN, "en"), "zh-Hans", "{simplified}");
        }
        for traditional in
            ["zh-TW", "zh-HK", "zh-MO", "zh_tw", "zh-Hant", "zh-Hant-CN", "yue", "yue-HK", "zh-yue-HK"]
        {
            assert_eq!(negotiate(&[traditional], SPOKEN, "en"), "zh-Hant", "{traditional}");
        }
        assert_eq!(negotiate(&["zh-TW", "en"], &["en", "zh-Hans"], "en"), "zh-Hans");
    }

    #[test]
    fn a_script_or_a_region_makes_no_other_language() {
        for (one, other) in
            [("zh-Hans", "zh_TW"), ("yue", "zh"), ("pt-BR", "PT"), ("de", "de-CH-u-co-phonebk")]
        {
            assert!(is_same_language(one, other) && is_same_language(other, one), "{one}, {other}");
        }
        for (one, other) in [("de", "en"), ("de", "den"), ("", "en")] {
            assert!(!is_same_language(one, other), "{one}, {other}");
        }
    }

    #[test]
    fn the_first_wish_that_can_be_served_wins() {
        assert_eq!(negotiate(&["fr-CH", "de", "en-GB", "zh"], SPOKEN, "zh-Hans"), "en");
        assert_eq!(negotiate(&["fr", "*", ""], SPOKEN, "zh-Hans"), "zh-Hans");
        assert_eq!(negotiate(&[], SPOKEN, "en"), "en");
        assert_eq!(negotiate(&["pt"], &["en", "pt-BR"], "en"), "pt-BR");
        assert_eq!(negotiate(&["de-CH-u-co-phonebk"], &["de", "en"], "en"), "de");
    }

    #[test]
    fn a_region_is_served_by_its_language() {
        let spoken = ["ar", "de", "en", "es", "pt", "zh-Hans", "zh-Hant"];
        for (wish, expected) in [
            ("pt-BR", "pt"),
            ("pt-PT", "pt"),
            ("es-419", "es"),
            ("de-AT", "de"),
            ("ar_EG", "ar"),
            ("ar-SA-u-nu-latn", "ar"),
            ("zh-HK", "zh-Hant"),
            ("nl-BE", "en"),
        ] {
            assert_eq!(negotiate(&[wish], &spoken, "en"), expected, "{wish}");
        }
    }

    #[test]
    fn a_script_decides_the_direction_before_the_language() {
        for (tag, expected) in [
            ("en", Direction::LeftToRight),
            ("zh-Hant", Direction::LeftToRight),
            ("ar", Direction::RightToLeft),
            ("he-IL", Direction::RightToLeft),
            ("az-Arab", Direction::RightToLeft),
            ("ur-Latn-PK", Direction::LeftToRight),
            ("", Direction::LeftToRight),
        ] {
            assert_eq!(direction(tag), expected, "{tag}");
        }
    }
}
