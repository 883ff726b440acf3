//! Sign-ins that were refused, as the record of privileged acts keeps them.
//!
//! Anybody can have a sign-in refused, as often as they like, and the record is never cut. So the first one for a person
//! is written down at once, and those of the hour that follows together: a flood is two entries an hour. Names that
//! nobody here has are one, and what was typed as such a name is not kept.

use deskbell_shared::wire::{Email, Millis};
use serde::{Deserialize, Serialize};

use super::audit::Record;
use crate::{
    platform::sql::{Row, Sql, int},
    refusal::Outcome,
};

/// How long refusals are gathered after the first of them, in milliseconds.
const TOGETHER_MS: u64 = 60 * 60 * 1000;
/// The most addresses that are named in an entry.
const MOST_FROM: usize = 5;
/// What the record calls it.
const WHAT: &str = "sign-in-refused";
/// Who it was when nobody here has that name.
const UNKNOWN: &str = "unknown";

/// Why a sign-in was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Why {
    /// E-mail address or password are wrong
    Wrong,
    /// Too many were tried
    Throttled,
}

/// Sign-ins that were refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RefusedSignIn {
    /// As whom; `None` for several.
    pub(crate) email: Option<Email>,
    /// Why.
    pub(crate) why: Why,
    /// From where: an HMAC with a salt of its day, as the guard's records have it.
    pub(crate) from: String,
    /// How many.
    pub(crate) times: u32,
}

/// What the record says of some.
#[derive(Serialize)]
struct Detail<'a> {
    why: Why,
    times: u64,
    from: &'a [String],
}

/// The refused sign-ins of the site whose database this is.
pub(crate) struct Refusals<'a>(pub(crate) &'a Sql);

/// Those that are gathered and not written down.
struct Gathered {
    who: String,
    why: Why,
    since: Millis,
    times: u64,
    from: Vec<String>,
}

impl Refusals<'_> {
    /// The table it needs.
    pub(crate) const SCHEMA: &'static str = "
        CREATE TABLE IF NOT EXISTS refused (
            who TEXT NOT NULL, why TEXT NOT NULL, since INTEGER NOT NULL, times INTEGER NOT NULL,
            addresses TEXT NOT NULL, PRIMARY KEY (who, why)
        ) WITHOUT ROWID;
    ";

    /// Takes refused sign-ins: the first is written down, later ones are gathered.
    pub(crate) fn take(&self, refused: &RefusedSignIn, now: Millis) -> Outcome<()> {
        let who = self.known_as(refused.email.as_ref())?;
        let times = u64::from(refused.times);
        let gathered = self.all()?.into_iter().find(|row| row.who == who && row.why == refused.why);
        match gathered {
            Some(mut row) if now.since(row.since) < TOGETHER_MS => {
                row.times += times;
                if row.from.len() < MOST_FROM && !row.from.contains(&refused.from) {
                    row.from.push(refused.from.clone());
                }
                self.put(&row)
            }
            earlier => {
                if let Some(row) = earlier {
                    self.write(&row, now)?;
                }
                let from = vec![refused.from.clone()];
                let mut row = Gathered { who, why: refused.why, since: now, times, from };
                self.write(&row, now)?;
                (row.times, row.from) = (0, Vec::new());
                self.put(&row)
            }
        }
    }

    /// Writes down what is gathered and due; all of it, when somebody is about to read the record.
    pub(crate) fn sum_up(&self, all: bool, now: Millis) -> Outcome<()> {
        for mut row in self.all()? {
            let over = now.since(row.since) >= TOGETHER_MS;
            if over || all {
                self.write(&row, now)?;
                (row.times, row.from) = (0, Vec::new());
                self.put(&row)?;
            }
            if over {
                let values = vec![row.who.into(), serde_json::to_string(&row.why)?.into()];
                self.0.run("DELETE FROM refused WHERE who = ? AND why = ?", values)?;
            }
        }
        Ok(())
    }

    /// When something is due to be written down; `None` when nothing is gathered.
    pub(crate) fn due(&self) -> Outcome<Option<Millis>> {
        Ok(self.all()?.iter().map(|row| row.since.plus(TOGETHER_MS)).min())
    }

    fn known_as(&self, email: Option<&Email>) -> Outcome<String> {
        let Some(email) = email else { return Ok(UNKNOWN.to_owned()) };
        let query = "SELECT 1 FROM person WHERE email = ?";
        let known = self.0.first(query, vec![email.as_str().into()])?.is_some();
        Ok(if known { email.as_str() } else { UNKNOWN }.to_owned())
    }

    fn all(&self) -> Outcome<Vec<Gathered>> {
        let gathered = |row: &Row| {
            Ok(Gathered {
                who: row.text(0)?.to_owned(),
                why: row.json(1)?,
                since: Millis(row.number(2)?),
                times: row.number(3)?,
                from: row.json(4)?,
            })
        };
        if !self.0.has_table("refused")? {
            return Ok(Vec::new());
        }
        let query = "SELECT who, why, since, times, addresses FROM refused";
        self.0.rows(query, Vec::new())?.iter().map(gathered).collect()
    }

    fn put(&self, row: &Gathered) -> Outcome<()> {
        self.0.run(Self::SCHEMA, Vec::new())?;
        let upsert = "INSERT INTO refused (who, why, since, times, addresses) VALUES (?, ?, ?, ?, ?)
                      ON CONFLICT (who, why) DO UPDATE
                      SET since = excluded.since, times = excluded.times, addresses = excluded.addresses";
        let values = vec![
            row.who.as_str().into(),
            serde_json::to_string(&row.why)?.into(),
            int(row.since.0),
            int(row.times),
            serde_json::to_string(&row.from)?.into(),
        ];
        Ok(self.0.run(upsert, values)?)
    }

    fn write(&self, row: &Gathered, now: Millis) -> Outcome<()> {
        if row.times == 0 {
            return Ok(());
        }
        let detail = Detail { why: row.why, times: row.times, from: &row.from };
        Record(self.0).write(now, &row.who, WHAT, &serde_json::to_string(&detail)?)
    }
}
