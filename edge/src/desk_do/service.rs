//! How visitors were served, counted over the list.

use deskbell_shared::wire::{ServedTalk, ServiceFigures};

use super::{DeskDo, retention::LAST_SAID};
use crate::{
    platform::{
        now,
        sql::{Row, int},
    },
    refusal::Outcome,
};

/// The most talks that are counted, the latest.
const MOST_COUNTED: u64 = 20_000;

impl DeskDo {
    pub(super) fn service(&self) -> Outcome<ServiceFigures> {
        // In what began since then something was said since then too, and for that there is an index.
        let query = format!(
            "SELECT json_extract(doc, '$.opened'), json_extract(doc, '$.first_reply'), open,
                            coalesce(json_extract(doc, '$.reopened'), 0), json_extract(doc, '$.rated_good')
                     FROM conversation WHERE {LAST_SAID} >= ?1 AND json_extract(doc, '$.opened') >= ?1
                     ORDER BY {LAST_SAID} DESC LIMIT ?2"
        );
        let since = now().days_before(ServiceFigures::DAYS);
        let rows = self.sql.rows(&query, vec![int(since.0), int(MOST_COUNTED)])?;
        let talks = rows.iter().map(served).collect::<Outcome<Vec<_>>>()?;
        Ok(ServiceFigures::of(&talks))
    }
}

fn served(row: &Row) -> Outcome<ServedTalk> {
    let (opened, first_reply) = (row.number(0)?, row.maybe_number(1)?);
    Ok(ServedTalk {
        first_reply_ms: first_reply.map(|replied| replied.saturating_sub(opened)),
        is_closed: row.number(2)? == 0,
        was_reopened: row.number(3)? > 0,
        rated_good: row.maybe_number(4)?.map(|good| good == 1),
    })
}
