//! One-time passwords by time, RFC 6238, as every authenticator app makes them: HMAC-SHA-1, six digits, a new one every
//! thirty seconds.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use crate::wire::{Millis, TotpSecret};

/// How long a code is shown, in milliseconds.
const STEP_MS: u64 = 30_000;
/// How many steps the clock of a phone may be off, either way.
const DRIFT: u64 = 1;

/// The time step of a moment.
pub const fn step(now: Millis) -> u64 {
    now.0 / STEP_MS
}

/// The code of a time step, below 1,000,000.
pub fn code(secret: &TotpSecret, step: u64) -> u32 {
    // HMAC takes keys of every length: RFC 2104, section 2.
    let mut mac = Hmac::<Sha1>::new_from_slice(&secret.0).unwrap_or_else(|_| Hmac::new(&Default::default()));
    mac.update(&step.to_be_bytes());
    let digest: [u8; 20] = mac.finalize().into_bytes().into();
    // RFC 4226, section 5.3: the last four bits say where the 31 bits are taken from.
    let at = usize::from(digest[19] & 15);
    let bits = digest[at..at + 4].iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
    (bits & 0x7fff_ffff) % 1_000_000
}

/// The step around this moment whose code somebody has given: the earliest of those after `last`, the one whose code was
/// taken last, so that none is taken twice.
pub fn step_of(secret: &TotpSecret, given: u32, last: u64, now: Millis) -> Option<u64> {
    let now = step(now);
    let around = now.saturating_sub(DRIFT)..=now.saturating_add(DRIFT);
    // Every code is computed, whichever is right.
    let matching = around.map(|step| (step, code(secret, step) == given));
    matching.filter(|(step, matches)| *matches && *step > last).map(|(step, _)| step).next()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECRET: TotpSecret = TotpSecret(*b"12345678901234567890");

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B, the last six of its eight digits.
        for (seconds, expected) in [
            (59, 287_082),
            (1_111_111_109, 81_804),
            (1_111_111_111, 50_471),
            (1_234_567_890, 5_924),
            (2_000_000_000, 279_037),
            (20_000_000_000, 353_130),
        ] {
            assert_eq!(code(&SECRET, step(Millis(seconds * 1000))), expected, "{seconds}");
        }
    }

    #[test]
    fn codes_are_those_of_rfc_4226() {
        let expected =
            [755_224, 287_082, 359_152, 969_429, 338_314, 254_676, 287_922, 162_583, 399_871, 520_489];
        assert_eq!((0..10).map(|count| code(&SECRET, count)).collect::<Vec<_>>(), expected);
    }

    proptest! {
        #[test]
        fn a_code_is_good_from_one_step_before_until_one_after_and_once(
            secret in any::<[u8; 20]>(), now in 60_000_u64..4_000_000_000_000, off in -3_i64..=3,
        ) {
            let (secret, now) = (TotpSecret(secret), Millis(now));
            let shown = step(now).saturating_add_signed(off);
            let found = step_of(&secret, code(&secret, shown), 0, now);
            if off.abs() <= 1 {
                // Two steps may have the same code: then the earlier one is used up first.
                prop_assert!(found.is_some_and(|found| code(&secret, found) == code(&secret, shown)));
                prop_assert_eq!(step_of(&secret, code(&secret, shown), step(now) + DRIFT, now), None);
            } else if let Some(found) = found {
                prop_assert_eq!(code(&secret, found), code(&secret, shown));
            }
        }
    }

    #[test]
    fn a_code_that_was_taken_is_not_taken_again_nor_is_one_before_it() {
        let now = Millis(59_000);
        let (last, this, next) = (code(&SECRET, 0), code(&SECRET, 1), code(&SECRET, 2));
        assert_eq!(step_of(&SECRET, this, 0, now), Some(1));
        assert_eq!(step_of(&SECRET, this, 1, now), None);
        assert_eq!(step_of(&SECRET, last, 1, now), None);
        assert_eq!(step_of(&SECRET, next, 1, now), Some(2));
    }
}
