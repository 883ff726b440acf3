//! Appealing against a ban: said once, asked after until it is decided, and the answer to whether that was fair.

use std::time::Duration;

use deskbell_browser::{
    clock::Timer,
    http::{Call, Failure},
    random,
};
use deskbell_shared::wire::{
    AppealId, AppealRequest, AppealState, FairRequest, LanguageTag, Plea, ProblemKind,
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::App;
use crate::person::{Ban, Memory};

/// After how long it is asked again whether an appeal is decided, for the first [`SOON`] times: who decides may be at the
/// inbox. From then on it is twice as long each time, up to [`MAX_DOUBLINGS`]: they may be asleep.
const ASK_AFTER: Duration = Duration::from_secs(15);
const SOON: u32 = 4;
const MAX_DOUBLINGS: u32 = 4;

/// How an appeal stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Appealed {
    /// It is on its way.
    Sending,
    /// It could not be sent: try again.
    Failed,
    /// The edge has it.
    Taken(AppealState),
}

impl App {
    /// Somebody is stopped, or no longer.
    pub(super) fn banned(self, ban: Option<Ban>) {
        self.solving.set(None);
        self.noticed.set(Vec::new());
        self.wait_until.set(None);
        // Told again, the same ban is no news: whoever writes against it is not disturbed.
        let is_known = self.ban.with_untracked(|known| match (known, &ban) {
            (Some(known), Some(ban)) => known.is_same(ban),
            (None, None) => true,
            _ => false,
        });
        if !is_known {
            self.ban.set(ban);
        }
        // Whatever changed may have been decided on an appeal.
        self.ask_after_appeal();
    }

    /// Sends what the visitor says against the ban.
    pub(crate) fn appeal(self, words: Plea) {
        // Not from memory: a browser may keep nothing.
        let visitor = self.line.with_value(|line| line.as_ref().map(|line| line.visitor()));
        let language = self.words.with_untracked(|words| LanguageTag::try_from(words.language().to_owned()));
        // The same again, after a lost answer, is no second appeal.
        let id = self.appealed.get_value().or_else(|| random::id().map(AppealId));
        let (Some(visitor), Some(id), Ok(language)) = (visitor, id, language) else {
            return self.appeal.set(Some(Appealed::Failed));
        };
        self.appealed.set_value(Some(id));
        self.appeal_asked.set_value(0);
        self.appeal.set(Some(Appealed::Sending));
        self.refocus.notify();
        let call = Call::post(self.appeal_path("")).json(&AppealRequest { id, visitor, words, language });
        spawn_local(async move {
            match call.answer().await {
                Ok(state) => {
                    self.remember_appeal(Some(id));
                    self.plea.set(String::new());
                    self.appeal_stands(state);
                }
                // Nothing stops this visitor any more.
                Err(Failure::Refused(problem)) if problem.kind == ProblemKind::NotFound => {
                    self.appealed.set_value(None);
                    self.appeal.set(None);
                }
                // There is one already, of which this browser knows nothing any more.
                Err(Failure::Refused(problem)) if problem.kind == ProblemKind::Conflict => {
                    self.appealed.set_value(None);
                    self.appeal.set(None);
                    self.plea.set(String::new());
                    self.trouble.set(Some("appeal.once"));
                }
                Err(_) => self.appeal.set(Some(Appealed::Failed)),
            }
        });
    }

    /// Asks how the appeal stands that was made last, also before the page was loaded.
    pub(crate) fn ask_after_appeal(self) {
        let Some(id) = self.last_appeal() else { return };
        let call = Call::get(self.appeal_path(&format!("/{id}")));
        spawn_local(async move {
            match call.answer().await {
                Ok(state) => self.appeal_stands(state),
                Err(Failure::Refused(problem)) if problem.kind == ProblemKind::NotFound => {
                    self.remember_appeal(None);
                    // It was erased with its talk: nobody decides about it any more.
                    if self.appeal.with_untracked(|appeal| matches!(appeal, Some(Appealed::Taken(_)))) {
                        self.appeal.set(None);
                    }
                }
                Err(_) => self.ask_later(),
            }
        });
    }

    fn appeal_stands(self, state: AppealState) {
        if state.outcome.is_none() {
            self.ask_later();
        }
        self.appeal.set(Some(Appealed::Taken(state)));
    }

    fn ask_later(self) {
        let asked = self.appeal_asked.get_value();
        self.appeal_asked.set_value(asked.saturating_add(1));
        self.appeal_timer.set_value(Timer::after(pause(asked), move || self.ask_after_appeal()));
    }

    /// The visitor looks again: what was decided meanwhile is told at once.
    pub(crate) fn look_after_appeal(self) {
        let is_open = |appeal: &Option<Appealed>| matches!(appeal, Some(Appealed::Taken(state)) if state.outcome.is_none());
        if self.appeal.with_untracked(is_open) {
            self.appeal_asked.set_value(0);
            self.ask_after_appeal();
        }
    }

    fn last_appeal(self) -> Option<AppealId> {
        self.appealed.get_value().or_else(|| self.memory.with_value(Memory::appeal))
    }

    fn remember_appeal(self, appeal: Option<AppealId>) {
        self.appealed.set_value(appeal);
        self.memory.with_value(|memory| memory.appealed(appeal));
    }

    /// The visitor says whether the decision was fair.
    pub(crate) fn say_fair(self, fair: bool) {
        let Some(id) = self.last_appeal() else { return };
        let call = Call::post(self.appeal_path(&format!("/{id}/fair"))).json(&FairRequest { fair });
        spawn_local(async move {
            match call.answer().await {
                Ok(state) => {
                    self.appeal.set(Some(Appealed::Taken(state)));
                    self.refocus.notify();
                }
                Err(_) => self.trouble.set(Some("appeal.failed")),
            }
        });
    }

    /// The visitor has read what was decided.
    pub(crate) fn close_appeal(self) {
        self.remember_appeal(None);
        self.appeal.set(None);
    }

    fn appeal_path(self, rest: &str) -> String {
        self.site.with_value(|site| format!("/v1/sites/{site}/appeals{rest}"))
    }
}

/// How long to wait after so many times that an open appeal was asked after.
fn pause(asked: u32) -> Duration {
    ASK_AFTER * 2_u32.pow(asked.saturating_sub(SOON - 1).min(MAX_DOUBLINGS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_an_appeal_is_open_the_less_often_it_is_asked_after() {
        let pauses = [0, 1, 2, 3, 4, 5, 6, 7, 8, u32::MAX].map(|asked| pause(asked).as_secs());
        assert_eq!(pauses, [15, 15, 15, 15, 30, 60, 120, 240, 240, 240]);
    }
}
