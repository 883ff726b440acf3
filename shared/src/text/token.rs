//! Tokens of a folded text: words, and runs of scripts that put no blanks between words.

/// How a script's words can be told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// Blanks between words, letters for sounds: Latin, Cyrillic, Arabic, Devanagari and most others.
    Alphabetic,
    /// No blanks, and a character is a word or a syllable: Han, kana. Hangul has blanks, but its words carry
    /// so many endings that syllables say more.
    Syllabic,
    /// No blanks, and letters for sounds: Thai, Lao, Burmese, Khmer.
    Unspaced,
}

impl Script {
    /// The script of one character of a word.
    pub fn of(c: char) -> Self {
        match c {
            // What most letters are.
            '\0'..='\u{0DFF}' => Self::Alphabetic,
            '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' => Self::Unspaced,
            '\u{1100}'..='\u{11FF}'
            | '\u{2E80}'..='\u{2FDF}'
            | '\u{3005}'..='\u{3007}'
            | '\u{3041}'..='\u{318F}'
            | '\u{31F0}'..='\u{31FF}'
            | '\u{3400}'..='\u{4DBF}'
            | '\u{4E00}'..='\u{9FFF}'
            | '\u{AC00}'..='\u{D7AF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{20000}'..='\u{3FFFF}' => Self::Syllabic,
            _ => Self::Alphabetic,
        }
    }
}

/// A stretch of one script without blanks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// Its letters.
    pub text: &'a str,
    /// The script of all of them.
    pub script: Script,
}

/// The tokens of a text that was folded.
///
/// ```
/// # use deskbell_shared::text::{Script, fold, tokens};
/// let folded = fold("Wi-Fi怎么连");
/// let found: Vec<_> = tokens(&folded).map(|token| (token.text, token.script)).collect();
/// assert_eq!(found, [("wi", Script::Alphabetic), ("fi", Script::Alphabetic), ("怎么连", Script::Syllabic)]);
/// ```
pub fn tokens(folded: &str) -> impl Iterator<Item = Token<'_>> {
    folded.split(' ').flat_map(|stretch| {
        let mut rest = stretch;
        core::iter::from_fn(move || {
            let script = Script::of(rest.chars().next()?);
            let end = rest.find(|c| Script::of(c) != script).unwrap_or(rest.len());
            let (text, after) = rest.split_at(end);
            rest = after;
            Some(Token { text, script })
        })
    })
}
