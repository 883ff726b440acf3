//! Why, and how soon, a person should come to somebody who has written on a channel: there is no widget that could say so.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use deskbell_shared::{
    handoff::cues::{CueReader, CueTable},
    routing::primary_language,
    wire::{HandoffReason, LanguageTag, Priority},
};

use crate::{
    platform::asset,
    refusal::{Outcome, Refusal},
    visit::Visit,
};

/// What is made of what somebody has written.
pub(super) struct Triage {
    /// Why a person should come, beyond that somebody has written to them.
    pub(super) reasons: Vec<HandoffReason>,
    /// How soon.
    pub(super) priority: Priority,
    /// Whether nobody but a person should answer.
    pub(super) calls_for_a_person: bool,
}

thread_local! {
    /// What reads the cues of a language, of those that have any.
    static READERS: RefCell<HashMap<String, Rc<CueReader>>> = RefCell::default();
}

/// Reads what somebody has written. Where the cues of their language cannot be had, they are in turn.
pub(super) async fn triage(visit: &Visit, language: &LanguageTag, text: &str) -> Triage {
    let reader = reader(visit, &primary_language(language)).await.unwrap_or_else(|refusal| {
        refusal.log("the cues of a language");
        None
    });
    let cues = reader.map(|reader| reader.read(text)).unwrap_or_default();
    // Whoever writes there has come to a person already.
    let reasons = cues.reasons().filter(|reason| *reason != HandoffReason::ExplicitWish).collect();
    let calls_for_a_person = cues.reasons().next().is_some();
    Triage { reasons, priority: cues.priority(), calls_for_a_person }
}

async fn reader(visit: &Visit, language: &str) -> Outcome<Option<Rc<CueReader>>> {
    if let Some(known) = READERS.with_borrow(|readers| readers.get(language).cloned()) {
        return Ok(Some(known));
    }
    let table = asset::text_if_there(&visit.env, &format!("/cues/{language}.txt")).await?;
    let Some(table) = table else { return Ok(None) };
    let mut reader = CueReader::default();
    reader.add(CueTable::parse(&table).map_err(Refusal::failed)?);
    let reader = Rc::new(reader);
    READERS.with_borrow_mut(|readers| readers.insert(language.to_owned(), Rc::clone(&reader)));
    Ok(Some(reader))
}
