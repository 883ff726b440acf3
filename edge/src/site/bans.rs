//! A site's bans: written here first, then carried to where they are enforced.

use deskbell_shared::wire::{Ban, BanId, BanScope, Bans, Millis, ProblemKind, SiteId};
use worker::Env;

use super::calls::{GuardBan, MakeBan};
use crate::{
    conversation::{
        self,
        calls::{BanVisitor, LookOutFor, UnbanVisitor},
        watch::Watch,
    },
    desk::calls::{Online, WithVisitor},
    guard::{
        self,
        calls::{LiftBan, PutBan},
    },
    platform::{
        object::{self, ask},
        random,
        sql::{Sql, int},
    },
    refusal::{Outcome, Refusal},
};

/// How long a ban is kept that is over, in milliseconds. One with an appeal that waits is kept until that is decided.
const KEPT_MS: u64 = 24 * 60 * 60 * 1000;

/// The bans of the site whose database this is.
pub(crate) struct BanBook<'a>(pub(crate) &'a Sql);

/// What becomes of a ban.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lifted {
    /// It holds, until it ends.
    No = 0,
    /// It is over.
    Yes = 1,
    /// It is over, and was wrong.
    Forgiven = 2,
}

/// A change that has not been carried everywhere yet.
struct Pending {
    site: SiteId,
    ban: Ban,
    key: String,
    lifted: Lifted,
    /// Counts up with every change, so that one made meanwhile is not taken for carried.
    change: u64,
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
        self.forget_ended(ban.since)?;
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

    /// Forgets bans that are over. A new one makes room for itself, so that a flood of them leaves no more than a day's.
    fn forget_ended(&self, now: Millis) -> Outcome<()> {
        let delete = "DELETE FROM block WHERE until <= ? AND change = carried
            AND NOT EXISTS (SELECT 1 FROM appeal WHERE appeal.ban = block.id AND appeal.waits = 1)";
        Ok(self.0.run(delete, vec![int(now.0.saturating_sub(KEPT_MS))])?)
    }

    /// A ban, whether or not it is in force.
    pub(crate) fn get(&self, id: BanId) -> Outcome<Option<Ban>> {
        let row = self.0.first("SELECT doc FROM block WHERE id = ?", vec![id.to_string().into()])?;
        row.map(|row| row.json(0)).transpose()
    }

    /// Whom a ban stops: an HMAC.
    pub(crate) fn key(&self, id: BanId) -> Outcome<Option<String>> {
        let row = self.0.first("SELECT key FROM block WHERE id = ?", vec![id.to_string().into()])?;
        row.map(|row| Ok(row.text(0)?.to_owned())).transpose()
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

    /// Writes down that a ban is lifted. Doing it again changes nothing.
    pub(crate) fn lift(&self, id: BanId, was_wrong: bool) -> Outcome<()> {
        let lifted = if was_wrong { Lifted::Forgiven } else { Lifted::Yes };
        let update =
            "UPDATE block SET change = change + (lifted <> ?2), lifted = ?2 WHERE id = ?1 RETURNING id";
        match self.0.first(update, vec![id.to_string().into(), int(lifted as u64)])? {
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
                if let Err(refusal) = pending.carry(env).await {
                    failed.get_or_insert(refusal);
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

impl Pending {
    async fn carry(&self, env: &Env) -> Outcome<()> {
        let Self { site, ban, key, lifted, .. } = self;
        let forgiven = *lifted == Lifted::Forgiven;
        // Words are carried with the site's rules; ranges and countries are stopped at the gate, and live talks here.
        if matches!(ban.scope, BanScope::Keyword(_) | BanScope::Email(_)) {
            return Ok(());
        }
        let Ban { id, until, reason, signals, .. } = ban.clone();
        if matches!(ban.scope, BanScope::Visitor | BanScope::Address) {
            let shard = guard::shard(env, key)?;
            if *lifted == Lifted::No {
                let (key, reason, signals) = (key.clone(), reason.clone(), signals.clone());
                ask(&shard, &PutBan { id, key, until, reason, signals }).await?;
            } else {
                ask(&shard, &LiftBan { id, forgiven: forgiven.then(|| key.clone()) }).await?;
            }
        }
        let desk = object::named(env, object::DESK, site.as_str())?;
        let others = ask(&desk, &WithVisitor { key: key.clone() }).await?;
        let others = others.into_iter().filter(|other| Some(*other) != ban.conversation);
        let mut telling = Telling::default();
        for conversation in ban.conversation.into_iter().chain(others) {
            let talk = conversation::object(env, site, conversation)?;
            let told = if *lifted == Lifted::No {
                let (reason, signals) = (reason.clone(), signals.clone());
                let place = (ban.scope != BanScope::Visitor).then(|| key.clone());
                ask(&talk, &BanVisitor { id, reason, signals, until, place }).await
            } else {
                ask(&talk, &UnbanVisitor { id, forgiven }).await
            };
            telling.note(told);
        }
        telling.outcome()
    }
}

/// What telling one conversation after the other came to: one that fails keeps none of the others from hearing.
#[derive(Default)]
struct Telling {
    failed: Option<Refusal>,
}

impl Telling {
    fn note(&mut self, told: Outcome<()>) {
        match told {
            // Where nobody talks, nobody has to be told.
            Err(refusal) if refusal.problem().kind != ProblemKind::ConversationUnknown => {
                self.failed.get_or_insert(refusal);
            }
            Ok(()) | Err(_) => {}
        }
    }

    /// What the first of those failed with that did.
    fn outcome(self) -> Outcome<()> {
        self.failed.map_or(Ok(()), Err)
    }
}

/// Carries what to look out for into the conversations whose visitor is there now; the others hear of it when their
/// visitor comes back.
pub(crate) async fn carry_watch(env: &Env, site: &SiteId, watch: &Watch) -> Outcome<()> {
    let desk = object::named(env, object::DESK, site.as_str())?;
    let (mut telling, mut after) = (Telling::default(), None);
    loop {
        let page = ask(&desk, &Online { after }).await?;
        after = page.last().copied();
        if after.is_none() {
            return telling.outcome();
        }
        for conversation in page {
            let talk = conversation::object(env, site, conversation)?;
            telling.note(ask(&talk, &LookOutFor { watch: watch.clone() }).await);
        }
    }
}

fn no_such() -> Refusal {
    Refusal::new(ProblemKind::NotFound, "There is no such ban at this site.")
}
