//! Asks an FAQ its own phrasings while they are taken out: what calibration and advice are drawn from.

use super::{
    super::{
        index::RowKind,
        score::{Scorer, Scores},
    },
    train::Neighbours,
};

/// An FAQ that can be asked without some of its rows.
pub(super) struct HoldOut<'a> {
    pub(super) scorer: &'a Scorer,
    pub(super) neighbours: &'a Neighbours,
}

impl HoldOut<'_> {
    /// The rows of a kind.
    pub(super) fn rows(&self, kind: RowKind) -> impl Iterator<Item = usize> {
        let rows = self.scorer.index().rows();
        (0..rows.len()).filter(move |row| rows[*row].kind == kind)
    }

    /// What the FAQ makes of a row while that row is taken out.
    pub(super) fn without_it(&self, row: usize) -> Scores {
        self.scores(row, |other| other != row)
    }

    /// What the FAQ makes of a row while everything is taken out that speaks for the same entry, or the same intent.
    pub(super) fn without_its_kin(&self, row: usize) -> Scores {
        let index = self.scorer.index();
        let group_of = |row: usize| usize::from(index.rows()[row].group);
        let (home, groups) = (group_of(row), index.groups());
        let entry = groups[home].entry;
        self.scores(row, |other| {
            let group = group_of(other);
            group != home && (entry.is_none() || groups[group].entry != entry)
        })
    }

    fn scores(&self, row: usize, stays: impl Fn(usize) -> bool) -> Scores {
        let mut cosines = vec![0.0_f32; self.scorer.index().rows().len()];
        for (other, cosine) in self.neighbours.of_row(row).filter(|(other, _)| stays(*other)) {
            cosines[other] = cosine;
        }
        self.scorer.scores(&cosines)
    }
}
