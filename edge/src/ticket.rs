//! Tickets for sockets: browsers put nothing but an address into a socket's request, and an address ends up
//! in logs. So a ticket works once, for 30 seconds, and is worth nothing afterwards.

use deskbell_shared::wire::{Millis, ProblemKind, Ticket};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use worker::Request;

use crate::{
    platform::{
        object::calls,
        random,
        sql::{Sql, int},
    },
    refusal::{Outcome, Refusal},
    site::people::session_ended,
    visit,
};

/// The tables an object needs that gives out tickets.
pub(crate) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS ticket (
        ticket TEXT PRIMARY KEY, holder TEXT NOT NULL, expires INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS ended (session TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
";

/// How long no ticket is made in a session that has ended, in milliseconds: a request that was let through before
/// has arrived by then, or never will.
const ON_THE_WAY_MS: u64 = 60 * 1000;

/// An agent's session has ended: its tickets and its sockets are worth nothing any more.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct EndSession {
    /// Which, by the name that its sockets have.
    pub(crate) session: String,
}

calls! {
    EndSession => (), "/end-session";
}

/// Makes a ticket, and clears away those that were never used. What an agent's session is called stands in the holder
/// as `session`.
///
/// # Errors
/// *Sign-in needed* when the session has just ended; when it cannot be stored.
pub(crate) fn issue(
    sql: &Sql,
    holder: &impl Serialize,
    session: Option<&str>,
    now: Millis,
) -> Outcome<Ticket> {
    if let Some(session) = session
        && has_ended(sql, session)?
    {
        return Err(session_ended());
    }
    let ticket = random::secret()?;
    sql.run("DELETE FROM ticket WHERE expires <= ?", vec![int(now.0)])?;
    let expires = int(now.plus(Ticket::LIFETIME_MS).0);
    let row = vec![ticket.as_str().into(), serde_json::to_string(holder)?.into(), expires];
    sql.run("INSERT INTO ticket (ticket, holder, expires) VALUES (?, ?, ?)", row)?;
    Ok(Ticket { ticket })
}

/// Takes back the tickets of an agent's session that has ended, and lets none be made that are still asked for.
///
/// # Errors
/// When it cannot be stored.
pub(crate) fn revoke(sql: &Sql, session: &str, now: Millis) -> Outcome<()> {
    // A conversation from before sessions were told to it lacks the second table.
    sql.run(SCHEMA, Vec::new())?;
    sql.run("DELETE FROM ended WHERE until <= ?", vec![int(now.0)])?;
    let insert = "INSERT OR IGNORE INTO ended (session, until) VALUES (?, ?)";
    sql.run(insert, vec![session.into(), int(now.plus(ON_THE_WAY_MS).0)])?;
    Ok(sql.run("DELETE FROM ticket WHERE json_extract(holder, '$.session') = ?", vec![session.into()])?)
}

fn has_ended(sql: &Sql, session: &str) -> Outcome<bool> {
    if !sql.has_table("ended")? {
        return Ok(false);
    }
    Ok(sql.first("SELECT 1 FROM ended WHERE session = ?", vec![session.into()])?.is_some())
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
