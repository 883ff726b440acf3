//! The guard's shards: 256 objects, each for the keys whose HMAC begins with its byte.
//!
//! **Why one a shard.** A quota is exact only when one place decides on it, and an object for each visitor
//! would be far too many; an object for all of them far too busy. A shard holds thousands of keys, and two
//! keys that meet in one never notice.
//!
//! **What it relies on the platform for.** One event at a time between two awaits: reading a key's state,
//! deciding, and writing it back happens without an await, so N requests at once are decided one after
//! the other and admit exactly the quota. The answer leaves only when the write is durable. SQLite holds
//! everything; memory holds nothing. An alarm sweeps what is used no more.

use std::cell::Cell;

use deskbell_shared::{
    throttle::{Decision, Gcra},
    wire::Millis,
};
use worker::{DurableObject, Env, Request, Response, State, durable_object};

use crate::{
    guard::calls::{Admit, GiveBack, LiftBan, Policy, PutBan},
    limits::Limit,
    platform::{
        now, object,
        sql::{Sql, int},
    },
    refusal::{Outcome, Refusal},
};

/// How often idle keys are swept, in milliseconds.
const SWEEP_MS: i64 = 10 * 60 * 1000;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS rate (key TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS ban (
        id TEXT PRIMARY KEY, key TEXT NOT NULL, until INTEGER, reason TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS ban_by_key ON ban (key);
";

/// A shard of the guard.
#[durable_object(alarm)]
pub struct GuardDo {
    state: State,
    sql: Sql,
    sweep_is_set: Cell<bool>,
}

impl DurableObject for GuardDo {
    fn new(state: State, _env: Env) -> Self {
        let sql = Sql::of(&state);
        // Without its tables every call fails and says so; there is nothing better to do here.
        if let Err(error) = sql.run(SCHEMA, Vec::new()) {
            worker::console_error!("guard: {error}");
        }
        Self { state, sql, sweep_is_set: Cell::new(false) }
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        let (path, body) = (request.path(), request.text().await?);
        let outcome = self.answer(&path, &body);
        // Set in the same step as what was written: whatever happens now, it will be swept.
        self.set_sweep().await?;
        object::send(&path, outcome)
    }

    async fn alarm(&self) -> worker::Result<Response> {
        self.sweep_is_set.set(false);
        let now = now();
        self.sql.run("DELETE FROM rate WHERE until <= ?", vec![int(now.0)])?;
        self.sql.run("DELETE FROM ban WHERE until <= ?", vec![int(now.0)])?;
        let left = "SELECT key FROM rate UNION ALL SELECT key FROM ban WHERE until IS NOT NULL LIMIT 1";
        if !matches!(self.sql.first(left, Vec::new()), Ok(None)) {
            self.set_sweep().await?;
        }
        Response::empty()
    }
}

impl GuardDo {
    fn answer(&self, path: &str, body: &str) -> Outcome<String> {
        object::answer! { path, body;
            Admit => |call| self.admit(&call)?,
            GiveBack => |call| self.give_back(&call)?,
            PutBan => |call| self.put_ban(&call)?,
            LiftBan => |call| self.lift_ban(&call)?,
        }
    }

    fn admit(&self, call: &Admit) -> Outcome<Limit> {
        let now = now();
        if let Some(key) = &call.ban {
            self.refuse_banned(key, now)?;
        }
        let quota = call.policy.quota();
        let mut state = self.rate(call.policy, &call.key)?;
        let decision = state.decide(quota, 1, now);
        let limit = Limit::of(call.policy.name(), quota, decision);
        if let Decision::Refused { retry_after_ms } = decision {
            let wait = retry_after_ms.unwrap_or(quota.window_ms());
            return Err(Refusal::throttled(detail(call.policy), wait, vec![limit]));
        }
        self.keep(call.policy, &call.key, state)?;
        Ok(limit)
    }

    fn give_back(&self, call: &GiveBack) -> Outcome<()> {
        let mut state = self.rate(call.policy, &call.key)?;
        state.give_back(call.policy.quota(), 1, call.counted, now());
        self.keep(call.policy, &call.key, state)
    }

    fn put_ban(&self, call: &PutBan) -> Outcome<()> {
        let row = vec![
            call.id.to_string().into(),
            call.key.as_str().into(),
            call.until.map(|until| int(until.0)).into(),
            call.reason.as_str().into(),
        ];
        let insert = "INSERT OR IGNORE INTO ban (id, key, until, reason) VALUES (?, ?, ?, ?)";
        Ok(self.sql.run(insert, row)?)
    }

    fn lift_ban(&self, call: &LiftBan) -> Outcome<()> {
        Ok(self.sql.run("DELETE FROM ban WHERE id = ?", vec![call.id.to_string().into()])?)
    }

    /// Refuses a key that is banned, naming the ban that lasts longest.
    fn refuse_banned(&self, key: &str, now: Millis) -> Outcome<()> {
        let query = "SELECT until, reason FROM ban WHERE key = ? AND (until IS NULL OR until > ?)
                     ORDER BY until IS NULL DESC, until DESC LIMIT 1";
        match self.sql.first(query, vec![key.into(), int(now.0)])? {
            Some(ban) => Err(Refusal::banned(ban.text(1)?, ban.maybe_number(0)?.map(Millis), now)),
            None => Ok(()),
        }
    }

    fn rate(&self, policy: Policy, key: &str) -> Outcome<Gcra> {
        let query = "SELECT until FROM rate WHERE key = ?";
        match self.sql.first(query, vec![row_key(policy, key).into()])? {
            Some(row) => Ok(Gcra(Millis(row.number(0)?))),
            None => Ok(Gcra::default()),
        }
    }

    fn keep(&self, policy: Policy, key: &str, state: Gcra) -> Outcome<()> {
        let upsert = "INSERT INTO rate (key, until) VALUES (?, ?)
                      ON CONFLICT (key) DO UPDATE SET until = excluded.until";
        Ok(self.sql.run(upsert, vec![row_key(policy, key).into(), int(state.0.0)])?)
    }

    async fn set_sweep(&self) -> worker::Result<()> {
        if !self.sweep_is_set.replace(true) && self.state.storage().get_alarm().await?.is_none() {
            self.state.storage().set_alarm(SWEEP_MS).await?;
        }
        Ok(())
    }
}

fn row_key(policy: Policy, key: &str) -> String {
    format!("{}/{key}", policy.name())
}

fn detail(policy: Policy) -> &'static str {
    match policy {
        Policy::HandoffVisitor | Policy::HandoffAddress | Policy::HandoffNetwork => {
            "Too many conversations were opened from here in a short time."
        }
        Policy::HandoffSite => "Very many people are asking for a person at the moment.",
        Policy::SessionVisitor | Policy::SessionAddress | Policy::SessionNetwork => {
            "Too many connections were opened from here in a short time."
        }
        Policy::SessionSite => "Very many people are connecting at the moment.",
        Policy::SignInPersonFrom | Policy::SignInPerson => "Too many sign-ins were tried for this person.",
        Policy::SignInAddress | Policy::SignInNetwork => "Too many sign-ins were tried from here.",
        Policy::SignInSite => "Too many sign-ins were tried at this site.",
    }
}
