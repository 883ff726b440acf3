//! Asks an FAQ its own phrasings while they are taken out: what calibration and advice are drawn from.

use super::super::{
    index::{FeaturesOfRows, RowKind},
    score::{Scorer, Scores},
};

/// An FAQ that can be asked without some of its rows.
pub(super) struct HoldOut<'a> {
    pub(super) scorer: &'a Scorer,
    pub(super) features: &'a FeaturesOfRows,
}

impl HoldOut<'_> {
    /// The rows of a kind.
    pub(super) fn rows(&self, kind: RowKind) -> impl Iterator<Item = usize> {
        let rows = self.scorer.index().rows();
        (0..rows.len()).filter(move |row| rows[*row].kind == kind)
    }

    /// How alike a row is to every row.
    pub(super) fn like(&self, row: usize) -> Vec<f32> {
        self.scorer.index().compare_row(row, self.features)
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
        let mut cosines = self.like(row);
        for (_, cosine) in cosines.iter_mut().enumerate().filter(|(other, _)| !stays(*other)) {
            *cosine = 0.0;
        }
        self.scorer.scores(&cosines)
    }
}
