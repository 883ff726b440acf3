//! A site's channels, as they are stored. Their keys are derived, so that nothing secret is stored: only a random number for
//! each.

use deskbell_shared::wire::{
    Channel, ChannelId, ChannelRequest, MAX_CHANNELS, Millis, ProblemKind, SiteId, token::base64url,
};
use serde::{Deserialize, Serialize};

use crate::{
    keys::Keys,
    platform::{
        random,
        sql::{Sql, int},
    },
    refusal::{Outcome, Refusal},
};

/// What keys begin with, so that whoever finds one somewhere knows what it is.
pub(crate) const KEY_PREFIX: &str = "dbc_";

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS channel (
        id TEXT PRIMARY KEY, made INTEGER NOT NULL, doc TEXT NOT NULL
    ) WITHOUT ROWID;
";

/// A channel, and what its key is derived with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptChannel {
    /// The channel.
    #[serde(flatten)]
    pub(crate) channel: Channel,
    /// Made anew with every key.
    salt: u64,
}

impl KeptChannel {
    /// What its carrier shows.
    pub(crate) fn key(&self, keys: &Keys, site: &SiteId) -> String {
        let id = self.channel.id.as_str().as_bytes();
        let mac = keys.channel.mac(&[b"key", site.as_str().as_bytes(), id, &self.salt.to_be_bytes()]);
        format!("{KEY_PREFIX}{}", base64url(&mac))
    }
}

/// The channels of the site whose database this is.
pub(crate) struct ChannelBook<'a>(pub(crate) &'a Sql);

impl ChannelBook<'_> {
    /// All of them, the oldest first.
    pub(crate) fn list(&self) -> Outcome<Vec<KeptChannel>> {
        if !self.0.has_table("channel")? {
            return Ok(Vec::new());
        }
        let rows = self.0.rows("SELECT doc FROM channel ORDER BY made, id", Vec::new())?;
        rows.iter().map(|row| row.json(0)).collect()
    }

    /// Makes one, or changes it.
    ///
    /// # Errors
    /// *Conflict*, when there are as many as there can be.
    pub(crate) fn put(&self, id: ChannelId, request: ChannelRequest, now: Millis) -> Outcome<()> {
        self.0.run(SCHEMA, Vec::new())?;
        let channels = self.list()?;
        let (salt, answers) = match channels.iter().find(|kept| kept.channel.id == id) {
            Some(kept) => (kept.salt, kept.channel.answers),
            None if channels.len() >= MAX_CHANNELS => {
                let detail = format!("A site has {MAX_CHANNELS} channels at most. Remove one first.");
                return Err(Refusal::new(ProblemKind::Conflict, detail));
            }
            None => (new_salt()?, false),
        };
        self.keep(
            &KeptChannel {
                channel: Channel { id, name: request.name, answers: request.answers.unwrap_or(answers) },
                salt,
            },
            now,
        )
    }

    /// Gives one another key.
    ///
    /// # Errors
    /// *Not found*, when there is none of this name.
    pub(crate) fn renew(&self, id: &ChannelId, now: Millis) -> Outcome<()> {
        let kept = self.list()?.into_iter().find(|kept| kept.channel.id == *id).ok_or_else(unknown)?;
        self.keep(&KeptChannel { salt: new_salt()?, ..kept }, now)
    }

    /// Takes one away. Doing it again changes nothing.
    pub(crate) fn remove(&self, id: &ChannelId) -> Outcome<()> {
        if self.0.has_table("channel")? {
            self.0.run("DELETE FROM channel WHERE id = ?", vec![id.as_str().into()])?;
        }
        Ok(())
    }

    fn keep(&self, kept: &KeptChannel, now: Millis) -> Outcome<()> {
        let upsert = "INSERT INTO channel (id, made, doc) VALUES (?, ?, ?)
                      ON CONFLICT (id) DO UPDATE SET doc = excluded.doc";
        let doc = serde_json::to_string(kept)?;
        Ok(self.0.run(upsert, vec![kept.channel.id.as_str().into(), int(now.0), doc.into()])?)
    }
}

/// That a site has no channel of a name.
pub(crate) fn unknown() -> Refusal {
    Refusal::new(ProblemKind::NotFound, "There is no such channel at this site.")
}

fn new_salt() -> Outcome<u64> {
    Ok(u64::from_be_bytes(random::bytes()?))
}
