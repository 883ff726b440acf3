//! A conversation between a visitor and the site's people.
//!
//! **Why one a conversation.** The order of its messages, and that each is taken once, are decided in one
//! place: whoever writes here gets the next sequence number, and whoever repeats an id gets the same answer.
//!
//! **What it relies on the platform for.** Between two awaits nothing else happens in the object, so what is
//! read, decided and written there is one step. An answer or a frame leaves only when what was written
//! before it is durable: an acknowledged message is never lost. Sockets stay open while the object sleeps,
//! each with its seat attached; `ping` is answered without waking it. The alarm fires at least once.
//!
//! Memory holds a copy of the record and what limits a socket's frames; losing it costs one read.

mod carrying;
mod erasing;
mod guarding;
mod sockets;
mod teamwork;
mod telling;

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
};

use deskbell_shared::{
    guard::record::Decision,
    throttle::Gcra,
    wire::{Body, Message, MessageId, Millis, Problem, ProblemKind, Said, Status, TalkEvent, Ticket},
};
use serde::{Deserialize, Serialize};
use worker::{
    DurableObject, Env, Request, Response, State, WebSocket, WebSocketIncomingMessage, durable_object,
};

use crate::{
    conversation::{
        calls::{
            Assign, BanVisitor, Close, Erase, FaqIsFor, FaqUse, ListNotes, LookOutFor, MakeNote,
            NoteDelivered, Open, Read, ReadOutgoing, Reopen, Resume, Say, SetSubject, Speaker, Standing,
            Summarise, TalkTicket, UnbanVisitor, VisitorKeys, WhoIsIt,
        },
        head::Head,
        store::Store,
        watch::Watcher,
    },
    platform::{now, object, random, socket, sql::Sql},
    refusal::{Outcome, Refusal},
    ticket::EndSession,
    watch::calls::SentText,
};

/// How long the desk may stay behind before it is told again, in milliseconds.
const RETRY_MS: u64 = 2_000;
/// How often it is checked that a visitor who seems to be there still is, in milliseconds.
const PRESENCE_MS: u64 = 30_000;
/// After this long, a call to the desk that gave no answer is given up, in milliseconds.
const GIVE_UP_MS: u64 = 10_000;
/// How long an answer waits for the watch, in milliseconds.
const PATIENCE_MS: u64 = 1_500;

/// A conversation.
#[durable_object]
pub struct ConversationDo {
    state: State,
    env: Env,
    store: Store,
    head: RefCell<Option<Head>>,
    frames: RefCell<HashMap<u64, Gcra>>,
    watcher: RefCell<Option<Rc<Watcher>>>,
    untold: RefCell<Untold>,
    wakes_at: Cell<Option<Millis>>,
    noting_since: Cell<Option<Millis>>,
    is_erased: Cell<bool>,
    ending_since: Cell<Option<Millis>>,
}

/// What the watch has not been told. What is lost with the memory is missed in figures alone.
#[derive(Default)]
struct Untold {
    decisions: Vec<Decision>,
    sent: Vec<SentText>,
    honest: bool,
    telling: bool,
}

/// Who holds a socket.
#[derive(Serialize, Deserialize)]
struct Seat {
    id: u64,
    speaker: Speaker,
    #[serde(default)]
    looks_on: bool,
    /// When the socket was opened.
    #[serde(default)]
    opened: Millis,
}

impl DurableObject for ConversationDo {
    fn new(state: State, env: Env) -> Self {
        socket::answer_pings(&state);
        let store = Store::new(Sql::of(&state));
        Self {
            state,
            env,
            store,
            head: RefCell::default(),
            frames: RefCell::default(),
            watcher: RefCell::default(),
            untold: RefCell::default(),
            wakes_at: Cell::default(),
            noting_since: Cell::default(),
            is_erased: Cell::default(),
            ending_since: Cell::default(),
        }
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        let path = request.path();
        if path == "/socket" {
            let response = self.open_socket(&request);
            self.settle().await;
            return response;
        }
        let body = request.text().await?;
        let outcome = self.answer(&path, &body);
        self.settle().await;
        object::send(&path, outcome)
    }

    async fn websocket_message(
        &self,
        socket: WebSocket,
        frame: WebSocketIncomingMessage,
    ) -> worker::Result<()> {
        let Some(seat) = socket::seat::<Seat>(&socket) else {
            return socket.close(Some(1011), Some("the socket has no seat"));
        };
        let text = match frame {
            WebSocketIncomingMessage::String(text) => text,
            // They are counted by nothing, and no console and no widget sends any.
            WebSocketIncomingMessage::Binary(_) => {
                refuse(&socket, None, Refusal::new(ProblemKind::Malformed, "Frames are text, not bytes."));
                return socket.close(Some(1003), Some("frames are text"));
            }
        };
        if let Err(refusal) = self.admit_frame(&seat, &text) {
            let too_fast = refusal.problem().kind == ProblemKind::Throttled;
            refuse(&socket, None, refusal);
            return if too_fast { socket.close(Some(1008), Some("too many frames")) } else { Ok(()) };
        }
        if let Err(refusal) = self.frame(&socket, &seat, &text) {
            refuse(&socket, id_in(&text), refusal);
        }
        self.settle().await;
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
        self.leave(&socket);
        self.settle().await;
        Ok(())
    }

    async fn websocket_error(&self, socket: WebSocket, _error: worker::Error) -> worker::Result<()> {
        socket::complete_close(&socket, 1011, "");
        self.leave(&socket);
        self.settle().await;
        Ok(())
    }

    async fn alarm(&self) -> worker::Result<Response> {
        self.wakes_at.set(None);
        if let Err(refusal) = self.catch_up_with_the_world().await {
            refusal.log("conversation alarm");
            self.wake_at(now().plus(PRESENCE_MS)).await?;
        }
        Response::empty()
    }
}

// What can be asked of it.
impl ConversationDo {
    fn answer(&self, path: &str, body: &str) -> Outcome<String> {
        object::answer! { path, body;
            Say => |call| self.say(call)?,
            Read => |call| self.store.missed(&self.head()?, call.after)?,
            TalkTicket => |call| self.new_ticket(call)?,
            Open => |call| self.open(call)?,
            Resume => |call| self.resume(call)?,
            Close => |call| self.close(call)?,
            Reopen => |call| self.reopen(call)?,
            Assign => |call| self.assign(call)?,
            SetSubject => |call| self.set_subject(call)?,
            MakeNote => |call| self.make_note(call)?,
            ListNotes => |_| self.head().and_then(|_| self.store.notes().list())?,
            Summarise => |_| self.head()?.summary(now()),
            Erase => |call| self.erase(call)?,
            WhoIsIt => |_| self.head()?.visitor,
            BanVisitor => |call| self.put_ban(call)?,
            UnbanVisitor => |call| self.lift_ban(call)?,
            LookOutFor => |call| self.look_out_for(call)?,
            FaqIsFor => |_| self.find()?.map_or(FaqUse::ALL, |head| head.faq_is_for(now())),
            ReadOutgoing => |call| self.outgoing(call)?,
            NoteDelivered => |call| self.note_delivered(call)?,
            EndSession => |call| self.end_session(&call)?,
        }
    }

    fn open(&self, call: Open) -> Outcome<Standing> {
        if let Some(head) = self.find()? {
            return Ok(standing(&head, false));
        }
        self.is_free()?;
        let (now, watch, answer) = (now(), call.watch.clone(), call.answer.clone());
        let (mut head, mut messages) = Head::open(call, now, &mut new_id)?;
        let standing = standing(&head, true);
        if let Some(answer) = answer {
            messages.push(head.answered(answer, now));
        }
        self.commit(head, &messages)?;
        self.keep_watch(watch)?;
        self.note_opening(&messages)?;
        Ok(standing)
    }

    fn resume(&self, call: Resume) -> Outcome<Standing> {
        let head = self.recognise(self.head()?, call.visitor)?;
        self.keep_watch(call.watch)?;
        Ok(standing(&head, false))
    }

    fn new_ticket(&self, call: TalkTicket) -> Outcome<Ticket> {
        let head = self.head()?;
        if let Some(visitor) = call.visitor {
            self.recognise(head, visitor)?;
        }
        if let Some(watch) = call.watch {
            self.keep_watch(watch)?;
        }
        self.store.new_ticket(&call.holder, now())
    }

    fn say(&self, call: Say) -> Outcome<Said> {
        let (said, messages) = self.take(call)?;
        self.broadcast(messages);
        Ok(said)
    }

    fn close(&self, call: Close) -> Outcome<()> {
        let mut head = self.head()?;
        if let Some(seen) = call.seen
            && head.status == Status::Open
            && self.store.unread_after(seen)? > 0
        {
            return Err(Refusal::new(ProblemKind::Conflict, "The visitor has written something meanwhile."));
        }
        let message = head.close(call.by, now(), &mut new_id)?;
        if message.is_some() {
            self.note_closing(&head);
        }
        self.commit_event(head, message)
    }

    fn reopen(&self, call: Reopen) -> Outcome<()> {
        let mut head = self.head()?;
        let message = head.reopen(call.by, now(), &mut new_id)?;
        self.commit_event(head, message)
    }
}

// Its record.
impl ConversationDo {
    fn find(&self) -> Outcome<Option<Head>> {
        if self.head.borrow().is_none() {
            let stored = self.store.head()?;
            self.head.replace(stored);
        }
        Ok(self.head.borrow().clone())
    }

    fn head(&self) -> Outcome<Head> {
        self.find()?.ok_or_else(|| {
            Refusal::new(ProblemKind::ConversationUnknown, "There is no such conversation at this site.")
        })
    }

    /// Takes words once: the same id again gives the same answer, and nothing new to tell the others.
    fn take(&self, call: Say) -> Outcome<(Said, Vec<Message>)> {
        let mut head = self.head()?;
        let now = now();
        if let Some(stored) = self.store.message(call.id)? {
            let body = Body::Text { text: call.text, entry: None };
            let same_side = stored.from == call.speaker.sender();
            return if same_side && stored.body == body {
                Ok((Said { id: stored.id, seq: stored.seq, at: stored.at }, Vec::new()))
            } else {
                Err(Refusal::new(ProblemKind::Conflict, "This message id is taken, by other words."))
            };
        }
        match &call.speaker {
            Speaker::Visitor => self.admit_visitor(&mut head, &call, now)?,
            Speaker::Agent { person, .. } => head.admit_agent(person.as_str(), now)?,
        }
        let answer = call.answer.filter(|_| head.begins_a_matter(now));
        head.heed(call.reasons, call.priority, call.subject);
        let messages = match answer {
            Some(answer) => head.ask_faq(call.id, call.text, answer, now),
            None => head.say(&call.speaker, call.id, call.text, now, &mut new_id)?,
        };
        let seq =
            messages.iter().find(|message| message.id == call.id).map_or(head.last_seq, |said| said.seq);
        let said = Said { id: call.id, seq, at: now };
        self.commit(head, &messages)?;
        Ok((said, messages))
    }

    /// Remembers by which keys the visitor can be banned now.
    fn recognise(&self, mut head: Head, visitor: VisitorKeys) -> Outcome<Head> {
        if head.visitor != visitor {
            head.visitor = visitor;
            self.commit(head.clone(), &[])?;
        }
        Ok(head)
    }

    fn commit_event(&self, head: Head, message: Option<Message>) -> Outcome<()> {
        if self.find()?.is_some_and(|stored| stored == head) {
            return Ok(());
        }
        let messages: Vec<Message> = message.into_iter().collect();
        self.commit(head, &messages)?;
        self.broadcast(messages);
        Ok(())
    }

    /// Makes a change durable, together with the mark that the desk has to be told.
    fn commit(&self, mut head: Head, messages: &[Message]) -> Outcome<()> {
        head.version += 1;
        self.store.commit(&head, messages)?;
        self.head.replace(Some(head));
        Ok(())
    }
}

fn standing(head: &Head, begun: bool) -> Standing {
    Standing { begun, last_seq: head.last_seq, status: head.status }
}

fn new_id() -> Outcome<MessageId> {
    Ok(MessageId(random::bytes()?))
}

fn refuse(socket: &WebSocket, id: Option<MessageId>, refusal: Refusal) {
    if refusal.problem().status >= 500 {
        refusal.log("socket");
    }
    let problem: Problem = refusal.into_problem();
    socket::send(socket, &TalkEvent::Refused { id, problem });
}

/// The id in a frame that could not be taken, so that its writer knows which it was.
fn id_in(text: &str) -> Option<MessageId> {
    #[derive(Deserialize)]
    struct Frame {
        say: WithId,
    }
    #[derive(Deserialize)]
    struct WithId {
        id: MessageId,
    }
    serde_json::from_str::<Frame>(text).ok().map(|frame| frame.say.id)
}
