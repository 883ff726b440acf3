//! Spans of time, as a person says them: the largest unit that is not nothing.

use deskbell_shared::{locale::Catalog, wire::Millis};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// How urgent a wait has become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Under two minutes: nobody minds yet.
    Fresh,
    /// Under ten minutes.
    Due,
    /// Longer than a visitor stays.
    Late,
}

impl Urgency {
    /// Of a wait of this many milliseconds.
    pub fn of(waited_ms: u64) -> Self {
        match waited_ms / 1000 {
            ..120 => Self::Fresh,
            120..600 => Self::Due,
            _ => Self::Late,
        }
    }

    /// Its name in the style sheet.
    pub fn class(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Due => "due",
            Self::Late => "late",
        }
    }
}

/// How long from `since` to `now`, briefly: `45 s`, `3 min`, `2 h`, `5 d`.
pub fn briefly(words: &Catalog, since: Millis, now: Millis) -> String {
    let (key, n) = match now.since(since) / 1000 {
        s if s < MINUTE => ("span.seconds", s),
        s if s < HOUR => ("span.minutes", s / MINUTE),
        s if s < DAY => ("span.hours", s / HOUR),
        s => ("span.days", s / DAY),
    };
    words.fill(key, &[("count", &n.to_string())])
}

/// A wait that is counted down, in whole seconds or minutes, never shorter than it is.
pub fn countdown(words: &Catalog, until: Millis, now: Millis) -> String {
    match until.since(now).div_ceil(1000) {
        s if s < 2 * MINUTE => words.count("wait.seconds", s, &[]),
        s => words.count("wait.minutes", s.div_ceil(MINUTE), &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Catalog {
        Catalog::parse(
            "en",
            r#"{"span.seconds": "{count} s", "span.minutes": "{count} min", "span.hours": "{count} h",
                "span.days": "{count} d", "wait.seconds.one": "1 second", "wait.seconds.other": "{count} seconds",
                "wait.minutes.one": "1 minute", "wait.minutes.other": "{count} minutes"}"#,
        )
        .unwrap()
    }

    #[test]
    fn a_span_is_said_in_its_largest_unit() {
        let said = |seconds: u64| briefly(&words(), Millis(5_000), Millis(5_000 + seconds * 1000));
        assert_eq!(
            [0, 59, 60, 3_599, 3_600, 86_399, 86_400, 864_000].map(said),
            ["0 s", "59 s", "1 min", "59 min", "1 h", "23 h", "1 d", "10 d"]
        );
        assert_eq!(briefly(&words(), Millis(9_000), Millis(0)), "0 s", "a clock that went backwards");
    }

    #[test]
    fn a_countdown_never_promises_too_early() {
        let said = |ms| countdown(&words(), Millis(ms), Millis(0));
        assert_eq!(
            [1, 1_000, 1_001, 119_000, 120_000, 121_000].map(said),
            ["1 second", "1 second", "2 seconds", "119 seconds", "2 minutes", "3 minutes"]
        );
    }

    #[test]
    fn a_wait_grows_more_urgent() {
        assert_eq!(
            [0, 119_999, 120_000, 599_999, 600_000].map(Urgency::of),
            [Urgency::Fresh, Urgency::Fresh, Urgency::Due, Urgency::Due, Urgency::Late]
        );
    }
}
