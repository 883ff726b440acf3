//! Sends what the site's webhooks have to tell, and sees what comes of it.

use deskbell_shared::{
    locale::{Catalog, negotiate},
    webhook::{News, letter, next_try_ms},
    wire::{Attempt, AttemptResult, Millis, Stopped, WebhookFormat, WebhookId},
};
use futures_util::future::join_all;
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
/// The most of one webhook that is sent at the same time.
const AT_ONCE: u64 = 4;
/// For so long a webhook goes on telling before the alarm ends and looks at everything else, in milliseconds.
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
    /// Sends what is due, and sees what comes of it. No webhook waits for another.
    pub(super) async fn deliver(&self) {
        let began = now();
        match Outbox(&self.sql).with_due(began) {
            Ok(webhooks) => drop(join_all(webhooks.into_iter().map(|id| self.deliver_of(id, began))).await),
            Err(refusal) => refusal.log("looking what is to be sent"),
        }
    }

    /// Sends what one webhook has to tell, until it has told all, nothing arrives, or others have waited long enough.
    async fn deliver_of(&self, id: WebhookId, began: Millis) {
        while now().since(began) < STINT_MS {
            match self.deliver_some(id).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(refusal) => {
                    refusal.log("sending a webhook");
                    // What cannot even be read must not keep the alarm going for nothing else.
                    let held = Outbox(&self.sql).hold_back(id, now().plus(RETRY_MS), now());
                    return held.unwrap_or_else(|refusal| refusal.log("holding a webhook back"));
                }
            }
        }
    }

    /// Sends a few; whether there may be more to send now.
    async fn deliver_some(&self, id: WebhookId) -> Outcome<bool> {
        let (store, outbox) = (Store(&self.sql), Outbox(&self.sql));
        let Some(kept) = store.find(id)?.filter(Kept::is_on) else {
            outbox.give_up(id)?;
            return Ok(false);
        };
        let most = if kept.failing_since.is_some() { 1 } else { AT_ONCE };
        let due = outbox.take(id, most, now())?;
        let sent = join_all(due.iter().map(|due| self.send(id, &kept, &due.event, &due.news))).await;
        let (mut arrived, mut is_gone, mut gave_up, mut next_try) = (false, false, false, None);
        for (due, sent) in due.iter().zip(sent) {
            let (attempt, retry_after_s) = sent?;
            let has_arrived = matches!(attempt.result, AttemptResult::Taken { .. });
            let wait = next_try_ms(due.attempts, chance()?, retry_after_s).filter(|_| !has_arrived);
            let next = wait.map(|wait| now().plus(wait));
            outbox.tried(due.number, &attempt, next)?;
            arrived |= has_arrived;
            is_gone |= matches!(attempt.result, AttemptResult::Refused { status: 410, .. });
            gave_up |= !has_arrived && next.is_none();
            next_try = next_try.into_iter().chain(next).min();
        }
        if arrived {
            return self.note_arrival(id).map(|()| true);
        }
        // Somebody may have changed it meanwhile, or taken it away: what came of the old one says nothing of the new one.
        let unchanged = |now: &Kept| now.set == kept.set && !due.is_empty();
        let Some(mut kept) = store.find(id)?.filter(unchanged) else { return Ok(false) };
        let now = now();
        let since = *kept.failing_since.get_or_insert(now);
        kept.stopped = match (is_gone, gave_up && now.since(since) >= STOP_AFTER_MS) {
            (true, _) => Some(Stopped::Gone),
            (false, true) => Some(Stopped::Failing),
            (false, false) => None,
        };
        if kept.stopped.is_some() {
            outbox.give_up(id)?;
        } else if let Some(next) = next_try {
            outbox.hold_back(id, next, now)?;
        }
        store.keep(id, &kept)?;
        Ok(kept.stopped.is_none() && next_try.is_none())
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
