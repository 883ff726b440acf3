//! Asking the FAQ.

use deskbell_browser::clock;
use deskbell_shared::{
    handoff::Outcome,
    wire::{EntryId, MessageId, Millis, SayRequest, Text},
};
use leptos::prelude::*;

use super::{App, new_id};
use crate::{
    faq::Faq,
    host::Event,
    talk::{Asked, Choice},
};

impl App {
    /// Takes what the visitor wrote; whether it was taken. If not, it stays in the composer, and the reason is shown.
    pub(crate) fn submit(self, text: &str) -> bool {
        let Ok(text) = Text::new(text) else { return false };
        if self.wait_until.get_untracked().is_some() || self.ban_holds() {
            return false;
        }
        if self.is_to_person_now() {
            // There is no talk without the part.
            return self.part.get_untracked().is_some_and(|part| part.say(self, text));
        }
        self.ask(text)
    }

    /// Puts words that could not be taken into the composer, after what is there.
    pub(super) fn keep(self, words: &str) {
        self.draft.update(|draft| {
            if !draft.is_empty() {
                draft.push('\n');
            }
            draft.push_str(words);
        });
    }

    fn ban_holds(self) -> bool {
        self.is_to_person_now() && self.ban.with_untracked(Option::is_some)
    }

    /// Asks; whether the question was taken.
    pub(super) fn ask(self, text: Text) -> bool {
        let id = new_id();
        if matches!(self.faq.get_untracked(), Faq::Loading) {
            self.early.update(|early| early.push(SayRequest { id, text }));
            return true;
        }
        self.ask_as(id, text)
    }

    /// Asks under this name, which the question may have been shown by already.
    pub(super) fn ask_as(self, id: MessageId, text: Text) -> bool {
        let now = clock::now();
        let mut first = Some(id);
        let mut ids = || first.take().unwrap_or_else(new_id);
        let asked = self
            .faq
            .with_untracked(|faq| self.talk.try_update(|talk| talk.ask(text, faq.matcher(), now, &mut ids)));
        asked.is_none_or(|asked| self.asked(asked, now))
    }

    /// What was asked before the FAQ was there, and waits for it.
    pub(crate) fn early(self) -> Vec<SayRequest> {
        self.early.get()
    }

    /// Whether something was asked for which the FAQ is not there yet.
    pub(crate) fn is_thinking(self) -> bool {
        self.early.with(|early| !early.is_empty())
    }

    /// Takes a suggestion, or one of those offered.
    pub(crate) fn choose(self, choice: Choice) {
        if self.is_to_person_now() {
            return;
        }
        let now = clock::now();
        if let Some(asked) = self.talk.try_update(|talk| talk.choose(choice, now, &mut new_id)) {
            self.asked(asked, now);
        }
        self.refocus.notify();
    }

    /// None of what was offered fits, or the answer did not help.
    pub(crate) fn none_fits(self) {
        if self.is_to_person_now() {
            return;
        }
        let now = clock::now();
        if let Some(asked) = self.talk.try_update(|talk| talk.none_fits(now, &mut new_id)) {
            self.asked(asked, now);
        }
        self.refocus.notify();
    }

    pub(super) fn asked(self, asked: Asked, now: Millis) -> bool {
        match asked {
            Asked::TooFast(wait) => {
                self.slowed_by.set(Vec::new());
                self.wait_until.set(Some(now.plus(wait)));
                false
            }
            Asked::Done(outcome, entry) => {
                let outcome = match outcome {
                    Outcome::Answered => "answered",
                    Outcome::Offered => "offered",
                    Outcome::Missed => "missed",
                    Outcome::Repeated => "repeated",
                };
                self.event(Event::Answer { outcome, entry: entry.as_ref().map(EntryId::as_str) });
                true
            }
            Asked::HandOver(reason) => {
                self.want_person(reason);
                true
            }
        }
    }
}
