//! Whether anybody is there to answer, where the site says when.

use std::time::Duration;

use deskbell_browser::{
    clock::{self, Timer},
    intl,
};
use deskbell_shared::wire::Millis;
use leptos::prelude::*;

use super::App;

/// Until when a day of the week says which one, in milliseconds: less than a week, for on the seventh day there are two.
const NAMED_MS: u64 = 6 * Millis::DAY;

impl App {
    /// What to say while nobody is there; `None` while somebody is, and where the site does not say. With `key` it is told when
    /// they come back, and with `unknown`, if there is that, that nobody knows.
    pub(crate) fn away(self, key: &str, unknown: Option<&str>) -> Option<String> {
        let back = self.attendance.with(|attendance| {
            let attendance = attendance.as_ref()?;
            let now = clock::now();
            (!attendance.is_here(now)).then(|| attendance.next_change(now))
        })?;
        match back {
            Some(back) => Some(self.fill(key, &[("moment", &self.day_and_hour(back))])),
            None => unknown.map(|key| self.say(key)),
        }
    }

    /// Follows people's coming and going, as far as the site has told it.
    pub(super) fn follow_attendance(self) {
        let next = self.attendance.with_untracked(|told| told.as_ref()?.next_change(clock::now()));
        let timer = next.and_then(|next| {
            Timer::after(Duration::from_millis(next.since(clock::now())), move || {
                self.attendance.notify();
                self.follow_attendance();
            })
        });
        self.attendance_timer.set_value(timer);
    }

    /// A moment of the next days by its day of the week, a later one by its date, as the visitor's own clock shows it.
    fn day_and_hour(self, at: Millis) -> String {
        let time = [("hour", "numeric"), ("minute", "2-digit")];
        let soon: &[_] = &[("weekday", "long"), time[0], time[1]];
        let later: &[_] = &[("day", "numeric"), ("month", "long"), time[0], time[1]];
        let fields = if at.since(clock::now()) < NAMED_MS { soon } else { later };
        self.words.with_untracked(|words| intl::date(words.language(), at, fields))
    }
}
