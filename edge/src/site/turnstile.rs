//! Turnstile at a site: its secret, which is set and never read back, and whether Cloudflare answers at the moment.

use deskbell_shared::wire::{Millis, ProblemKind, TurnstileKey, TurnstileSecret};

use crate::{
    platform::sql::{Sql, int},
    refusal::{Outcome, Refusal},
};

/// For how long visitors solve puzzles instead after Cloudflare could not be asked, in milliseconds.
const DOWN_MS: u64 = 60_000;

/// What the site whose database this is keeps of Turnstile.
pub(crate) struct Turnstile<'a>(pub(crate) &'a Sql);

impl Turnstile<'_> {
    /// The table it needs.
    const SCHEMA: &'static str = "
        CREATE TABLE IF NOT EXISTS turnstile (
            only INTEGER PRIMARY KEY CHECK (only = 1), secret TEXT NOT NULL, down_until INTEGER NOT NULL
        );
    ";

    /// Takes the secret that belongs to a key; without a key there is none to keep.
    ///
    /// # Errors
    /// *Malformed*, for a new key without its secret, or a secret without a key.
    pub(crate) fn set(
        &self,
        before: Option<&TurnstileKey>,
        key: Option<&TurnstileKey>,
        secret: Option<&TurnstileSecret>,
    ) -> Outcome<()> {
        self.0.run(Self::SCHEMA, Vec::new())?;
        match (key, secret) {
            (Some(_), Some(secret)) => {
                let upsert = "INSERT INTO turnstile (only, secret, down_until) VALUES (1, ?, 0)
                              ON CONFLICT (only) DO UPDATE SET secret = excluded.secret, down_until = 0";
                Ok(self.0.run(upsert, vec![secret.reveal().into()])?)
            }
            (Some(_), None) if key == before && self.secret()?.is_some() => Ok(()),
            (Some(_), None) => Err(Refusal::new(
                ProblemKind::Malformed,
                "turnstile_secret: a new Turnstile key needs the secret that belongs to it",
            )),
            (None, Some(_)) => Err(Refusal::new(
                ProblemKind::Malformed,
                "settings.turnstile: a Turnstile secret needs the key that it belongs to",
            )),
            (None, None) => Ok(self.0.run("DELETE FROM turnstile", Vec::new())?),
        }
    }

    /// The secret.
    pub(crate) fn secret(&self) -> Outcome<Option<String>> {
        let row = self.row()?;
        Ok(row.map(|(secret, _)| secret))
    }

    /// Cloudflare could not be asked; whether that is news.
    pub(crate) fn is_down(&self, now: Millis) -> Outcome<bool> {
        let was_up = self.down_until()?.is_none();
        self.0.run("UPDATE turnstile SET down_until = ?", vec![int(now.plus(DOWN_MS).0)])?;
        Ok(was_up)
    }

    /// Until when it is not asked, as far as conversations were told.
    pub(crate) fn down_until(&self) -> Outcome<Option<Millis>> {
        Ok(self.row()?.map(|(_, until)| until).filter(|until| *until > Millis(0)))
    }

    /// It is asked again.
    pub(crate) fn is_back(&self) -> Outcome<()> {
        Ok(self.0.run("UPDATE turnstile SET down_until = 0", Vec::new())?)
    }

    /// Whether visitors can be asked to pass it.
    pub(crate) fn is_up(&self, now: Millis) -> Outcome<bool> {
        Ok(self.row()?.is_some_and(|(_, down_until)| down_until <= now))
    }

    fn row(&self) -> Outcome<Option<(String, Millis)>> {
        if !self.0.has_table("turnstile")? {
            return Ok(None);
        }
        let row = self.0.first("SELECT secret, down_until FROM turnstile", Vec::new())?;
        row.map(|row| Ok((row.text(0)?.to_owned(), Millis(row.number(1)?)))).transpose()
    }
}
