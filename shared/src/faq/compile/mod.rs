//! From an FAQ as its owner wrote it to a pack.
//!
//! The same code runs in the command line and at the edge, and the same source always gives the same bytes.

mod calibrate;
mod csv;
pub mod source;
mod train;
mod yaml;

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use self::{
    source::{Source, SourceEntry},
    train::Neighbours,
};
use super::{
    index::Index,
    pack::{Pack, PackedEntry},
    score::Scorer,
};
use crate::{
    text::{HanPairs, fold},
    wire::{PackHash, SourceFault},
};

/// A compiled FAQ.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The pack, for [`super::Matcher::load`].
    pub pack: Vec<u8>,
    /// Its name: the first 16 bytes of its SHA-256.
    pub hash: PackHash,
    /// Entries it has.
    pub entries: usize,
    /// Phrasings it has.
    pub phrasings: usize,
    /// What the owner may want to mend; nothing here stops a publication.
    pub warnings: Vec<SourceFault>,
}

/// Compiles an FAQ.
pub fn compile(source: &Source) -> Compiled {
    let mut order: Vec<usize> = (0..source.entries.len()).collect();
    order.sort_by(|a, b| source.entries[*a].id.cmp(&source.entries[*b].id));
    let entries: Vec<PackedEntry> = order.iter().map(|place| packed(&source.entries[*place])).collect();

    let han = han_pairs_for(&entries);
    let index = Index::build(&entries, &han);
    let neighbours = Neighbours::of(&entries, &index, &han);
    let support = train::train(&index, &neighbours, entries.len());
    let scorer = Scorer::new(index, support, entries.len());
    let calibration = calibrate::calibrate(&scorer, &neighbours);

    let suggested = suggested(source, &order);
    let pack = Pack { entries, han, suggested, support: scorer.into_support(), calibration }.encode();
    let mut name = [0; 16];
    name.copy_from_slice(&Sha256::digest(&pack)[..16]);
    Compiled {
        pack,
        hash: PackHash::from(name),
        entries: source.entries.len(),
        phrasings: source.entries.iter().map(|entry| entry.questions.len()).sum(),
        warnings: source.warnings.clone(),
    }
}

fn packed(entry: &SourceEntry) -> PackedEntry {
    PackedEntry {
        id: entry.id.to_string(),
        questions: entry.questions.iter().map(ToString::to_string).collect(),
        answer: entry.answer.to_string(),
        lang: entry.lang.as_ref().map(|lang| lang.as_str().to_owned()).unwrap_or_default(),
    }
}

/// The pairs that the FAQ's own characters need: few enough for every visitor to load.
fn han_pairs_for(entries: &[PackedEntry]) -> HanPairs {
    let all = HanPairs::all();
    let texts = entries.iter().flat_map(|entry| entry.questions.iter().chain([&entry.answer]));
    let used: BTreeSet<char> =
        texts.flat_map(|text| all.fold(&fold(text)).chars().collect::<Vec<_>>()).collect();
    all.leading_to(&used)
}

/// The entries the owner wants offered first, or all of them, in the owner's order.
fn suggested(source: &Source, order: &[usize]) -> Vec<u16> {
    let mut place_in_pack = vec![0_u16; order.len()];
    for (place, in_source) in (0_u16..).zip(order) {
        place_in_pack[*in_source] = place;
    }
    let chosen = source.entries.iter().any(|entry| entry.suggest);
    let offered = source.entries.iter().zip(place_in_pack).filter(|(entry, _)| entry.suggest || !chosen);
    offered.map(|(_, place)| place).take(MAX_SUGGESTED).collect()
}

/// The most entries a pack suggests; no greeting has room for more.
const MAX_SUGGESTED: usize = 12;
