//! Personal data, recognised by form and check digit, and masked.
//!
//! Masking happens in the visitor's browser before anything is sent, so what it misses is seen, and what it
//! masks wrongly is missed by the agent: a number is masked only when its form says what it is. Card, identity
//! and bank account numbers carry check digits; telephone numbers are recognised by their prefix and grouping.
//! An order number has neither and stays.

use core::ops::Range;

use super::numbers::number_at;
use crate::text::{fold, links};

/// A text without its personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked {
    /// The text as it may be sent.
    pub text: String,
    /// What was masked, in the order of the text; empty when the text is unchanged.
    pub found: Vec<Found>,
}

/// One masked piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What it was.
    pub kind: Kind,
    /// Where its mask stands in [`Masked::text`], in bytes.
    pub range: Range<usize>,
}

/// The kinds of personal data that are recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An e-mail address.
    Email,
    /// A payment card's number, with its check digit right.
    Card,
    /// A telephone number: international (`+44 …`, `0044 …`), a Chinese mobile number, or written as
    /// national ones are, with a leading 0 or grouped as in North America.
    Phone,
    /// A Chinese resident's identity number, with its date and check digit right.
    ResidentId,
    /// An international bank account number, with its check digits right.
    Iban,
}

/// Masks the personal data in `text`. Masking twice changes nothing more.
///
/// Cards keep their last four digits and telephone numbers their last two, as receipts do: enough for the
/// visitor to tell which one was meant.
///
/// ```
/// # use deskbell_shared::handoff::{Kind, mask};
/// let masked = mask("card 4111 1111 1111 1111, order 1234567890123456");
/// assert_eq!(masked.text, "card •••• 1111, order 1234567890123456");
/// assert_eq!(masked.found[0].kind, Kind::Card);
/// ```
pub fn mask(text: &str) -> Masked {
    let plain = Plain::of(text);
    let mut masked = Masked { text: String::with_capacity(text.len()), found: Vec::new() };
    let (mut kept_from, mut at) = (0, 0);
    while let Some(c) = plain.text[at..].chars().next() {
        let kept = kept_by_a_mask(&plain.text, at);
        if kept > 0 {
            at += kept;
            continue;
        }
        let Some((kind, length)) = recognise(&plain.text, at) else {
            at += c.len_utf8();
            continue;
        };
        masked.text.push_str(&text[plain.original(kept_from)..plain.original(at)]);
        let start = masked.text.len();
        masked.text.push_str(&shown(kind, &plain.text[at..at + length]));
        masked.found.push(Found { kind, range: start..masked.text.len() });
        at += length;
        kept_from = at;
    }
    masked.text.push_str(&text[plain.original(kept_from)..]);
    masked
}

/// How many digits at `at` are what a mask has kept of a card or a telephone number: with what stands behind them they are no
/// number.
fn kept_by_a_mask(text: &str, at: usize) -> usize {
    let masks = [("•••• ", 4), ("•••••", 2)];
    let Some((_, kept)) = masks.into_iter().find(|(mask, _)| text[..at].ends_with(mask)) else { return 0 };
    let digits = text[at..].bytes().take_while(u8::is_ascii_digit).count();
    if digits == kept { kept } else { 0 }
}

/// What begins at `at`, and its length in bytes.
fn recognise(text: &str, at: usize) -> Option<(Kind, usize)> {
    let email = links::email_at(text, at).map(|length| (Kind::Email, length));
    email.or_else(|| number_at(text, at))
}

/// What is shown instead. The same in every language.
fn shown(kind: Kind, written: &str) -> String {
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    let last = |count: usize| &digits[digits.len().saturating_sub(count)..];
    match kind {
        Kind::Email => "•••@•••".to_owned(),
        Kind::Card => format!("•••• {}", last(4)),
        Kind::Phone => format!("•••••{}", last(2)),
        Kind::ResidentId => "••••••".to_owned(),
        Kind::Iban => format!("{}••••", &written[..2]),
    }
}

/// A text with the letters, digits and marks of other widths and scripts as ASCII, so that the forms are
/// described once, and the way back.
struct Plain {
    text: String,
    /// For each byte of `text`, where its character stood.
    origin: Vec<usize>,
    length: usize,
}

impl Plain {
    fn of(text: &str) -> Self {
        let mut plain =
            Self { text: String::with_capacity(text.len()), origin: Vec::new(), length: text.len() };
        for (at, c) in text.char_indices() {
            plain.text.push(plain_char(c));
            plain.origin.resize(plain.text.len(), at);
        }
        plain
    }

    fn original(&self, at: usize) -> usize {
        self.origin.get(at).copied().unwrap_or(self.length)
    }
}

fn plain_char(c: char) -> char {
    match c {
        '\0'..='\u{7F}' => c,
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{3000}' => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        _ if c.is_numeric() => {
            let folded = fold(c.encode_utf8(&mut [0; 4]));
            folded.parse::<char>().ok().filter(char::is_ascii_digit).unwrap_or(c)
        }
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kinds(text: &str) -> Vec<Kind> {
        mask(text).found.into_iter().map(|found| found.kind).collect()
    }

    #[test]
    fn what_a_mask_keeps_is_no_number_with_what_follows() {
        let once = mask("4883046841453 １000000，");
        assert_eq!(once.text, "•••• 1453 １000000，");
        assert_eq!(mask(&once.text).text, once.text);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn masking_twice_changes_nothing_more(text in r"([0-9]{1,8}|[ .()+-]|[a-zA-Z@]{1,3}|１|，|电话|•|.){0,40}") {
            let once = mask(&text);
            prop_assert_eq!(mask(&once.text).text, once.text);
        }

        #[test]
        fn what_was_found_stands_where_it_is_said_to(text in r"([0-9]{3,4}[ -]?){0,12}[a-z]{0,5}@?[a-z.]{0,9}.{0,9}") {
            let masked = mask(&text);
            prop_assert_eq!(masked.found.is_empty(), masked.text == text);
            for found in masked.found {
                prop_assert!(masked.text.get(found.range).is_some_and(|shown| shown.contains('•')));
            }
        }

        #[test]
        fn a_card_number_is_masked_however_it_is_grouped(mut digits in "4[0-9]{14}", gap in "[ -]?") {
            let complete = ('0'..='9').find(|check| kinds(&format!("{digits}{check}")) == [Kind::Card]);
            digits.push(complete.unwrap());
            let groups: Vec<_> = (0..4).map(|n| &digits[n * 4..n * 4 + 4]).collect();
            prop_assert_eq!(kinds(&groups.join(&gap)), [Kind::Card]);
        }
    }

    #[test]
    fn personal_data_is_masked() {
        for (text, expected) in [
            ("me@shop.example!", "•••@•••!"),
            ("我的邮箱ana.b+c@mail.example，谢谢", "我的邮箱•••@•••，谢谢"),
            ("ａｎａ＠ｍａｉｌ．ｅｘａｍｐｌｅ", "•••@•••"),
            ("4111111111111111", "•••• 1111"),
            ("卡号6222-0200-0000-0000-000吗", "卡号•••• 0000吗"),
            ("amex 3782 822463 10005.", "amex •••• 0005."),
            ("４１１１　１１１１　１１１１　１１１１", "•••• 1111"),
            ("电话13812345678", "电话•••••78"),
            ("+86 138-1234-5678", "•••••78"),
            ("８６１３８１２３４５６７８", "•••••78"),
            ("call (415) 555-0132 now", "call •••••32 now"),
            ("tel 020 7946 0000", "tel •••••00"),
            ("+44 20 7946 0958", "•••••58"),
            ("0044 20 7946 0958", "•••••58"),
            ("06 12 34 56 78", "•••••78"),
            ("0912-345-678", "•••••78"),
            ("身份证11010519491231002X。", "身份证••••••。"),
            ("IBAN GB29 NWBK 6016 1331 9268 19", "IBAN GB••••"),
            ("de89370400440532013000", "de••••"),
            ("order 12345 13812345678", "order 12345 •••••78"),
            ("٠٩١٢٣٤٥٦٧٨", "•••••78"),
        ] {
            assert_eq!(mask(text).text, expected, "{text}");
        }
    }

    #[test]
    fn what_is_nobodys_stays() {
        for text in [
            "",
            "order 1234567890123456",
            "order 4111111111111112",
            "订单号 202409011234567890",
            "#0123456789",
            "DB-0123456789",
            "tracking 1Z999AA10123456784",
            "SF1234567890123",
            "on 2024-01-15 10:30",
            "01.02.2024 12",
            "01-02-2024 15",
            "192.168.1.100",
            "1,299.00",
            "v1.2.3",
            "12345678",
            "110105194912310021",
            "a@b",
            "@someone",
            "GB29 NWBK 6016 1331 9268 18",
            "100 000 000",
        ] {
            assert_eq!(mask(text), Masked { text: text.to_owned(), found: Vec::new() }, "{text}");
        }
    }

    #[test]
    fn several_are_found_in_their_order() {
        assert_eq!(
            kinds("13812345678 / a@b.example / 4111111111111111"),
            [Kind::Phone, Kind::Email, Kind::Card]
        );
    }
}
