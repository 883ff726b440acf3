//! A site's appeals: what visitors say against bans, what was decided, and whether they found that fair.

use deskbell_shared::wire::{
    AppealId, AppealOutcome, AppealRequest, AppealState, AppealSummary, Appeals, Ban, BanId, ConversationId,
    Fairness, Millis, ProblemKind,
};
use serde::{Deserialize, Serialize};

use crate::{
    platform::sql::{Row, Sql, int},
    refusal::{Outcome, Refusal},
};

/// Appeals that are shown at once.
const SHOWN: u64 = 100;
/// How long an appeal is kept, in milliseconds: as long as its visitor's browser may ask after it.
const KEPT_MS: u64 = 90 * 24 * 60 * 60 * 1000;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS plea (
        number INTEGER PRIMARY KEY, ban TEXT NOT NULL, visitor TEXT NOT NULL, id TEXT NOT NULL UNIQUE,
        at INTEGER NOT NULL, waits INTEGER NOT NULL, change INTEGER NOT NULL DEFAULT 1,
        told INTEGER NOT NULL DEFAULT 0, doc TEXT NOT NULL, UNIQUE (ban, visitor)
    );
    CREATE INDEX IF NOT EXISTS plea_untold ON plea (number) WHERE change <> told;
    CREATE INDEX IF NOT EXISTS plea_order ON plea (waits DESC, at);
";
/// The last number that was given out.
const NUMBERS: &str = "
    CREATE TABLE IF NOT EXISTS plea_numbers (only INTEGER PRIMARY KEY CHECK (only = 1), last INTEGER NOT NULL);
";
/// From when there was one appeal a ban: whose it was is known where the ban was a visitor's.
const TAKE_OVER: &str = "
    INSERT INTO plea (ban, visitor, id, at, waits, told, doc)
        SELECT appeal.ban, coalesce(block.key, ''), appeal.id, appeal.at, appeal.waits, 1,
            json_set(appeal.doc, '$.summary.number', 0)
        FROM appeal LEFT JOIN block
            ON block.id = appeal.ban AND json_extract(block.doc, '$.scope') = 'visitor'
        ORDER BY appeal.at;
    DROP TABLE appeal;
";

/// The appeals of the site whose database this is.
pub(crate) struct AppealBook<'a>(&'a Sql);

/// An appeal as it is stored: what agents see, and what its visitor asks after it with.
#[derive(Serialize, Deserialize)]
struct Stored {
    id: AppealId,
    summary: AppealSummary,
}

/// An appeal that an agent is about to decide.
pub(crate) struct Appeal {
    /// What agents see of it.
    pub(crate) summary: AppealSummary,
    /// Whose it is: an HMAC.
    pub(crate) visitor: String,
}

impl<'a> AppealBook<'a> {
    /// The appeals of the site whose database this is, with their table made where there is none.
    pub(crate) fn of(sql: &'a Sql) -> Outcome<Self> {
        if !sql.has_table("plea")? {
            sql.run(SCHEMA, Vec::new())?;
            if sql.has_table("appeal")? {
                sql.run(TAKE_OVER, Vec::new())?;
            }
        }
        Ok(Self(sql))
    }

    /// Forgets what its visitor said against bans that were made in this conversation. Others may be stopped by them too, and
    /// what they say stays, without its name.
    pub(crate) fn forget_conversation(
        &self,
        conversation: ConversationId,
        visitor: Option<&str>,
    ) -> Outcome<()> {
        let id = conversation.to_string();
        let delete = "DELETE FROM plea WHERE json_extract(doc, '$.summary.conversation') = ? AND visitor = ?";
        self.0.run(delete, vec![id.as_str().into(), visitor.unwrap_or_default().into()])?;
        let update = "UPDATE plea SET doc = json_remove(doc, '$.summary.conversation')
                      WHERE json_extract(doc, '$.summary.conversation') = ?";
        Ok(self.0.run(update, vec![id.into()])?)
    }

    /// Takes a visitor's appeal against a ban; one a visitor and ban, and the same again changes nothing.
    pub(crate) fn make(
        &self,
        request: AppealRequest,
        ban: &Ban,
        visitor: &str,
        now: Millis,
    ) -> Outcome<AppealSummary> {
        let query = "SELECT number, doc, ban = ?2 AND visitor = ?3 FROM plea
                     WHERE id = ?1 OR (ban = ?2 AND visitor = ?3) ORDER BY id = ?1 DESC";
        let (id, against) = (request.id.to_string(), ban.id.to_string());
        let known = vec![id.as_str().into(), against.as_str().into(), visitor.into()];
        if let Some(row) = self.0.first(query, known)? {
            let Stored { id, summary } = stored(&row)?;
            return if id == request.id && row.number(2)? == 1 {
                Ok(summary)
            } else {
                Err(Refusal::new(ProblemKind::Conflict, "This visitor has appealed already."))
            };
        }
        let summary = AppealSummary {
            number: 0,
            ban: ban.id,
            conversation: ban.conversation,
            words: request.words,
            language: request.language,
            at: now,
            signals: ban.signals.clone(),
            reason: ban.reason.clone(),
            since: ban.since,
            until: ban.until,
            outcome: None,
            fair: None,
        };
        let number = self.next_number()?;
        let insert =
            "INSERT INTO plea (number, ban, visitor, id, at, waits, doc) VALUES (?, ?, ?, ?, ?, 1, ?)";
        let doc = serde_json::to_string(&Stored { id: request.id, summary: summary.clone() })?;
        let row = vec![int(number), against.into(), visitor.into(), id.into(), int(now.0), doc.into()];
        self.0.run(insert, row)?;
        Ok(AppealSummary { number, ..summary })
    }

    /// A number that no appeal has had: whoever still looks at one that was forgotten must not decide about another.
    fn next_number(&self) -> Outcome<u64> {
        self.0.run(NUMBERS, Vec::new())?;
        let count = "INSERT INTO plea_numbers (only, last) VALUES (1, 1 + (SELECT coalesce(max(number), 0) FROM plea))
                     ON CONFLICT (only) DO UPDATE SET last = 1 + max(last, excluded.last - 1) RETURNING last";
        let row = self.0.first(count, Vec::new())?;
        row.ok_or_else(|| Refusal::failed("an appeal without a number"))?.number(0)
    }

    /// An appeal.
    pub(crate) fn get(&self, number: u64) -> Outcome<Appeal> {
        let query = "SELECT number, doc, visitor FROM plea WHERE number = ?";
        let row = self.0.first(query, vec![int(number)])?.ok_or_else(no_such)?;
        Ok(Appeal { summary: stored(&row)?.summary, visitor: row.text(2)?.to_owned() })
    }

    /// Writes down what was decided, and when the ban ends now.
    pub(crate) fn decide(
        &self,
        number: u64,
        outcome: AppealOutcome,
        until: Option<Millis>,
    ) -> Outcome<AppealSummary> {
        let row = self.0.first("SELECT number, doc FROM plea WHERE number = ?", vec![int(number)])?;
        let mut stored = stored(&row.ok_or_else(no_such)?)?;
        stored.summary.outcome = Some(outcome);
        stored.summary.until = until;
        self.put(&stored)?;
        Ok(stored.summary)
    }

    /// A ban was lifted: with it, every appeal against it that waited is decided.
    pub(crate) fn lifted(&self, ban: BanId) -> Outcome<()> {
        let query = "SELECT number FROM plea WHERE ban = ? AND waits = 1";
        let rows = self.0.rows(query, vec![ban.to_string().into()])?;
        rows.iter().try_for_each(|row| self.decide(row.number(0)?, AppealOutcome::Lifted, None).map(drop))
    }

    /// How an appeal stands, for its visitor, who may say once whether the decision was fair.
    pub(crate) fn state(&self, id: AppealId, fair: Option<bool>) -> Outcome<AppealState> {
        let query = "SELECT number, doc FROM plea WHERE id = ?";
        let row = self.0.first(query, vec![id.to_string().into()])?;
        let mut stored = stored(&row.ok_or_else(no_such)?)?;
        if fair.is_some() && stored.summary.outcome.is_some() && stored.summary.fair.is_none() {
            stored.summary.fair = fair;
            self.put(&stored)?;
        }
        let AppealSummary { outcome, until, fair, .. } = stored.summary;
        Ok(AppealState { outcome, until, fair })
    }

    /// An appeal of which the desk does not know the latest, and the change that this is.
    pub(crate) fn untold(&self) -> Outcome<Option<(AppealSummary, u64)>> {
        let query = "SELECT number, doc, change FROM plea WHERE change <> told ORDER BY number LIMIT 1";
        let row = self.0.first(query, Vec::new())?;
        row.map(|row| Ok((stored(&row)?.summary, row.number(2)?))).transpose()
    }

    /// The desk knows of this change.
    pub(crate) fn told(&self, number: u64, change: u64) -> Outcome<()> {
        Ok(self.0.run("UPDATE plea SET told = ? WHERE number = ?", vec![int(change), int(number)])?)
    }

    /// Those that wait first, whoever waits longest before the others, and how fair the decisions were found.
    pub(crate) fn list(&self) -> Outcome<Appeals> {
        let query = "SELECT number, doc FROM plea
                     ORDER BY waits DESC, CASE waits WHEN 1 THEN at ELSE -at END LIMIT ?";
        let rows = self.0.rows(query, vec![int(SHOWN)])?;
        let appeals = rows.iter().map(|row| Ok(stored(row)?.summary)).collect::<Outcome<_>>()?;
        let query = "SELECT json_quote(json_extract(doc, '$.summary.signals[0]')), COUNT(*),
                        SUM(json_extract(doc, '$.summary.outcome') IS 'lifted'),
                        SUM(json_extract(doc, '$.summary.fair') IS 1), SUM(json_extract(doc, '$.summary.fair') IS 0)
                     FROM plea GROUP BY 1";
        let counted = |row: &Row| {
            let (appeals, lifted) = (count(row, 1)?, count(row, 2)?);
            Ok(Fairness {
                signal: row.json(0)?,
                appeals,
                lifted,
                fair: count(row, 3)?,
                unfair: count(row, 4)?,
            })
        };
        let rows = self.0.rows(query, Vec::new())?;
        let mut fairness = rows.iter().map(counted).collect::<Outcome<Vec<_>>>()?;
        fairness.sort_by_key(|counted| counted.signal);
        Ok(Appeals { appeals, fairness })
    }

    /// Forgets what was said long ago, unless it waits against a ban that goes on.
    pub(crate) fn forget(&self, now: Millis) -> Outcome<()> {
        let delete = "DELETE FROM plea WHERE at <= ?1 AND (waits = 0 OR NOT EXISTS (
            SELECT 1 FROM block WHERE block.id = plea.ban AND lifted = 0 AND (until IS NULL OR until > ?2)))";
        Ok(self.0.run(delete, vec![int(now.0.saturating_sub(KEPT_MS)), int(now.0)])?)
    }

    /// When the first can be forgotten.
    pub(crate) fn next_end(&self) -> Outcome<Option<Millis>> {
        let row = self.0.first("SELECT MIN(at) FROM plea", Vec::new())?;
        let at = row.map_or(Ok(None), |row| row.maybe_number(0))?;
        Ok(at.map(|at| Millis(at).plus(KEPT_MS)))
    }

    fn put(&self, stored: &Stored) -> Outcome<()> {
        let update = "UPDATE plea SET waits = ?, doc = ?, change = change + 1 WHERE number = ?";
        let waits = int(u64::from(stored.summary.outcome.is_none()));
        let row = vec![waits, serde_json::to_string(stored)?.into(), int(stored.summary.number)];
        Ok(self.0.run(update, row)?)
    }
}

/// An appeal from its number and its document.
fn stored(row: &Row) -> Outcome<Stored> {
    let Stored { id, summary } = row.json(1)?;
    Ok(Stored { id, summary: AppealSummary { number: row.number(0)?, ..summary } })
}

fn count(row: &Row, column: usize) -> Outcome<u32> {
    Ok(u32::try_from(row.number(column)?).unwrap_or(u32::MAX))
}

fn no_such() -> Refusal {
    Refusal::new(ProblemKind::NotFound, "There is no such appeal at this site.")
}
