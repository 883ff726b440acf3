//! What the site's admins set, with its entry in the record.

use deskbell_shared::wire::{LookRequest, ProblemKind, SiteSettings};

use super::SiteDo;
use crate::{
    refusal::{Outcome, Refusal},
    site::{
        calls::{PutHours, SetLook},
        hours::HoursBook,
    },
};

impl SiteDo {
    pub(super) fn set_look(
        &self,
        SetLook { request: LookRequest { look, was }, by }: SetLook,
    ) -> Outcome<SiteSettings> {
        let detail = serde_json::to_string(&look)?;
        let before = self.settings()?;
        if was.is_some_and(|was| was != before.look()) {
            let detail = "Somebody has set something else meanwhile. Look at it again.";
            return Err(Refusal::new(ProblemKind::Conflict, detail));
        }
        let settings = before.with(look);
        self.sql.atomically(|| {
            self.sql.run("UPDATE site SET settings = ?", vec![serde_json::to_string(&settings)?.into()])?;
            self.record(&by, "look", &detail)
        })?;
        Ok(settings)
    }

    pub(super) fn put_hours(&self, PutHours { hours, by }: &PutHours) -> Outcome<()> {
        self.exists()?;
        let detail = hours.as_ref().map_or(Ok("none".to_owned()), serde_json::to_string)?;
        self.sql.atomically(|| {
            HoursBook(&self.sql).put(hours.as_ref())?;
            self.record(by, "hours", &detail)
        })
    }
}
