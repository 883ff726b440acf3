//! The numbers behind the cues of one language: a logistic regression for each cue, over hashed features.
//!
//! A table is kept as text, since that is what networks between edge and browser compress: a line that says what it is; a line
//! for each cue with its unit and its bias in ten-thousandths, since reading fractions would cost the widget ten kilobytes; and
//! a digit for the weight of each cue at each place.

use thiserror::Error;

use super::{Cue, Cues};
use crate::{
    faq::feature::features,
    text::{fold, tokens},
};

/// How many weights each cue has.
pub const PLACES: usize = 16_384;
/// The largest weight, in units, either way.
pub const LARGEST: i8 = 3;
/// How many cues there are.
pub const CUES: usize = Cue::ALL.len();

/// What a table begins with. The number is the version: of its format, of the features, and of how it is learned; after a change
/// of any of these it has to be raised, for `cargo xtask cues` to begin anew.
const TITLE: &str = "deskbell cues 1";
/// What units and biases are kept in parts of.
const FINENESS: f32 = 10_000.0;
/// The digit of a weight of nothing.
const ZERO: i8 = b'0' as i8 + LARGEST;
/// What a part of a message has to say more than the whole, in logarithms of odds: it says less of what is meant.
const OF_A_PART: f32 = 0.5;
/// How many features are few.
const FEW: f32 = 5.0;
/// The fewest letters of a part that is read alone.
const LETTERS_OF_A_PART: usize = 4;

/// The cues of one language.
#[derive(Clone, PartialEq)]
pub struct CueTable {
    lang: String,
    /// For each cue what one unit of a weight says, and what a text without features says, in logarithms of odds.
    numbers: [(f32, f32); CUES],
    /// For each place the digits of all cues.
    digits: Box<[u8]>,
}

/// The text is no table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TableFault {
    /// It does not begin as one, or is one of another version.
    #[error("this is not a table of cues that can be read here")]
    NotATable,
    /// What says how much a cue's weights count is missing, or no number.
    #[error("a table of cues has a unit and a bias for each cue")]
    Numbers,
    /// There are too many weights, too few, or one that is none.
    #[error("a table of cues has a digit from 0 to 6 for each cue at each place")]
    Weights,
}

impl CueTable {
    /// Reads a table.
    ///
    /// # Errors
    /// [`TableFault`]: it is none, or is cut or changed.
    pub fn parse(text: &str) -> Result<Self, TableFault> {
        let mut lines = text.lines();
        let title = lines.next().and_then(|line| line.strip_prefix(TITLE)).ok_or(TableFault::NotATable)?;
        let lang = title.split_whitespace().next().ok_or(TableFault::NotATable)?.to_owned();
        let mut numbers = [(0.0, 0.0); CUES];
        for number in &mut numbers {
            let pair = lines.next().and_then(|line| line.split_once(' '));
            let read = |text: &str| text.parse().ok().map(|number: i32| number as f32 / FINENESS);
            *number = pair.and_then(|(unit, bias)| read(unit).zip(read(bias))).ok_or(TableFault::Numbers)?;
        }
        let digits = lines.next().unwrap_or_default().as_bytes();
        let is_sound = digits.len() == PLACES * CUES
            && digits.iter().all(|digit| (*digit as i8 - ZERO).abs() <= LARGEST)
            && lines.next().is_none();
        if !is_sound {
            return Err(TableFault::Weights);
        }
        Ok(Self { lang, numbers, digits: digits.into() })
    }

    /// The language, as a primary subtag.
    pub fn lang(&self) -> &str {
        &self.lang
    }

    /// What a message in this language shows; nothing when its writing says that it is in another one.
    pub(super) fn read(&self, text: &str) -> Cues {
        if !self.may_be_of(text) {
            return Cues::default();
        }
        let mut most = self.sums(text);
        let parts = text.split(['.', '!', '?', ';', '\n', '。', '！', '？', '；']);
        let long = parts.filter(|part| {
            part.len() < text.len()
                && part.chars().filter(|c| c.is_alphanumeric()).count() >= LETTERS_OF_A_PART
        });
        for part in long {
            let sums = self.sums(part);
            most.iter_mut().zip(sums).for_each(|(most, sum)| *most = most.max(sum - OF_A_PART));
        }
        Cue::ALL.into_iter().zip(most).filter_map(|(cue, sum)| (sum > 0.0).then_some(cue)).collect()
    }

    /// Chinese and Japanese share characters, and little of what these mean.
    fn may_be_of(&self, text: &str) -> bool {
        let has = |letters: core::ops::RangeInclusive<char>| text.contains(|c| letters.contains(&c));
        match self.lang.as_str() {
            "ja" => has('ぁ'..='ヿ'),
            "zh" => !has('ぁ'..='ヿ'),
            _ => true,
        }
    }

    /// For each cue whether the text shows it: logarithms of odds.
    fn sums(&self, text: &str) -> [f32; CUES] {
        let mut sums = [0.0; CUES];
        for (place, value) in vector(text) {
            let digits = &self.digits[usize::from(place) * CUES..][..CUES];
            for (sum, digit) in sums.iter_mut().zip(digits) {
                *sum += value * f32::from(*digit as i8 - ZERO);
            }
        }
        sums.iter_mut().zip(self.numbers).for_each(|(sum, (unit, bias))| *sum = *sum * unit + bias);
        sums
    }
}

impl core::fmt::Debug for CueTable {
    fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        f.debug_struct("CueTable").field("lang", &self.lang).finish_non_exhaustive()
    }
}

/// A text as a vector over [`PLACES`] places, each of which comes once. It is nearly of unit length; one of few features is
/// shorter, since any of them may be there by chance.
pub fn vector(text: &str) -> Vec<(u16, f32)> {
    let folded = fold(text);
    let tokens: Vec<_> = tokens(&folded).collect();
    let mut values: Vec<(u16, f32)> = Vec::new();
    features(&tokens, |feature| values.push((feature.place(PLACES), feature.weight)));
    values.sort_unstable_by(|(one, a), (other, b)| one.cmp(other).then(b.total_cmp(a)));
    values.dedup_by_key(|(place, _)| *place);
    let length = (FEW + values.iter().map(|(_, value)| value * value).sum::<f32>()).sqrt();
    values.iter_mut().for_each(|(_, value)| *value /= length);
    values
}

/// What was learned about the cues of a language.
#[cfg(feature = "compile")]
#[derive(Clone, Debug)]
pub struct Learned {
    /// For each cue what one unit of a weight says, and what a text without features says, in logarithms of odds.
    pub numbers: [(f32, f32); CUES],
    /// For each place the weights of all cues, each at most [`LARGEST`] units either way.
    pub weights: Vec<[i8; CUES]>,
}

#[cfg(feature = "compile")]
impl Learned {
    /// The table of a language, learned from the books of this name.
    pub fn table(&self, lang: &str, books: &str) -> String {
        let mut text = title(lang, books);
        for (unit, bias) in self.numbers {
            let [unit, bias] = [unit, bias].map(|number| (number * FINENESS).round() as i32);
            text.push_str(&format!("{unit} {bias}\n"));
        }
        let digits =
            self.weights.iter().flatten().map(|weight| (weight.clamp(&-LARGEST, &LARGEST) + ZERO) as u8);
        text.extend(digits.map(char::from));
        text.push('\n');
        text
    }
}

/// Whether a table was learned from the books of this name, in the way it would be learned today.
#[cfg(feature = "compile")]
pub fn is_of(table: &str, lang: &str, books: &str) -> bool {
    table.starts_with(&title(lang, books))
}

#[cfg(feature = "compile")]
fn title(lang: &str, books: &str) -> String {
    format!("{TITLE} {lang} {books}\n")
}

#[cfg(test)]
#[cfg(feature = "compile")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A table that takes every text with a word of these for a wish.
    fn table(words: &str) -> String {
        let mut weights = vec![[0; CUES]; PLACES];
        for (place, _) in vector(words) {
            weights[usize::from(place)][Cue::Wish as usize] = LARGEST;
        }
        Learned { numbers: [(1.0, -3.0); CUES], weights }.table("en", "0123")
    }

    #[test]
    fn a_table_is_read_as_it_was_written() {
        let table = CueTable::parse(&table("human")).unwrap();
        assert_eq!(table.lang(), "en");
        assert!(table.read("human").has(Cue::Wish));
        assert_eq!(table.read("a blue lamp"), Cues::default());
        assert_eq!(table.read(""), Cues::default());
    }

    #[test]
    fn a_part_of_a_long_message_is_heard() {
        let table = CueTable::parse(&table("human")).unwrap();
        let story =
            "my lamp came in a box that was far too large for it and then the bulb did not fit either "
                .repeat(9);
        assert!(!table.read(&format!("{story} human")).has(Cue::Wish));
        assert!(table.read(&format!("{story}. human!")).has(Cue::Wish));
    }

    #[test]
    fn what_is_cut_changed_or_of_another_version_is_refused() {
        let sound = table("human");
        let fault = |text: &str| CueTable::parse(text).unwrap_err();
        assert_eq!(fault(""), TableFault::NotATable);
        assert_eq!(fault(&sound.replacen("cues 1", "cues 2", 1)), TableFault::NotATable);
        assert_eq!(fault(&sound.replacen("10000 -30000", "10000 inf", 1)), TableFault::Numbers);
        assert_eq!(fault(&sound[..sound.len() - 2]), TableFault::Weights);
        assert_eq!(fault(&sound.replacen("33333", "33933", 1)), TableFault::Weights);
        assert_eq!(fault(&format!("{sound}3")), TableFault::Weights);
    }

    #[test]
    fn japanese_is_not_read_as_chinese() {
        let of = |lang: &str| {
            let text = table("火事煙").replacen(" en ", &format!(" {lang} "), 1);
            CueTable::parse(&text).unwrap()
        };
        assert!(of("zh").read("火事煙").has(Cue::Wish));
        assert!(!of("zh").read("火事煙が").has(Cue::Wish));
        assert!(!of("ja").read("火事煙").has(Cue::Wish));
    }

    proptest! {
        #[test]
        fn no_text_is_a_panic(text in any::<String>()) {
            CueTable::parse(&table("human")).unwrap().read(&text);
            prop_assert!(CueTable::parse(&text).is_err());
        }
    }
}
