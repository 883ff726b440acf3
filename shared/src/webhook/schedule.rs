//! When what could not be sent is tried again.

use crate::wire::Millis;

const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

/// How long after each failed try the next one comes, in milliseconds: about three days in all, as Standard Webhooks has it.
const WAITS: [u64; 9] =
    [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];

/// How often something is tried before it is given up.
pub const ATTEMPTS: u32 = WAITS.len() as u32 + 1;

/// How long to wait after this many failed tries, in milliseconds; `None` when it is given up.
///
/// `chance`, from 0 to 1, makes it up to a fifth longer: what failed together is not tried together again.
pub fn wait_ms(tried: u32, chance: f64) -> Option<u64> {
    let wait = *WAITS.get(usize::try_from(tried.checked_sub(1)?).ok()?)?;
    let longer = (wait as f64 * 0.2 * chance.clamp(0.0, 1.0)) as u64;
    Some(wait + longer)
}

/// As long as the other side asked to be left alone, in milliseconds: granted up to a day.
pub fn granted_ms(retry_after_s: Option<u64>) -> u64 {
    retry_after_s.unwrap_or(0).saturating_mul(SECOND).min(Millis::DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_tried_for_three_days_and_then_given_up() {
        let waits: Vec<_> = (1..).map_while(|tried| wait_ms(tried, 0.0)).collect();
        assert_eq!(waits.len() + 1, ATTEMPTS as usize);
        let total: u64 = waits.iter().sum();
        assert!((3 * Millis::DAY..4 * Millis::DAY).contains(&total), "{total}");
        assert!(waits.is_sorted());
        assert_eq!(wait_ms(0, 0.0), None, "nothing has failed yet");
    }

    #[test]
    fn chance_makes_it_a_fifth_longer_at_most() {
        assert_eq!(wait_ms(1, 0.0), Some(5_000));
        assert_eq!(wait_ms(1, 1.0), Some(6_000));
        assert_eq!(wait_ms(1, 9.0), Some(6_000));
        assert_eq!(wait_ms(1, f64::NAN), Some(5_000));
    }
}
