//! From an FAQ as its owner wrote it to a pack.
//!
//! The same code runs in the command line and at the edge, and the same source always gives the same bytes.

pub mod source;

use sha2::{Digest, Sha256};

use self::source::Source;
use super::{Entry, pack::Pack};
use crate::wire::{PackHash, SourceFault};

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
    let entries: Vec<Entry> = source
        .entries
        .iter()
        .map(|entry| Entry {
            id: entry.id.to_string(),
            question: entry.questions.first().map(ToString::to_string).unwrap_or_default(),
            answer: entry.answer.to_string(),
            lang: entry.lang.as_ref().map(|lang| lang.as_str().to_owned()).unwrap_or_default(),
        })
        .collect();
    let suggested = (0..entries.len()).collect();
    let pack = Pack { entries, suggested }.encode();
    let mut name = [0; 16];
    name.copy_from_slice(&Sha256::digest(&pack)[..16]);
    Compiled {
        hash: PackHash::from(name),
        pack,
        entries: source.entries.len(),
        phrasings: source.entries.iter().map(|entry| entry.questions.len()).sum(),
        warnings: source.warnings.clone(),
    }
}
