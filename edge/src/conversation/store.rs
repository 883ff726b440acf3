//! A conversation in SQLite: the record, the messages in their order, and the tickets not used yet.

use deskbell_shared::wire::{
    Body, ConversationId, Message, MessageId, Millis, Missed, OutgoingMessage, Sender, Seq, SiteId, Ticket,
    Via,
};
use serde::{Deserialize, Serialize};
use worker::Request;

use super::{calls::Holder, head::Head, notes::Notes, watch::Watch};
use crate::{
    platform::{
        now,
        sql::{Sql, int},
    },
    refusal::Outcome,
    ticket,
};

/// The most messages in one page of catching up.
const PAGE: u64 = 100;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS head (only INTEGER PRIMARY KEY CHECK (only = 1), doc TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS message (
        seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, from_visitor INTEGER NOT NULL, doc TEXT NOT NULL
    );
";

const WATCH: &str =
    "CREATE TABLE IF NOT EXISTS watch (only INTEGER PRIMARY KEY CHECK (only = 1), doc TEXT NOT NULL)";

const ERASED: &str =
    "CREATE TABLE IF NOT EXISTS erased (only INTEGER PRIMARY KEY CHECK (only = 1), doc TEXT NOT NULL)";

/// Everything there is of a conversation.
const TABLES: [&str; 6] = ["head", "message", "note", "watch", "ticket", "ended"];

/// A conversation that was erased: whose end others have to hear of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Erased {
    pub(crate) site: SiteId,
    pub(crate) conversation: ConversationId,
    /// Whose it was: an HMAC.
    pub(crate) visitor: Option<String>,
    /// When.
    pub(crate) at: Millis,
}

/// The storage of one conversation.
pub(crate) struct Store {
    sql: Sql,
}

impl Store {
    pub(crate) fn new(sql: Sql) -> Self {
        Self { sql }
    }

    /// The record; `None` when the conversation was never opened. Asking leaves no trace.
    pub(crate) fn head(&self) -> Outcome<Option<Head>> {
        if !self.sql.has_table("head")? {
            return Ok(None);
        }
        self.sql.first("SELECT doc FROM head", Vec::new())?.map(|row| row.json(0)).transpose()
    }

    /// Stores a change whole, or not at all: the record, and the messages that came with it.
    pub(crate) fn commit(&self, head: &Head, messages: &[Message]) -> Outcome<()> {
        self.sql.atomically(|| {
            if head.version <= 1 {
                self.sql.run(SCHEMA, Vec::new())?;
                self.sql.run(ticket::SCHEMA, Vec::new())?;
            }
            let insert = "INSERT INTO message (seq, id, from_visitor, doc) VALUES (?, ?, ?, ?)";
            for message in messages {
                let from_visitor = int(u64::from(message.from == Sender::Visitor));
                let doc = serde_json::to_string(message)?;
                let row = vec![int(message.seq), message.id.to_string().into(), from_visitor, doc.into()];
                self.sql.run(insert, row)?;
            }
            let upsert = "INSERT INTO head (only, doc) VALUES (1, ?)
                          ON CONFLICT (only) DO UPDATE SET doc = excluded.doc";
            Ok(self.sql.run(upsert, vec![serde_json::to_string(head)?.into()])?)
        })
    }

    /// Erases everything, and notes in the same step that others have to hear of it.
    pub(crate) fn erase(&self, erased: &Erased) -> Outcome<()> {
        self.sql.atomically(|| {
            for table in TABLES {
                self.sql.run(&format!("DROP TABLE IF EXISTS {table}"), Vec::new())?;
            }
            self.sql.run(ERASED, Vec::new())?;
            let insert = "INSERT OR REPLACE INTO erased (only, doc) VALUES (1, ?)";
            Ok(self.sql.run(insert, vec![serde_json::to_string(erased)?.into()])?)
        })
    }

    /// What was erased here, as long as others have not heard of it.
    pub(crate) fn erased(&self) -> Outcome<Option<Erased>> {
        if !self.sql.has_table("erased")? {
            return Ok(None);
        }
        self.sql.first("SELECT doc FROM erased", Vec::new())?.map(|row| row.json(0)).transpose()
    }

    /// What it looks out for; `None` when it was never told.
    pub(crate) fn watch(&self) -> Outcome<Option<Watch>> {
        if !self.sql.has_table("watch")? {
            return Ok(None);
        }
        self.sql.first("SELECT doc FROM watch", Vec::new())?.map(|row| row.json(0)).transpose()
    }

    /// Remembers what to look out for.
    pub(crate) fn put_watch(&self, watch: &Watch) -> Outcome<()> {
        self.sql.run(WATCH, Vec::new())?;
        let upsert = "INSERT INTO watch (only, doc) VALUES (1, ?)
                      ON CONFLICT (only) DO UPDATE SET doc = excluded.doc";
        Ok(self.sql.run(upsert, vec![serde_json::to_string(watch)?.into()])?)
    }

    /// The message with this id.
    pub(crate) fn message(&self, id: MessageId) -> Outcome<Option<Message>> {
        let query = "SELECT doc FROM message WHERE id = ?";
        self.sql.first(query, vec![id.to_string().into()])?.map(|row| row.json(0)).transpose()
    }

    /// A page of what was said after `after`.
    pub(crate) fn missed(&self, head: &Head, after: Seq) -> Outcome<Missed> {
        let query = "SELECT doc FROM message WHERE seq > ? ORDER BY seq LIMIT ?";
        let rows = self.sql.rows(query, vec![int(after), int(PAGE)])?;
        let messages: Vec<Message> = rows.iter().map(|row| row.json(0)).collect::<Outcome<_>>()?;
        let last = messages.last().map_or(after, |message| message.seq);
        Ok(Missed { more: last < head.last_seq, messages, status: head.status, now: Some(now()) })
    }

    /// What the site's people, or its FAQ, have said that a channel has to carry, the first of it.
    pub(crate) fn outgoing(&self, conversation: ConversationId, via: &Via) -> Outcome<Vec<OutgoingMessage>> {
        let query = "SELECT doc FROM message
                     WHERE seq > ? AND from_visitor = 0 AND json_extract(doc, '$.body.text') IS NOT NULL
                     ORDER BY seq LIMIT ?";
        let rows = self.sql.rows(query, vec![int(via.delivered), int(PAGE)])?;
        let messages: Vec<Message> = rows.iter().map(|row| row.json(0)).collect::<Outcome<_>>()?;
        let outgoing = |Message { seq, id, at, from, body }: Message| {
            let by = match from {
                Sender::Agent { name } => Some(name),
                Sender::Bot => None,
                Sender::Visitor | Sender::System => return None,
            };
            let Body::Text { text, .. } = body else { return None };
            Some(OutgoingMessage { conversation, seq, id, to: via.from.clone(), by, at, text })
        };
        Ok(messages.into_iter().filter_map(outgoing).collect())
    }

    /// What the site's people have noted.
    pub(crate) fn notes(&self) -> Notes<'_> {
        Notes(&self.sql)
    }

    /// The visitor's messages after `seq`.
    pub(crate) fn unread_after(&self, seq: Seq) -> Outcome<u32> {
        let query = "SELECT COUNT(*) FROM message WHERE seq > ? AND from_visitor = 1";
        let count = self.sql.first(query, vec![int(seq)])?.map_or(Ok(0), |row| row.number(0))?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// Makes a ticket for a socket.
    pub(crate) fn new_ticket(&self, holder: &Holder, now: Millis) -> Outcome<Ticket> {
        ticket::issue(&self.sql, holder, holder.session.as_deref(), now)
    }

    /// Uses a ticket up, and says who holds it.
    pub(crate) fn use_ticket(&self, request: &Request, now: Millis) -> Outcome<Holder> {
        ticket::redeem(&self.sql, request, now)
    }

    /// Takes back the tickets of a session that has ended.
    pub(crate) fn revoke_tickets(&self, session: &str, now: Millis) -> Outcome<()> {
        ticket::revoke(&self.sql, session, now)
    }
}
