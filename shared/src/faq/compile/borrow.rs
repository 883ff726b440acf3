//! Chooses what an FAQ borrows from the phrasebooks: words of its visitors, and what it does not answer.
//!
//! A pack has room for so many phrasings, and one that says nothing new is worth none. So of each intent those are taken
//! that bring the most new features. Of the intents that no entry answers, the *strangers*, small talk and what is most
//! easily mistaken for one of the entries are taken.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{
        feature::features,
        pack::{PackedEntry, PackedIntent},
        score::Scorer,
    },
    align::Aligned,
};
use crate::text::{HanPairs, fold};

/// How many phrasings are borrowed, over all entries, and at least for each intent.
const MAX_PHRASINGS: usize = 9_000;
const LEAST_OF_INTENT: usize = 12;
/// How many strangers there are, and how many phrasings each has: small talk, and others.
const MAX_STRANGERS: usize = 60;
const OF_SMALL_TALK: usize = 12;
const OF_STRANGER: usize = 8;
/// What small talk is ahead of other strangers, in scores.
const SMALL_TALK_FIRST: f32 = 1.0;
/// How much the fit of an entry counts beside a phrasing's own score, when several entries share an intent.
const WEIGHT_OF_FIT: f32 = 2.0;

/// Chooses what to borrow. `draft` is the FAQ without loans.
pub(super) fn borrow(entries: &[PackedEntry], aligned: &[Aligned], draft: &Scorer, han: &HanPairs) -> Vec<PackedIntent> {
    let answered = aligned.iter().filter(|aligned| !aligned.entries.is_empty());
    let mut loans: Vec<PackedIntent> = answered.flat_map(|aligned| share_out(aligned, draft, han)).collect();
    let of_each = (MAX_PHRASINGS / loans.len().max(1)).max(LEAST_OF_INTENT);
    for loan in &mut loans {
        let own = loan.entry.map_or(&[][..], |entry| &entries[usize::from(entry)].questions);
        let phrasings = core::mem::take(&mut loan.phrasings);
        loan.phrasings = most_novel(phrasings, own, of_each, han);
    }
    loans.retain(|loan| !loan.phrasings.is_empty());
    loans.extend(strangers(aligned));
    loans
}

/// An intent's phrasings, each with the entry that it means most likely.
fn share_out(aligned: &Aligned, draft: &Scorer, han: &HanPairs) -> Vec<PackedIntent> {
    let mut parts: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for phrasing in aligned.intent.titles.iter().chain(&aligned.intent.phrasings) {
        let entry = match aligned.entries.as_slice() {
            [] => continue,
            [(only, _)] => *only,
            several => {
                let scores = draft.scores(&draft.index().compare(&han.fold(&fold(phrasing)))).ranked;
                let worth = |(entry, fit): &(u16, f32)| scores[usize::from(*entry)] + WEIGHT_OF_FIT * libm::logf(*fit);
                let best = several.iter().max_by(|a, b| worth(a).total_cmp(&worth(b)).then(b.0.cmp(&a.0)));
                best.unwrap_or(&several[0]).0
            }
        };
        parts.entry(entry).or_default().push(phrasing.clone());
    }
    let name = aligned.intent.name();
    parts
        .into_iter()
        .map(|(entry, phrasings)| PackedIntent { name: name.clone(), entry: Some(entry), phrasings })
        .collect()
}

/// At most `count` of the phrasings: one by one, the one that has most features that neither `own` nor those before have.
fn most_novel(phrasings: Vec<String>, own: &[String], count: usize, han: &HanPairs) -> Vec<String> {
    if phrasings.len() <= count {
        return phrasings;
    }
    let features_of = |text: &str| {
        let mut found = BTreeMap::new();
        features(&han.fold(&fold(text)), |feature| {
            found.insert(feature.hash, feature.weight);
        });
        found
    };
    let mut known: BTreeSet<u32> = own.iter().flat_map(|text| features_of(text).into_keys()).collect();
    let mut left: Vec<(usize, BTreeMap<u32, f32>)> =
        phrasings.iter().map(|text| features_of(text)).enumerate().collect();
    let mut chosen = Vec::with_capacity(count);
    while chosen.len() < count {
        let novelty = |found: &BTreeMap<u32, f32>| -> f32 {
            let new: f32 = found.iter().filter(|(hash, _)| !known.contains(hash)).map(|(_, weight)| weight).sum();
            // Long ones have more of everything, and cost more.
            new / (found.len() as f32).sqrt().max(1.0)
        };
        let worth: Vec<f32> = left.iter().map(|(_, found)| novelty(found)).collect();
        let Some(best) = (0..left.len()).max_by(|a, b| worth[*a].total_cmp(&worth[*b]).then(b.cmp(a))) else { break };
        let (place, found) = left.swap_remove(best);
        known.extend(found.into_keys());
        chosen.push(place);
    }
    chosen.sort_unstable();
    let mut texts: Vec<Option<String>> = phrasings.into_iter().map(Some).collect();
    chosen.into_iter().filter_map(|place| texts[place].take()).collect()
}

/// Intents that no entry answers, those most easily mistaken for one first.
fn strangers(aligned: &[Aligned]) -> Vec<PackedIntent> {
    let mut strangers: Vec<(f32, &Aligned)> = aligned
        .iter()
        .filter(|aligned| aligned.entries.is_empty())
        .map(|aligned| {
            let mean = aligned.tops.iter().sum::<f32>() / aligned.tops.len().max(1) as f32;
            let ahead = if aligned.intent.is_small_talk() { SMALL_TALK_FIRST } else { 0.0 };
            (mean + ahead, aligned)
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
            let phrasings =
                order.into_iter().step_by(step).take(count).map(|place| aligned.intent.phrasings[place].clone());
            PackedIntent { name: aligned.intent.name(), entry: None, phrasings: phrasings.collect() }
        })
        .collect()
}
