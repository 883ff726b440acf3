//! Numbers that belong to a person, told apart by their form and their check digits.

use super::Kind;

/// The longest of them, in digits and letters: an IBAN.
const MOST_CHARACTERS: usize = 34;

/// First digits and numbers of digits of payment cards.
const CARDS: &[(&str, &[usize])] = &[
    ("4", &[13, 16, 19]),      // Visa
    ("5", &[16, 18, 19]),      // Mastercard, Maestro
    ("2", &[16]),              // Mastercard, Mir
    ("34", &[15]),             // American Express
    ("37", &[15]),             // American Express
    ("35", &[16]),             // JCB
    ("30", &[14, 16]),         // Diners Club
    ("36", &[14, 16]),         // Diners Club
    ("38", &[14, 16]),         // Diners Club
    ("6", &[16, 17, 18, 19]),  // UnionPay, Discover, RuPay, Maestro
    ("81", &[16, 17, 18, 19]), // UnionPay
];

/// The number that begins at `at`, and its length in bytes, when it is one of a person's.
///
/// Numbers follow one another ("order 12345 13812345678"), so every place where a group of digits ends is
/// tried as the end, the farthest first.
pub(super) fn number_at(text: &str, at: usize) -> Option<(Kind, usize)> {
    let before = text[..at].chars().next_back();
    // A group in the middle of a word, or one whose beginning is masked already.
    if before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '•') {
        return None;
    }
    // What hangs on a sign is somebody's code: `#0123456789`, `DB-0123456789`.
    let of_a_code = before.is_some_and(|c| matches!(c, '#' | '-' | '_' | '/' | '.' | '=' | '+'));
    let rest = &text[at..];
    let groups = groups(rest);
    (1..=groups.len()).rev().find_map(|count| {
        let groups = &groups[..count];
        let end = groups.last()?.end;
        let number = Candidate { written: &rest[..end], groups }.what()?;
        (number != Kind::Phone || !of_a_code).then_some((number, end))
    })
}

/// Letters and digits that stand together.
struct Group<'a> {
    characters: &'a str,
    /// Where it ends in the text.
    end: usize,
}

/// The groups at the beginning of a text, with the blanks and signs between them that numbers are written with.
fn groups(rest: &str) -> Vec<Group<'_>> {
    let mut groups = Vec::new();
    let mut characters = 0;
    let mut at = rest.bytes().take(2).take_while(|c| b"+(".contains(c)).count();
    loop {
        let length = rest[at..].bytes().take_while(u8::is_ascii_alphanumeric).count();
        characters += length;
        if length == 0 || characters > MOST_CHARACTERS {
            return groups;
        }
        groups.push(Group { characters: &rest[at..at + length], end: at + length });
        at += length;
        at += rest[at..].bytes().take(2).take_while(|c| b" -.()".contains(c)).count();
    }
}

/// Groups that may make up a number.
struct Candidate<'a> {
    written: &'a str,
    groups: &'a [Group<'a>],
}

impl Candidate<'_> {
    fn what(&self) -> Option<Kind> {
        let joined: String = self.groups.iter().map(|group| group.characters).collect();
        let digits_only = joined.bytes().all(|c| c.is_ascii_digit());
        if !self.written.contains('.') {
            if is_resident_id(&joined) {
                return Some(Kind::ResidentId);
            }
            if digits_only && is_card(&joined) {
                return Some(Kind::Card);
            }
            if self.is_grouped_as_an_iban() && is_iban(&joined) {
                return Some(Kind::Iban);
            }
        }
        (digits_only && self.is_phone(&joined)).then_some(Kind::Phone)
    }

    fn is_phone(&self, digits: &str) -> bool {
        let lengths: Vec<usize> = self.groups.iter().map(|group| group.characters.len()).collect();
        let international = match digits.strip_prefix("00") {
            Some(rest) => Some(rest),
            None => self.written.contains('+').then_some(digits),
        };
        if let Some(rest) = international {
            return !rest.starts_with('0') && (8..=15).contains(&rest.len());
        }
        let national = digits.strip_prefix("86").filter(|rest| rest.len() == 11).unwrap_or(digits);
        match (national.as_bytes(), lengths.as_slice()) {
            // A Chinese mobile number: 138 1234 5678.
            ([b'1', b'3'..=b'9', ..], _) if national.len() == 11 => true,
            // 020 7946 0000, 0912345678; in pairs, 06 12 34 56 78. A date, 01-02-2024, has other groups.
            ([b'0', b'1'..=b'9', ..], [2, 2, 2, 2, 2]) => true,
            ([b'0', b'1'..=b'9', ..], [first, ..]) => {
                *first >= 3 && lengths.len() <= 4 && (9..=12).contains(&digits.len())
            }
            // North America: (415) 555-0132, 1-415-555-0132.
            ([b'2'..=b'9', ..], [3, 3, 4]) | ([b'1', b'2'..=b'9', ..], [1, 3, 3, 4]) => true,
            _ => false,
        }
    }

    /// In one piece, or in fours as it is printed.
    fn is_grouped_as_an_iban(&self) -> bool {
        match self.groups {
            [_] => true,
            [fours @ .., last] => {
                fours.iter().all(|group| group.characters.len() == 4) && last.characters.len() <= 4
            }
            [] => false,
        }
    }
}

/// By the network's first digits, its length, and the check digit of ISO/IEC 7812 (Luhn).
fn is_card(digits: &str) -> bool {
    let known =
        CARDS.iter().any(|(first, lengths)| digits.starts_with(first) && lengths.contains(&digits.len()));
    let luhn = || {
        let sum: u32 = digits
            .bytes()
            .rev()
            .map(|c| u32::from(c - b'0'))
            .enumerate()
            .map(|(place, digit)| if place % 2 == 1 { digit * 2 / 10 + digit * 2 % 10 } else { digit })
            .sum();
        sum.is_multiple_of(10)
    };
    known && luhn()
}

/// By the date of birth in it and the check digit of GB 11643 (ISO 7064, MOD 11-2).
fn is_resident_id(characters: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8; 11] = b"10X98765432";
    let Some((digits, check)) = characters.split_at_checked(17) else { return false };
    if check.len() != 1 || !digits.bytes().all(|c| c.is_ascii_digit()) {
        return false;
    }
    let born = (&digits[6..10], &digits[10..12], &digits[12..14]);
    let plausible = ("1900".."2100").contains(&born.0)
        && ("01"..="12").contains(&born.1)
        && ("01"..="31").contains(&born.2);
    let sum: u32 = digits.bytes().zip(WEIGHTS).map(|(c, weight)| u32::from(c - b'0') * weight).sum();
    plausible && check.as_bytes()[0].to_ascii_uppercase() == CHECKS[(sum % 11) as usize]
}

/// By its form and the check digits of ISO 13616 (ISO 7064, MOD 97-10).
fn is_iban(characters: &str) -> bool {
    let [a, b, c, d, ..] = characters.as_bytes() else { return false };
    let form = a.is_ascii_alphabetic()
        && b.is_ascii_alphabetic()
        && c.is_ascii_digit()
        && d.is_ascii_digit()
        && (15..=MOST_CHARACTERS).contains(&characters.len())
        && characters.bytes().filter(u8::is_ascii_digit).count() >= 8;
    let moved = characters.bytes().cycle().skip(4).take(characters.len());
    let remainder = moved.fold(0, |remainder, c| match char::from(c).to_digit(36) {
        Some(value @ 10..) => (remainder * 100 + value) % 97,
        Some(value) => (remainder * 10 + value) % 97,
        None => remainder,
    });
    form && remainder == 1
}
