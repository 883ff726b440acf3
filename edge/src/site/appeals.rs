//! A site's appeals: what visitors say against bans, what was decided, and whether they found that fair.

use std::collections::BTreeMap;

use deskbell_shared::{
    guard::signal::Signal,
    wire::{
        AppealId, AppealOutcome, AppealRequest, AppealState, AppealSummary, Appeals, Ban, BanId, Fairness,
        Millis, ProblemKind,
    },
};
use serde::{Deserialize, Serialize};

use crate::{
    platform::sql::{Sql, int},
    refusal::{Outcome, Refusal},
};

/// Appeals that are shown at once.
const SHOWN: u64 = 100;

/// The appeals of the site whose database this is.
pub(crate) struct AppealBook<'a>(pub(crate) &'a Sql);

/// An appeal as it is stored: what agents see, and what its visitor asks after it with.
#[derive(Serialize, Deserialize)]
struct Stored {
    id: AppealId,
    summary: AppealSummary,
}

impl AppealBook<'_> {
    /// The table it needs.
    pub(crate) const SCHEMA: &'static str = "
        CREATE TABLE IF NOT EXISTS appeal (
            ban TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, waits INTEGER NOT NULL,
            doc TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS appeal_order ON appeal (waits DESC, at DESC);
    ";

    /// Takes an appeal against a ban; one a ban, and the same again changes nothing.
    pub(crate) fn make(&self, request: AppealRequest, ban: &Ban, now: Millis) -> Outcome<AppealSummary> {
        if let Some(Stored { summary, id }) = self.against(ban.id)? {
            return if id == request.id {
                Ok(summary)
            } else {
                Err(Refusal::new(ProblemKind::Conflict, "There is an appeal against this ban already."))
            };
        }
        let summary = AppealSummary {
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
        self.put(&Stored { id: request.id, summary: summary.clone() })?;
        Ok(summary)
    }

    /// What was decided about a ban before, if anything was; refused when that was something else.
    pub(crate) fn decided(&self, ban: BanId, outcome: AppealOutcome) -> Outcome<Option<AppealSummary>> {
        let Stored { summary, .. } = self.against(ban)?.ok_or_else(no_such)?;
        match summary.outcome {
            None => Ok(None),
            Some(before) if before == outcome => Ok(Some(summary)),
            Some(_) => {
                Err(Refusal::new(ProblemKind::Conflict, "A colleague has decided about this appeal already."))
            }
        }
    }

    /// Writes down what was decided, and when the ban ends now.
    pub(crate) fn decide(
        &self,
        ban: BanId,
        outcome: AppealOutcome,
        until: Option<Millis>,
    ) -> Outcome<AppealSummary> {
        let mut stored = self.against(ban)?.ok_or_else(no_such)?;
        stored.summary.outcome = Some(outcome);
        stored.summary.until = until;
        self.put(&stored)?;
        Ok(stored.summary)
    }

    /// How an appeal stands, for its visitor, who may say once whether the decision was fair. Agents are told of what that
    /// changed.
    pub(crate) fn state(
        &self,
        id: AppealId,
        fair: Option<bool>,
    ) -> Outcome<(AppealState, Option<AppealSummary>)> {
        let query = "SELECT doc FROM appeal WHERE id = ?";
        let row = self.0.first(query, vec![id.to_string().into()])?;
        let mut stored: Stored = row.ok_or_else(no_such)?.json(0)?;
        let changes = fair.is_some() && stored.summary.outcome.is_some() && stored.summary.fair.is_none();
        if changes {
            stored.summary.fair = fair;
            self.put(&stored)?;
        }
        let AppealSummary { outcome, until, fair, .. } = stored.summary;
        Ok((AppealState { outcome, until, fair }, changes.then_some(stored.summary)))
    }

    /// Those that wait first, and how fair the decisions were found.
    pub(crate) fn list(&self) -> Outcome<Appeals> {
        let rows = self.0.rows("SELECT doc FROM appeal ORDER BY waits DESC, at DESC", Vec::new())?;
        let all = rows.iter().map(|row| row.json::<Stored>(0)).collect::<Outcome<Vec<_>>>()?;
        let mut fairness: BTreeMap<Option<Signal>, Fairness> = BTreeMap::new();
        for Stored { summary, .. } in &all {
            let signal = summary.signals.first().copied();
            let none = Fairness { signal, appeals: 0, lifted: 0, fair: 0, unfair: 0 };
            let counted = fairness.entry(signal).or_insert(none);
            counted.appeals += 1;
            counted.lifted += u32::from(summary.outcome == Some(AppealOutcome::Lifted));
            counted.fair += u32::from(summary.fair == Some(true));
            counted.unfair += u32::from(summary.fair == Some(false));
        }
        let appeals = all.into_iter().take(SHOWN as usize).map(|stored| stored.summary).collect();
        Ok(Appeals { appeals, fairness: fairness.into_values().collect() })
    }

    fn against(&self, ban: BanId) -> Outcome<Option<Stored>> {
        let query = "SELECT doc FROM appeal WHERE ban = ?";
        self.0.first(query, vec![ban.to_string().into()])?.map(|row| row.json(0)).transpose()
    }

    fn put(&self, stored: &Stored) -> Outcome<()> {
        let upsert = "INSERT INTO appeal (ban, id, at, waits, doc) VALUES (?, ?, ?, ?, ?)
                      ON CONFLICT (ban) DO UPDATE SET waits = excluded.waits, doc = excluded.doc";
        let row = vec![
            stored.summary.ban.to_string().into(),
            stored.id.to_string().into(),
            int(stored.summary.at.0),
            int(u64::from(stored.summary.outcome.is_none())),
            serde_json::to_string(stored)?.into(),
        ];
        Ok(self.0.run(upsert, row)?)
    }
}

fn no_such() -> Refusal {
    Refusal::new(ProblemKind::NotFound, "There is no such appeal at this site.")
}
