//! A site's webhooks, and what is known of how they fare.

use std::iter;

use deskbell_shared::{
    webhook::{Health, News, Secret},
    wire::{MAX_WEBHOOKS, Millis, ProblemKind, SiteId, Webhook, WebhookId, WebhookRequest, Webhooks},
};
use serde::{Deserialize, Serialize};

use crate::{
    keys::Keys,
    platform::{
        random,
        sql::{Row, Sql, int},
    },
    refusal::{Outcome, Refusal},
};

/// For how long what is sent is signed with a secret too that was replaced, in milliseconds.
const SIGNS_ALONG_MS: u64 = Millis::DAY;
/// The most secrets that sign: each is a signature in every letter.
const MOST_SECRETS: usize = 5;

/// A webhook, as the desk keeps it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// Of which site.
    pub(crate) site: SiteId,
    /// The address of its inbox.
    pub(crate) inbox: String,
    /// What was asked for.
    pub(crate) set: WebhookRequest,
    /// How the other side fares.
    pub(crate) health: Health,
    /// What the secret in force is derived with.
    salt: Salt,
    /// Those that were before it, the latest first.
    replaced: Vec<Salt>,
}

/// What a secret is derived with.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Salt {
    salt: u64,
    /// Since when this one is in force.
    since: Millis,
}

impl Salt {
    fn new(now: Millis) -> Outcome<Self> {
        Ok(Self { salt: u64::from_be_bytes(random::bytes()?), since: now })
    }
}

impl Kept {
    /// Whether anything is sent at all.
    pub(crate) fn is_on(&self) -> bool {
        self.set.on && self.health.stopped.is_none()
    }

    /// Those salts whose secrets sign, the one in force first.
    fn salts_that_sign(&self, now: Millis) -> impl Iterator<Item = Salt> {
        let newer = iter::once(self.salt).chain(self.replaced.iter().copied());
        let signs_along = self.replaced.iter().zip(newer);
        let signs_along = signs_along.take_while(move |(_, newer)| now.since(newer.since) < SIGNS_ALONG_MS);
        iter::once(self.salt).chain(signs_along.map(|(salt, _)| *salt)).take(MOST_SECRETS)
    }

    /// The secrets that what is sent is signed with, the one in force first. None is stored: each is derived.
    pub(crate) fn secrets(&self, keys: &Keys, id: WebhookId, now: Millis) -> Vec<Secret> {
        self.salts_that_sign(now).map(|Salt { salt, .. }| secret_of(keys, &self.site, id, salt)).collect()
    }
}

/// The secret of a webhook that belongs to this salt.
pub(crate) fn secret_of(keys: &Keys, site: &SiteId, id: WebhookId, salt: u64) -> Secret {
    Secret::new(keys.webhook.mac(&[site.as_str().as_bytes(), &id.0, &salt.to_be_bytes()]))
}

/// The webhooks of the site whose desk's database this is.
pub(crate) struct Store<'a>(pub(crate) &'a Sql);

impl Store<'_> {
    /// The table it needs.
    pub(crate) const SCHEMA: &'static str = "
        CREATE TABLE IF NOT EXISTS webhook (
            id TEXT PRIMARY KEY, made INTEGER NOT NULL, doc TEXT NOT NULL
        ) WITHOUT ROWID;
    ";

    /// One of them.
    ///
    /// # Errors
    /// *Not found* when there is none of this name.
    pub(crate) fn get(&self, id: WebhookId) -> Outcome<Kept> {
        self.find(id)?
            .ok_or_else(|| Refusal::new(ProblemKind::NotFound, "There is no such webhook at this site."))
    }

    /// One of them, if there is one of this name.
    pub(crate) fn find(&self, id: WebhookId) -> Outcome<Option<Kept>> {
        let row = self.0.first("SELECT doc FROM webhook WHERE id = ?", vec![id.to_string().into()])?;
        row.map(|row| row.json(0)).transpose()
    }

    /// All of them, the oldest first.
    pub(crate) fn list(&self) -> Outcome<Webhooks> {
        let shown = |(id, kept): (WebhookId, Kept)| Webhook {
            id,
            set: kept.set,
            stopped: kept.health.stopped,
            failing_since: kept.health.failing_since,
        };
        Ok(Webhooks { webhooks: self.all()?.into_iter().map(shown).collect() })
    }

    /// Those that tell of this, and the site of each.
    pub(crate) fn that_tell_of(&self, news: &News) -> Outcome<Vec<(WebhookId, SiteId)>> {
        let wants = |(_, kept): &(WebhookId, Kept)| kept.is_on() && news.is_for(&kept.set);
        Ok(self.all()?.into_iter().filter(wants).map(|(id, kept)| (id, kept.site)).collect())
    }

    /// Whether there are any.
    pub(crate) fn has_any(&self) -> Outcome<bool> {
        Ok(self.0.first("SELECT 1 FROM webhook LIMIT 1", Vec::new())?.is_some())
    }

    /// Makes one, or changes it. What had stopped by itself is sent again.
    ///
    /// # Errors
    /// *Conflict* when there are as many as there can be.
    pub(crate) fn put(
        &self,
        (site, inbox): (&SiteId, &str),
        id: WebhookId,
        set: &WebhookRequest,
        now: Millis,
    ) -> Outcome<()> {
        let found = self.find(id)?;
        if found.is_none() && self.all()?.len() >= MAX_WEBHOOKS {
            let detail = format!("A site has {MAX_WEBHOOKS} webhooks at most. Remove one first.");
            return Err(Refusal::new(ProblemKind::Conflict, detail));
        }
        let (salt, replaced) = match found {
            Some(kept) => (kept.salt, kept.replaced),
            None => (Salt::new(now)?, Vec::new()),
        };
        let (site, inbox) = (site.clone(), inbox.to_owned());
        let kept = Kept { site, inbox, set: set.clone(), health: Health::default(), salt, replaced };
        let insert = "INSERT OR IGNORE INTO webhook (id, made, doc) VALUES (?, ?, '')";
        self.0.run(insert, vec![id.to_string().into(), int(now.0)])?;
        self.keep(id, &kept)
    }

    /// Writes down how one fares.
    pub(crate) fn keep(&self, id: WebhookId, kept: &Kept) -> Outcome<()> {
        let update = "UPDATE webhook SET doc = ? WHERE id = ?";
        Ok(self.0.run(update, vec![serde_json::to_string(kept)?.into(), id.to_string().into()])?)
    }

    /// What the secret in force of one is derived with, which may be renewed first.
    pub(crate) fn salt(&self, id: WebhookId, renew: bool, now: Millis) -> Outcome<u64> {
        let mut kept = self.get(id)?;
        if renew {
            kept.replaced = kept.salts_that_sign(now).collect();
            kept.salt = Salt::new(now)?;
            self.keep(id, &kept)?;
        }
        Ok(kept.salt.salt)
    }

    /// Takes one away.
    pub(crate) fn remove(&self, id: WebhookId) -> Outcome<()> {
        Ok(self.0.run("DELETE FROM webhook WHERE id = ?", vec![id.to_string().into()])?)
    }

    fn all(&self) -> Outcome<Vec<(WebhookId, Kept)>> {
        let rows = self.0.rows("SELECT id, doc FROM webhook ORDER BY made, id", Vec::new())?;
        let read = |row: &Row| Ok((row.name(0)?, row.json(1)?));
        // One that cannot be read any more must not keep talks from the desk.
        Ok(rows
            .iter()
            .filter_map(|row| read(row).inspect_err(|why: &Refusal| why.log("a webhook")).ok())
            .collect())
    }
}
