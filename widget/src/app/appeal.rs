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

/// How often it is asked whether an appeal is decided.
const ASK_EVERY: Duration = Duration::from_secs(15);

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
        self.ban.set(ban);
        // Whatever changed may have been decided on an appeal.
        self.ask_after_appeal();
    }

    /// Sends what the visitor says against the ban.
    pub(crate) fn appeal(self, words: Plea) {
        let Some((visitor, _)) = self.memory.with_value(Memory::recall) else { return };
        let language = self.words.with_untracked(|words| words.language().to_owned());
        let (Some(id), Ok(language)) = (random::id().map(AppealId), LanguageTag::try_from(language)) else {
            return self.appeal.set(Some(Appealed::Failed));
        };
        self.appeal.set(Some(Appealed::Sending));
        let call = Call::post(self.appeal_path("")).json(&AppealRequest { id, visitor, words, language });
        spawn_local(async move {
            match call.answer().await {
                Ok(state) => {
                    self.memory.with_value(|memory| memory.appealed(Some(id)));
                    self.appeal_stands(state);
                }
                // Nothing stops this visitor any more.
                Err(Failure::Refused(problem)) if problem.kind == ProblemKind::NotFound => {
                    self.appeal.set(None);
                }
                Err(_) => self.appeal.set(Some(Appealed::Failed)),
            }
        });
    }

    /// Takes up an appeal that was made before the page was loaded.
    pub(super) fn take_up_appeal(self) {
        self.ask_after_appeal();
    }

    fn ask_after_appeal(self) {
        let Some(id) = self.memory.with_value(Memory::appeal) else { return };
        let call = Call::get(self.appeal_path(&format!("/{id}")));
        spawn_local(async move {
            match call.answer().await {
                Ok(state) => self.appeal_stands(state),
                Err(Failure::Refused(problem)) if problem.kind == ProblemKind::NotFound => {
                    self.memory.with_value(|memory| memory.appealed(None));
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
        self.appeal_timer.set_value(Timer::after(ASK_EVERY, move || self.ask_after_appeal()));
    }

    /// The visitor says whether the decision was fair.
    pub(crate) fn say_fair(self, fair: bool) {
        let Some(id) = self.memory.with_value(Memory::appeal) else { return };
        let call = Call::post(self.appeal_path(&format!("/{id}/fair"))).json(&FairRequest { fair });
        spawn_local(async move {
            if let Ok(state) = call.answer().await {
                self.appeal.set(Some(Appealed::Taken(state)));
            }
        });
    }

    /// The visitor has read what was decided.
    pub(crate) fn close_appeal(self) {
        self.memory.with_value(|memory| memory.appealed(None));
        self.appeal.set(None);
    }

    fn appeal_path(self, rest: &str) -> String {
        self.site.with_value(|site| format!("/v1/sites/{site}/appeals{rest}"))
    }
}
