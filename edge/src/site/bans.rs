//! A site's bans: written here first, then carried to where they are enforced.

use deskbell_shared::wire::{Ban, BanId, Bans, ConversationId, Millis, ProblemKind};
use worker::Env;

use super::{
    calls::{GuardBan, MakeBan},
    carrying::Pending,
};
use crate::{
    platform::{
        now, random,
        sql::{Sql, int},
    },
    refusal::{Outcome, Refusal},
};

/// How long a ban is kept that is over, in milliseconds. One with an appeal that waits is kept until that is decided.
const KEPT_MS: u64 = 24 * 60 * 60 * 1000;

/// Which conversations took a ban.
const TAKEN: &str = "
    CREATE TABLE IF NOT EXISTS taken (ban TEXT NOT NULL, conversation TEXT NOT NULL, PRIMARY KEY (ban, conversation))
    WITHOUT ROWID;
";

/// The bans of the site whose database this is.
pub(crate) struct BanBook<'a>(pub(crate) &'a Sql);

/// What becomes of a ban.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lifted {
    /// It holds, until it ends.
    No = 0,
    /// It is over.
    Yes = 1,
    /// It is over, and was wrong.
    Forgiven = 2,
}

impl BanBook<'_> {
    /// The table it needs.
    pub(crate) const SCHEMA: &'static str = "
        CREATE TABLE IF NOT EXISTS block (
            id TEXT PRIMARY KEY, key TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER, doc TEXT NOT NULL,
            lifted INTEGER NOT NULL DEFAULT 0, change INTEGER NOT NULL DEFAULT 1, carried INTEGER NOT NULL DEFAULT 0
        ) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS block_pending ON block (id) WHERE change <> carried;
        CREATE INDEX IF NOT EXISTS block_by_key ON block (key);
        CREATE INDEX IF NOT EXISTS block_end ON block (until);
    ";

    /// Lets bans hold on that were made in this conversation, without its name.
    pub(crate) fn forget_conversation(&self, conversation: ConversationId) -> Outcome<()> {
        let id = conversation.to_string();
        if self.0.has_table("taken")? {
            self.0.run("DELETE FROM taken WHERE conversation = ?", vec![id.as_str().into()])?;
        }
        let update = "UPDATE block SET doc = json_remove(doc, '$.conversation')
                      WHERE json_extract(doc, '$.conversation') = ?";
        Ok(self.0.run(update, vec![id.into()])?)
    }

    /// Writes a ban down that an agent makes.
    pub(crate) fn make(&self, call: &MakeBan, now: Millis) -> Outcome<Ban> {
        let request = &call.request;
        let ban = Ban {
            id: BanId(random::bytes()?),
            conversation: request.conversation,
            scope: request.scope.clone(),
            reason: Some(request.reason.clone()),
            signals: Vec::new(),
            by: Some(call.by.name.clone()),
            since: now,
            until: request.seconds.map(|seconds| now.plus(u64::from(seconds) * 1000)),
        };
        self.put(&ban, &call.key)?;
        Ok(ban)
    }

    /// Writes a ban down that the guard made; false when it is there already.
    pub(crate) fn take(&self, call: GuardBan, now: Millis) -> Outcome<bool> {
        let GuardBan { id, conversation, scope, key, signals, until } = call;
        if self.get(id)?.is_some() {
            return Ok(false);
        }
        let ban = Ban { id, conversation, scope, reason: None, signals, by: None, since: now, until };
        self.put(&ban, &key).map(|()| true)
    }

    fn put(&self, ban: &Ban, key: &str) -> Outcome<()> {
        self.note_takers()?;
        let insert = "INSERT INTO block (id, key, since, until, doc) VALUES (?, ?, ?, ?, ?)";
        let row = vec![
            ban.id.to_string().into(),
            key.into(),
            int(ban.since.0),
            ban.until.map(|until| int(until.0)).into(),
            serde_json::to_string(ban)?.into(),
        ];
        Ok(self.0.run(insert, row)?)
    }

    /// Forgets bans that were over long enough ago.
    pub(crate) fn forget(&self, now: Millis) -> Outcome<()> {
        self.note_takers()?;
        let delete = "DELETE FROM block WHERE until <= ? AND change = carried
            AND NOT EXISTS (SELECT 1 FROM plea WHERE plea.ban = block.id AND plea.waits = 1)";
        self.0.run(delete, vec![int(now.0.saturating_sub(KEPT_MS))])?;
        let delete = "DELETE FROM taken WHERE NOT EXISTS (SELECT 1 FROM block WHERE block.id = taken.ban)";
        Ok(self.0.run(delete, Vec::new())?)
    }

    /// When the first can be forgotten.
    pub(crate) fn next_end(&self) -> Outcome<Option<Millis>> {
        let row = self.0.first("SELECT MIN(until) FROM block", Vec::new())?;
        let until = row.map_or(Ok(None), |row| row.maybe_number(0))?;
        Ok(until.map(|until| Millis(until).plus(KEPT_MS)))
    }

    /// A ban, whether or not it is in force.
    pub(crate) fn get(&self, id: BanId) -> Outcome<Option<Ban>> {
        let row = self.0.first("SELECT doc FROM block WHERE id = ?", vec![id.to_string().into()])?;
        row.map(|row| row.json(0)).transpose()
    }

    /// The ban that stops somebody who goes by one of these keys and lasts longest.
    pub(crate) fn stopping(&self, keys: &[&str], now: Millis) -> Outcome<Option<Ban>> {
        let mut found: Option<Ban> = None;
        for key in keys {
            let query = "SELECT doc FROM block WHERE key = ? AND lifted = 0 AND (until IS NULL OR until > ?)";
            for row in self.0.rows(query, vec![(*key).into(), int(now.0)])? {
                let ban: Ban = row.json(0)?;
                let lasts = |ban: &Ban| ban.until.unwrap_or(Millis(u64::MAX));
                if found.as_ref().is_none_or(|found| lasts(found) < lasts(&ban)) {
                    found = Some(ban);
                }
            }
        }
        Ok(found)
    }

    /// Writes down that a ban is lifted, and so is over. Doing it again changes nothing.
    pub(crate) fn lift(&self, id: BanId, was_wrong: bool, now: Millis) -> Outcome<()> {
        let lifted = if was_wrong { Lifted::Forgiven } else { Lifted::Yes };
        let update = "UPDATE block SET change = change + (lifted <> ?2), lifted = ?2,
                        until = min(coalesce(until, ?3), ?3) WHERE id = ?1 RETURNING id";
        match self.0.first(update, vec![id.to_string().into(), int(lifted as u64), int(now.0)])? {
            Some(_) => Ok(()),
            None => Err(no_such()),
        }
    }

    /// Whether a ban was lifted.
    pub(crate) fn is_lifted(&self, id: BanId) -> Outcome<bool> {
        let query = "SELECT 1 FROM block WHERE id = ? AND lifted <> 0";
        Ok(self.0.first(query, vec![id.to_string().into()])?.is_some())
    }

    /// Writes down that a ban ends at another time.
    pub(crate) fn end_at(&self, id: BanId, until: Option<Millis>) -> Outcome<()> {
        let mut ban = self.get(id)?.ok_or_else(no_such)?;
        ban.until = until;
        let update = "UPDATE block SET until = ?, doc = ?, change = change + 1 WHERE id = ?";
        let row = vec![
            until.map(|until| int(until.0)).into(),
            serde_json::to_string(&ban)?.into(),
            id.to_string().into(),
        ];
        Ok(self.0.run(update, row)?)
    }

    /// The bans in force, newest first.
    pub(crate) fn in_force(&self, now: Millis) -> Outcome<Bans> {
        // Each half by its index: with OR, all bans there were would be looked through.
        let query = "SELECT doc FROM (
                SELECT since, id, doc FROM block WHERE lifted = 0 AND until IS NULL
                UNION ALL SELECT since, id, doc FROM block WHERE lifted = 0 AND until > ?
            ) ORDER BY since DESC, id";
        let rows = self.0.rows(query, vec![int(now.0)])?;
        Ok(Bans { bans: rows.iter().map(|row| row.json(0)).collect::<Outcome<_>>()? })
    }

    /// Whether a change has not been carried everywhere yet.
    pub(crate) fn pending(&self) -> Outcome<bool> {
        Ok(self.0.first("SELECT id FROM block WHERE change <> carried LIMIT 1", Vec::new())?.is_some())
    }

    /// Carries every change to the guard, which keeps the visitor from opening anything, and into the
    /// visitor's conversations, which take no more words. One that fails keeps the others from nothing.
    ///
    /// # Errors
    /// What the first of those failed with that are left.
    pub(crate) async fn carry(&self, env: &Env) -> Outcome<()> {
        loop {
            let (mut after, mut carried, mut failed) = (String::new(), false, None);
            while let Some(pending) = self.next(&after)? {
                after = pending.ban.id.to_string();
                if let Err(refusal) = pending.carry(self, env).await {
                    failed.get_or_insert(refusal);
                    continue;
                }
                // The alarm carries it once more.
                if pending.is_early(now()) {
                    continue;
                }
                // It may have been changed meanwhile. Then that is to be carried once more, whoever carried it already:
                // what was carried here may have arrived later, and nobody who enforces bans remembers those lifted.
                let row = vec![int(pending.change), after.as_str().into()];
                self.0.run("UPDATE block SET carried = ? WHERE id = ?", row)?;
                carried = true;
            }
            // Others may have come meanwhile, and stand before those carried.
            if !carried {
                return failed.map_or(Ok(()), Err);
            }
        }
    }

    /// A conversation is about to take a ban.
    pub(super) fn took(&self, ban: BanId, conversation: ConversationId) -> Outcome<()> {
        let insert = "INSERT OR IGNORE INTO taken (ban, conversation) VALUES (?, ?)";
        Ok(self.0.run(insert, vec![ban.to_string().into(), conversation.to_string().into()])?)
    }

    /// The conversations that took a ban, as far as that was noted, and whether it was from the first on.
    pub(super) fn takers(&self, ban: BanId) -> Outcome<(Vec<ConversationId>, bool)> {
        self.note_takers()?;
        let query = "SELECT conversation FROM taken WHERE ban = ? ORDER BY conversation";
        let rows = self.0.rows(query, vec![ban.to_string().into()])?;
        let names = rows.iter().map(|row| row.text(0)).collect::<Outcome<Vec<_>>>()?;
        let unknown = names.first().is_some_and(|name| name.is_empty());
        let known = rows.iter().skip(usize::from(unknown)).map(|row| row.name(0));
        Ok((known.collect::<Outcome<_>>()?, !unknown))
    }

    /// From now on it is noted who takes a ban. Bans from before have an empty name among theirs.
    fn note_takers(&self) -> Outcome<()> {
        if !self.0.has_table("taken")? {
            self.0.run(TAKEN, Vec::new())?;
            self.0.run("INSERT INTO taken (ban, conversation) SELECT id, '' FROM block", Vec::new())?;
        }
        Ok(())
    }

    /// A change to carry, as it stands now: the next in order after this ban.
    fn next(&self, after: &str) -> Outcome<Option<Pending>> {
        let query = "SELECT site.id, block.doc, key, lifted, change FROM block, site
                     WHERE change <> carried AND block.id > ? ORDER BY block.id LIMIT 1";
        let Some(row) = self.0.first(query, vec![after.into()])? else { return Ok(None) };
        let lifted = match row.number(3)? {
            0 => Lifted::No,
            1 => Lifted::Yes,
            _ => Lifted::Forgiven,
        };
        let (site, ban, key) = (row.name(0)?, row.json(1)?, row.text(2)?.to_owned());
        Ok(Some(Pending { site, ban, key, lifted, change: row.number(4)? }))
    }
}

fn no_such() -> Refusal {
    Refusal::new(ProblemKind::NotFound, "There is no such ban at this site.")
}
