//! What an FAQ borrows, as its owner sees it, and what the owner has refused.

use super::{super::pack::PackedEntry, align::Aligned};
use crate::wire::{FaqTuning, IntentName, Loan};

/// How many phrasings of a loan are shown.
const SHOWN: usize = 4;

/// Takes out what the owner has refused; returns what is left, and all loans for the report.
pub(super) fn heed<'a>(
    mut aligned: Vec<Aligned<'a>>,
    entries: &[PackedEntry],
    tuning: &FaqTuning,
) -> (Vec<Aligned<'a>>, Vec<Loan>) {
    let mut loans = Vec::new();
    for aligned in &mut aligned {
        let Ok(intent) = IntentName::try_from(aligned.intent.name()) else { continue };
        aligned.entries.retain(|(entry, fit)| {
            let packed = &entries[usize::from(*entry)];
            let Ok(id) = packed.id.parse() else { return true };
            let refused = tuning.refused.iter().any(|loan| loan.entry == id && loan.intent == intent);
            loans.push(Loan {
                entry: id,
                question: packed.questions.first().cloned().unwrap_or_default(),
                intent: intent.clone(),
                fit: *fit,
                phrasings: aligned.intent.phrasings.iter().take(SHOWN).cloned().collect(),
                refused,
            });
            !refused
        });
    }
    loans.sort_by(|a, b| a.entry.as_str().cmp(b.entry.as_str()).then(b.fit.total_cmp(&a.fit)));
    (aligned, loans)
}
