//! Keeps the log and the edge in step: session, socket, catching up, and plain requests where sockets fail.
//!
//! Messages are sent one at a time, the next when the last is acknowledged: so they arrive in the order in
//! which they were written, whatever is repeated, throttled or lost on the way.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
    time::Duration,
};

use deskbell_browser::{
    clock::{self, Timer},
    http::{Call, Failure},
    link::{Link, LinkEvent},
    page::Listener,
    random,
};
use deskbell_shared::{
    throttle::Backoff,
    wire::{
        Body, ConversationId, Event, HandoffAccepted, Message, MessageId, Millis, Missed, Problem,
        ProblemKind, ResumeKey, ResumeRequest, Resumed, Said, SayRequest, Sender, Session, SiteId, TalkEvent,
        TalkRequest, Text, Ticket, VisitorId,
    },
};
use wasm_bindgen_futures::spawn_local;

use super::{Log, Memory};

/// Without an acknowledgement for this long, the socket is taken for dead.
const ACK_PATIENCE: Duration = Duration::from_secs(10);
/// Lost sockets in a row, each with a good ticket, after which plain requests take over.
const SOCKETS_GIVEN: u32 = 3;
/// How often plain requests look for news.
const POLL_EVERY: Duration = Duration::from_secs(4);
/// The other side shows "typing" a little longer than this.
const TYPING_EVERY_MS: u64 = 3_000;
/// Messages wait this long after the edge could not take one.
const UNAVAILABLE_MS: u64 = 3_000;

/// How a talk begins.
pub(crate) enum Opening {
    /// The visitor has just agreed, or had agreed before the page was reloaded: the `HandoffRequest`, as JSON.
    HandOver(String),
    /// The visitor comes back.
    Resume,
}

/// What its owner is told.
pub(crate) enum Report {
    /// How the connection is.
    State(LineState),
    /// The log has changed.
    Changed,
    /// The edge has taken the handoff.
    Accepted(ConversationId),
    /// Somebody of the site is typing.
    Typing(String),
    /// Somebody of the site has written.
    Heard,
    /// Slower: until then nothing is sent.
    Throttled(Millis),
    /// Stopped by the site's people, or no longer.
    Banned(Option<Ban>),
    /// The talk is gone, or cannot be had in this way: nothing that waiting would mend.
    Over(Problem),
}

/// A ban as the visitor is told of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ban {
    /// `None` until somebody lifts it.
    pub(crate) until: Option<Millis>,
    pub(crate) reason: String,
}

/// How the connection is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum LineState {
    /// The first try is under way.
    Opening,
    Up,
    /// Lost; tried again at `retry`.
    Down {
        retry: Millis,
    },
    /// Stopped at the door by the site's people.
    Barred,
}

/// The line to the site's people, until it is dropped.
pub(crate) struct Line {
    inner: Rc<Inner>,
}

struct Inner {
    site: SiteId,
    resume: ResumeKey,
    visitor: VisitorId,
    memory: Memory,
    log: RefCell<Log>,
    report: Box<dyn Fn(Report)>,
    opening: RefCell<Opening>,
    backoff: Cell<Backoff>,
    session: RefCell<Option<(ConversationId, Session)>>,
    link: RefCell<Option<Link>>,
    up: Cell<bool>,
    /// The message whose acknowledgement is awaited, and what happens when it does not come.
    in_flight: RefCell<Option<(MessageId, Option<Timer>)>>,
    /// Nothing is sent before.
    held_until: Cell<Millis>,
    lost_sockets: Cell<u32>,
    /// Whether the door is being tried.
    entering: Cell<bool>,
    /// The door is not tried before.
    shut_until: Cell<Millis>,
    /// Whether the door was shut by a ban: then an open one means that it was lifted.
    barred: Cell<bool>,
    typed: Cell<Millis>,
    timers: RefCell<Timers>,
}

/// Held so that they fire.
#[derive(Default)]
struct Timers {
    retry: Option<Timer>,
    held: Option<Timer>,
    poll: Option<Timer>,
    online: Option<Listener>,
}

impl Line {
    /// Opens the line, and reports from then on.
    pub(crate) fn open(
        site: SiteId,
        visitor: VisitorId,
        resume: ResumeKey,
        opening: Opening,
        log: Log,
        memory: Memory,
        report: impl Fn(Report) + 'static,
    ) -> Self {
        let inner = Rc::new(Inner {
            site,
            resume,
            visitor,
            memory,
            log: RefCell::new(log),
            report: Box::new(report),
            opening: RefCell::new(opening),
            backoff: Cell::default(),
            session: RefCell::default(),
            link: RefCell::default(),
            up: Cell::new(false),
            in_flight: RefCell::default(),
            held_until: Cell::default(),
            lost_sockets: Cell::new(0),
            entering: Cell::new(false),
            shut_until: Cell::default(),
            barred: Cell::new(false),
            typed: Cell::default(),
            timers: RefCell::default(),
        });
        inner.wire();
        inner.enter();
        Self { inner }
    }

    /// The key to the talk.
    pub(crate) fn resume(&self) -> ResumeKey {
        self.inner.resume
    }

    /// Looks at the log.
    pub(crate) fn with_log<T>(&self, look: impl FnOnce(&Log) -> T) -> T {
        look(&self.inner.log.borrow())
    }

    /// Says something. It is kept until the edge has it.
    pub(crate) fn say(&self, id: MessageId, text: Text) {
        let say = self.inner.log.borrow_mut().say(id, text);
        // The other side stops showing "typing" with every message: the next one begins anew.
        self.inner.typed.set(Millis::default());
        self.inner.memory.queue(self.inner.resume, say);
        (self.inner.report)(Report::Changed);
        self.inner.flush();
    }

    /// The visitor is typing.
    pub(crate) fn typing(&self) {
        let now = clock::now();
        if now.since(self.inner.typed.get()) >= TYPING_EVERY_MS {
            self.inner.typed.set(now);
            self.inner.send(&TalkRequest::Typing);
        }
    }

    /// The visitor has everything before their eyes.
    pub(crate) fn seen(&self) {
        let news = self.inner.log.borrow_mut().we_read();
        if let Some(seq) = news {
            self.inner.memory.read(self.inner.resume, seq);
            self.inner.send(&TalkRequest::Read { seq });
            (self.inner.report)(Report::Changed);
        }
    }

    /// Tries again now what is waiting or was refused.
    pub(crate) fn retry(&self) {
        if self.inner.session.borrow().is_none() {
            self.inner.enter();
        } else if self.inner.link.borrow().is_none() {
            self.inner.connect();
        } else if let Some(link) = &*self.inner.link.borrow() {
            link.retry_now();
        }
    }
}

impl Inner {
    fn path(&self, rest: &str) -> String {
        format!("/v1/sites/{}{rest}", self.site)
    }

    /// A callback that does nothing once the line is dropped.
    fn weakly(self: &Rc<Self>, act: impl Fn(&Rc<Self>) + 'static) -> impl FnMut() + 'static {
        let this = Rc::downgrade(self);
        move || {
            if let Some(this) = this.upgrade() {
                act(&this);
            }
        }
    }

    fn wire(self: &Rc<Self>) {
        let mut timers = self.timers.borrow_mut();
        let mut enter = self.weakly(Self::enter_if_waiting);
        timers.online = web_sys::window().map(|window| Listener::on(&window, "online", move |_| enter()));
    }

    // The door: a session, by handing over or by coming back.

    fn enter(self: &Rc<Self>) {
        if clock::now() < self.shut_until.get() || self.entering.replace(true) {
            return;
        }
        self.timers.borrow_mut().retry = None;
        let this = Rc::downgrade(self);
        spawn_local(async move {
            let Some(call) = this.upgrade().map(|this| this.first_call()) else { return };
            let entered = call.await;
            let Some(this) = this.upgrade() else { return };
            this.entering.set(false);
            match entered {
                Ok((conversation, session)) => {
                    this.let_in();
                    let opening = this.opening.replace(Opening::Resume);
                    this.session.replace(Some((conversation, session)));
                    this.backoff.set(Backoff::default());
                    if matches!(opening, Opening::HandOver(_)) {
                        this.memory.accepted(this.resume);
                        (this.report)(Report::Accepted(conversation));
                    }
                    this.connect();
                }
                Err(failure) => this.not_entered(failure),
            }
        });
    }

    fn enter_if_waiting(self: &Rc<Self>) {
        if self.timers.borrow().retry.is_some() {
            self.enter();
        }
    }

    fn first_call(
        &self,
    ) -> impl Future<Output = Result<(ConversationId, Session), Failure>> + 'static + use<> {
        let handoff = match &*self.opening.borrow() {
            Opening::HandOver(request) => Some(request.clone()),
            Opening::Resume => None,
        };
        let (path, resumed) = (self.path("/conversations"), self.resumed());
        async move {
            match handoff {
                Some(request) => {
                    let accepted: HandoffAccepted =
                        Call::post(path).body("application/json", request.into()).answer().await?;
                    Ok((accepted.conversation, accepted.session))
                }
                None => resumed.await,
            }
        }
    }

    fn resumed(&self) -> impl Future<Output = Result<(ConversationId, Session), Failure>> + 'static + use<> {
        let call = Call::post(self.path("/sessions"))
            .json(&ResumeRequest { resume: self.resume, visitor: self.visitor });
        async move {
            let resumed: Resumed = call.answer().await?;
            Ok((resumed.conversation, resumed.session))
        }
    }

    fn not_entered(self: &Rc<Self>, failure: Failure) {
        let mut backoff = self.backoff.get();
        let mut wait = backoff.failed(random::fraction());
        self.backoff.set(backoff);
        if let Failure::Refused(problem) = failure {
            match problem.kind {
                ProblemKind::Throttled => {
                    wait = wait.max(problem.retry_after_s.unwrap_or(0).saturating_mul(1_000));
                    self.shut_until.set(clock::now().plus(wait));
                    (self.report)(Report::Throttled(self.shut_until.get()));
                }
                ProblemKind::Unavailable => {}
                _ => return self.stopped(*problem),
            }
        }
        (self.report)(Report::State(LineState::Down { retry: clock::now().plus(wait) }));
        self.timers.borrow_mut().retry =
            Timer::after(Duration::from_millis(wait), self.weakly(Self::enter_if_waiting));
    }

    /// The edge refuses, and trying again would change nothing for now.
    fn stopped(self: &Rc<Self>, problem: Problem) {
        self.up.set(false);
        if problem.kind != ProblemKind::Banned {
            return (self.report)(Report::Over(problem));
        }
        if let Some(until) = problem.until {
            let wait = until.since(clock::now()) + 1_000;
            self.timers.borrow_mut().retry =
                Timer::after(Duration::from_millis(wait), self.weakly(Self::come_back));
        }
        let reason = problem.reason.unwrap_or_default();
        self.barred.set(true);
        (self.report)(Report::State(LineState::Barred));
        (self.report)(Report::Banned(Some(Ban { until: problem.until, reason })));
    }

    /// The door is open. The log says nothing of a ban that was made and lifted elsewhere.
    fn let_in(&self) {
        if self.barred.replace(false) {
            (self.report)(Report::Banned(None));
        }
    }

    fn come_back(self: &Rc<Self>) {
        if self.session.borrow().is_some() { self.connect() } else { self.enter() }
    }

    // The socket.

    fn connect(self: &Rc<Self>) {
        let Some(conversation) = self.session.borrow().as_ref().map(|(conversation, _)| *conversation) else {
            return;
        };
        let (for_ticket, for_events) = (Rc::downgrade(self), Rc::downgrade(self));
        let link = Link::start(
            self.path(&format!("/conversations/{conversation}/socket")),
            move || ticket(for_ticket.clone()),
            move |event| {
                if let Some(this) = for_events.upgrade() {
                    this.linked(event);
                }
            },
        );
        self.link.replace(Some(link));
    }

    fn linked(self: &Rc<Self>, event: LinkEvent) {
        match event {
            LinkEvent::Up => self.hello(),
            LinkEvent::Frame(frame) => {
                self.lost_sockets.set(0);
                self.timers.borrow_mut().poll = None;
                // A frame that this version does not know says nothing it could act on.
                if let Ok(event) = serde_json::from_str(&frame) {
                    self.heard(event);
                }
            }
            LinkEvent::Down { retry, failure } => {
                self.in_flight.replace(None);
                if failure.is_none() {
                    self.lost_sockets.set(self.lost_sockets.get() + 1);
                }
                if self.lost_sockets.get() >= SOCKETS_GIVEN && self.timers.borrow().poll.is_none() {
                    self.timers.borrow_mut().poll = Timer::every(POLL_EVERY, self.weakly(|this| this.poll()));
                }
                if self.timers.borrow().poll.is_none() {
                    self.up.set(false);
                    (self.report)(Report::State(LineState::Down { retry }));
                }
            }
            LinkEvent::Refused(failure) => {
                self.in_flight.replace(None);
                if let Failure::Refused(problem) = failure {
                    // Not from inside the link's own report: it is still in use there.
                    let this = self.clone();
                    spawn_local(async move {
                        this.link.replace(None);
                        this.stopped(*problem);
                    });
                }
            }
        }
    }

    fn heard(self: &Rc<Self>, event: TalkEvent) {
        match event {
            TalkEvent::CatchUp { messages, more, status } => {
                self.caught_up(Missed { messages, more, status });
                if more {
                    self.hello();
                } else {
                    self.is_up();
                }
            }
            TalkEvent::Message { message } => {
                self.landed(message.id);
                let next = message.clone();
                if self.log.borrow_mut().take(message) {
                    self.noticed(&next);
                    (self.report)(Report::Changed);
                    self.flush();
                } else {
                    self.hello();
                }
            }
            TalkEvent::Ack { id, seq, at } => self.acknowledged(id, seq, at),
            TalkEvent::Refused { id, problem } => self.refused(id, problem),
            TalkEvent::Read { seq } => {
                self.log.borrow_mut().they_read(seq);
                (self.report)(Report::Changed);
            }
            TalkEvent::Typing { from: Sender::Agent { name } } => {
                (self.report)(Report::Typing(name.as_str().to_owned()));
            }
            TalkEvent::Typing { .. } => {}
        }
    }

    fn caught_up(&self, Missed { messages, status, .. }: Missed) {
        for message in &messages {
            self.landed(message.id);
        }
        let before = self.log.borrow().last_seq();
        self.log.borrow_mut().catch_up(messages.clone(), status);
        for message in messages.iter().filter(|message| message.seq > before) {
            self.noticed(message);
        }
        (self.report)(Report::Changed);
    }

    /// What a message means beside its words.
    fn noticed(&self, message: &Message) {
        match (&message.from, &message.body) {
            (Sender::Agent { .. }, Body::Text { .. }) => (self.report)(Report::Heard),
            (_, Body::Event { event: Event::Banned { until, reason } }) => {
                let over = until.is_some_and(|until| until <= clock::now());
                let ban = Ban { until: *until, reason: reason.as_str().to_owned() };
                (self.report)(Report::Banned((!over).then_some(ban)));
            }
            (_, Body::Event { event: Event::Unbanned }) => {
                self.held_until.set(Millis(0));
                (self.report)(Report::Banned(None));
            }
            _ => {}
        }
    }

    fn is_up(self: &Rc<Self>) {
        self.up.set(true);
        (self.report)(Report::State(LineState::Up));
        self.flush();
    }

    fn hello(&self) {
        let after = self.log.borrow().last_seq();
        self.send(&TalkRequest::Hello { after });
    }

    fn send(&self, request: &TalkRequest) -> bool {
        let Ok(frame) = serde_json::to_string(request) else { return false };
        self.link.borrow().as_ref().is_some_and(|link| link.send(&frame))
    }

    // The outbox.

    fn flush(self: &Rc<Self>) {
        let ready = self.up.get() && self.in_flight.borrow().is_none();
        if !ready || clock::now() < self.held_until.get() {
            return;
        }
        let Some(SayRequest { id, text }) = self.log.borrow().outbox().first().cloned() else { return };
        if self.send(&TalkRequest::Say { id, text: text.clone() }) {
            let late = Timer::after(
                ACK_PATIENCE,
                self.weakly(|this| {
                    if let Some(link) = &*this.link.borrow() {
                        link.suspect();
                    }
                }),
            );
            self.in_flight.replace(Some((id, late)));
        } else if self.timers.borrow().poll.is_some() {
            self.in_flight.replace(Some((id, None)));
            self.post(SayRequest { id, text });
        }
    }

    /// Says by a plain request what no socket takes.
    fn post(self: &Rc<Self>, say: SayRequest) {
        let Some(call) = self.call(Call::post, "/messages") else { return };
        let this = Rc::downgrade(self);
        spawn_local(async move {
            let said: Result<Said, Failure> = call.json(&say).answer().await;
            let Some(this) = this.upgrade() else { return };
            match said {
                Ok(Said { id, seq, at }) => this.acknowledged(id, seq, at),
                Err(Failure::Refused(problem)) => this.refused(Some(say.id), *problem),
                // The next look for news tries again.
                Err(_) => drop(this.in_flight.replace(None)),
            }
        });
    }

    /// Looks for news by a plain request.
    fn poll(self: &Rc<Self>) {
        let after = self.log.borrow().last_seq();
        let Some(call) = self.call(Call::get, &format!("/messages?after={after}")) else { return };
        let this = Rc::downgrade(self);
        spawn_local(async move {
            let missed: Result<Missed, Failure> = call.answer().await;
            let Some(this) = this.upgrade() else { return };
            match missed {
                Ok(missed) => {
                    this.caught_up(missed);
                    this.is_up();
                }
                Err(_) => {
                    this.up.set(false);
                    let retry = clock::now().plus(POLL_EVERY.as_millis() as u64);
                    (this.report)(Report::State(LineState::Down { retry }));
                }
            }
        });
    }

    fn call(&self, method: fn(String) -> Call, rest: &str) -> Option<Call> {
        let session = self.session.borrow();
        let (conversation, session) = session.as_ref()?;
        let path = self.path(&format!("/conversations/{conversation}{rest}"));
        Some(method(path).bearer(&session.token))
    }

    fn acknowledged(self: &Rc<Self>, id: MessageId, seq: u64, at: Millis) {
        self.landed(id);
        self.log.borrow_mut().acknowledged(id, seq, at);
        (self.report)(Report::Changed);
        if self.log.borrow().outbox().first().is_some_and(|first| first.id == id) {
            self.hello();
        }
        self.flush();
    }

    /// The edge has this message, by whatever way that became known.
    fn landed(&self, id: MessageId) {
        let awaited = self.in_flight.borrow().as_ref().is_some_and(|(awaited, _)| *awaited == id);
        if awaited {
            self.in_flight.replace(None);
        }
        if self.log.borrow().outbox().iter().any(|waiting| waiting.id == id) {
            self.memory.settle(self.resume, id);
        }
    }

    fn refused(self: &Rc<Self>, id: Option<MessageId>, problem: Problem) {
        self.in_flight.replace(None);
        let now = clock::now();
        match problem.kind {
            ProblemKind::Throttled => {
                let until = now.plus(problem.retry_after_s.unwrap_or(1).saturating_mul(1_000));
                self.hold(until);
                (self.report)(Report::Throttled(until));
            }
            ProblemKind::Unavailable => self.hold(now.plus(UNAVAILABLE_MS)),
            ProblemKind::Banned => {
                self.hold(problem.until.unwrap_or(Millis(u64::MAX)));
                let ban = Ban { until: problem.until, reason: problem.reason.unwrap_or_default() };
                (self.report)(Report::Banned(Some(ban)));
            }
            ProblemKind::SignInNeeded => {
                self.session.borrow_mut().iter_mut().for_each(|(_, session)| session.expires = Millis(0));
                self.hold(now.plus(UNAVAILABLE_MS));
                if let Some(link) = &*self.link.borrow() {
                    link.suspect();
                }
            }
            _ => {
                if let Some(id) = id {
                    self.memory.settle(self.resume, id);
                    self.log.borrow_mut().refused(id);
                    (self.report)(Report::Changed);
                }
                self.flush();
            }
        }
    }

    fn hold(self: &Rc<Self>, until: Millis) {
        self.held_until.set(until);
        let wait = Duration::from_millis(until.since(clock::now()).saturating_add(50));
        self.timers.borrow_mut().held = Timer::after(wait, self.weakly(|this| this.flush()));
    }
}

/// A one-time ticket for the socket, with a new session first where the old one has ended.
async fn ticket(line: Weak<Inner>) -> Result<Ticket, Failure> {
    let good = |this: &Inner| {
        this.session.borrow().as_ref().is_some_and(|(_, session)| session.expires > clock::now())
    };
    for _ in 0..2 {
        let Some(this) = line.upgrade() else { return Err(Failure::Unreachable) };
        if !good(&this) {
            let resumed = this.resumed();
            drop(this);
            let renewed = resumed.await?;
            let Some(this) = line.upgrade() else { return Err(Failure::Unreachable) };
            this.session.replace(Some(renewed));
        }
        let Some(call) = line.upgrade().and_then(|this| this.call(Call::post, "/ticket")) else {
            return Err(Failure::Unreachable);
        };
        match call.answer().await {
            // The clock here may be wrong, or the key at the edge new: one more try with a new session.
            Err(Failure::Refused(problem)) if problem.kind == ProblemKind::SignInNeeded => {
                if let Some(this) = line.upgrade() {
                    this.session.borrow_mut().iter_mut().for_each(|(_, session)| session.expires = Millis(0));
                }
            }
            other => return other,
        }
    }
    Err(Failure::Unreachable)
}
