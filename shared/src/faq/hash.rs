//! The hash of everything here that has one: FNV-1a (Fowler, Noll and Vo), the same on every platform.

/// Where a hash begins.
pub(crate) const SEED: u32 = 0x811C_9DC5;
/// What it multiplies by.
pub(super) const PRIME: u32 = 0x0100_0193;

/// FNV-1a, 32 bits: a hash that goes on from where it was.
pub(crate) fn hash(state: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(state, |state, byte| (state ^ u32::from(*byte)).wrapping_mul(PRIME))
}
