//! A site's FAQ: the source in force, its tuning and report, and its packs, cut into rows that SQLite takes.

use std::collections::BTreeMap;

use deskbell_shared::wire::{EntryId, FaqReport, FaqTuning, Millis, PackHash, ProblemKind, Subject};

use super::calls::{Basis, GetBasis, GetPack, Publish, PublishOutcome, SourceFile};
use crate::{
    platform::sql::{Sql, int},
    refusal::{Outcome, Refusal},
};

/// The most characters in one row; SQLite in an object takes 2 MB.
const CHUNK: usize = 1_000_000;
/// Packs that are kept: a widget that was opened before a publication still finds its own.
const KEPT: u64 = 5;
/// What owns the chunks of the source, of the report and of the subjects; those of a pack belong to its hash.
const SOURCE: &str = "source";
const REPORT: &str = "report";
const SUBJECTS: &str = "subjects";

/// The FAQ of the site whose database this is.
pub(crate) struct Library<'a>(pub(crate) &'a Sql);

impl Library<'_> {
    /// The tables it needs.
    pub(crate) const SCHEMA: &'static str = "
        CREATE TABLE IF NOT EXISTS pack (hash TEXT PRIMARY KEY, published INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS source (
            only INTEGER PRIMARY KEY CHECK (only = 1), file TEXT NOT NULL, media_type TEXT NOT NULL,
            pack TEXT NOT NULL
        );
        CREATE TABLE IF NOT EXISTS basis (
            only INTEGER PRIMARY KEY CHECK (only = 1), revision INTEGER NOT NULL, tuning TEXT NOT NULL
        );
        CREATE TABLE IF NOT EXISTS chunk (
            owner TEXT NOT NULL, n INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (owner, n)
        ) WITHOUT ROWID;
    ";

    /// Stores a pack, its report and its source, and moves the pointer, unless what the pack was made from is not in
    /// force any more. The caller makes it one change.
    pub(crate) fn publish(&self, call: Publish, now: Millis) -> Outcome<PublishOutcome> {
        // A site that was made by an earlier release has not all of them.
        self.0.run(Self::SCHEMA, Vec::new())?;
        let (revision, _) = self.basis()?;
        if revision != call.revision {
            return Ok(PublishOutcome::Overtaken);
        }
        let hash = call.hash.as_str();
        self.0.run(
            "INSERT INTO pack (hash, published) VALUES (?, ?)
             ON CONFLICT (hash) DO UPDATE SET published = excluded.published",
            vec![hash.into(), int(now.0)],
        )?;
        self.put_text(hash, &call.gzip)?;
        self.put_text(REPORT, &serde_json::to_string(&call.report)?)?;
        let subjects =
            if call.subjects.is_empty() { String::new() } else { serde_json::to_string(&call.subjects)? };
        self.put_text(SUBJECTS, &subjects)?;
        self.0.run(
            "INSERT INTO basis (only, revision, tuning) VALUES (1, ?, ?)
             ON CONFLICT (only) DO UPDATE SET revision = excluded.revision, tuning = excluded.tuning",
            vec![int(revision + 1), serde_json::to_string(&call.report.tuning)?.into()],
        )?;
        match call.source {
            Some(source) => {
                self.put_text(SOURCE, &source.text)?;
                self.0.run(
                    "INSERT INTO source (only, file, media_type, pack) VALUES (1, ?, ?, ?)
                     ON CONFLICT (only) DO UPDATE
                     SET file = excluded.file, media_type = excluded.media_type, pack = excluded.pack",
                    vec![source.file.into(), source.media_type.into(), hash.into()],
                )?;
            }
            None => self.0.run("UPDATE source SET pack = ?", vec![hash.into()])?,
        }
        let old = "SELECT hash FROM pack ORDER BY published DESC, hash LIMIT -1 OFFSET ?";
        self.0.run(&format!("DELETE FROM chunk WHERE owner IN ({old})"), vec![int(KEPT)])?;
        self.0.run(&format!("DELETE FROM pack WHERE hash IN ({old})"), vec![int(KEPT)])?;
        Ok(PublishOutcome::InForce)
    }

    /// How often source or tuning have changed, and what is set.
    fn basis(&self) -> Outcome<(u64, FaqTuning)> {
        if !self.0.has_table("basis")? {
            return Ok(Default::default());
        }
        match self.0.first("SELECT revision, tuning FROM basis", Vec::new())? {
            Some(row) => Ok((row.number(0)?, row.json(1)?)),
            None => Ok(Default::default()),
        }
    }

    /// What the next pack is made from.
    pub(crate) fn next_basis(&self, call: &GetBasis) -> Outcome<Basis> {
        let (revision, tuning) = self.basis()?;
        let source = if call.with_source { Some(self.source()?) } else { None };
        Ok(Basis { revision, tuning, source })
    }

    /// What the owner should know about the FAQ in force.
    pub(crate) fn report(&self) -> Outcome<FaqReport> {
        match self.text(REPORT)? {
            text if !text.is_empty() => Ok(serde_json::from_str(&text)?),
            _ if self.in_force()?.is_some() => {
                let detail =
                    "This FAQ was published by an earlier release. Publish it once more to see its report.";
                Err(Refusal::new(ProblemKind::NotFound, detail))
            }
            _ => Err(none_yet()),
        }
    }

    /// The pack in force.
    pub(crate) fn in_force(&self) -> Outcome<Option<PackHash>> {
        self.0.first("SELECT pack FROM source", Vec::new())?.map(|row| row.name(0)).transpose()
    }

    /// What the entries of the FAQ in force are about.
    pub(crate) fn subjects(&self) -> Outcome<BTreeMap<EntryId, Subject>> {
        let text = self.text(SUBJECTS)?;
        if text.is_empty() { Ok(BTreeMap::new()) } else { Ok(serde_json::from_str(&text)?) }
    }

    /// Whether it is said of any of them.
    pub(crate) fn has_subjects(&self) -> Outcome<bool> {
        let query = "SELECT 1 FROM chunk WHERE owner = ? LIMIT 1";
        Ok(self.0.first(query, vec![SUBJECTS.into()])?.is_some())
    }

    /// A pack, as it was stored.
    pub(crate) fn pack(&self, call: &GetPack) -> Outcome<String> {
        match self.text(call.hash.as_str())? {
            text if text.is_empty() => {
                Err(Refusal::new(ProblemKind::NotFound, "The site has no such pack, or not any more."))
            }
            text => Ok(text),
        }
    }

    /// The source in force.
    pub(crate) fn source(&self) -> Outcome<SourceFile> {
        let row = self.0.first("SELECT file, media_type FROM source", Vec::new())?;
        let row = row.ok_or_else(none_yet)?;
        let (file, media_type) = (row.text(0)?.to_owned(), row.text(1)?.to_owned());
        Ok(SourceFile { file, media_type, text: self.text(SOURCE)? })
    }

    fn put_text(&self, owner: &str, text: &str) -> Outcome<()> {
        self.0.run("DELETE FROM chunk WHERE owner = ?", vec![owner.into()])?;
        for (n, chunk) in chunks(text).enumerate() {
            let row = vec![owner.into(), int(n as u64), chunk.into()];
            self.0.run("INSERT INTO chunk (owner, n, text) VALUES (?, ?, ?)", row)?;
        }
        Ok(())
    }

    fn text(&self, owner: &str) -> Outcome<String> {
        let query = "SELECT text FROM chunk WHERE owner = ? ORDER BY n";
        self.0.rows(query, vec![owner.into()])?.iter().map(|row| row.text(0)).collect()
    }
}

fn none_yet() -> Refusal {
    Refusal::new(ProblemKind::NotFound, "The site has not published an FAQ yet.")
}

/// Cuts a text into pieces of at most [`CHUNK`] bytes, between characters.
fn chunks(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (chunk, tail) = rest.split_at(rest.floor_char_boundary(CHUNK));
        rest = tail;
        Some(chunk)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters_and_nothing_is_lost() {
        let text = "茶".repeat(CHUNK);
        let pieces: Vec<&str> = chunks(&text).collect();
        assert!(pieces.iter().all(|piece| piece.len() <= CHUNK));
        assert_eq!(pieces.concat(), text);
        assert_eq!(chunks("").count(), 0);
    }
}
