//! The list of conversations, as a console has it at first.

use deskbell_shared::wire::{DeskEvent, Email};

use super::DeskDo;
use crate::{platform::sql::int, refusal::Outcome};

/// The most open conversations in a snapshot.
const MOST_OPEN: u64 = 200;
/// The most that wait for an answer and should not, beside those.
const MOST_PRESSING: u64 = 100;
/// The most that whoever asks looks after, beside those.
const MOST_ONES_OWN: u64 = 100;
/// The most closed ones.
const MOST_CLOSED: u64 = 100;

impl DeskDo {
    /// The list, for somebody.
    pub(super) fn snapshot(&self, person: &Email) -> Outcome<DeskEvent> {
        // Neither who waits longest, nor who should not wait, nor, up to so many, whom one looks after oneself is beyond the end.
        let open = "SELECT doc FROM conversation WHERE open = 1 AND (
                        id IN (SELECT id FROM conversation WHERE open = 1
                               ORDER BY coalesce(json_extract(doc, '$.waiting_since'), 9007199254740991), updated DESC
                               LIMIT ?1)
                        OR id IN (SELECT id FROM conversation
                               WHERE open = 1 AND json_extract(doc, '$.priority') IN ('high', 'urgent')
                                     AND json_extract(doc, '$.waiting_since')
                               ORDER BY json_extract(doc, '$.priority') DESC, json_extract(doc, '$.waiting_since')
                               LIMIT ?2)
                        OR id IN (SELECT id FROM conversation
                               WHERE open = 1 AND json_extract(doc, '$.assignee.email') = ?3
                               ORDER BY coalesce(json_extract(doc, '$.waiting_since'), 9007199254740991), updated DESC
                               LIMIT ?4))
                    ORDER BY coalesce(json_extract(doc, '$.waiting_since'), 9007199254740991), updated DESC";
        let closed = "SELECT doc FROM conversation WHERE open = 0 ORDER BY updated DESC LIMIT ?";
        let mut rows = self.sql.rows(
            open,
            vec![int(MOST_OPEN), int(MOST_PRESSING), person.as_str().into(), int(MOST_ONES_OWN)],
        )?;
        rows.extend(self.sql.rows(closed, vec![int(MOST_CLOSED)])?);
        let conversations = rows.iter().map(|row| row.json(0)).collect::<Outcome<_>>()?;
        Ok(DeskEvent::Snapshot { conversations, open: self.open()? })
    }

    /// How many conversations are open.
    pub(super) fn open(&self) -> Outcome<u32> {
        let count = self.sql.first("SELECT COUNT(*) FROM conversation WHERE open = 1", Vec::new())?;
        Ok(u32::try_from(count.map_or(Ok(0), |row| row.number(0))?).unwrap_or(u32::MAX))
    }
}
