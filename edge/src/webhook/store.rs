//! A site's webhooks, and what is known of how they fare.

use deskbell_shared::{
    webhook::Secret,
    wire::{
        MAX_WEBHOOKS, Millis, ProblemKind, SiteId, Stopped, Topic, Webhook, WebhookId, WebhookRequest,
        Webhooks,
    },
};
use serde::{Deserialize, Serialize};

use crate::{
    keys::Keys,
    platform::sql::{Row, Sql, int},
    refusal::{Outcome, Refusal},
};

/// For how long what is sent is signed with the secret before too, in milliseconds.
const BOTH_SECRETS_MS: u64 = Millis::DAY;

/// A webhook, as the desk keeps it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// Of which site.
    pub(crate) site: SiteId,
    /// The address of its inbox.
    pub(crate) inbox: String,
    /// What was asked for.
    pub(crate) set: WebhookRequest,
    /// Why nothing is sent any more although nobody turned it off.
    pub(crate) stopped: Option<Stopped>,
    /// Since when nothing has arrived.
    pub(crate) failing_since: Option<Millis>,
    /// How often it was given a new secret.
    pub(crate) renewals: u64,
    /// When it was last.
    pub(crate) renewed: Option<Millis>,
}

impl Kept {
    /// Whether anything is sent at all.
    pub(crate) fn is_on(&self) -> bool {
        self.set.on && self.stopped.is_none()
    }

    /// The secrets that what is sent is signed with, the one in force first. None is stored: each is derived.
    pub(crate) fn secrets(&self, keys: &Keys, id: WebhookId, now: Millis) -> Vec<Secret> {
        let both = self.renewed.is_some_and(|renewed| now.since(renewed) < BOTH_SECRETS_MS);
        let before = self.renewals.checked_sub(1).filter(|_| both);
        [Some(self.renewals), before]
            .into_iter()
            .flatten()
            .map(|n| secret_of(keys, &self.site, id, n))
            .collect()
    }
}

/// The secret of a webhook that was renewed so often.
pub(crate) fn secret_of(keys: &Keys, site: &SiteId, id: WebhookId, renewals: u64) -> Secret {
    Secret::new(keys.webhook.mac(&[site.as_str().as_bytes(), &id.0, &renewals.to_be_bytes()]))
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
            stopped: kept.stopped,
            failing_since: kept.failing_since,
        };
        Ok(Webhooks { webhooks: self.all()?.into_iter().map(shown).collect() })
    }

    /// Those that tell of such things, and of each whether nothing of it arrives at the moment.
    pub(crate) fn that_tell_of(&self, topic: Topic) -> Outcome<Vec<(WebhookId, bool)>> {
        let wants = |(_, kept): &(WebhookId, Kept)| kept.is_on() && kept.set.topics.contains(&topic);
        let listed = |(id, kept): (WebhookId, Kept)| (id, kept.failing_since.is_some());
        Ok(self.all()?.into_iter().filter(wants).map(listed).collect())
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
        let (renewals, renewed) = found.map_or((0, None), |kept| (kept.renewals, kept.renewed));
        let (site, inbox) = (site.clone(), inbox.to_owned());
        let kept =
            Kept { site, inbox, set: set.clone(), stopped: None, failing_since: None, renewals, renewed };
        let insert = "INSERT OR IGNORE INTO webhook (id, made, doc) VALUES (?, ?, '')";
        self.0.run(insert, vec![id.to_string().into(), int(now.0)])?;
        self.keep(id, &kept)
    }

    /// Writes down how one fares.
    pub(crate) fn keep(&self, id: WebhookId, kept: &Kept) -> Outcome<()> {
        let update = "UPDATE webhook SET doc = ? WHERE id = ?";
        Ok(self.0.run(update, vec![serde_json::to_string(kept)?.into(), id.to_string().into()])?)
    }

    /// Gives one a new secret, and says how often that has happened.
    pub(crate) fn renew(&self, id: WebhookId, now: Millis) -> Outcome<u64> {
        let mut kept = self.get(id)?;
        (kept.renewals, kept.renewed) = (kept.renewals + 1, Some(now));
        self.keep(id, &kept)?;
        Ok(kept.renewals)
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
