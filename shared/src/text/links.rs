//! Links in a text: the only markup there is.
//!
//! A text from a stranger is shown to somebody who trusts the page it is shown on, so a link must lead where
//! it seems to lead. What is not clearly honest stays text, with its address in plain sight: any scheme
//! but `https`, `http`, `mailto` and `tel`, a user name before the host (`https://bank.example@evil.example`),
//! a host in letters that imitate others, characters that turn the writing direction around. A label that
//! looks like the address of another host is replaced by the true address.

use std::borrow::Cow;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment<'a> {
    /// Shown as it is.
    Text(&'a str),
    /// Shown as a link.
    Link {
        /// What the reader sees.
        label: Cow<'a, str>,
        /// Where it leads, in ASCII: an `https:`, `http:`, `mailto:` or `tel:` address.
        href: String,
    },
}

/// The longest label in `[label](address)`, in bytes. It bounds the work that a text full of `[` causes.
const MAX_LABEL: usize = 400;
/// The longest address, in bytes.
const MAX_ADDRESS: usize = 2_000;

/// Splits a text into what is text and what is a link: `https://…` and `http://…` as they stand, e-mail
/// addresses, and `[label](address)`.
///
/// An address in running text ends before punctuation that belongs to the sentence, and before anything that
/// is not ASCII: Chinese is written without blanks, and `https://example.com，谢谢` means the part before it.
///
/// ```
/// # use deskbell_shared::text::links::{Segment, split};
/// let href = "https://example.com/a".to_owned();
/// assert_eq!(
///     split("See https://example.com/a."),
///     [Segment::Text("See "), Segment::Link { label: "https://example.com/a".into(), href }, Segment::Text(".")],
/// );
/// ```
pub fn split(text: &str) -> Vec<Segment<'_>> {
    let mut segments = Vec::new();
    let (mut text_from, mut at) = (0, 0);
    while let Some(c) = text[at..].chars().next() {
        match read(text, at) {
            Some(Read { length, link: Some((label, href)) }) => {
                if text_from < at {
                    segments.push(Segment::Text(&text[text_from..at]));
                }
                segments.push(Segment::Link { label, href });
                at += length;
                text_from = at;
            }
            Some(Read { length, link: None }) => at += length,
            None => at += c.len_utf8(),
        }
    }
    if text_from < text.len() {
        segments.push(Segment::Text(&text[text_from..]));
    }
    segments
}

/// What stands at a place of the text.
struct Read<'a> {
    /// Bytes it takes.
    length: usize,
    /// Label and address; `None` for what looks like a link and must not be one.
    link: Option<(Cow<'a, str>, String)>,
}

fn read(text: &str, at: usize) -> Option<Read<'_>> {
    let before = text[..at].chars().next_back();
    let rest = &text[at..];
    match rest.as_bytes().first()? {
        b'[' => read_labelled(rest),
        b'h' | b'H' if !before.is_some_and(|c| c.is_ascii_alphanumeric()) && web(rest).is_some() => {
            Some(read_web(rest))
        }
        _ => {
            let length = email_at(text, at)?;
            let address = &rest[..length];
            Some(Read { length, link: Some((Cow::Borrowed(address), ["mailto:", address].concat())) })
        }
    }
}

/// `[label](address)`
fn read_labelled(rest: &str) -> Option<Read<'_>> {
    let label_end = rest.bytes().take(MAX_LABEL).position(|c| matches!(c, b']' | b'\n'))?;
    let label = rest.get(1..label_end)?;
    let address = rest[label_end..].strip_prefix("](")?;
    let mut open = 0_usize;
    let end = address.bytes().take(MAX_ADDRESS).position(|c| {
        match c {
            b'(' => open += 1,
            b')' if open > 0 => open -= 1,
            _ => return c == b')' || c.is_ascii_whitespace(),
        }
        false
    })?;
    let (address, after) = address.split_at(end);
    if !after.starts_with(')') || label.trim().is_empty() || label.chars().any(deceives) {
        return None;
    }
    let target = Target::of(address)?;
    let label = if target.is_told_by(label) { Cow::Borrowed(label) } else { Cow::Owned(target.href.clone()) };
    Some(Read { length: rest.len() - after.len() + 1, link: Some((label, target.href)) })
}

/// An address that stands in the text as it is.
fn read_web(rest: &str) -> Read<'_> {
    let end = rest.bytes().position(|c| !in_address(c)).unwrap_or(rest.len());
    let length = without_punctuation(&rest[..end]).len();
    let address = &rest[..length];
    // `https://bücher.example` must not become a link to `https://b`.
    let is_cut = length == end
        && rest[end..].chars().next().is_some_and(|c| c.is_alphanumeric() && !is_written_without_blanks(c));
    let target = if is_cut || length > MAX_ADDRESS { None } else { Target::of(address) };
    // What is refused is passed over as a whole, or an e-mail address might be found in its middle.
    Read { length: length.max(1), link: target.map(|target| (Cow::Borrowed(address), target.href)) }
}

/// The length in bytes of the e-mail address that begins at `at`, when one does.
pub(crate) fn email_at(text: &str, at: usize) -> Option<usize> {
    let goes_on = |c: char| c == '@' || c.is_ascii() && in_mailbox(c as u8);
    let rest = &text.as_bytes()[at..];
    if !rest.first()?.is_ascii_alphanumeric() || text[..at].ends_with(goes_on) {
        return None;
    }
    let mailbox = rest.iter().take(65).position(|c| !in_mailbox(*c)).filter(|end| rest[*end] == b'@')?;
    let host = &text[at + mailbox + 1..];
    let end = host.bytes().take(254).take_while(|c| in_host(*c)).count();
    let host_ends_there = !host[end..].starts_with(goes_on);
    let host = host[..end].trim_end_matches(['.', '-', '_']);
    (host_ends_there && is_mail_host(host)).then_some(mailbox + 1 + host.len())
}

/// Where a link leads.
struct Target {
    href: String,
    /// What a label that looks like an address has to say: the host, or for `mailto:` and `tel:` the rest.
    place: String,
}

impl Target {
    /// The target of an address that is clearly honest.
    fn of(address: &str) -> Option<Self> {
        if let Some((scheme, rest)) = web(address) {
            let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
            let (host, port) = authority.split_once(':').unwrap_or((authority, "0"));
            if !is_host(host) || port.parse::<u16>().is_err() || !rest.chars().all(in_written_address) {
                return None;
            }
            let path = &rest[authority.len()..];
            let href = [scheme, "://", &authority.to_ascii_lowercase(), &percent_encoded(path)].concat();
            return Some(Self { href, place: host.to_ascii_lowercase() });
        }
        let (scheme, rest) = address.split_once(':')?;
        let honest = match scheme.to_ascii_lowercase().as_str() {
            "mailto" => rest.split_once('@').is_some_and(|(mailbox, host)| {
                !mailbox.is_empty() && mailbox.bytes().all(in_mailbox) && is_mail_host(host)
            }),
            "tel" => {
                let digits = rest.strip_prefix('+').unwrap_or(rest);
                digits.bytes().any(|c| c.is_ascii_digit())
                    && digits.bytes().all(|c| c.is_ascii_digit() || matches!(c, b'-' | b'.'))
            }
            _ => false,
        };
        honest.then(|| Self {
            href: [&scheme.to_ascii_lowercase(), ":", rest].concat(),
            place: rest.to_ascii_lowercase(),
        })
    }

    /// Whether the label is honest: nothing in it looks like the address of another place.
    fn is_told_by(&self, label: &str) -> bool {
        let bare = |host: &str| host.strip_prefix("www.").unwrap_or(host).to_owned();
        hosts_in(&label.to_lowercase()).all(|told| bare(&told) == bare(&self.place))
    }
}

/// The parts of a label that a reader may take for a host or a mail address. Dots and slashes of other scripts count.
fn hosts_in(label: &str) -> impl Iterator<Item = String> {
    let ends_name = |c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.' | '@');
    let label = label
        .replace(['。', '．', '｡', '․', '‧', '·'], ".")
        .replace('：', ":")
        .replace(['／', '⁄', '∕', '\\'], "/");
    // Behind a scheme any word is a host, as `localhost` is.
    let of_addresses = label.split("://").skip(1).filter_map(|rest| rest.split(ends_name).next());
    let bare = |name: &str| name.trim_matches(['.', '-', '_', '@']).to_owned();
    let names = label.split(ends_name).map(bare).filter(|name| is_like_a_host(name));
    of_addresses.map(bare).chain(names).collect::<Vec<_>>().into_iter()
}

/// Whether a name in lower case ends as hosts do, or is made of four numbers.
fn is_like_a_host(name: &str) -> bool {
    let ends_like_one = |(_, last): (&str, &str)| {
        let is_word = last.chars().count() >= 2 && last.chars().all(|c| c.is_alphabetic() || c == '-');
        is_word || last.starts_with("xn--")
    };
    let is_of_numbers = name.bytes().all(|c| c == b'.' || c.is_ascii_digit());
    name.rsplit_once('.').is_some_and(ends_like_one) || is_of_numbers && name.split('.').count() == 4
}

/// The scheme in lower case and what follows `://`, for `https` and `http`.
fn web(address: &str) -> Option<(&'static str, &str)> {
    ["https", "http"].into_iter().find_map(|scheme| {
        let (written, rest) = address.split_at_checked(scheme.len())?;
        Some((scheme, rest.strip_prefix("://")?)).filter(|_| written.eq_ignore_ascii_case(scheme))
    })
}

/// A host name in ASCII. One in other letters has an ASCII form, `xn--…`, which imitates nothing.
fn is_host(host: &str) -> bool {
    let part = |part: &str| (1..=63).contains(&part.len()) && !part.starts_with('-') && !part.ends_with('-');
    host.len() <= 253 && host.bytes().all(in_host) && host.split('.').all(part)
}

/// A host that mail from elsewhere can reach: one with a dot.
fn is_mail_host(host: &str) -> bool {
    host.contains('.') && is_host(host)
}

fn in_host(c: u8) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b'_')
}

fn in_mailbox(c: u8) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, b'.' | b'_' | b'%' | b'+' | b'-')
}

/// What an address in running text is made of.
fn in_address(c: u8) -> bool {
    c.is_ascii_graphic() && !matches!(c, b'<' | b'>' | b'"' | b'`' | b'\\' | b'^' | b'{' | b'}' | b'|')
}

/// What an address in `[label](address)` is made of: its end is known, so letters of all scripts may stand in it.
fn in_written_address(c: char) -> bool {
    if c.is_ascii() { in_address(c as u8) } else { c.is_alphanumeric() }
}

fn percent_encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            0..0x80 => encoded.push(byte.into()),
            _ => {
                encoded.push('%');
                encoded.extend(
                    [byte >> 4, byte & 15].map(|half| char::from(b"0123456789ABCDEF"[usize::from(half)])),
                );
            }
        }
    }
    encoded
}

/// An address without the punctuation of the sentence it ends. A bracket stays when it was opened inside.
fn without_punctuation(address: &str) -> &str {
    let count = |bracket: u8| address.bytes().filter(|c| *c == bracket).count();
    let mut surplus =
        [(b'(', b')'), (b'[', b']')].map(|(open, close)| (close, count(close).saturating_sub(count(open))));
    let mut kept = address;
    while let Some(last) = kept.bytes().next_back() {
        let extra = surplus.iter_mut().find(|(close, extra)| *close == last && *extra > 0);
        match (last, extra) {
            (_, Some((_, extra))) => *extra -= 1,
            (b'.' | b',' | b';' | b':' | b'!' | b'?' | b'\'' | b'*' | b'_' | b'~', None) => {}
            _ => break,
        }
        kept = &kept[..kept.len() - 1];
    }
    kept
}

/// Characters that change how others are read, or are not seen at all.
fn deceives(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// Whether writers put no blank between an address and this character.
fn is_written_without_blanks(c: char) -> bool {
    matches!(c, '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1100}'..='\u{11FF}' | '\u{1780}'..='\u{17FF}'
        | '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The links in a text, as `label → href`.
    fn links(text: &str) -> Vec<String> {
        let link = |segment| match segment {
            Segment::Link { label, href } if label == href => Some(href),
            Segment::Link { label, href } => Some(format!("{label} → {href}")),
            Segment::Text(_) => None,
        };
        split(text).into_iter().filter_map(link).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn every_link_is_of_an_allowed_scheme_and_plain_ascii(
            text in r#"([a-z@:/.\[\]() \n]|https?://|mailto:|javascript:|tel:|\[|\]\(|中|，|"|<|\u{202E}|.){0,60}"#,
        ) {
            for segment in split(&text) {
                if let Segment::Link { href, label } = segment {
                    prop_assert!(["https://", "http://", "mailto:", "tel:"].iter().any(|scheme| href.starts_with(scheme)));
                    prop_assert!(href.bytes().all(in_address), "{}", href);
                    prop_assert!(!label.chars().any(deceives));
                }
            }
        }

        #[test]
        fn a_text_without_labels_is_put_together_again_from_its_segments(text in r"(https?://|[a-z@.:/)( ，中]|[^\[]){0,60}") {
            let together: String = split(&text)
                .into_iter()
                .map(|segment| match segment {
                    Segment::Text(text) => text.to_owned(),
                    Segment::Link { label, .. } => label.into_owned(),
                })
                .collect();
            prop_assert_eq!(together, text);
        }
    }

    #[test]
    fn an_address_ends_where_the_sentence_goes_on() {
        for (text, href) in [
            ("see https://a.example/b?c=d#e.", "https://a.example/b?c=d#e"),
            ("(https://a.example/b)", "https://a.example/b"),
            ("https://a.example/b_(c)", "https://a.example/b_(c)"),
            ("(see https://a.example/b_(c)).", "https://a.example/b_(c)"),
            ("https://a.example?!", "https://a.example"),
            ("访问https://a.example/b，谢谢", "https://a.example/b"),
            ("（https://a.example/b）", "https://a.example/b"),
            ("请看https://a.example谢谢", "https://a.example"),
            ("\"https://a.example\"", "https://a.example"),
            ("<https://a.example>", "https://a.example"),
            ("http://localhost:8801/demo", "http://localhost:8801/demo"),
        ] {
            assert_eq!(links(text), [href], "{text}");
        }
        assert_eq!(links("HTTPS://A.example/B"), ["HTTPS://A.example/B → https://a.example/B"]);
    }

    #[test]
    fn mail_addresses_are_links() {
        assert_eq!(
            links("write to Help.Desk+a@Shop.example, or"),
            ["Help.Desk+a@Shop.example → mailto:Help.Desk+a@Shop.example"]
        );
        assert_eq!(links("邮箱是kefu@shop.example。"), ["kefu@shop.example → mailto:kefu@shop.example"]);
        for text in ["a@b", "@shop.example", "a@b@c.example", "a@-b.example", "a @b.example"] {
            assert_eq!(links(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_label_leads_where_it_says() {
        assert_eq!(links("[our terms](https://a.example/terms)"), ["our terms → https://a.example/terms"]);
        assert_eq!(links("[a.example](https://www.a.example/x)"), ["a.example → https://www.a.example/x"]);
        assert_eq!(
            links("[http://localhost:8787](http://localhost:8787/x)"),
            ["http://localhost:8787 → http://localhost:8787/x"]
        );
        assert_eq!(
            links("[version 1.2 and/or 3](https://a.example)"),
            ["version 1.2 and/or 3 → https://a.example"]
        );
        assert_eq!(links("[call us](tel:+44-20-7946-0000)"), ["call us → tel:+44-20-7946-0000"]);
        assert_eq!(
            links("[退换货说明](https://a.example/帮助)"),
            ["退换货说明 → https://a.example/%E5%B8%AE%E5%8A%A9"]
        );
        for pretending in [
            "https://bank.example",
            "bank.example/login",
            "go to BANK．example",
            "bаnk.example",
            "a@bank.example",
            "192.168.0.1/admin",
            "https://192.168.0.1:80/admin",
            "https://intranet/reset",
            "http:\\\\intranet",
            "HTTPS：／／intranet",
            "http://localhost:8787/inbox/acme",
            "bank.xn--p1ai",
            "https://bank.xn--p1ai/",
            "ftp://2130706433",
        ] {
            assert_eq!(
                links(&format!("[{pretending}](https://evil.example)")),
                ["https://evil.example"],
                "{pretending}"
            );
        }
    }

    #[test]
    fn what_is_not_clearly_honest_stays_text() {
        for text in [
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](data:text/html,hi)",
            "[x](vbscript:x)",
            "[x](//evil.example)",
            "[x](/relative)",
            "[x](https://)",
            "[x](https://a..example)",
            "[x](https://bücher.example)",
            "[x](tel:*#06#)",
            "[x\ny](https:x)",
            "https://bank.example@evil.example",
            "https://bank.example:80@evil.example/",
            "https://bücher.example",
            "https://аpple.example",
            "https://a.example:99999",
            "https://",
        ] {
            assert_eq!(links(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn where_a_label_is_refused_the_plain_address_is_shown() {
        for (text, href) in [
            ("[x](https://a.example\" onclick=\"alert(1))", "https://a.example"),
            ("[x](https://a.example/\u{202E}gpj.exe)", "https://a.example/"),
            ("[\u{202E}elpmaxe.knab](https://a.example)", "https://a.example"),
            ("[](https://a.example)", "https://a.example"),
            ("[ ](https://a.example)", "https://a.example"),
        ] {
            assert_eq!(links(text), [href], "{text}");
        }
    }

    #[test]
    fn a_long_hostile_text_takes_no_time_worth_noticing() {
        for unit in ["[", "[a](", "[a](https://", "https://", "a@", "a.", "(", "https://a)", "[]("] {
            let text = unit.repeat(20_000 / unit.len());
            let links = split(&text);
            assert!(!links.is_empty());
        }
    }
}
