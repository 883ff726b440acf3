//! A site's rules for its guard, as they are stored, with the version by which conversations tell new ones from old.

use deskbell_shared::guard::rules::GuardRules;

use crate::{
    platform::sql::{Sql, int},
    refusal::Outcome,
};

/// Which version's days the watch keeps decisions for.
const WATCHED: &str = "CREATE TABLE IF NOT EXISTS watched (
    only INTEGER PRIMARY KEY CHECK (only = 1), version INTEGER NOT NULL
)";

/// The rules of the site whose database this is.
pub(crate) struct RuleBook<'a>(pub(crate) &'a Sql);

impl RuleBook<'_> {
    /// The table it needs.
    pub(crate) const SCHEMA: &'static str = "
        CREATE TABLE IF NOT EXISTS rules (
            only INTEGER PRIMARY KEY CHECK (only = 1), doc TEXT NOT NULL, version INTEGER NOT NULL,
            carried INTEGER NOT NULL
        );
    ";

    /// The rules in force.
    pub(crate) fn get(&self) -> Outcome<GuardRules> {
        let row = self.0.first("SELECT doc FROM rules", Vec::new())?;
        Ok(row.map(|row| row.json(0)).transpose()?.unwrap_or_default())
    }

    /// Sets the rules.
    pub(crate) fn put(&self, rules: &GuardRules) -> Outcome<()> {
        let upsert = "INSERT INTO rules (only, doc, version, carried) VALUES (1, ?, 1, 0)
            ON CONFLICT (only) DO UPDATE SET doc = excluded.doc, version = version + 1";
        Ok(self.0.run(upsert, vec![serde_json::to_string(rules)?.into()])?)
    }

    /// Something has changed that conversations look out for.
    pub(crate) fn touch(&self) -> Outcome<()> {
        self.put(&self.get()?)
    }

    /// The version in force, and the one that was carried everywhere.
    pub(crate) fn versions(&self) -> Outcome<(u64, u64)> {
        match self.0.first("SELECT version, carried FROM rules", Vec::new())? {
            Some(row) => Ok((row.number(0)?, row.number(1)?)),
            None => Ok((0, 0)),
        }
    }

    /// This version was carried everywhere.
    pub(crate) fn carried(&self, version: u64) -> Outcome<()> {
        Ok(self.0.run("UPDATE rules SET carried = ?", vec![int(version)])?)
    }

    /// The version of which the watch knows for how long it keeps decisions.
    pub(crate) fn watched(&self) -> Outcome<u64> {
        if !self.0.has_table("watched")? {
            return Ok(0);
        }
        self.0.first("SELECT version FROM watched", Vec::new())?.map_or(Ok(0), |row| row.number(0))
    }

    /// The watch knows that of this version.
    pub(crate) fn watch_knows(&self, version: u64) -> Outcome<()> {
        self.0.run(WATCHED, Vec::new())?;
        let upsert = "INSERT INTO watched (only, version) VALUES (1, ?)
                      ON CONFLICT (only) DO UPDATE SET version = excluded.version";
        Ok(self.0.run(upsert, vec![int(version)])?)
    }
}
