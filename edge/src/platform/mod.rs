//! What the platform offers and the `worker` crate does not: time and entropy in our own types, password
//! hashing and compression through WebCrypto and streams, transactions, and calls between objects.

pub(crate) mod afterwards;
pub(crate) mod asset;
pub(crate) mod crypto;
pub(crate) mod gzip;
pub(crate) mod object;
pub(crate) mod patience;
pub(crate) mod random;
pub(crate) mod socket;
pub(crate) mod sql;
pub(crate) mod zone;

use deskbell_shared::wire::Millis;

/// The moment now. Inside one event the platform's clock stands still between two awaits.
pub(crate) fn now() -> Millis {
    Millis(worker::Date::now().as_millis())
}
