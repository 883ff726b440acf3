//! Tickets for sockets: browsers put nothing but an address into a socket's request, and an address ends up
//! in logs. So a ticket works once, for 30 seconds, and is worth nothing afterwards.

use deskbell_shared::wire::{Millis, ProblemKind, Ticket};
use serde::{Serialize, de::DeserializeOwned};
use worker::Request;

use crate::{
    platform::{
        random,
        sql::{Sql, int},
    },
    refusal::{Outcome, Refusal},
    visit,
};

/// The table an object needs that gives out tickets.
pub(crate) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS ticket (
        ticket TEXT PRIMARY KEY, holder TEXT NOT NULL, expires INTEGER NOT NULL
    ) WITHOUT ROWID;
";

/// Makes a ticket, and clears away those that were never used.
///
/// # Errors
/// When it cannot be stored.
pub(crate) fn issue(sql: &Sql, holder: &impl Serialize, now: Millis) -> Outcome<Ticket> {
    let ticket = random::secret()?;
    sql.run("DELETE FROM ticket WHERE expires <= ?", vec![int(now.0)])?;
    let expires = int(now.plus(Ticket::LIFETIME_MS).0);
    let row = vec![ticket.as_str().into(), serde_json::to_string(holder)?.into(), expires];
    sql.run("INSERT INTO ticket (ticket, holder, expires) VALUES (?, ?, ?)", row)?;
    Ok(Ticket { ticket })
}

/// Uses up the ticket in a request's query, and says who holds it.
///
/// # Errors
/// *Sign-in needed* when there is none, or it was used or ran out: whoever comes second finds nothing.
pub(crate) fn redeem<T: DeserializeOwned>(sql: &Sql, request: &Request, now: Millis) -> Outcome<T> {
    let url = request.inner().url();
    let ticket = visit::query(&url, "ticket").unwrap_or_default();
    let delete = "DELETE FROM ticket WHERE ticket = ? RETURNING holder, expires";
    match sql.first(delete, vec![ticket.into()])? {
        Some(row) if row.number(1)? > now.0 => row.json(0),
        _ => Err(Refusal::new(
            ProblemKind::SignInNeeded,
            "The ticket is unknown, used already or older than 30 seconds. Get a new one.",
        )),
    }
}
