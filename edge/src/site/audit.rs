//! The record of privileged acts: every ban, lift, change of rules and sign-in, each chained to the one before.

use deskbell_shared::{
    guard::audit::{BEGINNING, Entry},
    wire::Millis,
};

use crate::{
    platform::sql::{Sql, int},
    refusal::Outcome,
};

/// Entries in one page of an export.
pub(crate) const PAGE: u64 = 1_000;

/// The record of the site whose database this is.
pub(crate) struct Record<'a>(pub(crate) &'a Sql);

impl Record<'_> {
    /// The table it needs. Nothing is ever changed in it or taken out of it.
    pub(crate) const SCHEMA: &'static str =
        "CREATE TABLE IF NOT EXISTS record (n INTEGER PRIMARY KEY, hash TEXT NOT NULL, doc TEXT NOT NULL)";

    /// Writes down what was done, and by whom.
    pub(crate) fn write(&self, at: Millis, who: &str, what: &str, detail: &str) -> Outcome<()> {
        let last = self.0.first("SELECT n, hash FROM record ORDER BY n DESC LIMIT 1", Vec::new())?;
        let (n, hash) = match &last {
            Some(row) => (row.number(0)?, row.text(1)?),
            None => (0, BEGINNING),
        };
        let entry = Entry::following((n, hash), at, who, what, detail);
        let doc = serde_json::to_string(&entry)?;
        let row = vec![int(entry.n), entry.hash.into(), doc.into()];
        Ok(self.0.run("INSERT INTO record (n, hash, doc) VALUES (?, ?, ?)", row)?)
    }

    /// A page of what was written after an entry.
    pub(crate) fn after(&self, n: u64) -> Outcome<Vec<Entry>> {
        let query = "SELECT doc FROM record WHERE n > ? ORDER BY n LIMIT ?";
        self.0.rows(query, vec![int(n), int(PAGE)])?.iter().map(|row| row.json(0)).collect()
    }
}
