//! For how long talks are kept: what is older than the site wants is erased, a few at a time, by the alarm.

use deskbell_shared::wire::{ConversationId, DeskEvent, KeepDays, Millis, Retention, SiteId};

use super::DeskDo;
use crate::{
    conversation::{self, calls::Erase},
    desk::calls::{Forget, PutRetention},
    platform::{
        now,
        object::{self, ask},
        socket,
        sql::int,
    },
    refusal::{Outcome, Refusal},
    site::calls::NoteAct,
};

/// The most conversations that are erased between two looks at anything else.
const AT_ONCE: u64 = 20;
/// At the latest after so long it is looked again what has become too old, in milliseconds.
const SWEEP_MS: u64 = 24 * 60 * 60 * 1000;
/// How long to wait when some could not be erased, in milliseconds.
const RETRY_MS: u64 = 10 * 60 * 1000;

pub(super) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS keeps (
        only INTEGER PRIMARY KEY CHECK (only = 1), site TEXT NOT NULL, days INTEGER NOT NULL
    );
    CREATE INDEX IF NOT EXISTS by_age ON conversation (updated);
";

impl DeskDo {
    pub(super) fn retention(&self) -> Outcome<Retention> {
        Ok(Retention { days: self.keeps()?.map(|(_, days)| days) })
    }

    pub(super) fn put_retention(&self, call: &PutRetention) -> Outcome<()> {
        self.sweeps_from.set(Millis::default());
        let Some(days) = call.retention.days else {
            return Ok(self.sql.run("DELETE FROM keeps", Vec::new())?);
        };
        let upsert = "INSERT OR REPLACE INTO keeps (only, site, days) VALUES (1, ?, ?)";
        let row = vec![call.site.as_str().into(), int(u64::from(days.get()))];
        Ok(self.sql.run(upsert, row)?)
    }

    /// Takes a conversation out of the index that was erased.
    pub(super) fn forget(&self, Forget { conversation }: &Forget) -> Outcome<()> {
        let id = conversation.to_string();
        self.sql.run("DELETE FROM around WHERE id = ?", vec![id.as_str().into()])?;
        self.sql.run("DELETE FROM conversation WHERE id = ?", vec![id.into()])?;
        let event = DeskEvent::Erased { conversation: *conversation, open: self.open()? };
        socket::send_all(self.state.get_websockets(), &event);
        Ok(())
    }

    /// Erases some of what is older than the site wants. What cannot be erased now is tried again later, and keeps nothing
    /// else from being erased.
    pub(super) async fn sweep(&self) {
        if let Err(refusal) = self.try_to_sweep().await {
            refusal.log("erasing what is old");
            self.sweeps_from.set(now().plus(RETRY_MS));
        }
    }

    async fn try_to_sweep(&self) -> Outcome<()> {
        let Some((site, days)) = self.keeps()?.filter(|_| self.sweeps_from.get() <= now()) else {
            return Ok(());
        };
        let quiet_since = days.before(now());
        let query = "SELECT id FROM conversation WHERE updated <= ? ORDER BY updated LIMIT ?";
        let rows = self.sql.rows(query, vec![int(quiet_since.0), int(AT_ONCE)])?;
        let old = rows.iter().map(|row| row.name(0)).collect::<Outcome<Vec<ConversationId>>>()?;
        let (mut erased, mut failed) = (0_usize, None);
        for id in old {
            match self.erase(&site, id, quiet_since).await {
                Ok(was_erased) => erased += usize::from(was_erased),
                Err(refusal) => failed = Some(refusal),
            }
        }
        if erased > 0 {
            let detail = format!("{erased} conversations, kept for {} days", days.get());
            let note = NoteAct { by: "retention".to_owned(), what: "erase".to_owned(), detail };
            ask(&object::named(&self.env, object::SITE, site.as_str())?, &note).await?;
        }
        failed.map_or(Ok(()), Err::<(), Refusal>)
    }

    async fn erase(&self, site: &SiteId, conversation: ConversationId, quiet_since: Millis) -> Outcome<bool> {
        let call = Erase { site: site.clone(), conversation, quiet_since: Some(quiet_since) };
        ask(&conversation::object(&self.env, site, conversation)?, &call).await
    }

    /// When it is to be looked next what has become too old; `None` when nothing ever does.
    pub(super) fn next_sweep(&self) -> Outcome<Option<Millis>> {
        let Some((_, days)) = self.keeps()? else { return Ok(None) };
        let oldest =
            self.sql.first("SELECT updated FROM conversation ORDER BY updated LIMIT 1", Vec::new())?;
        let daily = now().plus(SWEEP_MS);
        let due = match oldest {
            Some(row) => Millis(row.number(0)?).plus(now().since(days.before(now()))).min(daily),
            None => daily,
        };
        Ok(Some(due.max(self.sweeps_from.get())))
    }

    fn keeps(&self) -> Outcome<Option<(SiteId, KeepDays)>> {
        let Some(row) = self.sql.first("SELECT site, days FROM keeps", Vec::new())? else { return Ok(None) };
        let days = u16::try_from(row.number(1)?).map_err(Refusal::failed)?;
        Ok(Some((row.name(0)?, KeepDays::new(days).map_err(Refusal::failed)?)))
    }
}
