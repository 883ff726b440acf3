use core::net::{IpAddr, Ipv6Addr};

/// Where a request came from, as far as limits count it.
///
/// An IPv4 address counts by itself. An IPv6 address counts by its /64, which is what one household or
/// one phone gets, and more loosely by its /48, which one attacker may hold as 65,536 of them.
/// An IPv4 address mapped into IPv6 is the IPv4 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClientAddress {
    /// An IPv4 address.
    V4([u8; 4]),
    /// The first 64 bits of an IPv6 address.
    V6([u8; 8]),
}

impl ClientAddress {
    /// Reads an address as a proxy writes it. `None` for anything that is not exactly one address.
    ///
    /// ```
    /// # use deskbell_shared::throttle::ClientAddress;
    /// let mapped = ClientAddress::parse("::ffff:192.0.2.7");
    /// assert_eq!(mapped, Some(ClientAddress::V4([192, 0, 2, 7])));
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().parse::<IpAddr>().ok()?.to_canonical() {
            IpAddr::V4(address) => Some(Self::V4(address.octets())),
            IpAddr::V6(address) => Some(Self::V6(first(address))),
        }
    }

    /// The bytes that name the address: 4 for IPv4, 8 for an IPv6 /64.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::V4(bytes) => bytes,
            Self::V6(bytes) => bytes,
        }
    }

    /// The 6 bytes of the /48 around an IPv6 address; `None` for IPv4, which has no such thing.
    pub fn network(&self) -> Option<&[u8]> {
        match self {
            Self::V4(_) => None,
            Self::V6(bytes) => Some(&bytes[..6]),
        }
    }
}

fn first<const N: usize>(address: Ipv6Addr) -> [u8; N] {
    let octets = address.octets();
    core::array::from_fn(|i| octets[i])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in ".*") {
            let _ = ClientAddress::parse(&text);
        }

        #[test]
        fn an_ipv4_address_is_the_same_however_it_is_written(octets in any::<[u8; 4]>()) {
            let plain = core::net::Ipv4Addr::from(octets);
            let mapped = plain.to_ipv6_mapped();
            prop_assert_eq!(ClientAddress::parse(&plain.to_string()), Some(ClientAddress::V4(octets)));
            prop_assert_eq!(ClientAddress::parse(&mapped.to_string()), Some(ClientAddress::V4(octets)));
        }

        #[test]
        fn what_lies_behind_the_64_does_not_count(prefix in any::<[u8; 8]>(), a in any::<u64>(), b in any::<u64>()) {
            let address = |host: u64| {
                let mut octets = [0; 16];
                octets[..8].copy_from_slice(&prefix);
                octets[8..].copy_from_slice(&host.to_be_bytes());
                Ipv6Addr::from(octets)
            };
            prop_assume!(address(a).to_ipv4_mapped().is_none() && address(b).to_ipv4_mapped().is_none());
            let parse = |host| ClientAddress::parse(&address(host).to_string());
            prop_assert_eq!(parse(a), parse(b));
        }
    }

    #[test]
    fn neighbours_share_a_48_and_not_a_64() {
        let (a, b) = ("2001:db8:1:1::9", "2001:db8:1:2::9");
        let (a, b) = (ClientAddress::parse(a).unwrap(), ClientAddress::parse(b).unwrap());
        assert_ne!(a, b);
        assert_eq!(a.network(), b.network());
        assert_eq!(ClientAddress::parse("192.0.2.1").unwrap().network(), None);
    }

    #[test]
    fn what_is_not_one_address_is_none() {
        for bad in
            ["", "localhost", "1.2.3", "1.2.3.4, 5.6.7.8", "1.2.3.4:80", "[::1]", "fe80::1%eth0", "01.2.3.4"]
        {
            assert_eq!(ClientAddress::parse(bad), None, "{bad}");
        }
    }
}
