//! What the webhooks of a site have to tell, and what has come of it: written in the same change as what it tells of, and
//! kept until it has arrived or is given up.

use deskbell_shared::{
    webhook::{ATTEMPTS, News},
    wire::{Attempt, ConversationId, Deliveries, Delivery, Millis, ProblemKind, WebhookId},
};
use worker::SqlStorageValue;

use crate::{
    platform::sql::{Row, Sql, int},
    refusal::{Outcome, Refusal},
};

/// So much is kept of each webhook, what waits and what is over: beyond it the oldest goes.
const MOST_KEPT: u64 = 1_000;
/// After so many it is looked whether that is too much.
const TRIM_EVERY: u64 = 64;
/// What is being sent is sent again after so long when nobody has said what came of it, in milliseconds: the object that sent
/// it has died.
const LEASE_MS: u64 = 60_000;
/// When what somebody asked for is due: before anything else.
const AT_ONCE: u64 = 0;
/// The most that is shown.
const MOST_SHOWN: u64 = 50;

/// Something to be sent.
pub(crate) struct Due {
    /// Its number.
    pub(crate) number: u64,
    /// Its id, the same for every try.
    pub(crate) event: String,
    /// What it tells.
    pub(crate) news: News,
    /// How often it was tried, this time included.
    pub(crate) attempts: u32,
    /// Whether somebody asked for it.
    pub(crate) is_asked_for: bool,
}

/// What the webhooks of the site have to tell whose desk's database this is.
pub(crate) struct Outbox<'a>(pub(crate) &'a Sql);

impl Outbox<'_> {
    /// The table it needs. `due` is null for what has arrived or is given up, `talk` for what tells no talk's standing.
    pub(crate) const SCHEMA: &'static str = "
        CREATE TABLE IF NOT EXISTS delivery (
            number INTEGER PRIMARY KEY AUTOINCREMENT, webhook TEXT NOT NULL, event TEXT NOT NULL, talk TEXT,
            news TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, due INTEGER, last TEXT, UNIQUE (webhook, event)
        );
        CREATE INDEX IF NOT EXISTS delivery_due_of_webhook ON delivery (webhook, due) WHERE due IS NOT NULL;
        CREATE INDEX IF NOT EXISTS delivery_of_talk ON delivery (talk) WHERE talk IS NOT NULL;
        CREATE INDEX IF NOT EXISTS delivery_of_webhook ON delivery (webhook, number);
    ";

    /// Has a webhook tell something. What has the id of something that it tells already is the same.
    pub(crate) fn add(&self, webhook: WebhookId, event: &str, news: &News, now: Millis) -> Outcome<()> {
        let insert = "INSERT OR IGNORE INTO delivery (webhook, event, talk, news, due) VALUES (?, ?, ?, ?, ?)
                      RETURNING number";
        let talk = news.conversation().map_or(SqlStorageValue::Null, |id| id.to_string().into());
        let (id, news) = (webhook.to_string(), serde_json::to_string(news)?);
        let row = vec![id.into(), event.into(), talk, news.into(), int(now.0)];
        let added = self.0.first(insert, row)?.map(|row| row.number(0)).transpose()?;
        if added.is_some_and(|number| number.is_multiple_of(TRIM_EVERY)) {
            self.trim()?;
        }
        Ok(())
    }

    fn trim(&self) -> Outcome<()> {
        let trim = "DELETE FROM delivery WHERE number IN (SELECT number FROM (
                        SELECT number, ROW_NUMBER() OVER (PARTITION BY webhook ORDER BY number DESC) AS place
                        FROM delivery) WHERE place > ?)";
        Ok(self.0.run(trim, vec![int(MOST_KEPT)])?)
    }

    /// The webhooks that have something to tell, and when the first of it is due.
    pub(crate) fn waiting(&self) -> Outcome<Vec<(WebhookId, Millis)>> {
        let query = "SELECT webhook, MIN(due) FROM delivery WHERE due IS NOT NULL GROUP BY webhook";
        let read = |row: &Row| Ok((row.name(0)?, Millis(row.number(1)?)));
        self.0.rows(query, Vec::new())?.iter().map(read).collect()
    }

    /// Takes what a webhook has to tell now, to be sent; nobody else takes it for a minute. What somebody asked for comes first,
    /// then what was tried less often, so that one that fails again and again is in no other's way, then the oldest. What
    /// cannot be read any more is given up, and so is what the object died of each time it was sent.
    pub(crate) fn take(&self, webhook: WebhookId, now: Millis) -> Outcome<Option<Due>> {
        let query = "SELECT number, event, news, attempts, due FROM delivery WHERE webhook = ? AND due <= ?
                     ORDER BY due > 0, attempts, number LIMIT 1";
        let lease = "UPDATE delivery SET attempts = ?, due = ? WHERE number = ?";
        while let Some(row) = self.0.first(query, vec![webhook.to_string().into(), int(now.0)])? {
            match of_row(&row) {
                Ok(due) if due.attempts > ATTEMPTS => self.drop(due.number)?,
                Ok(due) => {
                    let leased =
                        vec![int(u64::from(due.attempts)), int(now.plus(LEASE_MS).0), int(due.number)];
                    self.0.run(lease, leased)?;
                    return Ok(Some(due));
                }
                Err(refusal) => {
                    refusal.log("reading what is to be sent");
                    self.drop(row.number(0)?)?;
                }
            }
        }
        Ok(None)
    }

    /// Gives something up.
    pub(crate) fn drop(&self, number: u64) -> Outcome<()> {
        Ok(self.0.run("UPDATE delivery SET due = NULL WHERE number = ?", vec![int(number)])?)
    }

    /// Something could not be sent for want of something on our own side: that was no try.
    pub(crate) fn give_back(&self, number: u64) -> Outcome<()> {
        Ok(self
            .0
            .run("UPDATE delivery SET attempts = MAX(attempts - 1, 0) WHERE number = ?", vec![int(number)])?)
    }

    /// Writes down that something has arrived.
    pub(crate) fn arrived(&self, number: u64, attempt: &Attempt) -> Outcome<()> {
        let update = "UPDATE delivery SET due = NULL, last = ? WHERE number = ?";
        Ok(self.0.run(update, vec![serde_json::to_string(attempt)?.into(), int(number)])?)
    }

    /// Writes down that something has not arrived, and when it is tried next: `None` when it is given up. What was given up
    /// meanwhile stays so, and what somebody wants anew by now is as they want it.
    pub(crate) fn failed(&self, due: &Due, attempt: &Attempt, next: Option<Millis>) -> Outcome<()> {
        let next = next.map_or(SqlStorageValue::Null, |next| int(next.0));
        let update = "UPDATE delivery SET due = CASE WHEN due IS NULL THEN NULL ELSE ? END, last = ?
                      WHERE number = ? AND attempts = ?";
        let last = serde_json::to_string(attempt)?.into();
        Ok(self.0.run(update, vec![next, last, int(due.number), int(u64::from(due.attempts))])?)
    }

    /// Whatever waits is sent now, as if it had not been tried: the other side is another than before.
    pub(crate) fn begin_anew(&self, webhook: WebhookId, now: Millis) -> Outcome<()> {
        let update =
            "UPDATE delivery SET due = MIN(due, ?), attempts = 0 WHERE webhook = ? AND due IS NOT NULL";
        Ok(self.0.run(update, vec![int(now.0), webhook.to_string().into()])?)
    }

    /// Whatever waits is sent now.
    pub(crate) fn hurry(&self, webhook: WebhookId, now: Millis) -> Outcome<()> {
        let update = "UPDATE delivery SET due = MIN(due, ?) WHERE webhook = ? AND due IS NOT NULL";
        Ok(self.0.run(update, vec![int(now.0), webhook.to_string().into()])?)
    }

    /// Gives up whatever a webhook has still to tell.
    pub(crate) fn give_up(&self, webhook: WebhookId) -> Outcome<()> {
        Ok(self
            .0
            .run("UPDATE delivery SET due = NULL WHERE webhook = ?", vec![webhook.to_string().into()])?)
    }

    /// Forgets all that a webhook told.
    pub(crate) fn forget(&self, webhook: WebhookId) -> Outcome<()> {
        Ok(self.0.run("DELETE FROM delivery WHERE webhook = ?", vec![webhook.to_string().into()])?)
    }

    /// Forgets what was told of a conversation, and does not tell what was still to be told.
    pub(crate) fn forget_talk(&self, id: ConversationId) -> Outcome<()> {
        let delete = "DELETE FROM delivery WHERE talk = ?";
        Ok(self.0.run(delete, vec![id.to_string().into()])?)
    }

    /// Has something sent anew, as if it had not been tried.
    ///
    /// # Errors
    /// *Not found* when nothing of this number is kept.
    pub(crate) fn again(&self, webhook: WebhookId, number: u64) -> Outcome<()> {
        let update = "UPDATE delivery SET due = ?, attempts = 0, last = NULL WHERE webhook = ? AND number = ?
                      RETURNING 1";
        let row = vec![int(AT_ONCE), webhook.to_string().into(), int(number)];
        let found = self.0.first(update, row)?;
        found.map(drop).ok_or_else(|| {
            Refusal::new(ProblemKind::NotFound, "There is no such delivery. The oldest are not kept.")
        })
    }

    /// The latest that a webhook told, or is to tell, as far as it can be read.
    pub(crate) fn list(&self, webhook: WebhookId) -> Outcome<Deliveries> {
        let query = "SELECT number, news, attempts, due, last FROM delivery WHERE webhook = ?
                     ORDER BY number DESC LIMIT ?";
        let rows = self.0.rows(query, vec![webhook.to_string().into(), int(MOST_SHOWN)])?;
        Ok(Deliveries { deliveries: rows.iter().filter_map(|row| shown(row).ok()).collect() })
    }
}

fn of_row(row: &Row) -> Outcome<Due> {
    let attempts = u32::try_from(row.number(3)?).map_err(Refusal::failed)?.saturating_add(1);
    Ok(Due {
        number: row.number(0)?,
        event: row.text(1)?.to_owned(),
        news: row.json(2)?,
        attempts,
        is_asked_for: row.number(4)? == AT_ONCE,
    })
}

fn shown(row: &Row) -> Outcome<Delivery> {
    let news: News = row.json(1)?;
    Ok(Delivery {
        number: row.number(0)?,
        topic: news.topic,
        conversation: news.conversation(),
        at: news.at,
        attempts: u32::try_from(row.number(2)?).map_err(Refusal::failed)?,
        last: row.maybe_json(4)?,
        next: row.maybe_number(3)?.map(Millis),
    })
}
