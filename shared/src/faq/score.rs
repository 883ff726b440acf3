//! From how alike a question is to every row, to how well every entry answers it.
//!
//! Three readings of the same cosines are added up, for an entry's own rows and for every intent of a phrasebook.
//! *Trained*: each row speaks for its group with a strength of its own, and against rivals it is easily mistaken for, as far
//! as it has words of the question, and points where the question does; the strengths are those of a regularised softmax, in
//! its dual form. *Nearest*: the best single row. *Centroid*: all
//! rows as one. Their sum is more robust than any one.
//!
//! To them comes *sense*: how nearly the question points where the entry does, whatever the words. It counts the less the
//! more phrasings of its own an FAQ has, but not as much less as what is borrowed.
//!
//! What an entry borrows is added to what is its own. Entries that found nothing to borrow would then always lose, so
//! they are credited with a share of what the best intent got; those that borrowed from many intents would win too often,
//! so they are handicapped. Borrowed words decide only where they fit clearly better than elsewhere, and the more
//! phrasings an FAQ has of its own, the less it needs others'. Where the question is in the owner's own words, these decide.

use core::ops::Range;

use super::{
    index::Index,
    sense::Bearing,
    texts::{Group, Row, RowKind},
};

/// What the nearest of an entry's own rows counts beside its trained score.
const NEAREST: f32 = 1.5;
/// What it counts beside borrowed words to ask in the owner's own, from rows on that are so like the question: who does
/// needs no others.
const VERBATIM: f32 = 6.0;
const LIKE: f32 = 0.6;
/// What the centroid of an entry's own rows counts beside its trained score.
const CENTROID: f32 = 1.5;
/// What the nearest row of an intent counts.
const BORROWED_NEAREST: f32 = 4.0;
/// What the centroid of an intent counts.
const BORROWED_CENTROID: f32 = 1.0;
/// What the trained score of an intent counts.
const BORROWED_TRAINED: f32 = 1.2;
/// What an entry without a loan is credited with, as a share of what the best intent got.
const CREDIT: f32 = 0.8;
/// What the best of an entry's loans loses for each time that there are e times as many of them: the best of many is good by
/// chance, and an entry with eight loans drew what belonged to its neighbours with one.
const HANDICAP: f32 = 0.6;
/// What it counts to point where the question does: see [`super::embedding`].
const SENSE: f32 = 7.0;
/// What it counts that one of an entry's own rows points where a question does, beside having its words. Of borrowed rows it
/// counts nothing: the embedding has learned them by heart.
pub(super) const VOICE: f32 = 0.15;
/// Up to so many phrasings an entry, borrowed words count in full; beyond, with the square of the ratio.
const FEW_PHRASINGS: f32 = 4.0;
/// With less weight than this, nothing is borrowed.
#[cfg(feature = "compile")]
pub(super) const LEAST_WEIGHT_OF_LOANS: f32 = 0.06;

/// What training found about the rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Support {
    /// What one unit of strength adds to a score.
    pub(super) unit: f32,
    /// For each row, how strongly it speaks for its own group, in units.
    pub(super) strengths: Vec<u8>,
    /// Where rows speak against other groups, in the order of the rows.
    pub(super) rivals: Vec<Rival>,
}

impl Support {
    /// What an entry's own row says, from its place among the rows: for its own group, and against others.
    pub(super) fn of_row(&self, place: usize, row: &Row) -> impl Iterator<Item = (usize, f32)> {
        let own = self.strengths.get(place).map(|strength| (row.group, f32::from(*strength)));
        let from = self.rivals.partition_point(|rival| usize::from(rival.row) < place);
        let rivals = self.rivals[from..].iter().take_while(move |rival| usize::from(rival.row) == place);
        let against = rivals.map(|rival| (rival.group, -f32::from(rival.strength)));
        own.into_iter().chain(against).map(|(group, units)| (usize::from(group), self.unit * units))
    }
}

/// A row that speaks against a group that is not its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rival {
    pub(super) row: u16,
    pub(super) group: u16,
    /// In units.
    pub(super) strength: u8,
}

/// Everything needed to score the entries of one FAQ.
#[derive(Clone, Debug)]
pub(super) struct Scorer {
    index: Index,
    support: Support,
    /// For each group, which rows are its own.
    rows_of_groups: Vec<Range<usize>>,
    /// For each group, one over the length of the sum of its rows.
    centroid_scales: Vec<f32>,
    entries: usize,
    /// What borrowed words count, from 0 to 1.
    weight_of_loans: f32,
    /// What directions count.
    weight_of_sense: f32,
    /// For each entry, what its best loan loses for being the best of several.
    handicaps: Vec<f32>,
}

/// How well every entry answers a question.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scores {
    /// For each entry, what it is ranked by.
    pub(super) ranked: Vec<f32>,
    /// For each entry, the part of it that rests on what it says: without the credit for having no loan.
    pub(super) grounded: Vec<f32>,
    /// The score of the best intent that no entry answers, and its group.
    pub(super) stranger: Option<(u16, f32)>,
}

impl Scorer {
    pub(super) fn new(index: Index, support: Support) -> Self {
        let rows_of_groups = rows_of_groups(&index);
        let centroid_scales = index.centroid_scales();
        let entries = index.groups().iter().filter(|group| group.is_own).count();
        let questions = index.rows().iter().filter(|row| row.kind == RowKind::Question).count();
        let weight_of_loans = weight_of_loans(questions, entries);
        let handicaps = handicaps(index.groups(), entries, HANDICAP * weight_of_loans);
        let weight_of_sense = SENSE * weight_of_loans.sqrt();
        Self {
            index,
            support,
            rows_of_groups,
            centroid_scales,
            entries,
            weight_of_loans,
            weight_of_sense,
            handicaps,
        }
    }

    pub(super) fn index(&self) -> &Index {
        &self.index
    }

    #[cfg(feature = "compile")]
    pub(super) fn entries(&self) -> usize {
        self.entries
    }

    #[cfg(feature = "compile")]
    pub(super) fn support(&self) -> &Support {
        &self.support
    }

    #[cfg(feature = "compile")]
    pub(super) fn into_support(self) -> Support {
        self.support
    }

    /// Scores every entry: the larger, the better it answers. `cosines` are those of the rows, and `bearings` those of
    /// the groups; none without an embedding.
    pub(super) fn scores(&self, cosines: &[f32], bearings: &[Bearing]) -> Scores {
        let by_group = self.by_group(cosines);
        let (own, intents) = by_group.split_at(self.entries);
        let sense = |group: usize| {
            let Bearing { sense, voice } = bearings.get(group).copied().unwrap_or_default();
            self.weight_of_sense * sense + VOICE * voice
        };
        let mut grounded: Vec<f32> =
            own.iter().enumerate().map(|(entry, score)| score + sense(entry)).collect();
        let mut loans: Vec<Option<f32>> = vec![None; self.entries];
        let mut stranger: Option<(u16, f32)> = None;
        let mut best = 0.0_f32;
        for ((place, group), score) in (0_u16..).zip(self.index.groups()).skip(self.entries).zip(intents) {
            best = best.max(*score);
            for entry in &group.entries {
                let loan = &mut loans[usize::from(*entry)];
                *loan = Some(loan.map_or(*score, |other| other.max(*score)));
            }
            if group.entries.is_empty() {
                let score = score + sense(usize::from(place));
                if stranger.is_none_or(|(_, other)| score > other) {
                    stranger = Some((place, score));
                }
            }
        }
        let mut ranked = grounded.clone();
        for (((ranked, grounded), loan), handicap) in
            ranked.iter_mut().zip(&mut grounded).zip(loans).zip(&self.handicaps)
        {
            let loan = loan.map(|loan| loan - handicap);
            *ranked += loan.unwrap_or(CREDIT * best);
            *grounded += loan.unwrap_or(0.0);
        }
        Scores { ranked, grounded, stranger }
    }

    /// Scores every group: an entry's own rows, then every intent's.
    pub(super) fn by_group(&self, cosines: &[f32]) -> Vec<f32> {
        let groups = self.index.groups();
        let unit = self.support.unit;
        let sum_of = |rows: &Range<usize>| {
            let mut sum = Sums::default();
            let all = self.index.rows()[rows.clone()].iter().zip(&cosines[rows.clone()]);
            for ((row, cosine), strength) in all.zip(&self.support.strengths[rows.clone()]) {
                // Most rows have nothing in common with a question and add nothing; to ask which would take longer.
                sum.trained += unit * f32::from(*strength) * cosine;
                sum.centroid += row.kind.weight() * cosine;
                let near = row.kind.nearness() * cosine;
                sum.nearest = if near > sum.nearest { near } else { sum.nearest };
            }
            sum
        };
        let mut sums: Vec<Sums> = self.rows_of_groups.iter().map(sum_of).collect();
        for rival in &self.support.rivals {
            let cosine = cosines[usize::from(rival.row)];
            sums[usize::from(rival.group)].trained -= unit * f32::from(rival.strength) * cosine;
        }
        let score = |((sums, scale), group): ((Sums, &f32), &Group)| {
            let Sums { trained, nearest, centroid } = sums;
            if group.is_own {
                let verbatim = ((nearest - LIKE) / (1.0 - LIKE)).max(0.0);
                trained
                    + NEAREST * nearest
                    + CENTROID * centroid * scale
                    + self.weight_of_loans * VERBATIM * verbatim
            } else {
                let borrowed = BORROWED_TRAINED * trained
                    + BORROWED_NEAREST * nearest
                    + BORROWED_CENTROID * centroid * scale;
                self.weight_of_loans * borrowed
            }
        };
        sums.into_iter().zip(&self.centroid_scales).zip(groups).map(score).collect()
    }
}

/// For each group, which rows are its own: they stand together, in the order of the groups.
fn rows_of_groups(index: &Index) -> Vec<Range<usize>> {
    let mut start = 0;
    let groups = 0..index.groups().len();
    let rows_of = |group| {
        let count = index.rows()[start..].iter().take_while(|row| usize::from(row.group) == group).count();
        start += count;
        start - count..start
    };
    groups.map(rows_of).collect()
}

/// What the rows of one group add up to.
#[derive(Clone, Copy, Default)]
struct Sums {
    trained: f32,
    nearest: f32,
    centroid: f32,
}

/// For each entry, the logarithm of how many loans it has, times `each`.
fn handicaps(groups: &[Group], entries: usize, each: f32) -> Vec<f32> {
    let mut loans = vec![0_u16; entries];
    let borrowed = groups.iter().skip(entries).flat_map(|group| &group.entries);
    borrowed.for_each(|entry| loans[usize::from(*entry)] += 1);
    loans.into_iter().map(|loans| each * libm::logf(f32::from(loans.max(1)))).collect()
}

/// What borrowed words count in an FAQ with so many phrasings of its own, from 0 to 1.
pub(super) fn weight_of_loans(questions: usize, entries: usize) -> f32 {
    let per_entry = questions as f32 / entries.max(1) as f32;
    let ratio = FEW_PHRASINGS / per_entry.max(FEW_PHRASINGS);
    ratio * ratio
}

/// The most entries a ranking keeps.
const MAX_RANKED: usize = 10;

/// The best entries, best first.
#[derive(Clone, Debug)]
pub(super) struct Ranking {
    /// Entries and scores; of equal scores, the first entry first.
    pub(super) best: Vec<(usize, f32)>,
    /// What the score of the best entry rests on.
    pub(super) grounded: f32,
    /// The score of the best intent that no entry answers; 0 without one.
    pub(super) stranger: f32,
}

impl Ranking {
    pub(super) fn of(scores: &Scores) -> Self {
        let mut best: Vec<(usize, f32)> = Vec::with_capacity(MAX_RANKED + 1);
        for (entry, score) in scores.ranked.iter().copied().enumerate() {
            // Nearly every entry is worse than the last that is kept, so this is quicker than sorting them all.
            let place = best.iter().rposition(|(_, better)| *better >= score).map_or(0, |place| place + 1);
            if place < MAX_RANKED {
                best.insert(place, (entry, score));
                best.truncate(MAX_RANKED);
            }
        }
        let grounded = best.first().map_or(0.0, |(entry, _)| scores.grounded[*entry]);
        Self { best, grounded, stranger: scores.stranger.map_or(0.0, |(_, score)| score) }
    }

    /// The score of the best entry.
    pub(super) fn top(&self) -> f32 {
        self.score_of(0)
    }

    /// How far the best entry is ahead of the next.
    pub(super) fn lead(&self) -> f32 {
        self.top() - self.score_of(1)
    }

    fn score_of(&self, place: usize) -> f32 {
        self.best.get(place).map_or(0.0, |(_, score)| *score)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_entries_with_several_loans_are_handicapped() {
        let own = |entry| Group { entries: vec![entry], is_own: true };
        let borrowed = |entries: &[u16]| Group { entries: entries.to_vec(), is_own: false };
        let groups =
            [own(0), own(1), own(2), borrowed(&[0, 1]), borrowed(&[1]), borrowed(&[]), borrowed(&[1])];
        assert_eq!(handicaps(&groups, 3, 0.5), [0.0, 0.5 * libm::logf(3.0), 0.0]);
    }

    proptest! {
        #[test]
        fn a_ranking_is_the_beginning_of_all_sorted(scores in proptest::collection::vec(-2_i8..8, 0..60)) {
            let scores: Vec<f32> = scores.into_iter().map(f32::from).collect();
            let mut sorted: Vec<(usize, f32)> = scores.iter().copied().enumerate().collect();
            sorted.sort_by(|(_, a), (_, b)| b.total_cmp(a));
            sorted.truncate(MAX_RANKED);
            let scores = Scores { grounded: scores.clone(), ranked: scores, stranger: None };
            prop_assert_eq!(Ranking::of(&scores).best, sorted);
        }
    }
}
