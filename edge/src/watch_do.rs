//! A site's watch: every decision of the guard, for as long as the site keeps them, and whom agents considered honest;
//! and which texts several strangers are sending at the moment.
//!
//! **Why one a site.** Figures and replays are of the whole site. It is apart from `SiteDo` because it is written with
//! every message, and nothing else may wait for that.
//!
//! **What it relies on the platform for.** What is written between two awaits commits together. An alarm, once an hour
//! while there is anything, forgets what is older than the site keeps. Memory holds nothing.

use std::{cell::Cell, collections::BTreeSet};

use deskbell_shared::{
    guard::{
        ladder::Rung,
        record::{Decision, Excerpt, Figures, Hour, Replayed},
        replay::{replay, week_before},
    },
    throttle::HANDOFFS_PER_WORDS,
    wire::Millis,
};
use worker::{DurableObject, Env, Request, Response, State, durable_object};

use crate::{
    platform::{
        now, object,
        sql::{Row, Sql, int},
    },
    refusal::Outcome,
    watch::calls::{Consider, Count, ForgetTalk, Keep, KeepFor, Kept, Replay, SentText},
};

/// How often what is old is forgotten, in milliseconds.
const FORGET_MS: i64 = 60 * 60 * 1000;
/// The most decisions that are kept, whatever the site says.
const MOST_KEPT: u64 = 200_000;
/// The most decisions that a replay looks at, the latest.
const MOST_REPLAYED: u64 = 20_000;
/// What is listed of each kind.
const LISTED: u64 = 10;

const HOUR_MS: u64 = 60 * 60 * 1000;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS decision (
        n INTEGER PRIMARY KEY, at INTEGER NOT NULL, rung INTEGER NOT NULL, country TEXT, words TEXT,
        signals TEXT NOT NULL, doc TEXT NOT NULL
    );
    CREATE INDEX IF NOT EXISTS decision_at ON decision (at);
    CREATE INDEX IF NOT EXISTS decision_in ON decision (json_extract(doc, '$.conversation'));
    CREATE INDEX IF NOT EXISTS decision_before ON decision (json_extract(doc, '$.before'))
        WHERE json_extract(doc, '$.before') IS NOT NULL;
    CREATE TABLE IF NOT EXISTS considered (visitor TEXT PRIMARY KEY, honest INTEGER NOT NULL, at INTEGER NOT NULL)
        WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS spread (
        name TEXT NOT NULL, visitor TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (name, visitor)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS gone (conversation TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS keeps (only INTEGER PRIMARY KEY CHECK (only = 1), days INTEGER NOT NULL);
";

/// A site's watch.
#[durable_object(alarm)]
pub struct WatchDo {
    state: State,
    sql: Sql,
    alarm_is_set: Cell<bool>,
}

impl DurableObject for WatchDo {
    fn new(state: State, _env: Env) -> Self {
        let sql = Sql::of(&state);
        // Without its tables every call fails and says so; there is nothing better to do here.
        if let Err(error) = sql.run(SCHEMA, Vec::new()) {
            worker::console_error!("watch: {error}");
        }
        Self { state, sql, alarm_is_set: Cell::new(false) }
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        let (path, body) = (request.path(), request.text().await?);
        let outcome = self.answer(&path, &body);
        self.set_alarm().await?;
        object::send(&path, outcome)
    }

    async fn alarm(&self) -> worker::Result<Response> {
        self.alarm_is_set.set(false);
        if let Err(refusal) = self.forget() {
            refusal.log("watch alarm");
        }
        let left = "SELECT 1 WHERE EXISTS (SELECT 1 FROM decision) OR EXISTS (SELECT 1 FROM considered)
                    OR EXISTS (SELECT 1 FROM spread) OR EXISTS (SELECT 1 FROM gone)";
        if !matches!(self.sql.first(left, Vec::new()), Ok(None)) {
            self.set_alarm().await?;
        }
        Response::empty()
    }
}

impl WatchDo {
    fn answer(&self, path: &str, body: &str) -> Outcome<String> {
        object::answer! { path, body;
            Keep => |call| self.keep(&call)?,
            KeepFor => |call| self.keep_for(call)?,
            Consider => |call| self.consider(&call)?,
            ForgetTalk => |call| self.forget_talk(&call)?,
            Count => |_| self.count(now())?,
            Replay => |call| self.replay(&call, now())?,
        }
    }

    fn keep(&self, call: &Keep) -> Outcome<Kept> {
        self.sql.atomically(|| {
            // Whoever tells this may know the site as it was a while ago.
            let insert = "INSERT OR IGNORE INTO keeps (only, days) VALUES (1, ?)";
            self.sql.run(insert, vec![int(u64::from(call.keep_days))])?;
            let insert =
                "INSERT INTO decision (at, rung, country, words, signals, doc) SELECT ?1, ?2, ?3, ?4, ?5, ?6
                 WHERE NOT EXISTS (SELECT 1 FROM gone WHERE conversation = ?7 AND at >= ?1)";
            for decision in &call.decisions {
                let row = vec![
                    int(decision.at.0),
                    int(decision.rung as u64),
                    decision.country.map(|country| country.to_string()).into(),
                    decision.words.as_ref().map(|words| words.as_str().to_owned()).into(),
                    serde_json::to_string(&decision.signals)?.into(),
                    serde_json::to_string(decision)?.into(),
                    // What was decided in a conversation that was erased since is not kept.
                    decision
                        .conversation
                        .or(decision.before)
                        .map(|conversation| conversation.to_string())
                        .into(),
                ];
                self.sql.run(insert, row)?;
            }
            self.cut()?;
            let mut copied = 0;
            for sent in &call.sent {
                copied += u32::from(self.is_copied(sent, now())?);
            }
            Ok(Kept { copied })
        })
    }

    fn forget_talk(&self, ForgetTalk { conversation, at }: &ForgetTalk) -> Outcome<()> {
        let (id, at) = (conversation.to_string(), int(at.0));
        let upsert = "INSERT OR REPLACE INTO gone (conversation, at) VALUES (?, ?)";
        self.sql.run(upsert, vec![id.as_str().into(), at.clone()])?;
        let delete = "DELETE FROM decision WHERE at <= ?2
                      AND (json_extract(doc, '$.conversation') = ?1 OR json_extract(doc, '$.before') = ?1)";
        Ok(self.sql.run(delete, vec![id.into(), at])?)
    }

    fn keep_for(&self, call: KeepFor) -> Outcome<()> {
        let upsert = "INSERT INTO keeps (only, days) VALUES (1, ?)
                      ON CONFLICT (only) DO UPDATE SET days = excluded.days";
        self.sql.run(upsert, vec![int(u64::from(call.days))])?;
        self.forget()
    }

    /// Notes that a visitor sent a text; whether as many strangers send nearly the same as cannot by chance.
    fn is_copied(&self, sent: &SentText, now: Millis) -> Outcome<bool> {
        let upsert = "INSERT INTO spread (name, visitor, at) VALUES (?, ?, ?)
                      ON CONFLICT (name, visitor) DO UPDATE SET at = excluded.at";
        let query = "SELECT COUNT(*) FROM
                     (SELECT 1 FROM spread WHERE name = ? AND at > ? LIMIT ?)";
        let since = now.0.saturating_sub(HANDOFFS_PER_WORDS.window_ms());
        let few = u64::from(HANDOFFS_PER_WORDS.burst());
        let mut copied = false;
        for name in sent.names {
            // As text: SQLite would hand it back as a double.
            let name = format!("{name:016x}");
            self.sql.run(upsert, vec![name.as_str().into(), sent.visitor.as_str().into(), int(now.0)])?;
            let senders = self.sql.first(query, vec![name.into(), int(since), int(few + 1)])?;
            copied |= senders.map_or(Ok(0), |row| row.number(0))? > few;
        }
        Ok(copied)
    }

    fn consider(&self, call: &Consider) -> Outcome<()> {
        let upsert = "INSERT INTO considered (visitor, honest, at) VALUES (?, ?, ?)
                      ON CONFLICT (visitor) DO UPDATE SET honest = excluded.honest, at = excluded.at";
        let row = vec![call.visitor.as_str().into(), int(u64::from(call.honest)), int(now().0)];
        Ok(self.sql.run(upsert, row)?)
    }

    fn count(&self, now: Millis) -> Outcome<Figures> {
        let since = week_before(now).0;
        let number = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        // The hour stands in the text: what is bound is a double, and would not be divided as a whole number.
        let query = format!(
            "SELECT at / {HOUR_MS}, SUM(rung = 0), SUM(rung > 0) FROM decision WHERE at >= ? GROUP BY 1 ORDER BY 1"
        );
        let rows = self.sql.rows(&query, vec![int(since)])?;
        let hour = |row: &Row| {
            let (clear, answered) = (number(row.number(1)?), number(row.number(2)?));
            Ok(Hour { since: Millis(row.number(0)? * HOUR_MS), clear, answered })
        };
        let hours = rows.iter().map(hour).collect::<Outcome<_>>()?;
        let query = "SELECT rung, COUNT(*) FROM decision WHERE at >= ? GROUP BY rung ORDER BY rung";
        let mut rungs = Vec::new();
        for row in self.sql.rows(query, vec![int(since)])? {
            if let Some(rung) = Rung::ALL.get(usize::try_from(row.number(0)?).unwrap_or(usize::MAX)) {
                rungs.push((*rung, number(row.number(1)?)));
            }
        }
        let query = "SELECT json_quote(value), COUNT(*) FROM decision, json_each(decision.signals)
                     WHERE at >= ? AND rung > 0 GROUP BY value ORDER BY 2 DESC";
        let rows = self.sql.rows(query, vec![int(since)])?;
        let signals =
            rows.iter().map(|row| Ok((row.json(0)?, number(row.number(1)?)))).collect::<Outcome<_>>()?;
        let query =
            "SELECT country, COUNT(*) FROM decision WHERE at >= ? AND rung > 0 AND country IS NOT NULL
                     GROUP BY country ORDER BY 2 DESC LIMIT ?";
        let rows = self.sql.rows(query, vec![int(since), int(LISTED)])?;
        let countries =
            rows.iter().map(|row| Ok((row.name(0)?, number(row.number(1)?)))).collect::<Outcome<_>>()?;
        let query = "SELECT words, COUNT(*) FROM decision WHERE at >= ? AND rung > 0 AND words IS NOT NULL
                     GROUP BY words ORDER BY 2 DESC, words LIMIT ?";
        let rows = self.sql.rows(query, vec![int(since), int(LISTED)])?;
        let texts = rows
            .iter()
            .map(|row| Ok((row.name::<Excerpt>(0)?, number(row.number(1)?))))
            .collect::<Outcome<_>>()?;
        Ok(Figures { hours, rungs, signals, countries, texts })
    }

    fn replay(&self, call: &Replay, now: Millis) -> Outcome<Replayed> {
        let query = "SELECT doc FROM decision WHERE at >= ? AND words IS NOT NULL ORDER BY n DESC LIMIT ?";
        let rows = self.sql.rows(query, vec![int(week_before(now).0), int(MOST_REPLAYED)])?;
        let mut decisions = rows.iter().map(|row| row.json(0)).collect::<Outcome<Vec<Decision>>>()?;
        decisions.reverse();
        let rows = self.sql.rows("SELECT visitor FROM considered WHERE honest = 1", Vec::new())?;
        let honest = rows.iter().map(|row| Ok(row.text(0)?.to_owned())).collect::<Outcome<BTreeSet<_>>>()?;
        Ok(replay(&decisions, &honest, &call.rules))
    }

    fn forget(&self) -> Outcome<()> {
        let kept = self.sql.first("SELECT days FROM keeps", Vec::new())?;
        let days = kept.map_or(Ok(1), |row| row.number(0))?;
        let old = now().days_before(days).0;
        self.sql.run("DELETE FROM decision WHERE at < ?", vec![int(old)])?;
        self.sql.run("DELETE FROM considered WHERE at < ?", vec![int(old)])?;
        self.sql.run("DELETE FROM gone WHERE at < ?", vec![int(now().days_before(1).0)])?;
        let since = now().0.saturating_sub(HANDOFFS_PER_WORDS.window_ms());
        self.sql.run("DELETE FROM spread WHERE at <= ?", vec![int(since)])?;
        Ok(())
    }

    /// Leaves no more decisions than may be kept: of a flood there are millions before the hour is over.
    fn cut(&self) -> Outcome<()> {
        let beyond = "DELETE FROM decision WHERE n <= (SELECT MAX(n) FROM decision) - ?";
        Ok(self.sql.run(beyond, vec![int(MOST_KEPT)])?)
    }

    async fn set_alarm(&self) -> worker::Result<()> {
        if !self.alarm_is_set.replace(true) && self.state.storage().get_alarm().await?.is_none() {
            self.state.storage().set_alarm(FORGET_MS).await?;
        }
        Ok(())
    }
}
