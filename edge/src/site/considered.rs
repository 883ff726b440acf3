//! Whom agents consider honest, or not, until the watch knows of it.

use crate::{
    platform::sql::{Sql, int},
    refusal::Outcome,
};

const SCHEMA: &str =
    "CREATE TABLE IF NOT EXISTS considered (visitor TEXT PRIMARY KEY, honest INTEGER NOT NULL)
    WITHOUT ROWID";

/// What the watch of the site whose database this is does not know of visitors.
pub(crate) struct Considered<'a>(pub(crate) &'a Sql);

impl Considered<'_> {
    /// An agent has shown what they think of a visitor.
    pub(crate) fn note(&self, visitor: &str, honest: bool) -> Outcome<()> {
        self.0.run(SCHEMA, Vec::new())?;
        let upsert = "INSERT INTO considered (visitor, honest) VALUES (?, ?)
                      ON CONFLICT (visitor) DO UPDATE SET honest = excluded.honest";
        Ok(self.0.run(upsert, vec![visitor.into(), int(u64::from(honest))])?)
    }

    /// Somebody of whom the watch does not know it.
    pub(crate) fn next(&self) -> Outcome<Option<(String, bool)>> {
        if !self.0.has_table("considered")? {
            return Ok(None);
        }
        let row = self.0.first("SELECT visitor, honest FROM considered LIMIT 1", Vec::new())?;
        row.map(|row| Ok((row.text(0)?.to_owned(), row.number(1)? == 1))).transpose()
    }

    /// The watch knows it now, unless somebody else thinks otherwise meanwhile.
    pub(crate) fn known(&self, visitor: &str, honest: bool) -> Outcome<()> {
        let delete = "DELETE FROM considered WHERE visitor = ? AND honest = ?";
        Ok(self.0.run(delete, vec![visitor.into(), int(u64::from(honest))])?)
    }
}
