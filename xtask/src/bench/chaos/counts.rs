//! What was done to the conversations, and how often: without it nobody could tell whether a run was any chaos.

use std::collections::BTreeMap;

use serde::Serialize;

/// Faults by name.
#[derive(Default, Serialize)]
pub(super) struct Counts {
    /// Messages that were never acknowledged, however often they were sent again.
    #[serde(skip)]
    pub(super) undelivered: u64,
    #[serde(flatten)]
    faults: BTreeMap<&'static str, u64>,
}

impl Counts {
    /// It happened once more.
    pub(super) fn note(&mut self, fault: &'static str) {
        *self.faults.entry(fault).or_default() += 1;
    }

    /// What was done elsewhere too.
    pub(super) fn add(&mut self, other: Self) {
        self.undelivered += other.undelivered;
        for (fault, times) in other.faults {
            *self.faults.entry(fault).or_default() += times;
        }
    }
}
