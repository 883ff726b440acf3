//! Ranges of addresses, and countries: whom a block means beside a single visitor.

use core::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::throttle::ClientAddress;

/// A range of addresses, such as `198.51.100.0/24` or `2001:db8::/32`.
///
/// IPv6 addresses are known by their /64, so a range of them is a /64 or wider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Range {
    network: ClientAddress,
    length: u8,
}

/// Why there is no such range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RangeError {
    /// Not an address and a length.
    #[error("a range is an address, a slash and a length, such as 198.51.100.0/24 or 2001:db8::/48")]
    Form,
    /// Bits after the length that are not zero: which of the two is meant?
    #[error("the address has bits after the length; the range begins at {0}")]
    BitsAfter(Range),
    /// So many people that hardly anybody would be left.
    #[error("this range would lock out a large part of the world: at least /{0} is needed")]
    TooWide(u8),
    /// Part of what one household has.
    #[error("IPv6 addresses are told apart by their /64 only; write a /64 or a wider range")]
    TooNarrow,
}

impl Range {
    /// The widest range of IPv4 addresses that can be blocked.
    pub const WIDEST_V4: u8 = 8;
    /// The widest range of IPv6 addresses that can be blocked.
    pub const WIDEST_V6: u8 = 20;

    /// Whether an address lies in it.
    pub fn contains(&self, address: &ClientAddress) -> bool {
        cut(*address, self.length) == Some(self.network) && same_kind(address, &self.network)
    }

    /// Its length, in bits.
    pub const fn length(&self) -> u8 {
        self.length
    }

    /// The range of this length that an address lies in; `None` when addresses of its kind have no such length.
    pub fn around(address: ClientAddress, length: u8) -> Option<Self> {
        cut(address, length).map(|network| Self { network, length })
    }

    /// The lengths by which ranges around an address are known.
    pub fn lengths(address: &ClientAddress) -> core::ops::RangeInclusive<u8> {
        match address {
            ClientAddress::V4(_) => Self::WIDEST_V4..=32,
            ClientAddress::V6(_) => Self::WIDEST_V6..=64,
        }
    }

    /// The bytes that name it.
    pub fn bytes(&self) -> Vec<u8> {
        [self.network.bytes(), &[self.length]].concat()
    }
}

fn same_kind(a: &ClientAddress, b: &ClientAddress) -> bool {
    a.bytes().len() == b.bytes().len()
}

/// The address with nothing after the first `length` bits.
fn cut(address: ClientAddress, length: u8) -> Option<ClientAddress> {
    fn keep<const N: usize>(mut bytes: [u8; N], length: u8) -> Option<[u8; N]> {
        if usize::from(length) > N * 8 {
            return None;
        }
        for (at, byte) in bytes.iter_mut().enumerate() {
            let kept = usize::from(length).saturating_sub(at * 8).min(8);
            *byte &= (0xff00_u16 >> kept) as u8;
        }
        Some(bytes)
    }
    Some(match address {
        ClientAddress::V4(bytes) => ClientAddress::V4(keep(bytes, length)?),
        ClientAddress::V6(bytes) => ClientAddress::V6(keep(bytes, length)?),
    })
}

impl FromStr for Range {
    type Err = RangeError;
    fn from_str(text: &str) -> Result<Self, RangeError> {
        let (address, length) = text.trim().split_once('/').ok_or(RangeError::Form)?;
        let plain = !length.is_empty() && length.len() <= 3 && length.bytes().all(|c| c.is_ascii_digit());
        let mut length: u8 = length.parse().ok().filter(|_| plain).ok_or(RangeError::Form)?;
        let address = address.parse::<IpAddr>().map_err(|_| RangeError::Form)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        if length > most {
            return Err(RangeError::Form);
        }
        let (network, widest) = match address {
            IpAddr::V4(address) => (ClientAddress::V4(address.octets()), Self::WIDEST_V4),
            IpAddr::V6(address) => match address.to_ipv4_mapped() {
                Some(mapped) => {
                    length = length.checked_sub(96).ok_or(RangeError::TooWide(Self::WIDEST_V4))?;
                    (ClientAddress::V4(mapped.octets()), Self::WIDEST_V4)
                }
                None if length > 64 => return Err(RangeError::TooNarrow),
                None => {
                    let octets = address.octets();
                    if octets[8..].iter().any(|byte| *byte != 0) {
                        let network = ClientAddress::V6(core::array::from_fn(|n| octets[n]));
                        let begins = Self::around(network, length).ok_or(RangeError::Form)?;
                        return Err(RangeError::BitsAfter(begins));
                    }
                    (ClientAddress::V6(core::array::from_fn(|n| octets[n])), Self::WIDEST_V6)
                }
            },
        };
        if length < widest {
            return Err(RangeError::TooWide(widest));
        }
        let range = Self::around(network, length).ok_or(RangeError::Form)?;
        if range.network == network { Ok(range) } else { Err(RangeError::BitsAfter(range)) }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.network {
            ClientAddress::V4(bytes) => write!(f, "{}/{}", Ipv4Addr::from(bytes), self.length),
            ClientAddress::V6(bytes) => {
                let mut octets = [0; 16];
                octets[..8].copy_from_slice(&bytes);
                write!(f, "{}/{}", Ipv6Addr::from(octets), self.length)
            }
        }
    }
}

impl TryFrom<String> for Range {
    type Error = RangeError;
    fn try_from(text: String) -> Result<Self, RangeError> {
        text.parse()
    }
}

impl From<Range> for String {
    fn from(range: Range) -> String {
        range.to_string()
    }
}

/// A country as the platform names it: two capital letters of ISO 3166-1.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country([u8; 2]);

/// Not a country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a country is two capital letters, such as DE or CN")]
pub struct CountryError;

impl FromStr for Country {
    type Err = CountryError;
    fn from_str(text: &str) -> Result<Self, CountryError> {
        match text.trim().as_bytes() {
            // The platform says XX when it does not know.
            [b'X', b'X'] => Err(CountryError),
            [a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Ok(Self([*a, *b])),
            _ => Err(CountryError),
        }
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|letter| write!(f, "{}", char::from(*letter)))
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<String> for Country {
    type Error = CountryError;
    fn try_from(text: String) -> Result<Self, CountryError> {
        text.parse()
    }
}

impl From<Country> for String {
    fn from(country: Country) -> String {
        country.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in ".*") {
            let _ = text.parse::<Range>();
            let _ = text.parse::<Country>();
        }

        #[test]
        fn a_range_survives_being_written(address in any::<[u8; 4]>(), length in Range::WIDEST_V4..=32) {
            let range = Range::around(ClientAddress::V4(address), length).unwrap();
            prop_assert_eq!(range.to_string().parse(), Ok(range));
            prop_assert!(range.contains(&ClientAddress::V4(address)));
        }

        #[test]
        fn an_address_lies_in_every_range_around_it(address in any::<[u8; 8]>(), length in Range::WIDEST_V6..=64) {
            let address = ClientAddress::V6(address);
            prop_assert!(Range::around(address, length).unwrap().contains(&address));
        }
    }

    #[test]
    fn neighbours_are_in_and_strangers_are_out() {
        let range: Range = "198.51.100.0/24".parse().unwrap();
        let is_in = |address: &str| range.contains(&ClientAddress::parse(address).unwrap());
        assert!(is_in("198.51.100.7") && is_in("::ffff:198.51.100.255"));
        assert!(!is_in("198.51.101.7") && !is_in("2001:db8::1"));
        let wide: Range = "2001:db8::/32".parse().unwrap();
        assert!(wide.contains(&ClientAddress::parse("2001:db8:7::1").unwrap()));
        assert_eq!("::ffff:198.51.100.0/120".parse(), Ok(range));
    }

    #[test]
    fn what_is_no_range_or_would_lock_out_too_many_says_why() {
        assert_eq!("0.0.0.0/0".parse::<Range>(), Err(RangeError::TooWide(8)));
        assert_eq!("::/0".parse::<Range>(), Err(RangeError::TooWide(20)));
        assert_eq!("::ffff:0.0.0.0/90".parse::<Range>(), Err(RangeError::TooWide(8)));
        assert_eq!("2001:db8::1/128".parse::<Range>(), Err(RangeError::TooNarrow));
        assert_eq!(
            "198.51.100.7/24".parse::<Range>(),
            Err(RangeError::BitsAfter("198.51.100.0/24".parse().unwrap()))
        );
        for text in [
            "",
            "/",
            "198.51.100.0",
            "198.51.100.0/33",
            "198.51.100.0/+24",
            "198.51.100.0/024x",
            "x/8",
            "1.2.3/24",
            "1.2.3.4/-1",
        ] {
            assert_eq!(text.parse::<Range>(), Err(RangeError::Form), "{text}");
        }
        for text in ["", "de", "D", "DEU", "XX", "德国"] {
            assert!(text.parse::<Country>().is_err(), "{text}");
        }
    }
}
