//! The webhooks of the site: what happens at the desk is written into their outbox with it, and the alarm sends it.

use deskbell_shared::{
    webhook::{Matter, News, Raised, of_change},
    wire::{Attempt, AttemptResult, Deliveries, DeskEvent, Millis, ProblemKind, Summary, Topic, Webhooks},
};

use super::DeskDo;
use crate::{
    platform::{now, random},
    refusal::{Outcome, Refusal},
    webhook::{
        calls::{CountRenewals, DropWebhook, ListDeliveries, PutWebhook, SendAgain, TryWebhook},
        outbox::Outbox,
        store::Store,
    },
};

impl DeskDo {
    /// How a conversation stood, for whoever is told of what has changed; `None` also where nobody is.
    pub(super) fn standing_before(&self, now: &Summary) -> Outcome<Option<Summary>> {
        let query = "SELECT doc FROM conversation WHERE id = ? AND EXISTS (SELECT 1 FROM webhook)";
        let row = self.sql.first(query, vec![now.conversation.to_string().into()])?;
        row.map(|row| row.json(0)).transpose()
    }

    /// A conversation has changed.
    pub(super) fn tell_of_change(&self, before: Option<&Summary>, now: &Summary) -> Outcome<()> {
        if Store(&self.sql).has_any()? {
            of_change(before, now).iter().try_for_each(|news| self.tell_webhooks(None, news))?;
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
                self.tell_webhooks(Some(format!("appeal_{number}")), &news)
            }
            DeskEvent::Erased { conversation: id, .. } => {
                Outbox(&self.sql).forget_talk(*id)?;
                let news = News { topic: Topic::Erased, at: now(), about: Matter::Erased { id: *id } };
                self.tell_webhooks(None, &news)
            }
            _ => Ok(()),
        }
    }

    /// An alert has begun or ended.
    pub(super) fn tell_of_alert(&self, raised: Raised) -> Outcome<()> {
        let topic = if raised.since.is_some() { Topic::AlertBegan } else { Topic::AlertEnded };
        self.tell_webhooks(None, &News { topic, at: now(), about: Matter::Alert(raised) })
    }

    /// Has those webhooks tell something that tell of such things.
    pub(super) fn tell_webhooks(&self, event: Option<String>, news: &News) -> Outcome<()> {
        for webhook in Store(&self.sql).that_tell_of(news.topic)? {
            let event = event.clone().map_or_else(new_event, Ok)?;
            Outbox(&self.sql).add(webhook, &event, news, now())?;
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
            outbox.hurry(call.id, now())?
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

    pub(super) fn renewals(&self, CountRenewals { id, renew }: CountRenewals) -> Outcome<u64> {
        let store = Store(&self.sql);
        if renew { store.renew(id, now()) } else { store.get(id).map(|kept| kept.renewals) }
    }

    pub(super) fn deliveries(&self, ListDeliveries { id }: ListDeliveries) -> Outcome<Deliveries> {
        Store(&self.sql).get(id)?;
        Outbox(&self.sql).list(id)
    }

    pub(super) fn send_again(&self, SendAgain { id, number }: SendAgain) -> Outcome<()> {
        if !Store(&self.sql).get(id)?.is_on() {
            let detail = "This webhook is turned off, or has stopped. Turn it on first.";
            return Err(Refusal::new(ProblemKind::Conflict, detail));
        }
        Outbox(&self.sql).again(id, number, now())
    }

    /// Sends a webhook that says nothing, while somebody waits for what comes of it.
    pub(super) async fn try_webhook(&self, TryWebhook { id }: TryWebhook) -> Outcome<Attempt> {
        let kept = Store(&self.sql).get(id)?;
        let news = News { topic: Topic::Test, at: now(), about: Matter::Nothing };
        let (attempt, _) = self.send(id, &kept, &new_event()?, &news).await?;
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
        Outbox(&self.sql).next()
    }
}

/// An id for something that is told.
fn new_event() -> Outcome<String> {
    Ok(format!("evt_{}", random::secret()?))
}
