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
    site::calls::NoteActs,
};

/// The most conversations that are erased between two looks at anything else.
const AT_ONCE: u64 = 20;
/// At the latest after so long it is looked again what has become too old, in milliseconds.
const SWEEP_MS: u64 = Millis::DAY;
/// For how long it is known that a conversation was erased, in milliseconds: what was told of it before has come by then.
const GONE_MS: u64 = Millis::DAY;
/// After this long, a sweep that has not come to an end is given up, in milliseconds.
const GIVE_UP_MS: u64 = 60 * 1000;
/// How long to wait when some could not be erased, in milliseconds.
const RETRY_MS: u64 = 10 * 60 * 1000;

/// When something was last said in a conversation; of older ones it is known only when something last happened.
pub(super) const LAST_SAID: &str = "coalesce(json_extract(doc, '$.last_said'), updated)";

pub(super) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS keeps (
        only INTEGER PRIMARY KEY CHECK (only = 1), site TEXT NOT NULL, days INTEGER NOT NULL
    );
    CREATE INDEX IF NOT EXISTS by_last_said ON conversation (coalesce(json_extract(doc, '$.last_said'), updated));
    CREATE TABLE IF NOT EXISTS unnoted (id TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS stuck (only INTEGER PRIMARY KEY CHECK (only = 1), count INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS gone (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
";

impl DeskDo {
    pub(super) fn retention(&self) -> Outcome<Retention> {
        Ok(Retention { days: self.keeps()?.map(|(_, days)| days) })
    }

    pub(super) fn put_retention(&self, call: &PutRetention) -> Outcome<()> {
        self.sweeps_from.set(Millis::default());
        self.sql.run("DELETE FROM stuck", Vec::new())?;
        let Some(days) = call.retention.days else {
            return Ok(self.sql.run("DELETE FROM keeps", Vec::new())?);
        };
        let upsert = "INSERT OR REPLACE INTO keeps (only, site, days) VALUES (1, ?, ?)";
        let row = vec![call.site.as_str().into(), int(u64::from(days.get()))];
        Ok(self.sql.run(upsert, row)?)
    }

    /// Takes a conversation out of the index that was erased, unless it is one that has begun anew since.
    pub(super) fn forget(&self, Forget { conversation, at }: &Forget) -> Outcome<bool> {
        let id = conversation.to_string();
        let old = int(at.0.saturating_sub(GONE_MS));
        self.sql.run("DELETE FROM gone WHERE at < ?", vec![old])?;
        let upsert = "INSERT OR REPLACE INTO gone (id, at) VALUES (?, ?)";
        self.sql.run(upsert, vec![id.as_str().into(), int(at.0)])?;
        let delete =
            "DELETE FROM conversation WHERE id = ? AND json_extract(doc, '$.opened') <= ? RETURNING id";
        let event = self.sql.atomically(|| {
            if self.sql.first(delete, vec![id.as_str().into(), int(at.0)])?.is_none() {
                return Ok(None);
            }
            self.sql.run("DELETE FROM around WHERE id = ?", vec![id.as_str().into()])?;
            self.sql.run("DELETE FROM asked WHERE talk = ?", vec![id.as_str().into()])?;
            self.sql.run("DELETE FROM given WHERE talk = ?", vec![id.into()])?;
            let event = DeskEvent::Erased { conversation: *conversation, open: self.open()? };
            self.tell_of_event(&event)?;
            Ok(Some(event))
        })?;
        if let Some(event) = &event {
            socket::send_all(self.state.get_websockets(), event);
        }
        Ok(event.is_some())
    }

    /// Erases some of what is older than the site wants. What cannot be erased now is tried again later, and keeps nothing
    /// else from being erased.
    pub(super) async fn sweep(&self) {
        let now = now();
        let busy = self.sweeping_since.get().is_some_and(|since| now.since(since) < GIVE_UP_MS);
        if busy || self.sweeps_from.get() > now {
            return;
        }
        self.sweeping_since.set(Some(now));
        match self.try_to_sweep().await {
            Ok(true) => {}
            Ok(false) => self.sweeps_from.set(now.plus(RETRY_MS)),
            Err(refusal) => {
                refusal.log("erasing what is old");
                self.sweeps_from.set(now.plus(RETRY_MS));
            }
        }
        self.sweeping_since.set(None);
    }

    /// Whether all of those that were looked at are erased.
    async fn try_to_sweep(&self) -> Outcome<bool> {
        let Some((site, days)) = self.keeps()? else { return Ok(true) };
        let quiet_since = days.before(now());
        // Those that could not be erased must not keep younger ones from their turn; after the youngest it begins anew.
        let stuck = self.sql.first("DELETE FROM stuck RETURNING count", Vec::new())?;
        let stuck = stuck.map(|row| row.number(0)).transpose()?.unwrap_or_default();
        let query = format!(
            "SELECT id FROM conversation WHERE {LAST_SAID} <= ? ORDER BY {LAST_SAID} LIMIT ? OFFSET ?"
        );
        let rows = self.sql.rows(&query, vec![int(quiet_since.0), int(AT_ONCE), int(stuck)])?;
        let old = rows.iter().map(|row| row.name(0)).collect::<Outcome<Vec<ConversationId>>>()?;
        for id in &old {
            // The site may have decided otherwise meanwhile.
            if self.keeps()?.is_none_or(|(_, now)| now != days) {
                break;
            }
            let insert = "INSERT OR IGNORE INTO unnoted (id) VALUES (?)";
            self.sql.run(insert, vec![id.to_string().into()])?;
            let call = Erase { site: site.clone(), conversation: *id, quiet_since: Some(quiet_since) };
            match ask(&conversation::object(&self.env, &site, *id)?, &call).await {
                Ok(true) => {}
                Ok(false) => self.noted(*id)?,
                Err(refusal) => refusal.log("erasing an old conversation"),
            }
        }
        self.note_erased(&site).await?;
        // One that is still here has something to say, could not be erased, or its object could not tell.
        let query = "SELECT 1 FROM conversation WHERE id = ?";
        let is_left = |id: &ConversationId| self.sql.first(query, vec![id.to_string().into()]);
        let left = old.iter().map(is_left).collect::<Outcome<Vec<_>>>()?;
        let left = left.iter().flatten().count() as u64;
        if old.len() as u64 == AT_ONCE && stuck + left > 0 {
            let upsert = "INSERT OR REPLACE INTO stuck (only, count) VALUES (1, ?)";
            self.sql.run(upsert, vec![int(stuck + left)])?;
        }
        Ok(left == 0)
    }

    /// Has the site write down which were erased. What cannot be written down now is written down with the next.
    async fn note_erased(&self, site: &SiteId) -> Outcome<()> {
        let query = "SELECT id FROM unnoted WHERE id NOT IN (SELECT id FROM conversation) LIMIT ?";
        let rows = self.sql.rows(query, vec![int(5 * AT_ONCE)])?;
        let erased = rows.iter().map(|row| row.name(0)).collect::<Outcome<Vec<ConversationId>>>()?;
        if erased.is_empty() {
            return Ok(());
        }
        let details = erased.iter().map(ToString::to_string).collect();
        let note = NoteActs { by: "retention".to_owned(), what: "erase".to_owned(), details };
        ask(&object::named(&self.env, object::SITE, site.as_str())?, &note).await?;
        erased.into_iter().try_for_each(|id| self.noted(id))
    }

    fn noted(&self, id: ConversationId) -> Outcome<()> {
        Ok(self.sql.run("DELETE FROM unnoted WHERE id = ?", vec![id.to_string().into()])?)
    }

    /// When it is to be looked next what has become too old; `None` when nothing ever does.
    pub(super) fn next_sweep(&self) -> Outcome<Option<Millis>> {
        let Some((_, days)) = self.keeps()? else { return Ok(None) };
        let query = format!("SELECT {LAST_SAID} FROM conversation ORDER BY {LAST_SAID} LIMIT 1");
        let oldest = self.sql.first(&query, Vec::new())?;
        let daily = now().plus(SWEEP_MS);
        let due = match oldest {
            Some(row) => Millis(row.number(0)?).plus(u64::from(days.get()) * Millis::DAY).min(daily),
            None => daily,
        };
        // One that is under way looks again when it is done, or has to be given up.
        let under_way = self.sweeping_since.get().map_or(Millis::default(), |since| since.plus(GIVE_UP_MS));
        Ok(Some(due.max(self.sweeps_from.get()).max(under_way)))
    }

    fn keeps(&self) -> Outcome<Option<(SiteId, KeepDays)>> {
        let Some(row) = self.sql.first("SELECT site, days FROM keeps", Vec::new())? else { return Ok(None) };
        let days = u16::try_from(row.number(1)?).map_err(Refusal::failed)?;
        Ok(Some((row.name(0)?, KeepDays::new(days).map_err(Refusal::failed)?)))
    }
}
