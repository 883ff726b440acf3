//! Sign-ins that were refused, as the record of privileged acts keeps them: the first for a person at once, and those of the
//! hour after it together. Names that nobody here has are one, and what was typed as such a name is not kept.

use deskbell_shared::wire::{Email, Millis};
use serde::{Deserialize, Serialize};

use super::gathering::{Gathering, Why};
use crate::{platform::sql::Sql, refusal::Outcome};

/// Who it was when nobody here has that name.
const UNKNOWN: &str = "unknown";

/// Sign-ins that were refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RefusedSignIn {
    /// As whom; `None` for several.
    pub(crate) email: Option<Email>,
    /// Why.
    pub(crate) why: Why,
    /// From where: an HMAC with a salt of its day, as the guard's records have it.
    pub(crate) from: String,
    /// How many.
    pub(crate) times: u32,
}

impl RefusedSignIn {
    /// Writes them down, or keeps them for later, in the record of the site whose database this is.
    pub(crate) fn take(&self, sql: &Sql, now: Millis) -> Outcome<()> {
        let (gathering, who) = (Gathering(sql), self.known_as(sql)?);
        let (times, from) = (u64::from(self.times), [self.from.clone()]);
        if gathering.take(&who, self.why, times, &from, now)? {
            gathering.note(&who, self.why, times, &from, now)?;
        }
        Ok(())
    }

    fn known_as(&self, sql: &Sql) -> Outcome<String> {
        let Some(email) = &self.email else { return Ok(UNKNOWN.to_owned()) };
        let query = "SELECT 1 FROM person WHERE email = ?";
        let known = sql.first(query, vec![email.as_str().into()])?.is_some();
        Ok(if known { email.as_str() } else { UNKNOWN }.to_owned())
    }
}
