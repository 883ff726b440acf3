//! Which conversations have something that a channel is to deliver.

use deskbell_shared::wire::ConversationId;

use super::DeskDo;
use crate::{
    desk::calls::{OWING_PAGE, Owing},
    platform::sql::int,
    refusal::Outcome,
};

/// Those with something to deliver, by channel.
pub(super) const SCHEMA: &str = "
    CREATE INDEX IF NOT EXISTS by_channel ON conversation (json_extract(doc, '$.via.channel'), id)
        WHERE json_extract(doc, '$.via.said') > json_extract(doc, '$.via.delivered');
";

impl DeskDo {
    /// A page of them, in the order of their ids.
    pub(super) fn owing(&self, call: &Owing) -> Outcome<Vec<ConversationId>> {
        let query = "SELECT id FROM conversation
                     WHERE json_extract(doc, '$.via.said') > json_extract(doc, '$.via.delivered')
                        AND json_extract(doc, '$.via.channel') = ?1 AND id > ?2
                     ORDER BY id LIMIT ?3";
        let after = call.after.map(|after| after.to_string()).unwrap_or_default();
        let page = int(OWING_PAGE as u64);
        let rows = self.sql.rows(query, vec![call.channel.as_str().into(), after.into(), page])?;
        rows.iter().map(|row| row.name(0)).collect()
    }
}
