//! A site's desk: the live index of its conversations, and the agents who look at it.
//!
//! **Why one a site.** An inbox is one queue: every agent sees the same list in the same order.
//!
//! **What it relies on the platform for.** Each conversation tells how it stands, with a version that counts
//! up, until it is confirmed. So a note may come twice or late, and the newest still wins. Sockets stay
//! open while the object sleeps. An alarm ends what is over, has talks erased that the site does not keep for longer, gives
//! visitors who wait to people, sends webhooks, and tells the site of an attack again that could not be told. Everything else
//! is in SQLite; memory holds only since when talks are being erased or given out, until when erasing is put off, and when
//! talks were last given out.

mod alerts;
mod asked;
mod delivering;
mod giving;
mod history;
mod list;
mod owing;
mod retention;
mod routing;
mod search;
mod service;
mod webhooks;

use std::cell::Cell;

use deskbell_shared::{
    guard::siege::MANY,
    wire::{ConversationId, DeskEvent, DeskRequest, MAX_FRAME_BYTES, Millis, ProblemKind, Status, Summary},
};
use futures_util::future::join;
use serde::{Deserialize, Serialize};
use worker::{
    DurableObject, Env, Request, Response, State, WebSocket, WebSocketIncomingMessage, durable_object,
};

use crate::{
    desk::calls::{
        CountService, DeskTicket, Forget, GetRetention, GetRouting, GiveOut, History, ListAsked, Note,
        Online, Owing, PutRetention, PutRouting, Raise, Search, SettleAsked, Tell, TurnedAway, WithVisitor,
    },
    platform::{
        now,
        object::{self, Call},
        socket,
        sql::{Sql, int},
    },
    refusal::{Outcome, Refusal},
    ticket::{self, EndSession},
    visit,
    webhook::{
        calls::{DropWebhook, GetSalt, ListDeliveries, ListWebhooks, PutWebhook, SendAgain, TryWebhook},
        outbox::Outbox,
        store::Store,
    },
};

/// The most conversations of one visitor that a ban is carried into.
const MAX_OF_VISITOR: u64 = 500;
/// The most conversations in one page of those whose visitor is there.
const ONLINE_PAGE: u64 = 500;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS conversation (
        id TEXT PRIMARY KEY, version INTEGER NOT NULL, open INTEGER NOT NULL, updated INTEGER NOT NULL,
        visitor TEXT NOT NULL, address TEXT NOT NULL, doc TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS by_time ON conversation (open DESC, updated DESC);
    CREATE INDEX IF NOT EXISTS by_wait ON conversation
        (open, coalesce(json_extract(doc, '$.waiting_since'), 9007199254740991), updated DESC);
    CREATE INDEX IF NOT EXISTS by_priority ON conversation (open, json_extract(doc, '$.priority'));
    CREATE INDEX IF NOT EXISTS by_assignee ON conversation (json_extract(doc, '$.assignee.email'), updated DESC)
        WHERE open = 1;
    CREATE INDEX IF NOT EXISTS by_online ON conversation (id) WHERE json_extract(doc, '$.online');
    CREATE INDEX IF NOT EXISTS by_visitor ON conversation (visitor);
    CREATE INDEX IF NOT EXISTS by_address ON conversation (address);
    CREATE TABLE IF NOT EXISTS around (id TEXT PRIMARY KEY, keys TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS siege (kind TEXT PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS told (
        only INTEGER PRIMARY KEY CHECK (only = 1), site TEXT NOT NULL, attack INTEGER NOT NULL
    );
";

/// A site's desk.
#[durable_object]
pub struct DeskDo {
    state: State,
    env: Env,
    sql: Sql,
    /// Until when nothing is swept, because something could not be.
    sweeps_from: Cell<Millis>,
    sweeping_since: Cell<Option<Millis>>,
    giving_since: Cell<Option<Millis>>,
    /// When talks were last given to people.
    given_out: Cell<Millis>,
    /// When the site is told again of an attack, because it could not be: to begin to wait anew with every call would be never.
    tells_again: Cell<Option<Millis>>,
}

/// Who holds a socket.
#[derive(Serialize, Deserialize)]
struct Seat {
    agent: DeskTicket,
    /// Since when.
    #[serde(default)]
    since: Millis,
}

impl DurableObject for DeskDo {
    fn new(state: State, env: Env) -> Self {
        socket::answer_pings(&state);
        let sql = Sql::of(&state);
        // Without its tables every call fails and says so; there is nothing better to do here.
        for schema in [
            SCHEMA,
            asked::SCHEMA,
            history::SCHEMA,
            owing::SCHEMA,
            retention::SCHEMA,
            routing::SCHEMA,
            ticket::SCHEMA,
            Store::SCHEMA,
            Outbox::SCHEMA,
        ] {
            if let Err(error) = sql.run(schema, Vec::new()) {
                worker::console_error!("desk: {error}");
            }
        }
        Self {
            state,
            env,
            sql,
            sweeps_from: Cell::default(),
            sweeping_since: Cell::default(),
            giving_since: Cell::default(),
            given_out: Cell::default(),
            tells_again: Cell::default(),
        }
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        let path = request.path();
        if path == "/socket" {
            return match ticket::redeem(&self.sql, &request, now()) {
                Ok::<DeskTicket, _>(agent) => {
                    let session = agent.session.clone();
                    socket::accept(&self.state, &[&session], &Seat { agent, since: now() })
                }
                Err(refusal) => object::send(&path, Err(refusal)),
            };
        }
        let body = request.text().await?;
        let outcome =
            if path == TryWebhook::PATH { self.answer_try(&body).await } else { self.answer(&path, &body) };
        if matches!(path.as_str(), Note::PATH | PutRouting::PATH) {
            self.give_out_soon();
            self.look_again().await?;
        } else if path == GiveOut::PATH {
            self.give_out().await;
            self.look_again().await?;
        } else if matches!(path.as_str(), TurnedAway::PATH | Raise::PATH) {
            self.look_again().await?;
            self.tell_site().await;
        } else if path == PutRetention::PATH {
            self.sweep().await;
            self.look_again().await?;
        } else if self.has_to_send().await? {
            self.look_again().await?;
        }
        object::send(&path, outcome)
    }

    async fn websocket_message(
        &self,
        socket: WebSocket,
        frame: WebSocketIncomingMessage,
    ) -> worker::Result<()> {
        let Some(Seat { agent, .. }) = socket::seat(&socket) else {
            return socket.close(Some(1008), Some("the socket has no seat"));
        };
        match self.frame(&frame, &agent) {
            Ok(events) => events.iter().for_each(|event| socket::send(&socket, event)),
            Err(refusal) => {
                refusal.log("desk socket");
                // The desk's frames have no refusal: its one request cannot be refused to a client of ours.
                socket.close(Some(1008), Some("the frame could not be taken"))?;
            }
        }
        // Whoever has come, or takes talks again, may be given one.
        self.give_out_soon();
        Ok(())
    }

    async fn websocket_close(
        &self,
        socket: WebSocket,
        code: usize,
        reason: String,
        _was_clean: bool,
    ) -> worker::Result<()> {
        socket::complete_close(&socket, code, &reason);
        self.has_gone(&socket);
        Ok(())
    }

    async fn websocket_error(&self, socket: WebSocket, _error: worker::Error) -> worker::Result<()> {
        socket::complete_close(&socket, 1011, "");
        self.has_gone(&socket);
        Ok(())
    }

    async fn alarm(&self) -> worker::Result<Response> {
        self.tells_again.set(None);
        if let Err(refusal) = self.end_alerts().and_then(|()| self.forget_asked()) {
            refusal.log("desk alarm");
        }
        // None waits for the others' servers or objects.
        join(self.sweep(), join(self.give_out(), self.deliver())).await;
        self.look_again().await?;
        self.tell_site().await;
        Response::empty()
    }
}

impl DeskDo {
    fn answer(&self, path: &str, body: &str) -> Outcome<String> {
        object::answer! { path, body;
            Note => |call| self.note(&call)?,
            Forget => |call| self.forget(&call)?,
            ListAsked => |call| self.asked(call)?,
            SettleAsked => |call| self.settle_asked(&call)?,
            CountService => |call| self.service(call)?,
            History => |call| self.history(&call)?,
            Search => |call| self.search(&call)?,
            GetRetention => |_| self.retention()?,
            PutRetention => |call| self.put_retention(&call)?,
            GetRouting => |_| self.routing()?,
            PutRouting => |call| self.put_routing(&call)?,
            GiveOut => |_| (),
            DeskTicket => |call| ticket::issue(&self.sql, &call, Some(&call.session), now())?,
            EndSession => |call| self.end_session(&call)?,
            WithVisitor => |call| self.with_visitor(&call)?,
            Owing => |call| self.owing(&call)?,
            Online => |call| self.online(&call)?,
            Tell => |call| self.tell(&call)?,
            TurnedAway => |call| self.turned_away(&call)?,
            Raise => |call| self.alert(call.kind, MANY)?,
            ListWebhooks => |_| self.webhooks()?,
            PutWebhook => |call| self.put_webhook(&call)?,
            DropWebhook => |call| self.drop_webhook(call)?,
            GetSalt => |call| self.salt(call)?,
            ListDeliveries => |call| self.deliveries(call)?,
            SendAgain => |call| self.send_again(call)?,
        }
    }

    fn has_gone(&self, socket: &WebSocket) {
        if let Some(Seat { agent, .. }) = socket::seat(socket)
            && let Err(refusal) = self.note_seen(agent.person.as_str())
        {
            refusal.log("desk socket");
        }
    }

    async fn answer_try(&self, body: &str) -> Outcome<String> {
        object::answered::<TryWebhook>(&self.try_webhook(object::call(body)?).await?)
    }

    /// Sees to it that the alarm goes when the next alert may be over, the site is to be told again, the next talk has become
    /// too old, somebody's person may have gone, or the next webhook is to be sent.
    async fn look_again(&self) -> worker::Result<()> {
        let next = [
            self.next_end_of_alert(),
            self.next_telling(),
            self.next_sweep(),
            self.next_giving(),
            self.next_delivery(),
        ];
        if let Some(due) = next.into_iter().filter_map(Result::ok).flatten().min() {
            let offset = i64::try_from(due.since(now())).unwrap_or(i64::MAX);
            self.state.storage().set_alarm(offset.max(1)).await?;
        }
        Ok(())
    }

    fn end_session(&self, EndSession { session }: &EndSession) -> Outcome<()> {
        ticket::revoke(&self.sql, session, now())?;
        socket::end_all(&self.state, session);
        Ok(())
    }

    fn note(&self, call: &Note) -> Outcome<()> {
        let Summary { conversation, status, updated, .. } = &call.summary;
        let upsert = "INSERT INTO conversation (id, version, open, updated, visitor, address, doc)
            SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
            WHERE NOT EXISTS (SELECT 1 FROM gone WHERE id = ?1 AND at >= ?8)
            ON CONFLICT (id) DO UPDATE SET version = excluded.version, open = excluded.open,
                updated = excluded.updated, visitor = excluded.visitor, address = excluded.address,
                doc = excluded.doc
            WHERE excluded.version > version
            RETURNING version";
        let row = vec![
            conversation.to_string().into(),
            int(call.version),
            int(u64::from(*status == Status::Open)),
            int(updated.0),
            call.visitor.visitor.as_str().into(),
            call.visitor.address.as_str().into(),
            serde_json::to_string(&call.summary)?.into(),
            // What was on its way when it was erased is late, and does not bring it back.
            int(call.summary.opened.0),
        ];
        // What webhooks tell of a change is written with it, or neither is.
        let is_news = self.sql.atomically(|| {
            let before = self.standing_before(&call.summary)?;
            if self.sql.first(upsert, row)?.is_none() {
                return Ok(false);
            }
            // Between blanks, so that one is never found inside another.
            let keys = format!(" {} ", call.visitor.around.join(" "));
            let upsert = "INSERT INTO around (id, keys) VALUES (?, ?)
                          ON CONFLICT (id) DO UPDATE SET keys = excluded.keys";
            self.sql.run(upsert, vec![conversation.to_string().into(), keys.into()])?;
            self.note_assignee(before.as_ref(), &call.summary)?;
            self.note_asked(call)?;
            self.tell_of_change(before.as_ref(), &call.summary)?;
            Ok(true)
        })?;
        if is_news {
            let sockets = self.state.get_websockets();
            if !sockets.is_empty() {
                let (conversation, open) = (Box::new(call.summary.clone()), self.open()?);
                socket::send_all(sockets, &DeskEvent::Changed { conversation, open });
            }
        }
        Ok(())
    }

    fn tell(&self, Tell { event }: &Tell) -> Outcome<()> {
        self.tell_of_event(event)?;
        // What visitors say against bans is for those who may decide about it.
        let may_know = |socket: &WebSocket| {
            let may_answer = |seat: Seat| seat.agent.may_answer;
            !matches!(event, DeskEvent::Appealed { .. }) || socket::seat(socket).is_some_and(may_answer)
        };
        socket::send_all(self.state.get_websockets().into_iter().filter(may_know), event);
        Ok(())
    }

    fn with_visitor(&self, call: &WithVisitor) -> Outcome<Vec<ConversationId>> {
        let query = match call.is_around {
            true => {
                "SELECT id FROM conversation
                 WHERE id IN (SELECT id FROM around WHERE instr(keys, ' ' || ?1 || ' ') > 0)
                 ORDER BY updated DESC LIMIT ?2"
            }
            false => {
                "SELECT id FROM conversation WHERE visitor = ?1 OR address = ?1
                 ORDER BY updated DESC LIMIT ?2"
            }
        };
        let rows = self.sql.rows(query, vec![call.key.as_str().into(), int(MAX_OF_VISITOR)])?;
        rows.iter().map(|row| row.name(0)).collect()
    }

    fn online(&self, call: &Online) -> Outcome<Vec<ConversationId>> {
        let query = "SELECT id FROM conversation WHERE id > ?1 AND json_extract(doc, '$.online')
                        AND (?2 IS NULL OR EXISTS (SELECT 1 FROM around
                            WHERE around.id = conversation.id AND instr(keys, ' ' || ?2 || ' ') > 0))
                     ORDER BY id LIMIT ?3";
        let after = call.after.map(|after| after.to_string()).unwrap_or_default();
        let rows = self.sql.rows(query, vec![after.into(), call.at.clone().into(), int(ONLINE_PAGE)])?;
        rows.iter().map(|row| row.name(0)).collect()
    }

    fn frame(&self, frame: &WebSocketIncomingMessage, agent: &DeskTicket) -> Outcome<Vec<DeskEvent>> {
        let text = match frame {
            WebSocketIncomingMessage::String(text) if text.len() <= MAX_FRAME_BYTES => text,
            WebSocketIncomingMessage::String(_) => {
                return Err(Refusal::new(ProblemKind::TooLarge, "the frame is too large"));
            }
            WebSocketIncomingMessage::Binary(_) => {
                return Err(Refusal::new(ProblemKind::Malformed, "frames are text, not bytes"));
            }
        };
        match visit::parse_json(text)? {
            DeskRequest::Hello => {
                let mut events = vec![self.snapshot(&agent.person)?];
                events.extend(self.alerts()?);
                events.push(self.duty(&agent.person)?);
                Ok(events)
            }
            // All consoles of theirs are told, and this is one of them.
            DeskRequest::Duty { takes } => self.set_duty(&agent.person, takes).map(|()| Vec::new()),
        }
    }
}
