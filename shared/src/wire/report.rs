//! How visitors were served over some days: by day, by hour, by what brought them and by who served them.

use std::{cmp::Reverse, collections::BTreeMap};

use serde::{Deserialize, Serialize};

use super::{HandoffReason, LanguageTag, Line, Millis, ServedTalk, ServiceFigures, Subject, Teammate};

/// The hours of a day.
const HOURS: usize = 24;

/// `GET /v1/sites/{site}/figures?days=&utc_offset_minutes=`: which days are asked about, the last being today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRequest {
    /// How many, from 1 to [`ReportRequest::MOST_DAYS`].
    pub days: u16,
    /// Where whoever asks is, in minutes east of UTC: a day begins at their midnight. All days are taken as if they had the
    /// offset of today, which the days before a change of clocks had not.
    pub utc_offset_minutes: i16,
}

/// Why a question for a report is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReportRequestError {
    /// Not so many days.
    #[error("days is a number from 1 to {}", ReportRequest::MOST_DAYS)]
    Days,
    /// Nobody is there.
    #[error("utc_offset_minutes is a number from -840 to 840")]
    Offset,
}

impl ReportRequest {
    /// The most days.
    pub const MOST_DAYS: u16 = 90;
    /// The farthest that anybody is from UTC, in minutes.
    const MOST_OFFSET: u16 = 14 * 60;

    /// Reads the two values of a query.
    ///
    /// # Errors
    /// When one of them is not such a number.
    pub fn parse(days: &str, utc_offset_minutes: &str) -> Result<Self, ReportRequestError> {
        let days = days.parse().ok().filter(|days| (1..=Self::MOST_DAYS).contains(days));
        let offset =
            utc_offset_minutes.parse().ok().filter(|at: &i16| at.unsigned_abs() <= Self::MOST_OFFSET);
        Ok(Self {
            days: days.ok_or(ReportRequestError::Days)?,
            utc_offset_minutes: offset.ok_or(ReportRequestError::Offset)?,
        })
    }

    /// When the first of the days began, and so many before it, for comparison.
    pub fn since(self, now: Millis) -> Since {
        let local = self.local(now);
        let today = local - local % Millis::DAY;
        let began = |days: u64| self.utc(today.saturating_sub(days * Millis::DAY));
        let days = u64::from(self.days);
        Since { days: began(days - 1), before: began(2 * days - 1) }
    }

    /// The clock on the wall, as milliseconds since its 1970.
    pub(super) fn local(self, at: Millis) -> u64 {
        at.0.saturating_add_signed(i64::from(self.utc_offset_minutes) * 60_000)
    }

    fn utc(self, local: u64) -> Millis {
        Millis(local.saturating_add_signed(-i64::from(self.utc_offset_minutes) * 60_000))
    }
}

/// `GET /v1/sites/{site}/figures/{sheet}?days=&utc_offset_minutes=`: a part of a report that is a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheet {
    /// `days.csv`
    Days,
    /// `people.csv`, for those who lead them.
    People,
}

impl Sheet {
    /// Its name as a file.
    pub fn file(self) -> &'static str {
        match self {
            Self::Days => "days.csv",
            Self::People => "people.csv",
        }
    }

    /// The one of this name.
    pub fn of(file: &str) -> Option<Self> {
        [Self::Days, Self::People].into_iter().find(|sheet| sheet.file() == file)
    }
}

/// When what is counted began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Since {
    /// The days asked about.
    pub days: Millis,
    /// As many before.
    pub before: Millis,
}

/// A talk, as a report counts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedTalk {
    /// When it was handed over.
    pub opened: Millis,
    /// How it was served.
    pub served: ServedTalk,
    /// Why it came to a person.
    pub reasons: Vec<HandoffReason>,
    /// In what language.
    pub language: LanguageTag,
    /// What it was about, as far as that is known.
    pub subject: Option<Subject>,
    /// Through which channel, by its name; `None` when that was the site's pages.
    pub channel: Option<Line>,
    /// Who looked after it last.
    pub assignee: Option<Teammate>,
}

/// How visitors were served over some days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceReport {
    /// All of the days.
    pub lately: ServiceFigures,
    /// As many days before them; `None` when not all of their talks are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<ServiceFigures>,
    /// Each of them, the oldest first.
    pub days: Vec<ServiceDay>,
    /// How many talks began in each hour of the day, from midnight on: 24.
    pub hours: Vec<u32>,
    /// How many talks came for each reason, the most frequent first; a talk may have several.
    pub reasons: Vec<(HandoffReason, u32)>,
    /// How many talks were in each language, the most frequent first.
    pub languages: Vec<(LanguageTag, u32)>,
    /// How many talks were about each subject, `None` where that is not known, the most frequent first.
    #[serde(default)]
    pub subjects: Vec<(Option<Subject>, u32)>,
    /// How many talks went through each channel, `None` for the site's pages, the most frequent first.
    #[serde(default)]
    pub channels: Vec<(Option<Line>, u32)>,
    /// How those were served whom somebody looked after, by who did last, the most talks first; `None` for whoever may not see
    /// that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<Vec<ServedBy>>,
    /// Whether there are more talks than are counted: the oldest are left out.
    pub is_partial: bool,
}

/// How visitors were served on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceDay {
    /// When it began.
    pub since: Millis,
    /// The talks that began on it.
    pub figures: ServiceFigures,
}

/// How visitors were served by somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServedBy {
    /// Who.
    pub person: Teammate,
    /// The talks that they looked after last.
    pub figures: ServiceFigures,
}

impl ServiceReport {
    /// Counts talks, of the days asked about and as many before, in any order. What began at another time is not counted.
    pub fn of(request: ReportRequest, now: Millis, talks: &[ReportedTalk], is_partial: bool) -> Self {
        let since = request.since(now);
        let (lately, earlier): (Vec<_>, Vec<_>) = talks.iter().partition(|talk| talk.opened >= since.days);
        let figures = |talks: &[&ReportedTalk]| {
            ServiceFigures::of(&talks.iter().map(|talk| talk.served).collect::<Vec<_>>())
        };
        let before: Vec<_> = earlier.into_iter().filter(|talk| talk.opened >= since.before).collect();
        let mut of_day: Vec<Vec<&ReportedTalk>> = vec![Vec::new(); usize::from(request.days)];
        let mut hours = vec![0; HOURS];
        for talk in &lately {
            let day = usize::try_from(talk.opened.since(since.days) / Millis::DAY).unwrap_or(usize::MAX);
            // What another clock says of tomorrow was today.
            let last = of_day.len().saturating_sub(1);
            if let Some(day) = of_day.get_mut(day.min(last)) {
                day.push(talk);
            }
            // It is less than a day.
            hours[(request.local(talk.opened) % Millis::DAY / (Millis::DAY / HOURS as u64)) as usize] += 1;
        }
        let day = |(n, talks): (u64, Vec<&ReportedTalk>)| ServiceDay {
            since: since.days.plus(n * Millis::DAY),
            figures: figures(&talks),
        };
        Self {
            lately: figures(&lately),
            before: (!is_partial).then(|| figures(&before)),
            days: (0..).zip(of_day).map(day).collect(),
            hours,
            reasons: counted(lately.iter().flat_map(|talk| talk.reasons.iter().copied())),
            languages: counted(lately.iter().map(|talk| talk.language.clone())),
            subjects: counted(lately.iter().map(|talk| talk.subject.clone())),
            channels: counted(lately.iter().map(|talk| talk.channel.clone())),
            people: Some(by_person(&lately)),
            is_partial,
        }
    }
}

/// How often each is there, the most frequent first; those equally frequent in their own order.
fn counted<T: Ord>(all: impl Iterator<Item = T>) -> Vec<(T, u32)> {
    let mut counts = BTreeMap::new();
    all.for_each(|one| *counts.entry(one).or_insert(0) += 1);
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    counts
}

/// By address, which is one's own: two may have the same name, and one may have another name than before.
fn by_person(talks: &[&ReportedTalk]) -> Vec<ServedBy> {
    let mut served: BTreeMap<&str, (&ReportedTalk, &Teammate, Vec<ServedTalk>)> = BTreeMap::new();
    for talk in talks {
        let Some(person) = &talk.assignee else { continue };
        let entry = served.entry(person.email.as_str()).or_insert((talk, person, Vec::new()));
        if talk.opened > entry.0.opened {
            (entry.0, entry.1) = (talk, person);
        }
        entry.2.push(talk.served);
    }
    let served_by = |(_, person, talks): (&ReportedTalk, &Teammate, Vec<ServedTalk>)| ServedBy {
        person: person.clone(),
        figures: ServiceFigures::of(&talks),
    };
    let mut served: Vec<_> = served.into_values().map(served_by).collect();
    served.sort_by_key(|served| Reverse(served.figures.talks));
    served
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::wire::Line;

    /// Noon in UTC.
    const NOON: Millis = Millis(20_000 * Millis::DAY + Millis::DAY / 2);
    const HOUR: u64 = 3_600_000;

    fn request(days: u16, utc_offset_minutes: i16) -> ReportRequest {
        ReportRequest { days, utc_offset_minutes }
    }

    fn talk(opened: Millis) -> ReportedTalk {
        let served = ServedTalk {
            first_reply_ms: None,
            is_closed: false,
            was_reopened: false,
            rated_good: None,
            recommends: None,
        };
        let language = "en".to_owned().try_into().unwrap();
        ReportedTalk {
            opened,
            served,
            reasons: vec![],
            language,
            subject: None,
            channel: None,
            assignee: None,
        }
    }

    fn by(email: &str, name: &str, opened: Millis) -> ReportedTalk {
        let person = Teammate { email: email.to_owned().try_into().unwrap(), name: Line::new(name).unwrap() };
        ReportedTalk { assignee: Some(person), ..talk(opened) }
    }

    #[test]
    fn only_numbers_within_bounds_are_a_question() {
        assert_eq!(ReportRequest::parse("30", "480"), Ok(request(30, 480)));
        assert_eq!(ReportRequest::parse("1", "-210"), Ok(request(1, -210)));
        for days in ["0", "91", "-1", "", "x", "1e9", "99999999999999999999"] {
            assert_eq!(ReportRequest::parse(days, "0"), Err(ReportRequestError::Days), "{days}");
        }
        for offset in ["841", "-841", "", "x", "-32768", "99999"] {
            assert_eq!(ReportRequest::parse("7", offset), Err(ReportRequestError::Offset), "{offset}");
        }
    }

    #[test]
    fn a_day_begins_at_the_readers_midnight() {
        let midnight = Millis(20_000 * Millis::DAY);
        assert_eq!(request(1, 0).since(NOON).days, midnight);
        // In Shanghai it is eight in the evening, and the day is sixteen hours from its end in UTC.
        assert_eq!(request(1, 480).since(NOON).days, Millis(midnight.0 - 8 * HOUR));
        // On Kiritimati it is the day after already.
        assert_eq!(request(1, 840).since(NOON).days, Millis(midnight.0 + 10 * HOUR));
        assert_eq!(request(1, -210).since(NOON).days, Millis(midnight.0 + 210 * 60_000));
        let week = request(7, 0).since(NOON);
        assert_eq!((week.days, week.before), (midnight.days_before(6), midnight.days_before(13)));

        let talks =
            [talk(NOON), talk(NOON.days_before(1)), talk(NOON.days_before(7)), talk(NOON.days_before(20))];
        let report = ServiceReport::of(request(7, 480), NOON, &talks, false);
        assert_eq!((report.lately.talks, report.before.map(|before| before.talks)), (2, Some(1)));
        let partial = ServiceReport::of(request(7, 480), NOON, &talks, true);
        assert_eq!((partial.lately.talks, partial.before), (2, None));
        let by_day: Vec<_> = report.days.iter().map(|day| day.figures.talks).collect();
        assert_eq!(by_day, [0, 0, 0, 0, 0, 1, 1]);
        assert_eq!(report.hours[20], 2);
        assert_eq!(report.hours.iter().sum::<u32>(), 2);
    }

    #[test]
    fn what_is_most_frequent_comes_first() {
        let mut talks = vec![talk(NOON), talk(NOON), talk(NOON)];
        talks[0].reasons = vec![HandoffReason::Upset, HandoffReason::Button];
        talks[1].reasons = vec![HandoffReason::Upset];
        talks[2].language = "zh-Hans".to_owned().try_into().unwrap();
        talks[1].subject = Some(Subject::new("Billing").unwrap());
        talks[2].channel = Some(Line::new("SMS").unwrap());
        let report = ServiceReport::of(request(1, 0), NOON, &talks, false);
        assert_eq!(report.reasons, [(HandoffReason::Upset, 2), (HandoffReason::Button, 1)]);
        let languages: Vec<_> = report.languages.iter().map(|(tag, count)| (tag.as_str(), *count)).collect();
        assert_eq!(languages, [("en", 2), ("zh-Hans", 1)]);
        assert_eq!(report.subjects, [(None, 2), (talks[1].subject.clone(), 1)]);
        assert_eq!(report.channels, [(None, 2), (talks[2].channel.clone(), 1)]);
    }

    #[test]
    fn each_person_is_counted_once_under_their_latest_name() {
        let talks = [
            by("ana@shop.example", "Ana", NOON.days_before(1)),
            by("bo@shop.example", "Bo", NOON),
            by("ana@shop.example", "Ana Lee", NOON),
            talk(NOON),
        ];
        let people = ServiceReport::of(request(2, 0), NOON, &talks, false).people.unwrap_or_default();
        let people: Vec<_> = people.iter().map(|by| (by.person.name.as_str(), by.figures.talks)).collect();
        assert_eq!(people, [("Ana Lee", 2), ("Bo", 1)]);
    }

    proptest! {
        #[test]
        fn every_talk_is_counted_on_its_day_and_nowhere_else(
            days in 1_u16..=90, offset in -840_i16..=840, now in any::<u64>(),
            ages in prop::collection::vec(0_u64..400 * 24, 0..40),
        ) {
            // From 1970 on, and before the year 5000.
            let now = Millis(now % (3_000 * 365 * Millis::DAY) + 400 * Millis::DAY);
            let talks: Vec<_> = ages.iter().map(|hours| talk(Millis(now.0 - hours * HOUR))).collect();
            let report = ServiceReport::of(request(days, offset), now, &talks, false);
            prop_assert_eq!(report.days.len(), usize::from(days));
            let by_day: u32 = report.days.iter().map(|day| day.figures.talks).sum();
            prop_assert_eq!(by_day, report.lately.talks);
            prop_assert_eq!(report.hours.iter().sum::<u32>(), report.lately.talks);
            let last = report.days.last().map(|day| now.since(day.since));
            prop_assert!(last.is_some_and(|ms| ms < Millis::DAY), "today is the last");
        }
    }
}
