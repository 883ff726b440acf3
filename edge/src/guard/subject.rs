//! Who is counted and who is banned, as nobody can read them back: HMACs under keys of their own.

use std::borrow::Cow;

use deskbell_shared::{
    guard::range::{Country, Range},
    throttle::ClientAddress,
    wire::{Email, SiteId, VisitorId, token::Key},
};

use crate::keys::Keys;

/// Who an act counts for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Who<'a> {
    /// A visitor's browser
    Visitor(VisitorId),
    /// An address. Those that the platform did not name count together
    Address(Option<ClientAddress>),
    /// The /48 around an IPv6 address
    Network(ClientAddress),
    /// A person who signs in
    Person(&'a Email),
    /// A person who signs in from this address
    PersonFrom(&'a Email, Option<ClientAddress>),
    /// Everybody who sends nearly the same words
    Words(u64),
    /// Everybody at the site together
    Site,
}

impl Who<'_> {
    /// The name that rates at a site are kept under, for a day at most; where somebody has signed in is known by it for
    /// longer. What happens at one site says nothing about another, and nothing leads from here to the name that bans keep.
    pub(crate) fn rate_name(&self, keys: &Keys, site: &SiteId) -> String {
        self.name(&keys.rate, site)
    }

    /// The name that a site's bans and conversations keep.
    pub(crate) fn ban_name(&self, keys: &Keys, site: &SiteId) -> String {
        self.name(&keys.ban, site)
    }

    fn name(&self, key: &Key, site: &SiteId) -> String {
        let at =
            |address: &Option<ClientAddress>| address.as_ref().map_or(Vec::new(), |at| at.bytes().to_vec());
        let (kind, bytes): (&[u8], Cow<'_, [u8]>) = match self {
            Self::Visitor(visitor) => (b"visitor", visitor.0[..].into()),
            Self::Address(address) => (b"address", at(address).into()),
            Self::Network(address) => (b"network", address.network().unwrap_or_default().into()),
            Self::Person(email) => (b"person", email.as_str().as_bytes().into()),
            // No e-mail address has a zero in it.
            Self::PersonFrom(email, address) => {
                (b"person-from", [email.as_str().as_bytes(), &[0], &at(address)].concat().into())
            }
            Self::Words(name) => (b"words", name.to_be_bytes().to_vec().into()),
            Self::Site => (b"site", Cow::default()),
        };
        key.name(&[site.as_str().as_bytes(), kind, &bytes])
    }

    /// Whether a ban can be on it.
    pub(crate) fn can_be_banned(&self) -> bool {
        matches!(self, Self::Visitor(_) | Self::Address(_))
    }
}

/// The name of a range of addresses, by which its bans find the conversations from there.
pub(crate) fn range_key(keys: &Keys, site: &SiteId, range: &Range) -> String {
    keys.ban.name(&[site.as_str().as_bytes(), b"range", &range.bytes()])
}

/// The name of a country, likewise. Two letters hide nothing, so they stand for themselves.
pub(crate) fn country_key(country: Country) -> String {
    format!("country-{country}")
}

/// The names of all ranges around an address, and of its country.
pub(crate) fn around(
    keys: &Keys,
    site: &SiteId,
    address: Option<ClientAddress>,
    country: Option<Country>,
) -> Vec<String> {
    let ranges = address.into_iter().flat_map(|address| {
        Range::lengths(&address).filter_map(move |length| Range::around(address, length))
    });
    ranges.map(|range| range_key(keys, site, &range)).chain(country.map(country_key)).collect()
}

/// The shard that keeps a key, of 256: the first byte of its HMAC.
pub(crate) fn shard_of(ban: &str) -> &str {
    ban.get(..2).unwrap_or("00")
}
