//! Sends what the site's webhooks have to tell, and sees what comes of it.

use std::cell::Cell;

use deskbell_shared::{
    locale::{Catalog, negotiate},
    webhook::{News, letter, next_try_ms},
    wire::{Attempt, AttemptResult, Millis, Stopped, WebhookFormat, WebhookId},
};
use futures_util::{StreamExt, stream};
use wasm_bindgen::JsValue;

use super::DeskDo;
use crate::{
    keys::Keys,
    platform::{now, random},
    refusal::Outcome,
    webhook::{
        outbox::Outbox,
        post::{Parcel, post},
        store::{Kept, Store},
    },
};

/// One that has told nothing for so long is stopped when it has to give something up, in milliseconds.
const STOP_AFTER_MS: u64 = 3 * Millis::DAY;
/// The most that is sent at the same time, each by another webhook. Workers wait for six answers at once, and make whatever
/// else is sent wait: developers.cloudflare.com/workers/platform/limits, "Simultaneous open connections".
const AT_ONCE: usize = 5;
/// The most that is sent before the alarm goes anew: an event may send fifty requests on Workers' free plan, and erasing sends
/// some too.
const MOST_A_STINT: u32 = 20;
/// For so long webhooks go on telling before the alarm ends and looks at everything else, in milliseconds.
const STINT_MS: u64 = 10_000;

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
        let began = now();
        let webhooks = match Outbox(&self.sql).with_due(began) {
            Ok(webhooks) => webhooks,
            Err(refusal) => return refusal.log("looking what is to be sent"),
        };
        let left = Cell::new(MOST_A_STINT);
        let each = |id| self.deliver_of(id, began, &left);
        stream::iter(webhooks).for_each_concurrent(AT_ONCE, each).await;
    }

    /// Sends what one webhook has to tell, one after the other, until it has told all, nothing arrives, or the alarm has been
    /// at it for long enough.
    async fn deliver_of(&self, id: WebhookId, began: Millis, left: &Cell<u32>) {
        while now().since(began) < STINT_MS && left.get() > 0 {
            left.set(left.get() - 1);
            match self.deliver_next(id).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(refusal) => {
                    refusal.log("sending a webhook");
                    // What went wrong here must not keep the alarm going for nothing else.
                    let held = Outbox(&self.sql).hold_back(id, now().plus(RETRY_MS), now());
                    return held.unwrap_or_else(|refusal| refusal.log("holding a webhook back"));
                }
            }
        }
    }

    /// Sends what a webhook has to tell first; whether there may be more to send now.
    async fn deliver_next(&self, id: WebhookId) -> Outcome<bool> {
        let (store, outbox) = (Store(&self.sql), Outbox(&self.sql));
        let Some(kept) = store.find(id)?.filter(Kept::is_on) else {
            outbox.give_up(id)?;
            return Ok(false);
        };
        let Some(due) = outbox.take(id, now())? else { return Ok(false) };
        let (attempt, retry_after_s) = self.send(id, &kept, &due.event, &due.news).await?;
        let now = now();
        if let AttemptResult::Taken { .. } = attempt.result {
            outbox.tried(due.number, &attempt, None)?;
            self.note_arrival(id)?;
            return Ok(true);
        }
        // Somebody may have changed it meanwhile, or taken it away: what the old one came to says nothing of the new one.
        let Some(mut kept) = store.find(id)?.filter(|now| now.set == kept.set) else {
            outbox.tried(due.number, &attempt, Some(now))?;
            return Ok(true);
        };
        let next = next_try_ms(due.attempts, chance()?, retry_after_s).map(|wait| now.plus(wait));
        outbox.tried(due.number, &attempt, next)?;
        let since = *kept.failing_since.get_or_insert(now);
        kept.stopped = match attempt.result {
            AttemptResult::Refused { status: 410, .. } => Some(Stopped::Gone),
            _ if next.is_none() && now.since(since) >= STOP_AFTER_MS => Some(Stopped::Failing),
            _ => None,
        };
        store.keep(id, &kept)?;
        match next {
            _ if kept.stopped.is_some() => outbox.give_up(id)?,
            Some(next) => outbox.hold_back(id, next, now)?,
            None => return Ok(true),
        }
        Ok(false)
    }

    /// Something of a webhook has arrived: if it is the first in a while, whatever waits is sent now.
    pub(super) fn note_arrival(&self, id: WebhookId) -> Outcome<()> {
        let store = Store(&self.sql);
        if let Some(mut kept) = store.find(id)?
            && kept.failing_since.take().is_some()
        {
            Outbox(&self.sql).hurry(id, now())?;
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
            letter(kept.set.format, news, &words, (&kept.site, &kept.inbox), &iso_8601(news.at))
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
