use core::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Millis;

/// A day of the calendar, wherever it is: `2026-12-25`. From 1970-01-01 to 9999-12-31.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(u32);

/// Not a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a day is written YYYY-MM-DD, from 1970-01-01 on")]
pub struct DayError;

impl Day {
    /// 9999-12-31.
    const LAST: u32 = 2_932_896;

    /// The day of a clock on the wall, told in milliseconds since it showed the beginning of 1970.
    pub fn of_wall_clock(local_ms: u64) -> Self {
        let days = u32::try_from(local_ms / Millis::DAY).unwrap_or(Self::LAST);
        Self(days.min(Self::LAST))
    }

    /// How many days after 1970-01-01.
    pub const fn since_epoch(self) -> u32 {
        self.0
    }

    /// Its place in the week: 0 for Monday.
    pub const fn weekday(self) -> usize {
        // 1970 began on a Thursday.
        ((self.0 + 3) % 7) as usize
    }

    /// The day so many days later, or the last one there is.
    pub const fn plus(self, days: u32) -> Self {
        let day = self.0.saturating_add(days);
        Self(if day < Self::LAST { day } else { Self::LAST })
    }

    /// Year, month and day of the month. Howard Hinnant's `civil_from_days`, for days from 1970 on.
    fn civil(self) -> (u32, u32, u32) {
        // Counted from the first of March of the year 0, so that the day that only some years have is the last of its year.
        let days = self.0 + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        (year_of_era + 400 * era + u32::from(month <= 2), month, day)
    }

    /// Howard Hinnant's `days_from_civil`, for what may be no day: `None` before 1970.
    fn of_civil(year: u32, month: u32, day: u32) -> Option<Self> {
        let year = if month <= 2 { year.checked_sub(1)? } else { year };
        let (era, year_of_era) = (year / 400, year % 400);
        let month_from_march = if month > 2 { month - 3 } else { month + 9 };
        let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        (era * 146_097 + day_of_era).checked_sub(719_468).map(Self)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Day {
    type Err = DayError;
    fn from_str(text: &str) -> Result<Self, DayError> {
        let is_plain = text.len() == 10
            && text.bytes().enumerate().all(|(place, byte)| match place {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !is_plain {
            return Err(DayError);
        }
        let number = |from: usize, to: usize| text[from..to].parse::<u32>().map_err(|_| DayError);
        let civil @ (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return Err(DayError);
        }
        // The 30th of February would be one in March.
        Self::of_civil(year, month, day).filter(|read| read.civil() == civil).ok_or(DayError)
    }
}

impl TryFrom<String> for Day {
    type Error = DayError;
    fn try_from(text: String) -> Result<Self, DayError> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> String {
        day.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn days_are_dates_with_their_weekdays() {
        for (text, since_epoch, weekday) in [
            ("1970-01-01", 0, 3),
            ("1999-12-31", 10_956, 4),
            ("2000-02-29", 11_016, 1),
            ("2000-03-01", 11_017, 2),
            ("2026-11-29", 20_786, 6),
            ("2100-03-01", 47_541, 0),
            ("9999-12-31", Day::LAST, 4),
        ] {
            let day: Day = text.parse().unwrap();
            assert_eq!((day.since_epoch(), day.weekday()), (since_epoch, weekday), "{text}");
            assert_eq!(day.to_string(), text);
        }
        assert_eq!(Day::of_wall_clock(Millis::DAY * 20_786 + 1).to_string(), "2026-11-29");
        assert_eq!(Day::of_wall_clock(u64::MAX).to_string(), "9999-12-31");
        assert_eq!(Day::of_wall_clock(0).plus(u32::MAX).to_string(), "9999-12-31");
    }

    #[test]
    fn what_is_in_no_calendar_is_no_day() {
        for wrong in [
            "",
            "2026-02-29",
            "2100-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
            "2026-1-1",
            "1969-12-31",
            "0000-01-01",
            "2026/12/25",
            "2026-12-25T",
            "２０２６-12-25",
            "+026-12-25",
        ] {
            assert_eq!(wrong.parse::<Day>(), Err(DayError), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(days in 0..=Day::LAST) {
            prop_assert_eq!(Day(days).to_string().parse(), Ok(Day(days)));
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in ".*") {
            let _ = text.parse::<Day>();
        }
    }
}
