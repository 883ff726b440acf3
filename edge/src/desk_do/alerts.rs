//! Alerts: one when an attack begins and one when it ends, however many acts there are in between; the same for a guard
//! that does not answer.

use deskbell_shared::{
    guard::siege::{Change, Siege},
    wire::{Alert, AlertKind, DeskEvent, Millis},
};

use super::DeskDo;
use crate::{
    platform::{now, socket},
    refusal::Outcome,
};

/// The alerts there can be.
const KINDS: [AlertKind; 2] = [AlertKind::Attack, AlertKind::GuardDown];

impl DeskDo {
    /// Counts acts; whether the alert is on.
    pub(super) fn alert(&self, kind: AlertKind, count: u32) -> Outcome<bool> {
        let (mut siege, now) = (self.siege(kind)?, now());
        siege.look(now);
        let change = siege.turned_away(count, now);
        self.keep_siege(kind, &siege)?;
        if change == Change::Begun {
            self.tell_alert(kind, &siege);
        }
        Ok(siege.is_on().is_some())
    }

    /// Ends the alerts that are over.
    pub(super) fn end_alerts(&self) -> Outcome<()> {
        for kind in KINDS {
            let mut siege = self.siege(kind)?;
            if siege.look(now()) == Change::Ended {
                self.keep_siege(kind, &siege)?;
                self.tell_alert(kind, &siege);
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

    /// Sees to it that somebody looks when the next alert may be over.
    pub(super) async fn look_again(&self) -> worker::Result<()> {
        let ends = KINDS.into_iter().filter_map(|kind| self.siege(kind).ok()?.ends()).min();
        if let Some(Millis(at)) = ends {
            let offset = i64::try_from(at.saturating_sub(now().0)).unwrap_or(i64::MAX);
            self.state.storage().set_alarm(offset.max(1)).await?;
        }
        Ok(())
    }

    fn tell_alert(&self, kind: AlertKind, siege: &Siege) {
        socket::send_all(self.state.get_websockets(), &event(kind, siege));
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
