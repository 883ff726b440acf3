//! Sends what the site's webhooks have to tell, and sees what comes of it.

use std::cell::Cell;

use deskbell_shared::{
    locale::{Catalog, negotiate},
    webhook::{News, Time, granted_ms, letter, wait_ms},
    wire::{Attempt, AttemptResult, Millis, WebhookFormat, WebhookId},
};
use futures_util::{StreamExt, stream::FuturesUnordered};
use wasm_bindgen::JsValue;

use super::DeskDo;
use crate::{
    keys::Keys,
    platform::{now, patience::within, random},
    refusal::Outcome,
    webhook::{
        outbox::Outbox,
        post::{Parcel, post},
        store::{Kept, Store},
    },
};

/// The most that is sent at the same time, each by another webhook. Workers wait for six answers at once, and make whatever
/// else is sent wait: developers.cloudflare.com/workers/platform/limits, "Simultaneous open connections".
const AT_ONCE: usize = 5;
/// The most that is sent before the alarm goes anew: an event may send fifty requests on Workers' free plan, and erasing sends
/// some too.
const MOST_A_STINT: u32 = 20;
/// For so long webhooks go on telling before the alarm ends and looks at everything else, in milliseconds.
const STINT_MS: u64 = 10_000;
/// While somebody's answer is waited for, it is looked so often whether another has something to tell, in milliseconds.
const LOOK_MS: u64 = 250;
/// What arrives so much later than it happened tells chats when that was, in milliseconds.
const LATE_MS: u64 = 10 * 60_000;

/// How long to wait when something went wrong on our own side, in milliseconds.
const RETRY_MS: u64 = 60_000;

/// The words of the sentences that chats get.
const WORDS: [(&str, &str); 3] = [
    ("en", include_str!("../../../www/locales/webhooks/en.json")),
    ("zh-Hans", include_str!("../../../www/locales/webhooks/zh-Hans.json")),
    ("zh-Hant", include_str!("../../../www/locales/webhooks/zh-Hant.json")),
];

impl DeskDo {
    /// Sends what is due, and sees what comes of it.
    pub(super) async fn deliver(&self) {
        let (began, left) = (now(), Cell::new(MOST_A_STINT));
        let mut busy = Vec::new();
        let mut telling = FuturesUnordered::new();
        loop {
            // While one is waited for, the others need not wait as well.
            let goes_on = !telling.is_empty() || now().since(began) < STINT_MS;
            if goes_on && left.get() > 0 {
                let next = match self.next_deliveries() {
                    Ok(next) => next,
                    Err(refusal) => return refusal.log("looking what is to be sent"),
                };
                for (id, _) in next.into_iter().take_while(|(_, due)| *due <= now()) {
                    if busy.len() < AT_ONCE && !busy.contains(&id) {
                        busy.push(id);
                        telling.push(self.deliver_of(id, began, &left));
                    }
                }
            }
            if telling.is_empty() {
                return;
            }
            if let Some(Some(done)) = within(LOOK_MS, telling.next()).await {
                busy.retain(|id| *id != done);
            }
        }
    }

    /// Sends what one webhook has to tell, one after the other, until it has told all, nothing arrives, or the alarm has been
    /// at it for long enough; one thing at least. Says which it was.
    async fn deliver_of(&self, id: WebhookId, began: Millis, left: &Cell<u32>) -> WebhookId {
        while left.get() > 0 {
            left.set(left.get() - 1);
            match self.deliver_next(id).await {
                Ok(true) if now().since(began) < STINT_MS => {}
                Ok(_) => break,
                Err(refusal) => {
                    refusal.log("sending a webhook");
                    // What went wrong here must not keep the alarm going for nothing else.
                    self.hold_back(id).unwrap_or_else(|refusal| refusal.log("holding a webhook back"));
                    break;
                }
            }
        }
        id
    }

    fn hold_back(&self, id: WebhookId) -> Outcome<()> {
        let store = Store(&self.sql);
        let mut kept = store.get(id)?;
        kept.health.not_before = Some(now().plus(RETRY_MS));
        store.keep(id, &kept)
    }

    /// Sends what a webhook has to tell first; whether there may be more to send now.
    async fn deliver_next(&self, id: WebhookId) -> Outcome<bool> {
        let (store, outbox) = (Store(&self.sql), Outbox(&self.sql));
        let Some(kept) = store.find(id)?.filter(Kept::is_on) else {
            outbox.give_up(id)?;
            return Ok(false);
        };
        if kept.health.not_before.is_some_and(|at| at > now()) {
            return Ok(false);
        }
        let Some(due) = outbox.take(id, now())? else { return Ok(false) };
        if !due.is_asked_for && !kept.set.topics.contains(&due.news.topic) {
            // It was to be told until somebody thought better of it.
            outbox.drop(due.number)?;
            return Ok(true);
        }
        let sent = self.send(id, &kept, &due.event, &due.news).await;
        let (attempt, retry_after_s) = match sent {
            Ok(sent) => sent,
            Err(refusal) => return outbox.give_back(due.number).and(Err(refusal)),
        };
        let now = now();
        if let AttemptResult::Taken { .. } = attempt.result {
            outbox.arrived(due.number, &attempt)?;
            self.note_arrival(id)?;
            return Ok(true);
        }
        // Somebody may have changed it meanwhile, or taken it away: what the old one came to says nothing of the new one.
        let Some(mut kept) = store.find(id)?.filter(|now| now.set == kept.set) else {
            outbox.failed(&due, &attempt, Some(now))?;
            return Ok(true);
        };
        let chance = chance()?;
        let next = wait_ms(due.attempts, chance).map(|wait| now.plus(wait.max(granted_ms(retry_after_s))));
        outbox.failed(&due, &attempt, next)?;
        kept.health.failed(&attempt.result, now, chance, retry_after_s);
        store.keep(id, &kept)?;
        if kept.health.stopped.is_some() {
            outbox.give_up(id)?;
        }
        Ok(kept.is_on())
    }

    /// Something of a webhook has arrived: if nothing did for a while, whatever waits is sent now.
    pub(super) fn note_arrival(&self, id: WebhookId) -> Outcome<()> {
        let store = Store(&self.sql);
        if let Some(mut kept) = store.find(id)?
            && kept.health.failing_since.is_some()
        {
            if kept.health.arrived() {
                Outbox(&self.sql).hurry(id, now())?;
            }
            store.keep(id, &kept)?;
        }
        Ok(())
    }

    /// Sends something once; what came of it, and after how many seconds the other side wants to be asked again.
    pub(super) async fn send(
        &self,
        id: WebhookId,
        kept: &Kept,
        event: &str,
        news: &News,
    ) -> Outcome<(Attempt, Option<u64>)> {
        let moment = now();
        let body = {
            let tags = WORDS.map(|(tag, _)| tag);
            let spoken = negotiate(&[kept.set.language.as_str()], &tags, "en");
            let json = WORDS.iter().find(|(tag, _)| *tag == spoken).map_or("{}", |(_, json)| json);
            let words = Catalog::parse(spoken, json).unwrap_or_default();
            let time = Time { iso_8601: &iso_8601(news.at), is_late: moment.since(news.at) > LATE_MS };
            letter(kept.set.format, news, &words, (&kept.site, &kept.inbox), time)
        };
        let mut headers = Vec::new();
        if kept.set.format == WebhookFormat::Standard {
            let at_s = moment.0 / 1000;
            let secrets = kept.secrets(&*Keys::of(&self.env)?, id, moment);
            let signed: Vec<_> = secrets.iter().map(|secret| secret.sign(event, at_s, &body)).collect();
            headers = vec![
                ("webhook-id", event.to_owned()),
                ("webhook-timestamp", at_s.to_string()),
                ("webhook-signature", signed.join(" ")),
            ];
        }
        let (url, format) = (&kept.set.url, kept.set.format);
        post(&Parcel { url, format, body: &body, headers: &headers }).await
    }
}

/// A number from 0 to 1.
fn chance() -> Outcome<f64> {
    Ok(f64::from(random::bytes::<1>()?[0]) / 255.0)
}

fn iso_8601(at: Millis) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64(at.0 as f64));
    date.to_iso_string().into()
}
