//! Letters as a reader takes them, whatever they are dressed up as: full-width, accented, from a look-alike alphabet,
//! written with digits and signs, stretched, spaced out, or with invisible characters in between.

use crate::text::{HanPairs, fold};

/// What stands between two pieces of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Blanks or marks on one line.
    Near,
    /// The end of a line, or the beginning of the text.
    Far,
}

/// A run of letters with nothing in between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) letters: Vec<char>,
    pub(super) before: Gap,
}

/// Any one letter: what a writer hides behind a star.
pub(super) const ANY: char = '*';

/// A text's letters, in pieces. Every Chinese character is a piece of its own.
pub(super) fn pieces(text: &str, pairs: &HanPairs) -> Vec<Piece> {
    let simplified = pairs.fold(text);
    let plain: Vec<char> = simplified.chars().flat_map(letters).collect();
    let mut pieces: Vec<Piece> = Vec::new();
    let (mut open, mut before) = (false, Gap::Far);
    for (at, c) in plain.iter().enumerate() {
        match part_of_word(&plain, at, open) {
            Some(letter) if is_han(letter) => {
                pieces.push(Piece { letters: vec![letter], before });
                (open, before) = (false, Gap::Near);
            }
            Some(letter) => {
                match pieces.last_mut() {
                    Some(piece) if open => piece.letters.push(letter),
                    _ => pieces.push(Piece { letters: vec![letter], before }),
                }
                (open, before) = (true, Gap::Near);
            }
            None => {
                open = false;
                if *c == '\n' {
                    before = Gap::Far;
                }
            }
        }
    }
    for piece in &mut pieces {
        settle(&mut piece.letters);
    }
    pieces
}

/// Whether a character is Chinese.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// A character as plain lower-case letters; none when nobody sees it.
fn letters(c: char) -> impl Iterator<Item = char> {
    let (mut one, mut more) = (None, String::new());
    match c {
        'A'..='Z' => one = Some(c.to_ascii_lowercase()),
        '\0'..='\u{7F}' => one = Some(c),
        _ if is_han(c) => one = Some(c),
        _ if is_invisible(c) => {}
        _ => match styled(c).or_else(|| look_alike(c)) {
            Some(plain) => one = Some(plain),
            None => {
                more = fold(c.encode_utf8(&mut [0; 4]));
                // What folds away stands between words; full-width signs are signs nevertheless.
                if more.is_empty() {
                    one = Some(match c {
                        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(' '),
                        _ => ' ',
                    });
                }
            }
        },
    }
    one.into_iter().chain(more.chars().map(|c| look_alike(c).unwrap_or(c)).collect::<Vec<_>>())
}

/// The letter that a character is within a word, `inside` of which the one before it was; `None` when it stands
/// between words.
fn part_of_word(plain: &[char], at: usize, inside: bool) -> Option<char> {
    let c = plain[at];
    let next = plain.get(at + 1).copied().unwrap_or(' ');
    let goes_on = next.is_alphanumeric() && !is_han(next);
    match c {
        '@' if inside || goes_on => Some('a'),
        // Before a number it is money.
        '$' if inside || next.is_alphabetic() && !is_han(next) => Some('s'),
        // At the end of a word they are marks.
        '!' | '|' if inside && goes_on => Some('i'),
        '*' if inside && (goes_on || next == '*') => Some(ANY),
        _ => c.is_alphanumeric().then_some(c),
    }
}

/// Digits in a word are letters; a number stays a number. Letters that stand for each other become one.
fn settle(letters: &mut [char]) {
    if letters.iter().all(|c| !c.is_alphabetic()) {
        return;
    }
    for c in letters {
        *c = match *c {
            '0' => 'o',
            '1' | 'l' => 'i',
            '2' => 'z',
            '3' => 'e',
            '4' => 'a',
            '5' => 's',
            '6' | '9' => 'g',
            '7' => 't',
            '8' => 'b',
            'v' => 'u',
            other => other,
        };
    }
}

/// Letters in a style of their own: mathematical, circled, squared, flags, small capitals.
fn styled(c: char) -> Option<char> {
    let letter = |n: u32| char::from_u32(u32::from('a') + n % 26);
    let code = u32::from(c);
    match code {
        0x1D400..=0x1D6A3 => letter((code - 0x1D400) % 52),
        0x1D7CE..=0x1D7FF => char::from_digit((code - 0x1D7CE) % 10, 10),
        0x24B6..=0x24CF => letter(code - 0x24B6),
        0x24D0..=0x24E9 => letter(code - 0x24D0),
        0x249C..=0x24B5 => letter(code - 0x249C),
        0x1F110..=0x1F129 => letter(code - 0x1F110),
        0x1F130..=0x1F149 => letter(code - 0x1F130),
        0x1F150..=0x1F169 => letter(code - 0x1F150),
        0x1F170..=0x1F189 => letter(code - 0x1F170),
        0x1F1E6..=0x1F1FF => letter(code - 0x1F1E6),
        _ => {
            const SMALL: &str = "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡ-ʏᴢ";
            let place = SMALL.chars().position(|small| small == c)?;
            letter(u32::try_from(place).ok()?)
        }
    }
}

/// The Latin letter that a Cyrillic or Greek one, or another sign, looks like.
fn look_alike(c: char) -> Option<char> {
    const PAIRS: &str = "аaвbсcԁdеeгrһhнhіiїiјjкkӏlмmпnоoрpԛqгrѕsтtцuуyѵvшwԝwхxзzбb\
                         αaβbςcεeηnιiκkνvοoρpτtυuχxωwγyσoɑaɡgɩiʟlɴnѡwօoսuհhոnցgյjⅼlⅰiⅽcⅾdⅿmℓl€e£lƒføo¡i";
    let mut pairs = PAIRS.chars();
    while let (Some(like), Some(letter)) = (pairs.next(), pairs.next()) {
        if like == c {
            return Some(letter);
        }
    }
    None
}

/// What nobody sees: of no width, or a mark on the letter before.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}'
        | '\u{300}'..='\u{34E}' | '\u{350}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{20D0}'..='\u{20FF}' | '\u{489}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<String> {
        pieces(text, &HanPairs::all()).into_iter().map(|piece| piece.letters.into_iter().collect()).collect()
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in any::<String>()) {
            let _ = read(&text);
        }
    }

    #[test]
    fn dressed_up_letters_are_what_a_reader_takes_them_for() {
        // `l` and `i` are one letter here, and so are `u` and `v`.
        for text in [
            "hello",
            "HELLO",
            "ｈｅｌｌｏ",
            "h3110",
            "hеllо",
            "h\u{200B}e\u{AD}llo",
            "𝐡𝐞𝐥𝐥𝐨",
            "ⓗⓔⓛⓛⓞ",
            "hé\u{301}llo",
            "h€llo",
            "🅷🅴🅻🅻🅾",
        ] {
            assert_eq!(read(text), ["heiio"], "{text}");
        }
        assert_eq!(read("sh!t a$$ f*ck f**k"), ["shit", "ass", "f*ck", "f**k"]);
        assert_eq!(read("傻 逼，訂單"), ["傻", "逼", "订", "单"]);
    }

    #[test]
    fn marks_and_numbers_stay_what_they_are() {
        assert_eq!(read("Great! 455 * 3 costs $5"), ["great", "455", "3", "costs", "5"]);
        assert_eq!(read("a_b-c"), ["a", "b", "c"]);
    }
}
