//! The webhooks of the site: what happens at the desk is written into their outbox with it, and the alarm sends it.

use deskbell_shared::{
    webhook::{Matter, News, Raised, of_change},
    wire::{
        Attempt, AttemptResult, Deliveries, DeskEvent, Millis, ProblemKind, SiteId, Summary, Topic,
        WebhookId, Webhooks,
    },
};

use super::DeskDo;
use crate::{
    platform::{now, random},
    refusal::{Outcome, Refusal},
    webhook::{
        calls::{DropWebhook, GetSalt, ListDeliveries, PutWebhook, SendAgain, TryWebhook},
        outbox::Outbox,
        store::Store,
    },
};

impl DeskDo {
    /// How a conversation stood, for whoever is told of what has changed.
    pub(super) fn standing_before(&self, now: &Summary) -> Outcome<Option<Summary>> {
        let query = "SELECT doc FROM conversation WHERE id = ?";
        let row = self.sql.first(query, vec![now.conversation.to_string().into()])?;
        // What cannot be read any more must not keep from the desk what replaces it.
        Ok(row.and_then(|row| row.json(0).inspect_err(|why: &Refusal| why.log("a talk's standing")).ok()))
    }

    /// A conversation has changed.
    pub(super) fn tell_of_change(&self, before: Option<&Summary>, now: &Summary) -> Outcome<()> {
        if Store(&self.sql).has_any()? {
            of_change(before, now).iter().try_for_each(|news| self.tell_webhooks(news, new_event))?;
        }
        Ok(())
    }

    /// Something that whoever has the inbox open hears of, and others may want to know.
    pub(super) fn tell_of_event(&self, event: &DeskEvent) -> Outcome<()> {
        match event {
            DeskEvent::Appealed { appeal } if appeal.outcome.is_none() => {
                let number = appeal.number;
                let news = News { topic: Topic::Appealed, at: appeal.at, about: Matter::Appeal { number } };
                // Told again, it is the same.
                self.tell_webhooks(&news, |site| Ok(format!("appeal_{site}_{number}")))
            }
            DeskEvent::Erased { conversation: id, .. } => {
                Outbox(&self.sql).forget_talk(*id)?;
                let news = News { topic: Topic::Erased, at: now(), about: Matter::Erased { id: *id } };
                self.tell_webhooks(&news, new_event)
            }
            _ => Ok(()),
        }
    }

    /// An alert has begun or ended.
    pub(super) fn tell_of_alert(&self, raised: Raised) -> Outcome<()> {
        let topic = if raised.since.is_some() { Topic::AlertBegan } else { Topic::AlertEnded };
        self.tell_webhooks(&News { topic, at: now(), about: Matter::Alert(raised) }, new_event)
    }

    /// Has those webhooks tell something that tell of such things, each with an id.
    fn tell_webhooks(&self, news: &News, event: impl Fn(&SiteId) -> Outcome<String>) -> Outcome<()> {
        for (webhook, site) in Store(&self.sql).that_tell_of(news)? {
            Outbox(&self.sql).add(webhook, &event(&site)?, news, now())?;
        }
        Ok(())
    }

    pub(super) fn webhooks(&self) -> Outcome<Webhooks> {
        Store(&self.sql).list()
    }

    pub(super) fn put_webhook(&self, call: &PutWebhook) -> Outcome<Webhooks> {
        Store(&self.sql).put((&call.site, &call.inbox), call.id, &call.request, now())?;
        let outbox = Outbox(&self.sql);
        // What waited for a wrong address need not wait for the right one.
        if call.request.on {
            outbox.begin_anew(call.id, now())?
        } else {
            outbox.give_up(call.id)?
        }
        self.webhooks()
    }

    pub(super) fn drop_webhook(&self, DropWebhook { id }: DropWebhook) -> Outcome<Webhooks> {
        Store(&self.sql).remove(id)?;
        Outbox(&self.sql).forget(id)?;
        self.webhooks()
    }

    pub(super) fn salt(&self, GetSalt { id, renew }: GetSalt) -> Outcome<u64> {
        Store(&self.sql).salt(id, renew, now())
    }

    pub(super) fn deliveries(&self, ListDeliveries { id }: ListDeliveries) -> Outcome<Deliveries> {
        let held_back = Store(&self.sql).get(id)?.health.not_before;
        let mut listed = Outbox(&self.sql).list(id)?;
        for delivery in &mut listed.deliveries {
            delivery.next = delivery.next.map(|next| next.max(held_back.unwrap_or(next)));
        }
        Ok(listed)
    }

    pub(super) fn send_again(&self, SendAgain { id, number }: SendAgain) -> Outcome<()> {
        let store = Store(&self.sql);
        let mut kept = store.get(id)?;
        if !kept.is_on() {
            let detail = "This webhook is turned off, or has stopped. Turn it on first.";
            return Err(Refusal::new(ProblemKind::Conflict, detail));
        }
        Outbox(&self.sql).again(id, number)?;
        // Somebody wants it now, however the other side fares.
        kept.health.not_before = None;
        store.keep(id, &kept)
    }

    /// Sends a webhook that says nothing, while somebody waits for what comes of it.
    pub(super) async fn try_webhook(&self, TryWebhook { id }: TryWebhook) -> Outcome<Attempt> {
        let kept = Store(&self.sql).get(id)?;
        let news = News { topic: Topic::Test, at: now(), about: Matter::Nothing };
        let (attempt, _) = self.send(id, &kept, &new_event(&kept.site)?, &news).await?;
        if matches!(attempt.result, AttemptResult::Taken { .. }) {
            self.note_arrival(id)?;
        }
        Ok(attempt)
    }

    /// Whether something is to be sent before the alarm goes.
    pub(super) async fn has_to_send(&self) -> worker::Result<bool> {
        let Ok(Some(due)) = self.next_delivery() else { return Ok(false) };
        // What is due now is the rule, and its alarm is set in the step that wrote it.
        if due <= now() {
            return Ok(true);
        }
        let alarm = self.state.storage().get_alarm().await?;
        Ok(alarm.and_then(|at| u64::try_from(at).ok()).is_none_or(|at| due < Millis(at)))
    }

    /// When the next is to be sent.
    pub(super) fn next_delivery(&self) -> Outcome<Option<Millis>> {
        Ok(self.next_deliveries()?.first().map(|(_, due)| *due))
    }

    /// Those webhooks that have something to tell and may, and when each does next: the first comes first.
    pub(super) fn next_deliveries(&self) -> Outcome<Vec<(WebhookId, Millis)>> {
        let store = Store(&self.sql);
        // One that cannot be read any more tells nothing, and must not keep the others from it.
        let allowed = |(id, due): (WebhookId, Millis)| {
            let kept = store.find(id).inspect_err(|why| why.log("a webhook")).ok().flatten()?;
            Some((id, kept.health.not_before.map_or(due, |at| due.max(at))))
        };
        let mut next: Vec<_> = Outbox(&self.sql).waiting()?.into_iter().filter_map(allowed).collect();
        next.sort_by_key(|(_, due)| *due);
        Ok(next)
    }
}

/// An id for something that is told.
fn new_event(_site: &SiteId) -> Outcome<String> {
    Ok(format!("evt_{}", random::secret()?))
}
