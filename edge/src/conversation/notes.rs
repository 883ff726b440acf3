//! What the site's people note about a conversation: beside the messages and not among them, so that nothing that is sent to a
//! visitor can ever have one in it.

use deskbell_shared::wire::{InternalNote, MAX_NOTES, MessageId, ProblemKind};

use crate::{
    platform::sql::Sql,
    refusal::{Outcome, Refusal},
};

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS note (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, doc TEXT NOT NULL)
";

/// The notes of the conversation whose database this is.
pub(crate) struct Notes<'a>(pub(crate) &'a Sql);

impl Notes<'_> {
    /// All of them, oldest first.
    pub(crate) fn list(&self) -> Outcome<Vec<InternalNote>> {
        if !self.0.has_table("note")? {
            return Ok(Vec::new());
        }
        let rows = self.0.rows("SELECT doc FROM note ORDER BY n", Vec::new())?;
        rows.iter().map(|row| row.json(0)).collect()
    }

    /// The one with this id.
    pub(crate) fn find(&self, id: MessageId) -> Outcome<Option<InternalNote>> {
        if !self.0.has_table("note")? {
            return Ok(None);
        }
        let row = self.0.first("SELECT doc FROM note WHERE id = ?", vec![id.to_string().into()])?;
        row.map(|row| row.json(0)).transpose()
    }

    /// Adds one.
    ///
    /// # Errors
    /// *Conflict*, when there are too many.
    pub(crate) fn add(&self, note: &InternalNote) -> Outcome<()> {
        self.0.run(SCHEMA, Vec::new())?;
        let count = self.0.first("SELECT COUNT(*) FROM note", Vec::new())?;
        if count.map_or(Ok(0), |row| row.number(0))? >= MAX_NOTES as u64 {
            let detail = format!("A conversation has {MAX_NOTES} notes at most.");
            return Err(Refusal::new(ProblemKind::Conflict, detail));
        }
        let row = vec![note.id.to_string().into(), serde_json::to_string(note)?.into()];
        Ok(self.0.run("INSERT INTO note (id, doc) VALUES (?, ?)", row)?)
    }
}
