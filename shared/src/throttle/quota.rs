use thiserror::Error;

/// How much may come how fast: up to `burst` at once, and `burst` again every `window_ms` in the long run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    burst: u32,
    interval_ms: u64,
}

/// Why there is no such quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum QuotaError {
    /// A burst of nothing would refuse everything for ever.
    #[error("a quota admits at least one")]
    NoBurst,
    /// A window shorter than a millisecond for each of the burst cannot be kept exactly.
    #[error("a quota's window has at least one millisecond for each of its burst")]
    WindowTooShort,
}

impl Quota {
    /// `burst` every `window_ms` milliseconds, all of it at once if need be.
    ///
    /// The time for one is `window_ms / burst`, rounded up to a whole millisecond, so that the
    /// sustained rate is never above what was asked for.
    ///
    /// ```
    /// # use deskbell_shared::throttle::{Quota, QuotaError};
    /// let quota = Quota::per(10, 60_000)?;
    /// assert_eq!((quota.burst(), quota.interval_ms()), (10, 6_000));
    /// # Ok::<(), QuotaError>(())
    /// ```
    ///
    /// # Errors
    /// [`QuotaError`] when it could admit nothing, or more than one a millisecond.
    pub const fn per(burst: u32, window_ms: u64) -> Result<Self, QuotaError> {
        if burst == 0 {
            return Err(QuotaError::NoBurst);
        }
        if window_ms < burst as u64 {
            return Err(QuotaError::WindowTooShort);
        }
        Ok(Self { burst, interval_ms: window_ms.div_ceil(burst as u64) })
    }

    /// As [`Quota::per`], for quotas that are constants: what cannot be does not compile.
    pub(super) const fn constant(burst: u32, window_ms: u64) -> Self {
        match Self::per(burst, window_ms) {
            Ok(quota) => quota,
            Err(_) => panic!("a quota that cannot be"),
        }
    }

    /// How many may come at once.
    pub const fn burst(self) -> u32 {
        self.burst
    }

    /// Milliseconds after which one more may come.
    pub const fn interval_ms(self) -> u64 {
        self.interval_ms
    }

    /// Milliseconds after which the whole burst may come again.
    pub const fn window_ms(self) -> u64 {
        self.interval_ms.saturating_mul(self.burst as u64)
    }
}
