//! Folding: the many ways of writing the same letters become one.
//!
//! A small relative of Unicode's NFKC and case folding, by rules and short tables instead of megabytes of data:
//! width, case, accents, vowel points, kana and the digits of other scripts.

/// Folds a text: what a reader takes for the same letters comes out the same, and everything that is not
/// part of a word becomes a single blank. Folding twice changes nothing more.
///
/// ```
/// # use deskbell_shared::text::fold;
/// assert_eq!(fold("  Ｃafé – Don’t! "), "cafe dont");
/// assert_eq!(fold("ﾊﾟｽﾜｰﾄﾞ"), fold("パスワード"));
/// ```
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // What nearly all letters are, and none of the rules below changes.
            'a'..='z' | '0'..='9' | '\u{4E00}'..='\u{9FFF}' => folded.push(c),
            'A'..='Z' => folded.push(c.to_ascii_lowercase()),
            ' ' => push_letter(&mut folded, c),
            _ => narrow(c).to_lowercase().for_each(|c| push_folded(&mut folded, c)),
        }
    }
    folded.truncate(folded.trim_end_matches(' ').len());
    folded
}

fn push_folded(folded: &mut String, c: char) {
    match c {
        _ if is_dropped(c) => {}
        '\u{3099}' | '\u{309A}' => voice_last_kana(folded, c),
        _ => match spelled_out(c) {
            Some(letters) => folded.push_str(letters),
            None => push_letter(folded, plain(c)),
        },
    }
}

fn push_letter(folded: &mut String, c: char) {
    if is_word(c) {
        folded.push(c);
    } else if !folded.is_empty() && !folded.ends_with(' ') {
        folded.push(' ');
    }
}

/// Whether a character is part of words. Unicode's alphanumerics, and the marks of Indic and Thai writing, which
/// are not alphanumeric but stand inside words.
fn is_word(c: char) -> bool {
    match c {
        '\u{0964}' | '\u{0965}' | '\u{0E3F}' | '\u{0E4F}' | '\u{0E5A}' | '\u{0E5B}' => false,
        '\u{0900}'..='\u{0E7F}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17D3}' | 'ー' => true,
        _ => c.is_alphanumeric(),
    }
}

/// What leaves no trace: marks that many writers leave out, and characters that nobody sees.
fn is_dropped(c: char) -> bool {
    matches!(c,
        '\'' | '’' | '‘' | 'ʼ' | '`' | '´'
        | '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{0300}'..='\u{036F}'                             // combining accents
        | '\u{0591}'..='\u{05BD}' | '\u{05BF}' | '\u{05C1}' | '\u{05C2}' // Hebrew points
        | '\u{0640}' | '\u{064B}'..='\u{065F}' | '\u{0670}'   // Arabic stretching and vowels
        | '\u{093C}'                                          // nukta
    )
}

/// Full-width Latin to ASCII, half-width kana to full width.
fn narrow(c: char) -> char {
    const HALF_WIDTH_KANA: &str = "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノ\
                                   ハヒフヘホマミムメモヤユヨラリルレロワン\u{3099}\u{309A}";
    match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{FF61}'..='\u{FF9F}' => HALF_WIDTH_KANA.chars().nth((u32::from(c) - 0xFF61) as usize).unwrap_or(c),
        _ => c,
    }
}

/// Joins a voicing mark that stands alone with the kana before it: か and its mark are が.
fn voice_last_kana(folded: &mut String, mark: char) {
    let Some(kana) = folded.chars().next_back() else { return };
    let step = match (mark, kana) {
        ('\u{3099}', 'か'..='と' | 'は'..='ほ') => 1,
        ('\u{309A}', 'は'..='ほ') => 2,
        _ => return,
    };
    if let Some(voiced) = char::from_u32(u32::from(kana) + step) {
        folded.truncate(folded.len() - kana.len_utf8());
        folded.push(voiced);
    }
}

/// Letters that are written as two where the keyboard lacks them.
fn spelled_out(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ĳ' => "ij",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        _ => return None,
    })
}

/// A lower-case letter without its accent; Arabic letters without their variants; katakana as hiragana;
/// any script's digit as ASCII.
fn plain(c: char) -> char {
    match c {
        '\0'..='\u{7F}' => c,
        'ァ'..='ヶ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' | 'ǎ' | 'ǟ' | 'ǡ' | 'ǻ' | 'ȁ' | 'ȃ' | 'ȧ'
        | 'ạ' | 'ả' | 'ấ' | 'ầ' | 'ẩ' | 'ẫ' | 'ậ' | 'ắ' | 'ằ' | 'ẳ' | 'ẵ' | 'ặ' | 'ª' => {
            'a'
        }
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => 'c',
        'ď' | 'đ' | 'ð' => 'd',
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ȅ' | 'ȇ' | 'ȩ' | 'ẹ' | 'ẻ' | 'ẽ' | 'ế'
        | 'ề' | 'ể' | 'ễ' | 'ệ' => 'e',
        'ĝ' | 'ğ' | 'ġ' | 'ģ' | 'ǧ' => 'g',
        'ĥ' | 'ħ' => 'h',
        'ì' | 'í' | 'î' | 'ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ǐ' | 'ȉ' | 'ȋ' | 'ỉ' | 'ị' => {
            'i'
        }
        'ĵ' => 'j',
        'ķ' | 'ǩ' => 'k',
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => 'l',
        'ñ' | 'ń' | 'ņ' | 'ň' | 'ŉ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ơ' | 'ǒ' | 'ǫ' | 'ȍ' | 'ȏ' | 'ȯ' | 'ọ'
        | 'ỏ' | 'ố' | 'ồ' | 'ổ' | 'ỗ' | 'ộ' | 'ớ' | 'ờ' | 'ở' | 'ỡ' | 'ợ' | 'º' => 'o',
        'ŕ' | 'ŗ' | 'ř' | 'ȑ' | 'ȓ' => 'r',
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' | 'ſ' => 's',
        'ţ' | 'ť' | 'ŧ' | 'ț' => 't',
        'ù' | 'ú' | 'û' | 'ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ư' | 'ǔ' | 'ȕ' | 'ȗ' | 'ụ' | 'ủ'
        | 'ứ' | 'ừ' | 'ử' | 'ữ' | 'ự' => 'u',
        'ŵ' | 'ẁ' | 'ẃ' | 'ẅ' => 'w',
        'ý' | 'ÿ' | 'ŷ' | 'ỳ' | 'ỵ' | 'ỷ' | 'ỹ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'ά' => 'α',
        'έ' => 'ε',
        'ή' => 'η',
        'ί' | 'ϊ' | 'ΐ' => 'ι',
        'ό' => 'ο',
        'ς' => 'σ',
        'ύ' | 'ϋ' | 'ΰ' => 'υ',
        'ώ' => 'ω',
        'ё' | 'ѐ' => 'е',
        'ѝ' => 'и',
        'ї' => 'і',
        'ґ' => 'г',
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ئ' | 'ی' => 'ي',
        'ؤ' => 'و',
        'ة' | 'ە' => 'ه',
        'ک' => 'ك',
        // Letters that have their nukta within them.
        '\u{0929}' => 'न',
        '\u{0931}' => 'र',
        '\u{0934}' => 'ळ',
        '\u{0958}' => 'क',
        '\u{0959}' => 'ख',
        '\u{095A}' => 'ग',
        '\u{095B}' => 'ज',
        '\u{095C}' => 'ड',
        '\u{095D}' => 'ढ',
        '\u{095E}' => 'फ',
        '\u{095F}' => 'य',
        _ => digit(c).unwrap_or(c),
    }
}

/// The ASCII digit for a digit of Arabic, Persian, the Indic scripts, Thai or Lao.
fn digit(c: char) -> Option<char> {
    const ZEROS: [u32; 13] =
        [0x660, 0x6F0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50, 0xED0];
    let code = u32::from(c);
    let zero = ZEROS.into_iter().find(|zero| (*zero..zero + 10).contains(&code))?;
    char::from_digit(code - zero, 10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn folding_twice_changes_nothing_more(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }

    #[test]
    fn folding_every_single_character_twice_changes_nothing_more() {
        for c in '\0'..=char::MAX {
            let once = fold(&c.to_string());
            assert_eq!(fold(&once), once, "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn different_ways_of_writing_the_same_come_out_the_same() {
        for (one, other) in [
            ("Straße", "STRASSE"),
            ("naïve", "nai\u{308}ve"),
            ("don't", "don’t"),
            ("ＡＢＣ１２３", "abc123"),
            ("が", "か\u{3099}"),
            ("ﾊﾟﾝ", "パン"),
            ("カタカナ", "かたかな"),
            ("إلغاء", "الغاء"),
            ("الشَّحن", "الشحن"),
            ("ёлка", "елка"),
            ("İstanbul", "istanbul"),
            ("५००", "500"),
            ("कप\u{095C}े", "कपड\u{093C}े"),
            ("Đổi trả", "doi tra"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} and {other}");
        }
    }

    #[test]
    fn what_is_between_words_becomes_one_blank() {
        assert_eq!(fold(" …one,\n\ttwo—three?! "), "one two three");
        assert_eq!(fold("हिन्दी।"), "हिन्दी");
        assert_eq!(fold("?!"), "");
    }
}
