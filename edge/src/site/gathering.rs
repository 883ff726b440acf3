//! What anybody can bring about as often as they like, as the record of privileged acts keeps it.
//!
//! The record is never cut. So the first of a kind is written down at once, and those of the hour that follows together: a
//! flood is two entries an hour.

use deskbell_shared::wire::Millis;
use serde::{Deserialize, Serialize};

use super::audit::Record;
use crate::{
    platform::sql::{Row, Sql, int},
    refusal::Outcome,
};

/// How long it is gathered after the first, in milliseconds.
const TOGETHER_MS: u64 = 60 * 60 * 1000;
/// The most of what came with it that is named in an entry: addresses, or signals.
const MOST_NAMED: usize = 5;

/// Why it came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Why {
    /// A sign-in was refused: e-mail address or password are wrong
    Wrong,
    /// A sign-in was refused: the password is right, and the second factor is wrong, or is a passkey and was not given
    Code,
    /// Somebody who is signed in could not prove once more who they are
    Credential,
    /// A sign-in was refused: nobody here has this passkey, or it has not signed what was asked
    Passkey,
    /// A sign-in was refused: too many were tried
    Throttled,
    /// The guard has stopped somebody
    Stopped,
}

impl Why {
    /// What the record calls it.
    fn what(self) -> &'static str {
        match self {
            Self::Wrong | Self::Code | Self::Passkey | Self::Throttled => "sign-in-refused",
            Self::Credential => "credential-refused",
            Self::Stopped => "ban",
        }
    }
}

/// What the record says of some.
#[derive(Serialize)]
struct Detail<'a> {
    why: Why,
    times: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signals: Option<&'a [String]>,
}

/// What is gathered for the record of the site whose database this is.
pub(crate) struct Gathering<'a>(pub(crate) &'a Sql);

/// Those of a kind that are gathered and not written down.
struct Gathered {
    who: String,
    why: Why,
    since: Millis,
    times: u64,
    /// From which addresses, or by which signals.
    named: Vec<String>,
}

impl Gathering<'_> {
    /// The table it needs.
    pub(crate) const SCHEMA: &'static str = "
        CREATE TABLE IF NOT EXISTS refused (
            who TEXT NOT NULL, why TEXT NOT NULL, since INTEGER NOT NULL, times INTEGER NOT NULL,
            addresses TEXT NOT NULL, PRIMARY KEY (who, why)
        ) WITHOUT ROWID;
    ";

    /// Takes some of a kind, and what came with them. Whether they are the first, to be written down at once; later ones
    /// are gathered.
    pub(crate) fn take(
        &self,
        who: &str,
        why: Why,
        times: u64,
        named: &[String],
        now: Millis,
    ) -> Outcome<bool> {
        let gathered = self.all()?.into_iter().find(|row| row.who == who && row.why == why);
        match gathered {
            Some(mut row) if now.since(row.since) < TOGETHER_MS => {
                row.times += times;
                for name in named {
                    if row.named.len() < MOST_NAMED && !row.named.contains(name) {
                        row.named.push(name.clone());
                    }
                }
                self.put(&row).map(|()| false)
            }
            earlier => {
                if let Some(row) = earlier {
                    self.write(&row, now)?;
                }
                let row = Gathered { who: who.to_owned(), why, since: now, times: 0, named: Vec::new() };
                self.put(&row).map(|()| true)
            }
        }
    }

    /// Writes some down together.
    pub(crate) fn note(&self, who: &str, why: Why, times: u64, named: &[String], now: Millis) -> Outcome<()> {
        let (from, signals) = match why {
            Why::Wrong | Why::Code | Why::Passkey | Why::Credential | Why::Throttled => (Some(named), None),
            Why::Stopped => (None, Some(named)),
        };
        let detail = Detail { why, times, from, signals };
        Record(self.0).write(now, who, why.what(), &serde_json::to_string(&detail)?)
    }

    /// Writes down what is gathered and due; all of it, when somebody is about to read the record.
    pub(crate) fn sum_up(&self, all: bool, now: Millis) -> Outcome<()> {
        for mut row in self.all()? {
            let over = now.since(row.since) >= TOGETHER_MS;
            if over || all {
                self.write(&row, now)?;
                (row.times, row.named) = (0, Vec::new());
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

    fn all(&self) -> Outcome<Vec<Gathered>> {
        let gathered = |row: &Row| {
            Ok(Gathered {
                who: row.text(0)?.to_owned(),
                why: row.json(1)?,
                since: Millis(row.number(2)?),
                times: row.number(3)?,
                named: row.json(4)?,
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
            serde_json::to_string(&row.named)?.into(),
        ];
        Ok(self.0.run(upsert, values)?)
    }

    fn write(&self, row: &Gathered, now: Millis) -> Outcome<()> {
        if row.times == 0 {
            return Ok(());
        }
        self.note(&row.who, row.why, row.times, &row.named, now)
    }
}
