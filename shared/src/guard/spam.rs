//! Links, and ways to be reached elsewhere, in a text.

use crate::{
    handoff::{Kind, mask},
    text::links::{Segment, split},
};

/// What a text has in it besides words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Baggage {
    /// Links to web pages.
    pub links: u32,
    /// E-mail addresses, telephone numbers, and mentions of messengers with a name.
    pub contacts: u32,
}

/// Messengers by which strangers are led away, as they are written next to a name or number.
const MESSENGERS: [&str; 16] = [
    "whatsapp", "telegram", "t.me/", "wa.me/", "wechat", "weixin", "微信", "薇信", "威信", "vx:", "v信",
    "加v", "加q", "qq群", "扣扣", "line id",
];

impl Baggage {
    /// What a text has in it.
    pub fn of(text: &str) -> Self {
        let is_page =
            |segment: &Segment<'_>| matches!(segment, Segment::Link { href, .. } if href.starts_with("http"));
        let links = split(text).iter().filter(|segment| is_page(segment)).count();
        let found = mask(text).found;
        let numbers = found.iter().filter(|found| matches!(found.kind, Kind::Email | Kind::Phone)).count();
        let lower = text.to_lowercase();
        let messengers = MESSENGERS.iter().filter(|name| lower.contains(*name)).count();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { links: count(links), contacts: count(numbers + messengers) }
    }

    /// Whether there is any.
    pub fn is_any(self) -> bool {
        self.links > 0 || self.contacts > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_contacts_are_counted_apart() {
        let of = |text| (Baggage::of(text).links, Baggage::of(text).contacts);
        assert_eq!(of("Where is my parcel?"), (0, 0));
        assert_eq!(of("See https://a.example/x and https://b.example"), (2, 0));
        assert_eq!(of("Write to ana@example.com or +44 20 7946 0958"), (0, 2));
        assert_eq!(of("加微信 abc123 领红包"), (0, 1));
        assert_eq!(of("WhatsApp +44 20 7946 0958"), (0, 2));
    }
}
