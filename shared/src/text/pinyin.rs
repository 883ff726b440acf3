//! How Chinese characters sound: what makes a slip of an input method, or a word typed in Latin letters, findable.

/// Syllables of Hanyu Pinyin without tones, and the characters that are read so.
///
/// All common characters are known only to the compiler of packs; a pack carries the syllables of its own characters,
/// and what sounds the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pinyin {
    /// In order, each with its characters.
    syllables: Vec<(String, String)>,
    /// Every character with the place of its syllable, in order.
    places: Vec<(char, u16)>,
}

/// The longest syllable has so many letters: zhuang.
const MAX_LETTERS: usize = 6;
/// A word has at most so many syllables: longer ones are not Chinese, and each more could make the search six times as long.
const MAX_SYLLABLES: usize = 6;

impl Pinyin {
    /// The syllables given, with their characters; `None` unless they are in order and no character is given twice.
    pub fn in_order(syllables: Vec<(String, String)>) -> Option<Self> {
        if !syllables.is_sorted_by(|(a, _), (b, _)| a < b) || syllables.len() > usize::from(u16::MAX) {
            return None;
        }
        let with_place = |(place, (_, chars)): (u16, &(String, String))| {
            chars.chars().map(|c| (c, place)).collect::<Vec<_>>()
        };
        let mut places: Vec<(char, u16)> = (0_u16..).zip(&syllables).flat_map(with_place).collect();
        places.sort_unstable();
        places.is_sorted_by(|(a, _), (b, _)| a < b).then_some(Self { syllables, places })
    }

    /// All common characters.
    #[cfg(feature = "compile")]
    pub fn all() -> Self {
        let pair = |line: &str| {
            line.split_once(' ').map(|(syllable, chars)| (syllable.to_owned(), chars.to_owned()))
        };
        let lines = include_str!("pinyin.txt").lines().filter(|line| !line.starts_with('#'));
        Self::in_order(lines.filter_map(pair).collect()).unwrap_or_default()
    }

    /// Only the syllables of the characters in `used`, with everything that sounds the same.
    #[cfg(feature = "compile")]
    pub fn sounding_like(&self, used: &std::collections::BTreeSet<char>) -> Self {
        let kept = self.syllables.iter().filter(|(_, chars)| chars.chars().any(|c| used.contains(&c)));
        Self::in_order(kept.cloned().collect()).unwrap_or_default()
    }

    /// The syllables and their characters.
    pub fn syllables(&self) -> &[(String, String)] {
        &self.syllables
    }

    /// How a character is read.
    pub fn of(&self, c: char) -> Option<&str> {
        let found = self.places.binary_search_by_key(&c, |(known, _)| *known).ok()?;
        Some(&self.syllables[usize::from(self.places[found].1)].0)
    }

    /// The syllables of a word in Latin letters, as long as each can be; `None` unless the word is two syllables or more.
    pub fn split<'a>(&self, word: &'a str) -> Option<Vec<&'a str>> {
        if self.syllables.is_empty() || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return None;
        }
        let mut found = Vec::new();
        self.split_from(word, &mut found).then_some(found).filter(|found| found.len() >= 2)
    }

    fn split_from<'a>(&self, rest: &'a str, found: &mut Vec<&'a str>) -> bool {
        if rest.is_empty() {
            return true;
        }
        if found.len() >= MAX_SYLLABLES {
            return false;
        }
        for length in (1..=rest.len().min(MAX_LETTERS)).rev() {
            let (syllable, after) = rest.split_at(length);
            if self.syllables.binary_search_by(|(known, _)| known.as_str().cmp(syllable)).is_ok() {
                found.push(syllable);
                if self.split_from(after, found) {
                    return true;
                }
                found.pop();
            }
        }
        false
    }
}

#[cfg(test)]
#[cfg(feature = "compile")]
mod tests {
    use super::*;

    #[test]
    fn characters_that_sound_the_same_have_one_syllable() {
        let all = Pinyin::all();
        assert_eq!(all.of('消'), Some("xiao"));
        assert_eq!(all.of('肖'), Some("xiao"));
        assert_eq!(all.of('a'), None);
        assert!(all.syllables().len() > 380);
    }

    #[test]
    fn a_word_in_latin_letters_is_split_where_it_can_be() {
        let all = Pinyin::all();
        assert_eq!(all.split("fahuo"), Some(vec!["fa", "huo"]));
        assert_eq!(all.split("xianggang"), Some(vec!["xiang", "gang"]));
        assert_eq!(all.split("shouhuodizhi"), Some(vec!["shou", "huo", "di", "zhi"]));
        for word in ["", "fa", "delivery", "Fahuo", "fahuo1", "发货", "zzz"] {
            assert_eq!(all.split(word), None, "{word}");
        }
    }

    #[test]
    fn a_cut_table_keeps_what_sounds_the_same() {
        let cut = Pinyin::all().sounding_like(&"消".chars().collect());
        assert_eq!(cut.syllables().len(), 1);
        assert_eq!(cut.of('肖'), Some("xiao"));
        assert_eq!(cut.of('发'), None);
    }

    #[test]
    fn a_table_that_contradicts_itself_is_refused() {
        let pair = |syllable: &str, chars: &str| (syllable.to_owned(), chars.to_owned());
        assert_eq!(Pinyin::in_order(vec![pair("b", "不"), pair("a", "啊")]), None);
        assert_eq!(Pinyin::in_order(vec![pair("a", "啊"), pair("b", "啊")]), None);
    }
}
