//! Asks an FAQ its own phrasings while they are taken out: what calibration and advice are drawn from.
//!
//! They are taken out of the index and of what their entry points at, but the embedding was learned from the phrasebooks, and
//! so knows phrasings that are borrowed.

use core::ops::Range;

use super::{
    super::{
        embedding::{Vector, dot},
        index::FeaturesOfRows,
        reading::Reading,
        scope::Scope,
        score::{Scorer, Scores},
        sense::{Bearing, Senses},
        texts::{RowKind, Texts, homes_of},
    },
    scope::Half,
};

/// An FAQ that can be asked without some of its rows.
pub(super) struct HoldOut<'a> {
    pub(super) scorer: &'a Scorer,
    pub(super) features: &'a FeaturesOfRows,
    pub(super) texts: &'a Texts,
    /// What each row weighs in the direction of what it speaks for.
    pub(super) weights: Vec<f32>,
    pub(super) senses: &'a Senses,
    /// Where each row points; none without an embedding.
    pub(super) vectors: &'a [Vector],
    pub(super) reading: &'a Reading,
    /// What the FAQ is about, learned from each half of all texts.
    pub(super) scopes: [(Half, Scope); 2],
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

    /// Whether a row is about what the FAQ is about, by what was learned without it.
    pub(super) fn about(&self, row: usize) -> f32 {
        let read = self.reading.read_folded(&self.texts.folded[row]);
        let others = self.scopes.iter().filter(|(half, _)| *half != Half::of(&read));
        others.map(|(_, scope)| scope.evidence(&read)).sum()
    }

    /// What the FAQ makes of a row while that row is taken out.
    pub(super) fn without_it(&self, row: usize) -> Scores {
        self.without(row, self.like(row))
    }

    /// The same, of a row that is so like every row.
    pub(super) fn without(&self, row: usize, mut like: Vec<f32>) -> Scores {
        like[row] = 0.0;
        let home = self.home(row);
        let bearings = self.bearings_without(row, row..row + 1, |bearing, vector| {
            bearing.sense = self.senses.compare_without(vector, home, self.weights[row]);
        });
        self.scorer.scores(&like, &bearings)
    }

    /// What the FAQ makes of a row while everything is taken out that speaks for the same entry, or the same intent.
    pub(super) fn without_its_kin(&self, row: usize) -> Scores {
        let home = self.home(row);
        let mut like = self.like(row);
        for (cosine, other) in like.iter_mut().zip(&self.texts.rows) {
            if homes_of(other, &self.texts.groups).any(|other| other == home) {
                *cosine = 0.0;
            }
        }
        let own = |group: usize| self.texts.rows.partition_point(|row| usize::from(row.group) < group);
        let bearings = self.bearings_without(row, own(home)..own(home + 1), |bearing, _| bearing.sense = 0.0);
        self.scorer.scores(&like, &bearings)
    }

    /// How the direction of a row compares with every group while these rows say nothing, and after something was taken out of
    /// where its own points.
    fn bearings_without(
        &self,
        row: usize,
        silent: Range<usize>,
        take_out: impl Fn(&mut Bearing, &Vector),
    ) -> Vec<Bearing> {
        let Some(vector) = self.vectors.get(row) else { return Vec::new() };
        let mut bearings = self.senses.compare(vector);
        for (silent, of_row) in silent.clone().zip(&self.texts.rows[silent]) {
            let like = dot(vector, &self.vectors[silent]);
            for (group, voice) in self.scorer.support().of_row(silent, of_row) {
                if self.texts.groups[group].is_own {
                    bearings[group].voice -= voice * like;
                }
            }
        }
        take_out(&mut bearings[self.home(row)], vector);
        bearings
    }

    /// The entry that a row speaks for first, or the intent, as the place of its group.
    fn home(&self, row: usize) -> usize {
        let row = &self.texts.rows[row];
        homes_of(row, &self.texts.groups).next().unwrap_or(usize::from(row.group))
    }
}
