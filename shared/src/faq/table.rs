//! Hash tables whose hash is small and the same everywhere.
//!
//! The standard one resists keys that an attacker chooses, and pays for it in code and in time. The keys here are those of
//! one site's own FAQ.

use core::hash::{BuildHasherDefault, Hasher};
use std::collections::{HashMap, HashSet};

use super::hash::{PRIME, SEED, hash};

pub(super) type Table<K, V> = HashMap<K, V, BuildHasherDefault<Fnv>>;
pub(super) type Set<K> = HashSet<K, BuildHasherDefault<Fnv>>;

/// FNV-1a, spread over 64 bits: a table looks at both ends.
pub(super) struct Fnv(u32);

impl Default for Fnv {
    fn default() -> Self {
        Self(SEED)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash(self.0, bytes);
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = (self.0 ^ number).wrapping_mul(PRIME);
    }

    fn finish(&self) -> u64 {
        u64::from(self.0).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }
}
