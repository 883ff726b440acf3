//! Alerts: one when an attack begins and one when it ends, however many acts there are in between; the same for a guard
//! that does not answer.

use deskbell_shared::{
    guard::siege::{Change, Siege},
    webhook::Raised,
    wire::{Alert, AlertKind, DeskEvent, Millis},
};

use super::DeskDo;
use crate::{
    desk::calls::TurnedAway,
    platform::{
        now,
        object::{self, ask},
        socket,
        sql::int,
    },
    refusal::Outcome,
    site::calls::Besieged,
};

/// How long until the site is told again that could not be, in milliseconds.
const RETRY_MS: u64 = 2_000;

/// The alerts there can be.
const KINDS: [AlertKind; 3] = [AlertKind::Attack, AlertKind::GuardDown, AlertKind::TurnstileDown];

impl DeskDo {
    /// Counts those who were turned away.
    pub(super) fn turned_away(&self, call: &TurnedAway) -> Outcome<()> {
        let insert = "INSERT OR IGNORE INTO told (only, site, attack) VALUES (1, ?, 0)";
        self.sql.run(insert, vec![call.site.as_str().into()])?;
        self.alert(AlertKind::Attack, call.count)
    }

    /// Counts acts.
    pub(super) fn alert(&self, kind: AlertKind, count: u32) -> Outcome<()> {
        let (mut siege, now) = (self.siege(kind)?, now());
        // An alarm that is late must not make two attacks one, nor let the first end untold.
        self.note_change(kind, siege.look(now), &siege)?;
        let change = siege.turned_away(count, now);
        self.keep_siege(kind, &siege)?;
        self.note_change(kind, change, &siege)
    }

    /// Tells the site whether it is under attack, when that is news: there every isolate learns of it.
    pub(super) async fn tell_site(&self) {
        if let Err(refusal) = self.try_to_tell_site().await {
            refusal.log("telling the site of an attack");
        }
    }

    /// When the site is told again, if it is to be told anything.
    pub(super) fn next_telling(&self) -> Outcome<Option<Millis>> {
        let told = self.sql.first("SELECT attack FROM told", Vec::new())?;
        let Some(told) = told.map(|row| row.number(0)).transpose()? else { return Ok(None) };
        let on = self.siege(AlertKind::Attack)?.is_on().is_some();
        if on == (told == 1) {
            self.tells_again.set(None);
            return Ok(None);
        }
        let again = self.tells_again.get().unwrap_or_else(|| now().plus(RETRY_MS));
        self.tells_again.set(Some(again));
        Ok(Some(again))
    }

    async fn try_to_tell_site(&self) -> Outcome<()> {
        // What changes while the site is being told is told after it.
        while let Some(told) = self.sql.first("SELECT site, attack FROM told", Vec::new())? {
            let on = self.siege(AlertKind::Attack)?.is_on().is_some();
            if on == (told.number(1)? == 1) {
                break;
            }
            ask(&object::named(&self.env, object::SITE, told.text(0)?)?, &Besieged { on }).await?;
            self.sql.run("UPDATE told SET attack = ?", vec![int(u64::from(on))])?;
        }
        Ok(())
    }

    /// Ends the alerts that are over.
    pub(super) fn end_alerts(&self) -> Outcome<()> {
        for kind in KINDS {
            let mut siege = self.siege(kind)?;
            let change = siege.look(now());
            if change != Change::None {
                self.keep_siege(kind, &siege)?;
                self.note_change(kind, change, &siege)?;
            }
        }
        Ok(())
    }

    /// The alerts that are on, for somebody who has just opened the inbox.
    pub(super) fn alerts(&self) -> Outcome<Vec<DeskEvent>> {
        let on = |kind| Ok((kind, self.siege(kind)?));
        let all = KINDS.into_iter().map(on).collect::<Outcome<Vec<_>>>()?;
        Ok(all
            .iter()
            .filter(|(_, siege)| siege.is_on().is_some())
            .map(|(kind, siege)| event(*kind, siege))
            .collect())
    }

    /// When the next alert may be over.
    pub(super) fn next_end_of_alert(&self) -> Outcome<Option<Millis>> {
        let ends = KINDS.into_iter().map(|kind| Ok(self.siege(kind)?.ends())).collect::<Outcome<Vec<_>>>()?;
        Ok(ends.into_iter().flatten().min())
    }

    fn note_change(&self, kind: AlertKind, change: Change, siege: &Siege) -> Outcome<()> {
        if change != Change::None {
            socket::send_all(self.state.get_websockets(), &event(kind, siege));
            self.tell_of_alert(Raised { kind, since: siege.is_on().map(|(since, _)| since) })?;
        }
        Ok(())
    }

    fn siege(&self, kind: AlertKind) -> Outcome<Siege> {
        let name = serde_json::to_string(&kind)?;
        let row = self.sql.first("SELECT doc FROM siege WHERE kind = ?", vec![name.into()])?;
        Ok(row.map(|row| row.json(0)).transpose()?.unwrap_or_default())
    }

    fn keep_siege(&self, kind: AlertKind, siege: &Siege) -> Outcome<()> {
        let upsert = "INSERT INTO siege (kind, doc) VALUES (?, ?)
                      ON CONFLICT (kind) DO UPDATE SET doc = excluded.doc";
        let row = vec![serde_json::to_string(&kind)?.into(), serde_json::to_string(siege)?.into()];
        Ok(self.sql.run(upsert, row)?)
    }
}

fn event(kind: AlertKind, siege: &Siege) -> DeskEvent {
    DeskEvent::Alert { kind, alert: siege.is_on().map(|(since, count)| Alert { kind, since, count }) }
}
