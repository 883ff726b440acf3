//! The answers that a site's people give again and again, as they are stored.

use deskbell_shared::wire::{
    MAX_SAVED_REPLIES, ProblemKind, ReplyId, SavedReplies, SavedReply, SavedReplyRequest,
};

use crate::{
    platform::sql::{Row, Sql, int},
    refusal::{Outcome, Refusal},
};

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS reply (
        id TEXT PRIMARY KEY, version INTEGER NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL
    ) WITHOUT ROWID;
";

/// The saved replies of the site whose database this is.
pub(crate) struct Replies<'a>(pub(crate) &'a Sql);

impl Replies<'_> {
    /// All of them.
    pub(crate) fn list(&self) -> Outcome<SavedReplies> {
        if !self.0.has_table("reply")? {
            return Ok(SavedReplies { replies: Vec::new() });
        }
        let query = "SELECT id, version, title, text FROM reply ORDER BY lower(title), id";
        let rows = self.0.rows(query, Vec::new())?;
        Ok(SavedReplies { replies: rows.iter().map(reply).collect::<Outcome<_>>()? })
    }

    /// Makes one, or changes it; those there are then.
    ///
    /// # Errors
    /// *Conflict*, when somebody else has changed it, or made or taken away one of this name, meanwhile, and when there are too
    /// many.
    pub(crate) fn put(&self, id: ReplyId, request: &SavedReplyRequest) -> Outcome<SavedReplies> {
        self.0.run(SCHEMA, Vec::new())?;
        let stored = self.find(id)?;
        let version = stored.as_ref().map_or(0, |stored| stored.version);
        if version != request.version {
            // Sent again, because the answer did not arrive.
            let is_done = stored.is_some_and(|stored| {
                version == request.version + 1 && stored.title == request.title && stored.text == request.text
            });
            return if is_done { self.list() } else { Err(overtaken()) };
        }
        if version == 0 && self.count()? >= MAX_SAVED_REPLIES as u64 {
            let detail = format!("A site has {MAX_SAVED_REPLIES} saved replies at most.");
            return Err(Refusal::new(ProblemKind::Conflict, detail));
        }
        let upsert = "INSERT INTO reply (id, version, title, text) VALUES (?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET version = excluded.version, title = excluded.title,
                text = excluded.text";
        let (title, text) = (request.title.as_str().into(), request.text.as_str().into());
        self.0.run(upsert, vec![id.to_string().into(), int(version + 1), title, text])?;
        self.list()
    }

    /// Takes one away; those there are then. Doing it again changes nothing.
    ///
    /// # Errors
    /// *Conflict*, when somebody else has changed it meanwhile.
    pub(crate) fn drop(&self, id: ReplyId, version: u64) -> Outcome<SavedReplies> {
        match self.find(id)? {
            Some(stored) if stored.version != version => return Err(overtaken()),
            Some(_) => self.0.run("DELETE FROM reply WHERE id = ?", vec![id.to_string().into()])?,
            None => {}
        }
        self.list()
    }

    fn count(&self) -> Outcome<u64> {
        let row = self.0.first("SELECT COUNT(*) FROM reply", Vec::new())?;
        row.map_or(Ok(0), |row| row.number(0))
    }

    fn find(&self, id: ReplyId) -> Outcome<Option<SavedReply>> {
        if !self.0.has_table("reply")? {
            return Ok(None);
        }
        let query = "SELECT id, version, title, text FROM reply WHERE id = ?";
        self.0.first(query, vec![id.to_string().into()])?.as_ref().map(reply).transpose()
    }
}

fn reply(row: &Row) -> Outcome<SavedReply> {
    Ok(SavedReply { id: row.name(0)?, version: row.number(1)?, title: row.name(2)?, text: row.name(3)? })
}

fn overtaken() -> Refusal {
    Refusal::new(
        ProblemKind::Conflict,
        "A colleague has changed or removed this reply meanwhile. Load the replies again.",
    )
}
