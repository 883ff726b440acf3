//! When a site's people are there: as it is kept, as its admins set it, and as its visitors are told.

use deskbell_shared::{
    attendance::attendance,
    wire::{Attendance, Hours, HoursRequest, Millis, OpeningHours, ProblemKind, Role, SiteId},
};

use super::{calls::PutHours, forget, view};
use crate::{
    agent::session::{Authority, operator_or},
    platform::{object::ask, sql::Sql, zone::Zone},
    refusal::{Outcome, Refusal},
    reply::Reply,
    visit::Visit,
};

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS hours (only INTEGER PRIMARY KEY CHECK (only = 1), doc TEXT NOT NULL);
";

/// The opening hours of the site whose database this is.
pub(crate) struct HoursBook<'a>(pub(crate) &'a Sql);

impl HoursBook<'_> {
    /// Those in force.
    pub(crate) fn get(&self) -> Outcome<Option<OpeningHours>> {
        if !self.0.has_table("hours")? {
            return Ok(None);
        }
        self.0.first("SELECT doc FROM hours", Vec::new())?.map(|row| row.json(0)).transpose()
    }

    /// Puts others in their place, or none.
    pub(crate) fn put(&self, hours: Option<&OpeningHours>) -> Outcome<()> {
        self.0.run(SCHEMA, Vec::new())?;
        let Some(hours) = hours else { return Ok(self.0.run("DELETE FROM hours", Vec::new())?) };
        let upsert =
            "INSERT INTO hours (only, doc) VALUES (1, ?) ON CONFLICT (only) DO UPDATE SET doc = excluded.doc";
        Ok(self.0.run(upsert, vec![serde_json::to_string(hours)?.into()])?)
    }
}

/// `GET /v1/sites/{site}/hours`.
pub(crate) async fn get(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    operator_or(visit, site, Role::Admin, Authority::ToRead).await?;
    // What is looked at to be changed is not of a moment ago.
    forget(site);
    let hours = view(visit, site).await?.hours.clone();
    Reply::json(&in_force(hours, visit.now))
}

/// `PUT /v1/sites/{site}/hours`.
pub(crate) async fn put(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let by = operator_or(visit, site, Role::Admin, Authority::ToChange).await?;
    let HoursRequest { hours } = visit.json().await?;
    if let Some(hours) = &hours
        && Zone::named(&hours.zone).is_none()
    {
        let detail = format!("hours.zone: there is no time zone called {}", hours.zone.as_str());
        return Err(Refusal::new(ProblemKind::Malformed, detail));
    }
    ask(&visit.site_object(site)?, &PutHours { hours: hours.clone(), by }).await?;
    forget(site);
    Reply::json(&in_force(hours, visit.now))
}

fn in_force(hours: Option<OpeningHours>, now: Millis) -> Hours {
    let attendance = hours.as_ref().and_then(|hours| told(hours, now));
    Hours { hours, attendance }
}

/// What visitors are told from now on; `None` should the platform know the zone no more.
pub(super) fn told(hours: &OpeningHours, now: Millis) -> Option<Attendance> {
    let zone = Zone::named(&hours.zone)?;
    Some(attendance(hours, now, |at| zone.offset_minutes(at)))
}
