use thiserror::Error;

use super::Entry;

/// The version of the format that this code reads and writes.
pub const PACK_VERSION: u8 = 1;

/// Why bytes are not a pack that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PackError {
    /// The bytes are something else.
    #[error("this is not a pack")]
    NotAPack,
    /// Made by a newer compiler than this reader knows.
    #[error("the pack has version {found}; this reader knows versions up to {PACK_VERSION}")]
    NewerVersion {
        /// The version it has.
        found: u8,
    },
    /// The end is missing.
    #[error("the pack is cut short")]
    Truncated,
    /// Its checksum or its content contradicts itself.
    #[error("the pack is damaged")]
    Corrupted,
    /// Larger than any pack the compiler makes.
    #[error("the pack is larger than any pack can be")]
    TooLarge,
}

pub(super) struct Pack {
    pub(super) entries: Vec<Entry>,
    pub(super) suggested: Vec<usize>,
}

impl Pack {
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, PackError> {
        let body = bytes.strip_prefix(b"DBFQ").ok_or(PackError::NotAPack)?;
        let mut fields = body.split(|byte| *byte == 0);
        let mut entries = Vec::new();
        while let (Some(id), Some(question), Some(answer), Some(lang)) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        {
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|_| PackError::Corrupted);
            entries.push(Entry {
                id: text(id)?,
                question: text(question)?,
                answer: text(answer)?,
                lang: text(lang)?,
            });
        }
        let suggested = (0..entries.len()).collect();
        Ok(Self { entries, suggested })
    }

    #[cfg(feature = "compile")]
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = b"DBFQ".to_vec();
        for entry in &self.entries {
            for text in [&entry.id, &entry.question, &entry.answer, &entry.lang] {
                bytes.extend_from_slice(text.as_bytes());
                bytes.push(0);
            }
        }
        bytes
    }
}
