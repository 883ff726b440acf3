//! A site's FAQ: the source in force and its packs, cut into rows that SQLite takes.

use deskbell_shared::wire::{Millis, PackHash, ProblemKind};

use super::calls::{GetPack, Publish, SourceFile};
use crate::{
    platform::sql::{Sql, int},
    refusal::{Outcome, Refusal},
};

/// The most characters in one row; SQLite in an object takes 2 MB.
const CHUNK: usize = 1_000_000;
/// Packs that are kept: a widget that was opened before a publication still finds its own.
const KEPT: u64 = 5;

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
        CREATE TABLE IF NOT EXISTS chunk (
            owner TEXT NOT NULL, n INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (owner, n)
        ) WITHOUT ROWID;
    ";

    /// Stores a pack and its source, and moves the pointer. The caller makes it one change.
    pub(crate) fn publish(&self, call: Publish, now: Millis) -> Outcome<()> {
        let hash = call.hash.as_str();
        self.0.run(
            "INSERT INTO pack (hash, published) VALUES (?, ?)
             ON CONFLICT (hash) DO UPDATE SET published = excluded.published",
            vec![hash.into(), int(now.0)],
        )?;
        self.put_text(hash, &call.gzip)?;
        self.put_text("source", &call.source.text)?;
        self.0.run(
            "INSERT INTO source (only, file, media_type, pack) VALUES (1, ?, ?, ?)
             ON CONFLICT (only) DO UPDATE
             SET file = excluded.file, media_type = excluded.media_type, pack = excluded.pack",
            vec![call.source.file.into(), call.source.media_type.into(), hash.into()],
        )?;
        let old = "SELECT hash FROM pack ORDER BY published DESC, hash LIMIT -1 OFFSET ?";
        self.0.run(&format!("DELETE FROM chunk WHERE owner IN ({old})"), vec![int(KEPT)])?;
        self.0.run(&format!("DELETE FROM pack WHERE hash IN ({old})"), vec![int(KEPT)])?;
        Ok(())
    }

    /// The pack in force.
    pub(crate) fn in_force(&self) -> Outcome<Option<PackHash>> {
        self.0.first("SELECT pack FROM source", Vec::new())?.map(|row| row.name(0)).transpose()
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
        let row =
            row.ok_or_else(|| Refusal::new(ProblemKind::NotFound, "The site has not published an FAQ yet."))?;
        let (file, media_type) = (row.text(0)?.to_owned(), row.text(1)?.to_owned());
        Ok(SourceFile { file, media_type, text: self.text("source")? })
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
