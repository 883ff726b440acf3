//! An authenticator app on somebody's phone.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use deskbell_shared::{
    totp,
    wire::{Millis, TotpSecret},
};

/// How long a code is shown, in milliseconds.
const STEP_MS: u64 = 30_000;
/// How long a test may take that goes by what is shown now, in milliseconds.
const LONG_ENOUGH_MS: u64 = 18_000;

/// An app that has somebody's secret.
pub struct Authenticator(pub TotpSecret);

impl Authenticator {
    /// The six digits that it shows so many steps from now.
    pub fn shows(&self, steps: i64) -> String {
        format!("{:06}", totp::code(&self.0, totp::step(now()).saturating_add_signed(steps)))
    }

    /// Six digits that it shows at no moment near this one.
    pub fn never_shows(&self) -> String {
        let near: Vec<String> = (-5..=5).map(|steps| self.shows(steps)).collect();
        let mut codes = (0..1_000_000).map(|code| format!("{code:06}"));
        codes.find(|code| !near.contains(code)).unwrap_or_default()
    }
}

/// Waits until a code has not been shown for long: what is shown now is still shown when all of a test has come.
pub async fn early_in_a_step() {
    let left = STEP_MS - now().0 % STEP_MS;
    if left < LONG_ENOUGH_MS {
        tokio::time::sleep(Duration::from_millis(left + 100)).await;
    }
}

fn now() -> Millis {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis(now.as_millis() as u64)
}
