//! A site's bans: written here first, then carried to where they are enforced.

use deskbell_shared::wire::{Ban, BanId, BanScope, Bans, ConversationId, Line, Millis, ProblemKind, SiteId};
use worker::Env;

use super::calls::MakeBan;
use crate::{
    conversation::calls::{BanVisitor, UnbanVisitor},
    desk::calls::WithVisitor,
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

/// The bans of the site whose database this is.
pub(crate) struct BanBook<'a>(pub(crate) &'a Sql);

/// A change that has not been carried everywhere yet.
struct Pending {
    site: SiteId,
    id: BanId,
    conversation: ConversationId,
    key: String,
    reason: Line,
    until: Option<Millis>,
    lifted: bool,
}

impl BanBook<'_> {
    /// The table it needs.
    pub(crate) const SCHEMA: &'static str = "
        CREATE TABLE IF NOT EXISTS ban (
            id TEXT PRIMARY KEY, conversation TEXT NOT NULL, scope TEXT NOT NULL, key TEXT NOT NULL,
            reason TEXT NOT NULL, made_by TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER,
            lifted INTEGER NOT NULL DEFAULT 0, pending INTEGER NOT NULL DEFAULT 1
        ) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS ban_pending ON ban (pending) WHERE pending = 1;
    ";

    /// Writes a ban down.
    pub(crate) fn make(&self, call: &MakeBan, now: Millis) -> Outcome<Ban> {
        let request = &call.request;
        let ban = Ban {
            id: BanId(random::bytes()?),
            conversation: request.conversation,
            scope: request.scope,
            reason: request.reason.clone(),
            by: call.by.name.clone(),
            since: now,
            until: request.seconds.map(|seconds| now.plus(u64::from(seconds) * 1000)),
        };
        self.0.run(
            "INSERT INTO ban (id, conversation, scope, key, reason, made_by, since, until)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            vec![
                ban.id.to_string().into(),
                ban.conversation.to_string().into(),
                serde_json::to_string(&ban.scope)?.into(),
                call.key.as_str().into(),
                ban.reason.as_str().into(),
                ban.by.as_str().into(),
                int(now.0),
                ban.until.map(|until| int(until.0)).into(),
            ],
        )?;
        Ok(ban)
    }

    /// Writes down that a ban is lifted. Doing it again changes nothing.
    pub(crate) fn lift(&self, id: BanId) -> Outcome<()> {
        let update = "UPDATE ban SET lifted = 1, pending = 1 WHERE id = ? RETURNING id";
        match self.0.first(update, vec![id.to_string().into()])? {
            Some(_) => Ok(()),
            None => Err(Refusal::new(ProblemKind::NotFound, "There is no such ban at this site.")),
        }
    }

    /// The bans in force, newest first.
    pub(crate) fn in_force(&self, now: Millis) -> Outcome<Bans> {
        let query = "SELECT id, conversation, scope, reason, made_by, since, until FROM ban
            WHERE lifted = 0 AND (until IS NULL OR until > ?) ORDER BY since DESC, id";
        let rows = self.0.rows(query, vec![int(now.0)])?;
        let bans = rows.iter().map(|row| {
            Ok(Ban {
                id: row.name(0)?,
                conversation: row.name(1)?,
                scope: row.json::<BanScope>(2)?,
                reason: row.name(3)?,
                by: row.name(4)?,
                since: Millis(row.number(5)?),
                until: row.maybe_number(6)?.map(Millis),
            })
        });
        Ok(Bans { bans: bans.collect::<Outcome<_>>()? })
    }

    /// Whether a change has not been carried everywhere yet.
    pub(crate) fn pending(&self) -> Outcome<bool> {
        Ok(self.0.first("SELECT id FROM ban WHERE pending = 1 LIMIT 1", Vec::new())?.is_some())
    }

    /// Carries every change to the guard, which keeps the visitor from opening anything, and into the
    /// visitor's conversations, which take no more words.
    pub(crate) async fn carry(&self, env: &Env) -> Outcome<()> {
        while let Some(change) = self.next()? {
            change.carry(env).await?;
            // It may have been lifted meanwhile. Then that is to be carried once more, whoever carried it already:
            // what was carried here may have arrived later, and nobody who enforces bans remembers those lifted.
            self.0.run(
                "UPDATE ban SET pending = (lifted <> ?) WHERE id = ?",
                vec![int(u64::from(change.lifted)), change.id.to_string().into()],
            )?;
        }
        Ok(())
    }

    /// A change to carry, as it stands now.
    fn next(&self) -> Outcome<Option<Pending>> {
        let query = "SELECT site.id, ban.id, conversation, key, reason, until, lifted
                     FROM ban, site WHERE pending = 1 LIMIT 1";
        let Some(row) = self.0.first(query, Vec::new())? else { return Ok(None) };
        Ok(Some(Pending {
            site: row.name(0)?,
            id: row.name(1)?,
            conversation: row.name(2)?,
            key: row.text(3)?.to_owned(),
            reason: row.name(4)?,
            until: row.maybe_number(5)?.map(Millis),
            lifted: row.number(6)? > 0,
        }))
    }
}

impl Pending {
    async fn carry(&self, env: &Env) -> Outcome<()> {
        let shard = guard::shard(env, &self.key)?;
        let (id, until) = (self.id, self.until);
        if !self.lifted {
            ask(&shard, &PutBan { id, key: self.key.clone(), until, reason: self.reason.clone() }).await?;
        } else {
            ask(&shard, &LiftBan { id }).await?;
        }
        let desk = object::named(env, object::DESK, self.site.as_str())?;
        let others = ask(&desk, &WithVisitor { key: self.key.clone() }).await?;
        let others = others.into_iter().filter(|other| *other != self.conversation);
        for conversation in std::iter::once(self.conversation).chain(others) {
            let talk = crate::conversation::object(env, &self.site, conversation)?;
            if !self.lifted {
                ask(&talk, &BanVisitor { id, reason: self.reason.clone(), until }).await?;
            } else {
                ask(&talk, &UnbanVisitor { id }).await?;
            }
        }
        Ok(())
    }
}
