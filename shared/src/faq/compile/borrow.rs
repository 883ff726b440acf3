//! Chooses what an FAQ borrows from the phrasebooks: words of its visitors, and what it does not answer.
//!
//! A pack has room for so many phrasings. The books begin with what is asked most, so of each intent the first ones are
//! taken: choosing those that bring the most new words was tried, and takes the odd ones; choosing those that are most like
//! all the others was no better. Of the intents that no entry answers, the *strangers*, small talk and what is most easily
//! mistaken for one of the entries are taken.

use super::{
    super::pack::{MAX_ENTRIES_OF_INTENT, PackedIntent},
    align::Aligned,
};

/// How many phrasings are borrowed, over all intents, and at least of each one; with more intents, those that fit worst are
/// left out.
const MAX_PHRASINGS: usize = 2_400;
const LEAST_OF_INTENT: usize = 12;
/// How many strangers there are, and how many phrasings each has: small talk, and others.
const MAX_STRANGERS: usize = 100;
const OF_SMALL_TALK: usize = 14;
const OF_STRANGER: usize = 5;
/// What small talk is ahead of other strangers, in scores.
const SMALL_TALK_FIRST: f32 = 1.0;

/// Chooses what to borrow.
pub(super) fn borrow(aligned: &[Aligned]) -> Vec<PackedIntent> {
    let mut by_fit: Vec<(f32, PackedIntent)> = aligned.iter().filter_map(loan).collect();
    by_fit.sort_by(|(a, x), (b, y)| {
        b.total_cmp(a).then_with(|| x.name.cmp(&y.name)).then_with(|| x.entries.cmp(&y.entries))
    });
    by_fit.truncate(MAX_PHRASINGS / LEAST_OF_INTENT);
    let mut loans: Vec<PackedIntent> = by_fit.into_iter().map(|(_, loan)| loan).collect();
    let of_each = room_of_each(&loans);
    loans.iter_mut().for_each(|loan| loan.phrasings.truncate(of_each));
    loans.extend(strangers(aligned));
    loans
}

/// What the entries that answer an intent borrow from it together, and how well it fits the best of them. An intent does not
/// tell its entries apart, so giving each phrasing to the one that is most like it was worse: of the opening hours of five
/// shops, one drew most phrasings, and answered for all.
fn loan(aligned: &Aligned) -> Option<(f32, PackedIntent)> {
    let (_, fit) = aligned.entries.first()?;
    let entries = aligned.entries.iter().map(|(entry, _)| *entry).take(MAX_ENTRIES_OF_INTENT).collect();
    let phrasings = aligned.intent.titles.iter().chain(&aligned.intent.phrasings).cloned().collect();
    Some((*fit, PackedIntent { name: aligned.intent.name(), entries, phrasings }))
}

/// How many phrasings each loan may have, so that there is room for all: what the short ones leave is for the long ones.
fn room_of_each(loans: &[PackedIntent]) -> usize {
    let longest = loans.iter().map(|loan| loan.phrasings.len()).max().unwrap_or(0);
    let taken = |of_each: usize| loans.iter().map(|loan| loan.phrasings.len().min(of_each)).sum::<usize>();
    let fits = (LEAST_OF_INTENT..=longest).rev().find(|of_each| taken(*of_each) <= MAX_PHRASINGS);
    fits.unwrap_or(LEAST_OF_INTENT)
}

/// Intents that no entry answers, those most easily mistaken for one first.
fn strangers(aligned: &[Aligned]) -> Vec<PackedIntent> {
    let mut strangers: Vec<(f32, &Aligned)> = aligned
        .iter()
        .filter(|aligned| aligned.entries.is_empty())
        .map(|aligned| {
            let ahead = if aligned.intent.is_small_talk() { SMALL_TALK_FIRST } else { 0.0 };
            (aligned.likeness() + ahead, aligned)
        })
        .collect();
    strangers.sort_by(|(a, x), (b, y)| b.total_cmp(a).then_with(|| x.intent.name().cmp(&y.intent.name())));
    strangers
        .into_iter()
        .take(MAX_STRANGERS)
        .map(|(_, aligned)| {
            let count = if aligned.intent.is_small_talk() { OF_SMALL_TALK } else { OF_STRANGER };
            let mut order: Vec<usize> = (0..aligned.tops.len()).collect();
            order.sort_by(|a, b| aligned.tops[*b].total_cmp(&aligned.tops[*a]).then(a.cmp(b)));
            // From the most confusing to the most ordinary ones, evenly.
            let step = (order.len() / count).max(1);
            let phrasings = order
                .into_iter()
                .step_by(step)
                .take(count)
                .map(|place| aligned.intent.phrasings[place].clone());
            let name = aligned.intent.name();
            PackedIntent { name, entries: Vec::new(), phrasings: phrasings.collect() }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loans(counts: impl IntoIterator<Item = usize>) -> Vec<PackedIntent> {
        let loan = |phrasings| PackedIntent {
            name: "shop/returns".to_owned(),
            entries: vec![0],
            phrasings: vec!["send it back".to_owned(); phrasings],
        };
        counts.into_iter().map(loan).collect()
    }

    #[test]
    fn what_short_loans_leave_is_for_long_ones() {
        assert_eq!(room_of_each(&loans([])), LEAST_OF_INTENT);
        assert_eq!(room_of_each(&loans([20, 50])), 50);
        let mixed = loans([[10; 40], [100; 40]].concat());
        assert_eq!(room_of_each(&mixed), 50);
        assert_eq!(room_of_each(&loans([100; 300])), LEAST_OF_INTENT);
    }
}
