//! Keeps the log and the edge in step: session, socket, catching up, and plain requests where sockets fail.
//!
//! Messages are sent one at a time, the next when the last is acknowledged: so they arrive in the order in
//! which they were written, whatever is repeated, throttled or lost on the way.

mod door;
mod outbox;
mod puzzle;
mod socket;
mod turnstile;

use std::{
    cell::{Cell, Ref, RefCell},
    rc::Rc,
};

use deskbell_browser::{
    clock::{self, Timer},
    http::Call,
    link::Link,
    page::Listener,
};
use deskbell_shared::{
    guard::signal::Signal,
    throttle::Backoff,
    wire::{
        ConversationId, Likelihood, MessageId, Millis, Problem, Proof, ResumeKey, Session, SiteId,
        TalkRequest, Text, VisitorId,
    },
};

use super::{Log, Memory};

pub(crate) use turnstile::PLACE as TURNSTILE_PLACE;

/// The other side shows "typing" a little longer than this.
const TYPING_EVERY_MS: u64 = 3_000;

/// Bans that end no further apart than this, in milliseconds, are one.
const SAME_MS: u64 = 10_000;

/// How a talk begins.
pub(crate) enum Opening {
    /// The visitor has just agreed, or had agreed before the page was reloaded.
    HandOver {
        /// The `HandoffRequest`, as JSON.
        request: String,
        /// What of it they wrote for the person.
        note: Option<Text>,
    },
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
    /// Slower: until then nothing is sent; because of these signals, when it is slow mode.
    Throttled(Millis, Vec<Signal>),
    /// The guard has noticed something, and says so before it does anything.
    Noticed(Vec<Signal>),
    /// A challenge is being answered: by a puzzle of which so many parts are done, or by Turnstile, and why it was set;
    /// `None` when it is over.
    Solving(Option<(Option<usize>, Vec<Signal>)>),
    /// The site takes no messages with these words; what an agent wrote about it.
    WordsBlocked(Option<String>),
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
    /// What an agent wrote; `None` when it was the guard.
    pub(crate) reason: Option<String>,
    /// What the guard went by.
    pub(crate) signals: Vec<Signal>,
}

impl Ban {
    /// As a refusal tells of it. What it says is left of it is counted from now: the visitor's clock may be wrong, and goes
    /// by its own.
    fn told(problem: Problem) -> Self {
        let left = problem.retry_after_s.map(|seconds| clock::now().plus(seconds.saturating_mul(1_000)));
        let until = problem.until.map(|until| left.unwrap_or(until));
        Self { until, reason: problem.reason, signals: problem.signals }
    }

    /// Whether it is told of again: seconds may lie between what the edge counts and when that arrives.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let is_as_long = match (self.until, other.until) {
            (Some(one), Some(other)) => one.0.abs_diff(other.0) < SAME_MS,
            (one, other) => one == other,
        };
        is_as_long && self.reason == other.reason && self.signals == other.signals
    }
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

/// The line to the site's people, until it is dropped; [`OpenLine`] as the rest of the app knows it.
pub(crate) trait Line {
    /// The key to the talk.
    fn resume(&self) -> ResumeKey;
    /// Who is at this end.
    fn visitor(&self) -> VisitorId;
    /// What was said.
    fn log(&self) -> Ref<'_, Log>;
    /// What the visitor wrote and the edge does not have, oldest first.
    fn unsent(&self) -> Vec<Text>;
    /// Says something. It is kept until the edge has it.
    fn say(&self, id: MessageId, text: Text);
    /// The visitor is typing.
    fn typing(&self);
    /// The visitor says how it was; whether it is on its way.
    fn rate(&self, good: bool) -> bool;
    /// The visitor says how likely they are to recommend the site; whether it is on its way.
    fn recommend(&self, likelihood: Likelihood) -> bool;
    /// The visitor has everything before their eyes.
    fn seen(&self);
    /// Tries again now what is waiting or was refused.
    fn retry(&self);
}

/// The line, open.
pub(crate) struct OpenLine {
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
    /// Whether that is until a puzzle is solved.
    held_for_puzzle: Cell<bool>,
    lost_sockets: Cell<u32>,
    /// Whether the door is being tried.
    entering: Cell<bool>,
    /// The door is not tried before.
    shut_until: Cell<Millis>,
    /// The solution of a challenge, for the next request at the door or the next message without a socket.
    proof: RefCell<Option<Proof>>,
    /// The challenge that is being solved.
    solving: RefCell<Option<String>>,
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
    puzzle: Option<Timer>,
    online: Option<Listener>,
}

impl OpenLine {
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
            held_for_puzzle: Cell::default(),
            lost_sockets: Cell::new(0),
            entering: Cell::new(false),
            shut_until: Cell::default(),
            proof: RefCell::default(),
            solving: RefCell::default(),
            barred: Cell::new(false),
            typed: Cell::default(),
            timers: RefCell::default(),
        });
        inner.wire();
        inner.enter();
        Self { inner }
    }
}

impl Line for OpenLine {
    fn resume(&self) -> ResumeKey {
        self.inner.resume
    }

    fn visitor(&self) -> VisitorId {
        self.inner.visitor
    }

    fn log(&self) -> Ref<'_, Log> {
        self.inner.log.borrow()
    }

    fn unsent(&self) -> Vec<Text> {
        let note = match &*self.inner.opening.borrow() {
            Opening::HandOver { note, .. } => note.clone(),
            Opening::Resume => None,
        };
        let log = self.inner.log.borrow();
        note.into_iter().chain(log.outbox().iter().map(|waiting| waiting.text.clone())).collect()
    }

    fn say(&self, id: MessageId, text: Text) {
        let say = self.inner.log.borrow_mut().say(id, text);
        // The other side stops showing "typing" with every message: the next one begins anew.
        self.inner.typed.set(Millis::default());
        self.inner.memory.queue(self.inner.resume, say);
        (self.inner.report)(Report::Changed);
        self.inner.flush();
    }

    fn typing(&self) {
        let now = clock::now();
        if now.since(self.inner.typed.get()) >= TYPING_EVERY_MS {
            self.inner.typed.set(now);
            self.inner.send(&TalkRequest::Typing);
        }
    }

    fn rate(&self, good: bool) -> bool {
        self.inner.send(&TalkRequest::Rate { good })
    }

    fn recommend(&self, likelihood: Likelihood) -> bool {
        self.inner.send(&TalkRequest::Recommend { likelihood })
    }

    fn seen(&self) {
        let news = self.inner.log.borrow_mut().we_read();
        if let Some(seq) = news {
            self.inner.memory.read(self.inner.resume, seq);
            self.inner.tell_what_was_read();
            (self.inner.report)(Report::Changed);
        }
    }

    fn retry(&self) {
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
    /// A request with the solution of a challenge, when there is one. A solution is worth something once.
    fn with_proof(&self, call: Call) -> Call {
        match self.proof.take() {
            Some(proof) => call.header(Proof::HEADER, proof.to_string()),
            None => call,
        }
    }

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
}
