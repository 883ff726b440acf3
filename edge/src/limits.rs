//! The `RateLimit` and `RateLimit-Policy` fields of draft-ietf-httpapi-ratelimit-headers.

use std::fmt::Write;

use deskbell_shared::{
    throttle::{Decision, Gcra, Quota},
    wire::Millis,
};
use serde::{Deserialize, Serialize};

/// A limit that was consulted, and what it said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Limit {
    /// Its name; letters and hyphens only.
    pub(crate) name: String,
    /// How many may come in a window.
    pub(crate) quota: u32,
    /// The window, in seconds.
    pub(crate) window_s: u64,
    /// How many more may come now.
    pub(crate) remaining: u32,
    /// Seconds until more may come (when none remain), or until all may.
    pub(crate) reset_s: u64,
}

impl Limit {
    /// Where the quota of this name stands after something was admitted.
    pub(crate) fn after(name: &str, quota: Quota, state: Gcra, now: Millis) -> Self {
        let reset_ms = state.0.since(now);
        let remaining = quota.window_ms().saturating_sub(reset_ms) / quota.interval_ms();
        let remaining = u32::try_from(remaining).unwrap_or(u32::MAX);
        Self::of(name, quota, Decision::Admitted { remaining, reset_ms })
    }

    /// What a decision by the quota of this name says.
    pub(crate) fn of(name: &str, quota: Quota, decision: Decision) -> Self {
        let (remaining, reset_ms) = match decision {
            Decision::Admitted { remaining, reset_ms } => (remaining, reset_ms),
            Decision::Refused { retry_after_ms } => (0, retry_after_ms.unwrap_or(quota.window_ms())),
        };
        Self {
            name: name.to_owned(),
            quota: quota.burst(),
            window_s: quota.window_ms().div_ceil(1000),
            remaining,
            reset_s: reset_ms.div_ceil(1000),
        }
    }
}

/// The value of `RateLimit-Policy`: every limit there was.
pub(crate) fn policy_field(limits: &[Limit]) -> String {
    list(limits, |out, limit| write!(out, "\"{}\";q={};w={}", limit.name, limit.quota, limit.window_s))
}

/// The value of `RateLimit`: where each of them stands.
pub(crate) fn state_field(limits: &[Limit]) -> String {
    list(limits, |out, limit| write!(out, "\"{}\";r={};t={}", limit.name, limit.remaining, limit.reset_s))
}

fn list(limits: &[Limit], item: impl Fn(&mut String, &Limit) -> std::fmt::Result) -> String {
    let mut out = String::new();
    for limit in limits {
        if !out.is_empty() {
            out.push_str(", ");
        }
        // Writing to a string cannot fail.
        let _ = item(&mut out, limit);
    }
    out
}

#[cfg(test)]
mod tests {
    use deskbell_shared::throttle;

    use super::*;

    #[test]
    fn the_fields_are_structured_fields_of_the_draft() {
        let quota = throttle::HANDOFFS_PER_VISITOR;
        let mut state = Gcra::default();
        let admitted = Limit::of("handoff-visitor", quota, state.decide(quota, 1, Millis(0)));
        let refused = Limit::of("handoff-site", quota, Decision::Refused { retry_after_ms: Some(41_001) });
        let both = [admitted, refused];
        assert_eq!(policy_field(&both), r#""handoff-visitor";q=5;w=600, "handoff-site";q=5;w=600"#);
        assert_eq!(state_field(&both), r#""handoff-visitor";r=4;t=120, "handoff-site";r=0;t=42"#);
    }
}
