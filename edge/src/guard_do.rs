//! The guard's shards: 256 objects, each for the keys whose HMAC begins with its byte.
//!
//! **Why one a shard.** A quota is exact only when one place decides on it, and an object for each visitor
//! would be far too many; an object for all of them far too busy. A shard holds thousands of keys, and two
//! keys that meet in one never notice.
//!
//! **What it relies on the platform for.** One event at a time between two awaits: reading a key's state,
//! deciding, and writing it back happens without an await, so N requests at once are decided one after
//! the other and admit exactly the quota. The answer leaves only when the write is durable. SQLite holds
//! everything; memory holds nothing but when the alarm is due. The alarm sweeps what is used no more, and tells sites of
//! bans made here until they know of them: then they carry the ban back to where it was made.

use std::cell::Cell;

use deskbell_shared::{
    guard::{conduct::Conduct, ladder::Rung, score::HALF_LIFE_MS, signal::Signal},
    throttle::{Gcra, Quota, decide_all},
    wire::{BanId, Challenge, Millis, SiteId},
};
use worker::{DurableObject, Env, Request, Response, State, durable_object};

use crate::{
    guard::{
        calls::{
            Admit, Admitted, BansBy, GiveBack, Judged, LiftBan, Policy, PutBan, Remember, Stop, Suspect,
        },
        throttled,
    },
    limits::Limit,
    platform::{
        now,
        object::{self, ask},
        random,
        sql::{Sql, int},
    },
    refusal::{Outcome, Refusal},
};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// How often idle keys are swept, in milliseconds.
const SWEEP_MS: u64 = 10 * 60 * 1000;
/// How long until a site that could not be told of a ban is told again, in milliseconds.
const RETRY_MS: u64 = 5_000;
/// How long a site may stay untold of a ban that is over, in milliseconds.
const GIVE_UP_MS: u64 = DAY_MS;
/// How long a key is known that was remembered, in milliseconds.
const KNOWN_MS: u64 = 60 * DAY_MS;
/// How long a conduct is kept that has nothing new: a strike is remembered for a day.
const KEEP_CONDUCT_MS: u64 = 4 * DAY_MS;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS rate (key TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS stop (
        id TEXT PRIMARY KEY, key TEXT NOT NULL, until INTEGER, doc TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS stop_by_key ON stop (key);
    CREATE TABLE IF NOT EXISTS conduct (
        key TEXT PRIMARY KEY, until INTEGER NOT NULL, doc TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS spent (id TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS untold (
        id TEXT PRIMARY KEY, site TEXT NOT NULL, until INTEGER NOT NULL, doc TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS known (key TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
";

/// A shard of the guard.
#[durable_object(alarm)]
pub struct GuardDo {
    state: State,
    env: Env,
    sql: Sql,
    /// When the alarm is due, as far as this copy of the object knows.
    wakes_at: Cell<Option<Millis>>,
    /// Whether somebody was stopped whose site is to be told.
    has_untold: Cell<bool>,
}

impl DurableObject for GuardDo {
    fn new(state: State, env: Env) -> Self {
        let sql = Sql::of(&state);
        // Without its tables every call fails and says so; there is nothing better to do here.
        if let Err(error) = sql.run(SCHEMA, Vec::new()) {
            worker::console_error!("guard: {error}");
        }
        Self { state, env, sql, wakes_at: Cell::default(), has_untold: Cell::default() }
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        let (path, body) = (request.path(), request.text().await?);
        let outcome = self.answer(&path, &body);
        // Set in the same step as what was written: whatever happens now, it will be swept, and told.
        self.wake_within(if self.has_untold.take() { RETRY_MS } else { SWEEP_MS }).await?;
        object::send(&path, outcome)
    }

    async fn alarm(&self) -> worker::Result<Response> {
        self.wakes_at.set(None);
        if let Err(refusal) = self.tell_sites().await {
            refusal.log("telling sites of bans");
        }
        if let Some(ms) = self.sweep()? {
            self.wake_within(ms).await?;
        }
        Response::empty()
    }
}

impl GuardDo {
    fn answer(&self, path: &str, body: &str) -> Outcome<String> {
        object::answer! { path, body;
            Admit => |call| self.admit(&call)?,
            GiveBack => |call| self.give_back(&call)?,
            Stop => |call| self.stop_now(&call, now())?,
            Remember => |call| self.remember(&call, now())?,
            Suspect => |call| self.suspect(&call)?,
            PutBan => |call| self.take_ban(&call, now())?,
            LiftBan => |call| self.lift_ban(&call)?,
        }
    }

    fn admit(&self, call: &Admit) -> Outcome<Admitted> {
        let now = now();
        if let Some(key) = &call.ban {
            self.refuse_banned(key, now)?;
        }
        let mut admitted = Admitted::default();
        let judged = call.judged.as_ref().zip(call.ban.as_ref());
        if let Some((judged, key)) = judged {
            admitted.conduct = self.conduct(key)?;
            admitted.spent_before = self.spend(judged, &mut admitted.conduct, now)?;
        }
        let outcome = self.count(&call.policies, &call.key, now);
        if let Some((judged, key)) = judged {
            match (&outcome, &judged.said) {
                (Ok(_), Some((id, evidence))) => admitted.conduct.weigh_once(*id, evidence, now),
                (Ok(_), None) => {}
                (Err(_), _) => admitted.conduct.note(Signal::Rate, 1, now),
            }
            // Whoever stays within their own quota is stopped when the wider ones admit it too: a new name for each act is
            // no way to have more bans made than those allow.
            if let (Err(_), Some(by)) = (&outcome, &judged.bans)
                && admitted.conduct.rung(by.thresholds, now) == Rung::Ban
            {
                admitted.stopped = Some(self.stop(key, by, &mut admitted.conduct, now)?);
            }
            self.keep_conduct(key, &admitted.conduct, now)?;
        }
        if admitted.stopped.is_some() {
            return Ok(admitted);
        }
        admitted.limits = outcome?;
        admitted.known = call.recognises && self.is_known(&call.key, now)?;
        Ok(admitted)
    }

    /// Counts an act by all of its quotas, or by none.
    fn count(&self, policies: &[Policy], key: &str, now: Millis) -> Outcome<Vec<Limit>> {
        let mut states =
            policies.iter().map(|policy| self.rate(*policy, key)).collect::<Outcome<Vec<_>>>()?;
        let alone: Vec<_> = policies
            .iter()
            .zip(&states)
            .map(|(policy, state)| (*policy, state.peek(policy.quota(), 1, now)))
            .collect();
        let mut parts: Vec<(Quota, &mut Gcra)> =
            policies.iter().map(|policy| policy.quota()).zip(&mut states).collect();
        let decision = decide_all(&mut parts, 1, now);
        if !decision.admitted() {
            let refusing = alone.iter().find(|(_, alone)| *alone == decision).or(alone.first());
            let policy = refusing.map_or(Policy::HandoffVisitor, |(policy, _)| *policy);
            let limit = Limit::of(policy.name(), policy.quota(), decision);
            return Err(throttled(policy, decision, vec![limit]));
        }
        let mut limits = Vec::with_capacity(policies.len());
        for (policy, state) in policies.iter().zip(states) {
            self.keep(*policy, key, state)?;
            limits.push(Limit::after(policy.name(), policy.quota(), state, now));
        }
        Ok(limits)
    }

    /// Uses up the solution of a challenge; whether it was used before.
    fn spend(&self, judged: &Judged, conduct: &mut Conduct, now: Millis) -> Outcome<bool> {
        judged.signals.iter().for_each(|signal| match signal {
            Signal::FailedChallenge => conduct.failed(now),
            other => conduct.note(*other, 1, now),
        });
        let Some(id) = judged.spends else { return Ok(false) };
        let until = now.plus(Challenge::LIFETIME_MS);
        let insert = "INSERT OR IGNORE INTO spent (id, until) VALUES (?, ?) RETURNING id";
        if self.sql.first(insert, vec![id.to_string().into(), int(until.0)])?.is_some() {
            // No puzzle leads past a ban.
            if let Some(BansBy { thresholds, .. }) = judged.bans
                && conduct.rung(thresholds, now) < Rung::Ban
            {
                conduct.solved(thresholds, now);
            }
            return Ok(false);
        }
        conduct.failed(now);
        Ok(true)
    }

    fn stop_now(&self, call: &Stop, now: Millis) -> Outcome<PutBan> {
        self.refuse_banned(&call.key, now)?;
        let mut conduct = self.conduct(&call.key)?;
        let ban = self.stop(&call.key, &call.by, &mut conduct, now)?;
        self.keep_conduct(&call.key, &conduct, now)?;
        Ok(ban)
    }

    /// Stops somebody who has gone too far, and notes that their site has to be told.
    fn stop(&self, key: &str, by: &BansBy, conduct: &mut Conduct, now: Millis) -> Outcome<PutBan> {
        let signals = conduct.reasons(now);
        let end = now.plus(conduct.stop(by.thresholds, now));
        let (id, key) = (BanId(random::bytes()?), key.to_owned());
        let ban = PutBan { id, key, until: Some(end), reason: None, signals };
        self.put_ban(&ban)?;
        let insert = "INSERT INTO untold (id, site, until, doc) VALUES (?, ?, ?, ?)";
        let row = vec![
            id.to_string().into(),
            by.site.as_str().into(),
            int(end.plus(GIVE_UP_MS).0),
            serde_json::to_string(&ban)?.into(),
        ];
        self.sql.run(insert, row)?;
        self.has_untold.set(true);
        Ok(ban)
    }

    /// Tells sites of the bans made here of which they have not shown that they know. Hearing of one again changes nothing.
    async fn tell_sites(&self) -> Outcome<()> {
        let rows = self.sql.rows("SELECT site, doc FROM untold", Vec::new())?;
        for row in rows {
            let (site, ban): (SiteId, PutBan) = (row.name(0)?, row.json(1)?);
            let id = ban.id;
            let told =
                async { ask(&object::named(&self.env, object::SITE, site.as_str())?, &ban.told()).await };
            match told.await {
                Err(refusal) if refusal.problem().status >= 500 => refusal.log("telling a site of a ban"),
                // A site that there is not will never know.
                Ok(()) | Err(_) => self.is_told(id)?,
            }
        }
        Ok(())
    }

    fn is_told(&self, id: BanId) -> Outcome<()> {
        Ok(self.sql.run("DELETE FROM untold WHERE id = ?", vec![id.to_string().into()])?)
    }

    fn give_back(&self, call: &GiveBack) -> Outcome<()> {
        for policy in &call.policies {
            let mut state = self.rate(*policy, &call.key)?;
            state.give_back(policy.quota(), 1, call.counted, now());
            self.keep(*policy, &call.key, state)?;
        }
        Ok(())
    }

    fn suspect(&self, call: &Suspect) -> Outcome<()> {
        let (mut conduct, now) = (self.conduct(&call.key)?, now());
        conduct.note(call.signal, 1, now);
        self.keep_conduct(&call.key, &conduct, now)
    }

    /// A ban is carried here. One of the guard's that was made in a talk counts as often as those that are made here: whoever
    /// begins another talk goes on where they were on the ladder.
    fn take_ban(&self, call: &PutBan, now: Millis) -> Outcome<()> {
        let query = "SELECT 1 FROM stop WHERE id = ?";
        let is_new = self.sql.first(query, vec![call.id.to_string().into()])?.is_none();
        // One that is over may have been here before, and been swept.
        let holds = call.until.is_none_or(|until| until > now);
        if call.reason.is_none() && is_new && holds {
            let mut conduct = self.conduct(&call.key)?;
            conduct.strikes.strike(now);
            self.keep_conduct(&call.key, &conduct, now)?;
        }
        self.put_ban(call)
    }

    fn put_ban(&self, call: &PutBan) -> Outcome<()> {
        let row = vec![
            call.id.to_string().into(),
            call.key.as_str().into(),
            call.until.map(|until| int(until.0)).into(),
            serde_json::to_string(call)?.into(),
        ];
        let insert = "INSERT INTO stop (id, key, until, doc) VALUES (?, ?, ?, ?)
                      ON CONFLICT (id) DO UPDATE SET until = excluded.until, doc = excluded.doc";
        self.sql.run(insert, row)?;
        // Whoever carries it here knows of it.
        self.is_told(call.id)
    }

    fn lift_ban(&self, call: &LiftBan) -> Outcome<()> {
        if let Some(key) = &call.forgiven {
            self.sql.run("DELETE FROM conduct WHERE key = ?", vec![key.as_str().into()])?;
        }
        self.sql.run("DELETE FROM stop WHERE id = ?", vec![call.id.to_string().into()])?;
        self.is_told(call.id)
    }

    fn remember(&self, call: &Remember, now: Millis) -> Outcome<()> {
        let upsert = "INSERT INTO known (key, until) VALUES (?, ?)
                      ON CONFLICT (key) DO UPDATE SET until = excluded.until";
        Ok(self.sql.run(upsert, vec![call.key.as_str().into(), int(now.plus(KNOWN_MS).0)])?)
    }

    fn is_known(&self, key: &str, now: Millis) -> Outcome<bool> {
        let query = "SELECT 1 FROM known WHERE key = ? AND until > ?";
        Ok(self.sql.first(query, vec![key.into(), int(now.0)])?.is_some())
    }

    /// Refuses a key that is banned, naming the ban that lasts longest.
    fn refuse_banned(&self, key: &str, now: Millis) -> Outcome<()> {
        let query = "SELECT doc FROM stop WHERE key = ? AND (until IS NULL OR until > ?)
                     ORDER BY until IS NULL DESC, until DESC LIMIT 1";
        match self.sql.first(query, vec![key.into(), int(now.0)])? {
            Some(row) => {
                let PutBan { reason, signals, until, .. } = row.json(0)?;
                Err(Refusal::banned(reason.map(String::from), signals, until, now))
            }
            None => Ok(()),
        }
    }

    fn conduct(&self, key: &str) -> Outcome<Conduct> {
        let row = self.sql.first("SELECT doc FROM conduct WHERE key = ?", vec![key.into()])?;
        Ok(row.map(|row| row.json(0)).transpose()?.unwrap_or_default())
    }

    /// Keeps what is known of somebody; nothing, when there is nothing.
    fn keep_conduct(&self, key: &str, conduct: &Conduct, now: Millis) -> Outcome<()> {
        if *conduct == Conduct::default() {
            return Ok(());
        }
        let lasts = if conduct.strikes.count(now) > 0 { KEEP_CONDUCT_MS } else { 12 * HALF_LIFE_MS };
        let upsert = "INSERT INTO conduct (key, until, doc) VALUES (?, ?, ?)
                      ON CONFLICT (key) DO UPDATE SET until = excluded.until, doc = excluded.doc";
        let row = vec![key.into(), int(now.plus(lasts).0), serde_json::to_string(conduct)?.into()];
        Ok(self.sql.run(upsert, row)?)
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

    /// Sweeps what is over; in how many milliseconds there is something to do again, if there will be.
    fn sweep(&self) -> worker::Result<Option<u64>> {
        let now = now();
        let is_left = |table: &str| {
            self.sql.run(&format!("DELETE FROM {table} WHERE until <= ?"), vec![int(now.0)])?;
            let some = format!("SELECT 1 FROM {table} WHERE until IS NOT NULL LIMIT 1");
            Ok::<_, worker::Error>(!matches!(self.sql.first(&some, Vec::new()), Ok(None)))
        };
        let mut soon = false;
        for table in ["rate", "stop", "conduct", "spent"] {
            soon |= is_left(table)?;
        }
        Ok(match (is_left("untold")?, soon, is_left("known")?) {
            (true, ..) => Some(RETRY_MS),
            (_, true, _) => Some(SWEEP_MS),
            (.., true) => Some(DAY_MS),
            _ => None,
        })
    }

    /// Sees to it that the alarm fires within this time.
    async fn wake_within(&self, ms: u64) -> worker::Result<()> {
        let now = now();
        let due = now.plus(ms);
        if self.wakes_at.get().is_some_and(|at| now < at && at <= due) {
            return Ok(());
        }
        // Another copy of this object may have set it.
        let set = self.state.storage().get_alarm().await?.and_then(|at| u64::try_from(at).ok()).map(Millis);
        let at = set.filter(|set| *set <= due);
        self.wakes_at.set(Some(at.unwrap_or(due)));
        if at.is_none() {
            self.state.storage().set_alarm(i64::try_from(ms).unwrap_or(i64::MAX)).await?;
        }
        Ok(())
    }
}

fn row_key(policy: Policy, key: &str) -> String {
    format!("{}/{key}", policy.name())
}
