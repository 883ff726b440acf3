//! How visitors were served, counted over the list.

use deskbell_shared::wire::{Millis, ReportedTalk, ServedTalk, ServiceReport};

use super::{DeskDo, retention::LAST_SAID};
use crate::{
    desk::calls::CountService,
    platform::{
        now,
        sql::{Row, int},
    },
    refusal::{Outcome, Refusal},
};

/// The most talks that are counted, the latest.
const MOST_COUNTED: u64 = 20_000;

impl DeskDo {
    pub(super) fn service(&self, CountService { request }: CountService) -> Outcome<ServiceReport> {
        // In what began since then something was said since then too, and for that there is an index. What the FAQ alone has
        // answered nobody has waited for.
        let query = format!(
            "SELECT json_extract(doc, '$.opened'), json_extract(doc, '$.first_reply'), open,
                            coalesce(json_extract(doc, '$.reopened'), 0), json_extract(doc, '$.rated_good'),
                            json_extract(doc, '$.reasons'), json_extract(doc, '$.context.language'),
                            json_extract(doc, '$.assignee'), json_extract(doc, '$.recommends'),
                            json_extract(doc, '$.via.name'), json_extract(doc, '$.subject')
                     FROM conversation WHERE {LAST_SAID} >= ?1 AND json_extract(doc, '$.opened') >= ?1
                        AND coalesce(json_extract(doc, '$.via.had_people'), 1)
                     ORDER BY {LAST_SAID} DESC LIMIT ?2"
        );
        let now = now();
        let since = request.since(now).before;
        let rows = self.sql.rows(&query, vec![int(since.0), int(MOST_COUNTED)])?;
        let is_partial = u64::try_from(rows.len()).is_ok_and(|counted| counted == MOST_COUNTED);
        // One that cannot be read any more must not keep the others from being counted.
        let read = |row: &Row| talk(row).inspect_err(|why| why.log("counting a talk")).ok();
        let talks: Vec<_> = rows.iter().filter_map(read).collect();
        Ok(ServiceReport::of(request, now, &talks, is_partial))
    }
}

fn talk(row: &Row) -> Outcome<ReportedTalk> {
    let (opened, first_reply) = (row.number(0)?, row.maybe_number(1)?);
    let served = ServedTalk {
        first_reply_ms: first_reply.map(|replied| replied.saturating_sub(opened)),
        is_closed: row.number(2)? == 0,
        was_reopened: row.number(3)? > 0,
        rated_good: row.maybe_number(4)?.map(|good| good == 1),
        recommends: row.maybe_number(8)?.and_then(|number| u8::try_from(number).ok()?.try_into().ok()),
    };
    let language = row.text(6)?.to_owned().try_into().map_err(Refusal::failed)?;
    Ok(ReportedTalk {
        opened: Millis(opened),
        served,
        reasons: row.json(5)?,
        language,
        subject: row.maybe_name(10)?,
        channel: row.maybe_name(9)?,
        assignee: row.maybe_json(7)?,
    })
}
