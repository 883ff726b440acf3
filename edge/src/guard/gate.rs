//! The first look at a visitor's request: ranges and countries that agents have stopped, by what this isolate knows of
//! the site.

use deskbell_shared::wire::{BanScope, Line, Millis};

use crate::{
    refusal::{Outcome, Refusal},
    site::calls::SiteView,
    visit::Visit,
};

/// Refuses visitors from a range or a country that agents have stopped.
///
/// # Errors
/// *Banned*, with what the agent wrote.
pub(crate) fn refuse_at_the_gate(visit: &Visit, view: &SiteView) -> Outcome<()> {
    if view.gates.is_empty() {
        return Ok(());
    }
    let (address, country) = (visit.address, visit.country());
    let stops = |scope: &BanScope| match scope {
        BanScope::Range(range) => address.is_some_and(|address| range.contains(&address)),
        BanScope::Country(stopped) => country == Some(*stopped),
        _ => false,
    };
    let in_force = |until: Option<Millis>| until.is_none_or(|until| until > visit.now);
    match view.gates.iter().find(|gate| stops(&gate.scope) && in_force(gate.until)) {
        Some(gate) => {
            let reason = gate.reason.as_ref().map(|reason: &Line| reason.as_str().to_owned());
            Err(Refusal::banned(reason, Vec::new(), gate.until, visit.now))
        }
        None => Ok(()),
    }
}
