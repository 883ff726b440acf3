//! When a site's people are there, as the site says it and as its visitors are told.

use core::{fmt, str::FromStr};
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Day, Millis};

/// When a site's people are there, by the clock on their wall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields")]
pub struct OpeningHours {
    /// Where that clock is.
    pub zone: ZoneName,
    /// For each day of the week, from Monday on: when they are there, the earliest first, at most
    /// [`OpeningHours::MOST_SPANS`]. What goes on after midnight is the next day's.
    pub week: [Vec<Span>; 7],
    /// Days on which nobody is there all the same, at most [`OpeningHours::MOST_CLOSED`].
    pub closed: BTreeSet<Day>,
}

/// Why a site cannot be open so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum HoursError {
    /// Never.
    #[error("week: there has to be a time at which somebody is there")]
    Never,
    /// Too many, or one that begins before another one has ended.
    #[error("week: a day has {} spans at most, each after the one before", OpeningHours::MOST_SPANS)]
    Spans,
    /// Too many.
    #[error("closed: {} days at most", OpeningHours::MOST_CLOSED)]
    Closed,
}

impl OpeningHours {
    /// How often people may come and go on a day.
    pub const MOST_SPANS: usize = 4;
    /// The most days on which nobody is there.
    pub const MOST_CLOSED: usize = 200;

    /// When people are there on a day.
    pub fn on(&self, day: Day) -> &[Span] {
        if self.closed.contains(&day) { &[] } else { &self.week[day.weekday()] }
    }
}

/// As it arrives.
#[derive(Deserialize)]
struct Fields {
    zone: ZoneName,
    week: [Vec<Span>; 7],
    #[serde(default)]
    closed: BTreeSet<Day>,
}

impl TryFrom<Fields> for OpeningHours {
    type Error = HoursError;
    fn try_from(Fields { zone, week, closed }: Fields) -> Result<Self, HoursError> {
        let in_order = |spans: &Vec<Span>| {
            spans.len() <= Self::MOST_SPANS && spans.windows(2).all(|pair| pair[0].to <= pair[1].from)
        };
        if !week.iter().all(in_order) {
            Err(HoursError::Spans)
        } else if week.iter().all(Vec::is_empty) {
            Err(HoursError::Never)
        } else if closed.len() > Self::MOST_CLOSED {
            Err(HoursError::Closed)
        } else {
            Ok(Self { zone, week, closed })
        }
    }
}

/// From when to when, on one day: `09:00-17:30`. It ends at `24:00` at the latest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Span {
    from: u16,
    to: u16,
}

/// Not such a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a span is written HH:MM-HH:MM, from 00:00 to 24:00, and ends after it begins")]
pub struct SpanError;

impl Span {
    /// The minutes of a day.
    const DAY: u16 = 24 * 60;

    /// From one time of the day to another, each as it is written.
    ///
    /// # Errors
    /// For what is no time, and for an end that is not after the beginning.
    pub fn new(from: &str, to: &str) -> Result<Self, SpanError> {
        let (from, to) = (minutes(from)?, minutes(to)?);
        if from < to { Ok(Self { from, to }) } else { Err(SpanError) }
    }

    /// The minute of the day at which it begins.
    pub const fn from(self) -> u16 {
        self.from
    }

    /// The minute of the day at which it has ended.
    pub const fn to(self) -> u16 {
        self.to
    }
}

/// `HH:MM` in minutes.
fn minutes(text: &str) -> Result<u16, SpanError> {
    let two = |text: &str| {
        let is_plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        is_plain.then(|| text.parse::<u16>().ok()).flatten().ok_or(SpanError)
    };
    let (hours, minutes) = text.split_once(':').ok_or(SpanError)?;
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    let all = hours * 60 + minutes;
    if minutes < 60 && all <= Span::DAY { Ok(all) } else { Err(SpanError) }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to } = self;
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
    }
}

impl FromStr for Span {
    type Err = SpanError;
    fn from_str(text: &str) -> Result<Self, SpanError> {
        let (from, to) = text.split_once('-').ok_or(SpanError)?;
        Self::new(from, to)
    }
}

impl TryFrom<String> for Span {
    type Error = SpanError;
    fn try_from(text: String) -> Result<Self, SpanError> {
        text.parse()
    }
}

impl From<Span> for String {
    fn from(span: Span) -> String {
        span.to_string()
    }
}

/// The name of a time zone in the IANA's database, such as `Asia/Taipei`, by its form: 1 to 64 letters, digits and `/_+-`.
/// Whether there is such a zone the platform knows.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ZoneName(String);

/// Not the name of a time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("zone: a time zone is named as the IANA does, such as Asia/Taipei or UTC")]
pub struct ZoneNameError;

impl ZoneName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ZoneName {
    type Error = ZoneNameError;
    fn try_from(text: String) -> Result<Self, ZoneNameError> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'+' | b'-');
        // What begins with a sign is an offset, which knows no summer.
        let is_name = text.starts_with(|first: char| first.is_ascii_alphabetic());
        if is_name && text.len() <= 64 && text.bytes().all(plain) {
            Ok(Self(text))
        } else {
            Err(ZoneNameError)
        }
    }
}

impl From<ZoneName> for String {
    fn from(zone: ZoneName) -> String {
        zone.0
    }
}

/// `PUT /v1/sites/{site}/hours`: when a site's people are there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoursRequest {
    /// `None` where visitors are told nothing of it.
    #[serde(default)]
    pub hours: Option<OpeningHours>,
}

/// `GET` and `PUT /v1/sites/{site}/hours`: what is in force.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// When the site's people are there.
    #[serde(default)]
    pub hours: Option<OpeningHours>,
    /// What visitors are told now.
    #[serde(default)]
    pub attendance: Option<Attendance>,
}

/// Whether a site's people are there, for some time from when it was told. Moments are the same everywhere, so that no
/// visitor's browser has to know the site's time zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendance {
    /// Whether they are, until the first change.
    pub is_here: bool,
    /// When they go, or come, in turn: the next ones, the earliest first.
    #[serde(default)]
    pub changes: Vec<Millis>,
    /// When it was told, by the edge's clock.
    pub now: Millis,
}

impl Attendance {
    /// Whether people are there at a moment; `None` when all that was told has passed.
    pub fn is_here(&self, now: Millis) -> Option<bool> {
        let passed = self.passed(now);
        (passed == 0 || passed < self.changes.len()).then_some(self.is_here != (passed % 2 == 1))
    }

    /// The next moment at which they go or come, as far as that is known.
    pub fn next_change(&self, now: Millis) -> Option<Millis> {
        self.changes.get(self.passed(now)).copied()
    }

    fn passed(&self, now: Millis) -> usize {
        self.changes.partition_point(|change| *change <= now)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(week: serde_json::Value) -> Result<OpeningHours, String> {
        serde_json::from_value(json!({ "zone": "Asia/Taipei", "week": week })).map_err(|e| e.to_string())
    }

    #[test]
    fn only_hours_that_can_be_kept_are_taken() {
        let none = json!([]);
        let on_monday = |spans: serde_json::Value| read(json!([spans, none, none, none, none, none, none]));
        let hours = on_monday(json!(["09:00-12:00", "12:00-24:00"])).unwrap();
        assert_eq!(serde_json::to_value(&hours).unwrap()["week"][0], json!(["09:00-12:00", "12:00-24:00"]));
        for (wrong, said) in [
            (json!([]), "has to be a time"),
            (json!(["09:00-12:00", "11:59-13:00"]), "each after the one before"),
            (json!(["13:00-14:00", "09:00-12:00"]), "each after the one before"),
            (json!(["01:00-02:00", "03:00-04:00", "05:00-06:00", "07:00-08:00", "09:00-10:00"]), "at most"),
            (json!(["12:00-12:00"]), "HH:MM"),
            (json!(["22:00-02:00"]), "HH:MM"),
            (json!(["09:00-24:01"]), "HH:MM"),
            (json!(["09:60-10:00"]), "HH:MM"),
            (json!(["9:00-10:00"]), "HH:MM"),
            (json!(["+9:00-10:00"]), "HH:MM"),
            (json!(["09:00"]), "HH:MM"),
            (json!([540]), "string"),
        ] {
            let error = on_monday(wrong.clone()).unwrap_err();
            assert!(error.contains(said), "{wrong}: {error}");
        }
        assert!(read(json!([["09:00-10:00"]])).is_err(), "a week of one day");
    }

    #[test]
    fn days_on_which_nobody_is_there_count() {
        let text = r#"{"zone":"UTC","week":[["09:00-10:00"],[],[],[],[],[],[]],"closed":["2026-11-30"]}"#;
        let hours: OpeningHours = serde_json::from_str(text).unwrap();
        let on = |day: &str| hours.on(day.parse().unwrap()).len();
        assert_eq!((on("2026-11-30"), on("2026-12-01"), on("2026-12-07")), (0, 0, 1));
        let days: Vec<_> = (0..=200).map(|n| Day::of_wall_clock(0).plus(n).to_string()).collect();
        let many =
            json!({ "zone": "UTC", "week": [["09:00-10:00"], [], [], [], [], [], []], "closed": days });
        assert!(serde_json::from_value::<OpeningHours>(many).is_err());
    }

    #[test]
    fn zones_have_names() {
        for good in ["UTC", "Asia/Taipei", "America/Argentina/Buenos_Aires", "Etc/GMT+8"] {
            assert!(ZoneName::try_from(good.to_owned()).is_ok(), "{good}");
        }
        for bad in ["", "+08:00", "08:00", "a b", "Ásia/Taipei", "x\u{0}", &"a".repeat(65)] {
            assert!(ZoneName::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn attendance_changes_at_its_moments() {
        let away = Attendance { is_here: false, changes: vec![Millis(10), Millis(20)], now: Millis(0) };
        let at = |now: u64| (away.is_here(Millis(now)), away.next_change(Millis(now)).map(|at| at.0));
        assert_eq!(at(0), (Some(false), Some(10)));
        assert_eq!(at(10), (Some(true), Some(20)));
        assert_eq!(at(19), (Some(true), Some(20)));
        assert_eq!(at(20), (None, None), "nobody knows");
        let long = Attendance { is_here: true, changes: vec![], now: Millis(0) };
        assert_eq!((long.is_here(Millis(5)), long.next_change(Millis(5))), (Some(true), None));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in ".*") {
            let _ = (text.parse::<Span>(), ZoneName::try_from(text));
        }
    }
}
