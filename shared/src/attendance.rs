//! Whether a site's people are there, worked out from its opening hours.

use crate::wire::{Attendance, Day, Millis, OpeningHours};

/// As many changes as are told at most: four weeks of working days.
const CHANGES: usize = 40;
/// For how many days from today hours are looked at: beyond the longest holidays.
const DAYS: u32 = 70;
/// The milliseconds of a minute.
const MINUTE: u64 = 60 * 1000;

/// Whether people are there from `now` on. `offset` says how far the clock on their wall is ahead of UTC at a moment, in
/// minutes: less than a day.
pub fn attendance(hours: &OpeningHours, now: Millis, offset: impl Fn(Millis) -> i32) -> Attendance {
    let mut changes: Vec<Millis> = Vec::new();
    // Yesterday counts too: its last span may go on into today.
    let yesterday = Day::of_wall_clock(ahead(now, offset(now)).0.saturating_sub(Millis::DAY));
    for day in (0..=DAYS).map(|days| yesterday.plus(days)) {
        for span in hours.on(day) {
            let [from, to] = [span.from(), span.to()].map(|minute| moment(day, minute, &offset));
            // A span that the clocks are put forward over is none.
            if to <= from || to <= now {
                continue;
            }
            // Who is there until midnight and from midnight on does not go in between.
            if changes.last().is_some_and(|last| from <= *last) {
                changes.pop();
            } else {
                changes.push(from);
            }
            changes.push(to);
        }
        if changes.len() > CHANGES {
            break;
        }
    }
    // What lies behind is how it stands.
    let is_here = changes.first().is_some_and(|first| *first <= now);
    changes.retain(|change| *change > now);
    changes.truncate(CHANGES);
    Attendance { is_here, changes, now }
}

/// The moment at which the clock on the wall shows a minute of a day. Of an hour that comes twice it is one of both.
fn moment(day: Day, minute: u16, offset: &impl Fn(Millis) -> i32) -> Millis {
    let wall = Millis(u64::from(day.since_epoch()) * Millis::DAY + u64::from(minute) * MINUTE);
    // The offset at the moment that is looked for, from the one at a moment close to it.
    let close = ahead(wall, -offset(wall));
    ahead(wall, -offset(close))
}

/// So many minutes later, or earlier.
fn ahead(at: Millis, minutes: i32) -> Millis {
    let by = u64::from(minutes.unsigned_abs()) * MINUTE;
    Millis(if minutes < 0 { at.0.saturating_sub(by) } else { at.0.saturating_add(by) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 2026-11-29 is a Sunday.
    const SUNDAY: u64 = 20_786 * Millis::DAY;
    const HOUR: u64 = 60 * MINUTE;

    fn hours(week: [&[&str]; 7], closed: &[&str]) -> OpeningHours {
        let json = serde_json::json!({ "zone": "UTC", "week": week, "closed": closed });
        serde_json::from_value(json).unwrap()
    }

    const WORKDAYS: [&[&str]; 7] = {
        let day: &[&str] = &["09:00-17:00"];
        [day, day, day, day, day, &[], &[]]
    };

    #[test]
    fn people_come_on_monday_by_their_own_clock() {
        let taipei = attendance(&hours(WORKDAYS, &[]), Millis(SUNDAY + 12 * HOUR), |_| 8 * 60);
        assert!(!taipei.is_here);
        assert_eq!(taipei.changes[..2], [Millis(SUNDAY + 25 * HOUR), Millis(SUNDAY + 33 * HOUR)]);
        assert_eq!(taipei.changes.len(), CHANGES);
        let new_york = attendance(&hours(WORKDAYS, &[]), Millis(SUNDAY + 40 * HOUR), |_| -5 * 60);
        assert!(new_york.is_here, "11 in the morning");
        assert_eq!(new_york.changes[0], Millis(SUNDAY + 46 * HOUR));
    }

    #[test]
    fn who_stays_past_midnight_does_not_go() {
        let night: &[&str] = &["22:00-24:00"];
        let week: [&[&str]; 7] = [&["00:00-06:00"], &[], &[], &[], &[], &[], night];
        let at = |hour: u64| attendance(&hours(week, &[]), Millis(SUNDAY + hour * HOUR), |_| 0);
        assert_eq!(at(20).changes[..2], [Millis(SUNDAY + 22 * HOUR), Millis(SUNDAY + 30 * HOUR)]);
        for hour in [22, 23, 24, 29] {
            assert!(at(hour).is_here, "{hour}");
            assert_eq!(at(hour).changes[0], Millis(SUNDAY + 30 * HOUR), "{hour}");
        }
        assert!(!at(30).is_here);
        let always: [&[&str]; 7] = [&["00:00-24:00"]; 7];
        let always = attendance(&hours(always, &[]), Millis(SUNDAY), |_| 0);
        assert!(always.is_here && always.next_change(Millis(SUNDAY + 60 * Millis::DAY)).is_some());
    }

    #[test]
    fn holidays_are_passed_over() {
        let closed: Vec<_> = (30..=30)
            .map(|day| format!("2026-11-{day}"))
            .chain((1..=31).map(|day| format!("2026-12-{day:02}")))
            .collect();
        let closed: Vec<_> = closed.iter().map(String::as_str).collect();
        let told = attendance(&hours(WORKDAYS, &closed), Millis(SUNDAY), |_| 0);
        let first: Day = "2027-01-01".parse().unwrap();
        assert_eq!(told.changes[0], Millis(u64::from(first.since_epoch()) * Millis::DAY + 9 * HOUR));
    }

    #[test]
    fn a_clock_that_is_put_forward_is_followed() {
        // Central Europe, 2026-03-29: at 01:00 UTC two o'clock becomes three.
        let sunday: Day = "2026-03-29".parse().unwrap();
        let forward = u64::from(sunday.since_epoch()) * Millis::DAY + HOUR;
        let berlin = |at: Millis| if at.0 < forward { 60 } else { 120 };
        let every: [&[&str]; 7] = [&["09:00-10:00"]; 7];
        let told = attendance(&hours(every, &[]), Millis(forward - 20 * HOUR), berlin);
        let day = u64::from(sunday.since_epoch()) * Millis::DAY;
        let nine = [day - Millis::DAY + 8 * HOUR, day + 7 * HOUR, day + Millis::DAY + 7 * HOUR].map(Millis);
        assert_eq!([0, 2, 4].map(|place| told.changes[place]), nine);
    }

    proptest! {
        #[test]
        fn moments_are_ahead_and_in_order(
            now in 0u64..4_000_000_000_000,
            zone in -840i32..=840,
            summer in any::<bool>(),
            spans in proptest::collection::vec((0u16..1_440, 1u16..=1_440), 1..8),
        ) {
            let mut week: [Vec<String>; 7] = Default::default();
            for (place, (from, length)) in spans.into_iter().enumerate() {
                let to = (from + length).min(1_440);
                let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
                week[place % 7] = vec![format!("{}-{}", time(from), time(to))];
            }
            let json = serde_json::json!({ "zone": "UTC", "week": week });
            let hours: OpeningHours = serde_json::from_value(json).unwrap();
            // Summer begins somewhere in between.
            let offset = |at: Millis| if summer && at.0 > now + 3 * Millis::DAY { zone + 60 } else { zone };
            let told = attendance(&hours, Millis(now), offset);
            prop_assert!(told.changes.len() <= CHANGES);
            prop_assert!(told.changes.iter().all(|change| *change > Millis(now)));
            prop_assert!(told.changes.is_sorted());
        }
    }
}
