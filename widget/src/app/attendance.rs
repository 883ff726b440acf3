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
/// How often it is looked whether somebody has come or gone: one long wait would stand still while a device sleeps.
const LOOK: Duration = Duration::from_secs(30);

impl App {
    /// What to say while nobody is there; `None` while somebody is, and where nobody knows. With `key` it is told when they come
    /// back, and with `unknown`, if there is that, that they do.
    pub(crate) fn away(self, key: &str, unknown: Option<&str>) -> Option<String> {
        self.is_here.track();
        let back = self.attendance.with_value(|attendance| {
            let (attendance, now) = (attendance.as_ref()?, self.by_the_edge());
            (attendance.is_here(now) == Some(false)).then(|| attendance.next_change(now))
        })?;
        match back {
            Some(back) => Some(self.fill(key, &[("moment", &self.day_and_hour(back))])),
            None => unknown.map(|key| self.say(key)),
        }
    }

    /// Follows people's coming and going, as far as the site has told it.
    pub(super) fn follow_attendance(self) {
        let Some(told) = self.attendance.with_value(|attendance| attendance.as_ref().map(|told| told.now))
        else {
            return;
        };
        self.edge_ahead_ms.set_value(told.0 as i64 - clock::now().0 as i64);
        let look = move || {
            let is_here = self.attendance.with_value(|told| told.as_ref()?.is_here(self.by_the_edge()));
            if self.is_here.get_untracked() != is_here {
                self.is_here.set(is_here);
            }
        };
        look();
        StoredValue::new_local(Timer::every(LOOK, look));
    }

    /// Now, as the edge's clock shows it: the visitor's may be wrong.
    fn by_the_edge(self) -> Millis {
        Millis(clock::now().0.saturating_add_signed(self.edge_ahead_ms.get_value()))
    }

    /// A moment of the next days by its day of the week, a later one by its date, where the visitor is.
    fn day_and_hour(self, at: Millis) -> String {
        let is_soon = at.since(self.by_the_edge()) < NAMED_MS;
        let day: &[_] =
            if is_soon { &[("weekday", "long")] } else { &[("day", "numeric"), ("month", "long")] };
        let time = [("hour", "numeric"), ("minute", "2-digit")];
        // Asked for both at once, some languages have the day behind the time and in brackets.
        self.words.with_untracked(|words| {
            format!("{} {}", intl::date(words.language(), at, day), intl::date(words.language(), at, &time))
        })
    }
}
