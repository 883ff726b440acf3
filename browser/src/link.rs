//! A socket that comes back by itself.
//!
//! Each time it connects it asks for a fresh one-time ticket, opens the socket with it, and reports
//! [`LinkEvent::Up`]: the owner then says hello, and the edge sends what was missed. When the socket is
//! lost it waits as [`Backoff`] says, or less when the browser reports that the network is back or the
//! page is looked at again. A refusal that waiting cannot mend stops it, and is reported.
//!
//! A network can go without a word, and the socket would look open for minutes: so it is asked for a sign
//! of life now and then, which the edge gives without waking anything.

use std::{
    cell::{Cell, RefCell},
    future::Future,
    pin::Pin,
    rc::{Rc, Weak},
    time::Duration,
};

use deskbell_shared::{
    throttle::Backoff,
    wire::{Millis, ProblemKind, Ticket},
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, MessageEvent, WebSocket};

use crate::{
    clock::{self, Timer},
    http::Failure,
    page::{self, Listener},
    random,
};

/// How often an open socket is asked for a sign of life. One that gave none until the next time is lost.
const HEARTBEAT: Duration = Duration::from_secs(25);
/// What is asked, and what the edge's platform answers by itself.
const PING: &str = "ping";
const PONG: &str = "pong";

/// What the owner of a link is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkEvent {
    /// The socket is open, and nothing has been said on it yet.
    Up,
    /// A frame came.
    Frame(String),
    /// The socket is lost, or could not be had; the next try is at `retry`.
    Down {
        /// When it tries again.
        retry: Millis,
        /// What the edge said, when it was reached and refused.
        failure: Option<Failure>,
    },
    /// The edge refused in a way that trying again cannot mend. The link has stopped.
    Refused(Failure),
}

type TicketFuture = Pin<Box<dyn Future<Output = Result<Ticket, Failure>>>>;

/// A socket that comes back by itself, until it is dropped.
pub struct Link {
    inner: Rc<Inner>,
}

struct Inner {
    path: String,
    ticket: Box<dyn Fn() -> TicketFuture>,
    report: Box<dyn Fn(LinkEvent)>,
    backoff: Cell<Backoff>,
    state: RefCell<State>,
    wakers: RefCell<Vec<Listener>>,
}

enum State {
    /// Between a try and its ticket or its open socket.
    Trying,
    Open(Socket),
    Waiting(#[expect(dead_code, reason = "held so that it fires")] Option<Timer>),
    Stopped,
}

impl Link {
    /// Connects to the socket at `path`, each time with a new ticket from `ticket`, and reports what happens.
    pub fn start<F>(
        path: impl Into<String>,
        ticket: impl Fn() -> F + 'static,
        report: impl Fn(LinkEvent) + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Ticket, Failure>> + 'static,
    {
        let inner = Rc::new(Inner {
            path: path.into(),
            ticket: Box::new(move || Box::pin(ticket())),
            report: Box::new(report),
            backoff: Cell::default(),
            state: RefCell::new(State::Trying),
            wakers: RefCell::default(),
        });
        inner.listen_to_the_network();
        Inner::connect(&inner);
        Self { inner }
    }

    /// Sends a frame; whether the socket was open to take it. Delivery is known only by the edge's answer.
    pub fn send(&self, frame: &str) -> bool {
        match &*self.inner.state.borrow() {
            State::Open(socket) => socket.send(frame),
            _ => false,
        }
    }

    /// Connects now rather than when the wait is over. Nothing happens while it is open or trying.
    pub fn retry_now(&self) {
        Inner::wake(&self.inner);
    }

    /// Gives up a socket that should have answered and did not, and gets a new one.
    pub fn suspect(&self) {
        if matches!(&*self.inner.state.borrow(), State::Open(_)) {
            Inner::lost(&self.inner, None);
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.inner.wakers.borrow_mut().clear();
        let last = self.inner.state.replace(State::Stopped);
        drop(last);
    }
}

impl Inner {
    fn connect(self: &Rc<Self>) {
        self.state.replace(State::Trying);
        let ticket = (self.ticket)();
        let this = Rc::downgrade(self);
        wasm_bindgen_futures::spawn_local(async move {
            let ticket = ticket.await;
            let Some(this) = this.upgrade() else { return };
            if !matches!(&*this.state.borrow(), State::Trying) {
                return;
            }
            match ticket {
                Ok(ticket) => Self::open(&this, &ticket),
                Err(failure) => Self::refused(&this, failure),
            }
        });
    }

    fn open(self: &Rc<Self>, ticket: &Ticket) {
        let secure = page::origin().replacen("http", "ws", 1);
        let ticket = js_sys::encode_uri_component(&ticket.ticket);
        let url = format!("{secure}{}?ticket={ticket}", self.path);
        match Socket::open(&url, Rc::downgrade(self)) {
            Some(socket) => drop(self.state.replace(State::Open(socket))),
            None => Self::lost(self, None),
        }
    }

    fn refused(self: &Rc<Self>, failure: Failure) {
        if is_final(&failure) {
            self.state.replace(State::Stopped);
            (self.report)(LinkEvent::Refused(failure));
        } else {
            Self::lost(self, Some(failure));
        }
    }

    fn lost(self: &Rc<Self>, failure: Option<Failure>) {
        let mut backoff = self.backoff.get();
        let mut wait = backoff.failed(random::fraction());
        self.backoff.set(backoff);
        if let Some(Failure::Refused(problem)) = &failure {
            wait = wait.max(problem.retry_after_s.unwrap_or(0).saturating_mul(1000));
        }
        let this = Rc::downgrade(self);
        let timer = Timer::after(Duration::from_millis(wait), move || {
            if let Some(this) = this.upgrade() {
                Self::connect(&this);
            }
        });
        let last = self.state.replace(State::Waiting(timer));
        drop(last);
        (self.report)(LinkEvent::Down { retry: clock::now().plus(wait), failure });
    }

    /// Gives up a socket that left the last ping unanswered, or sends another.
    fn check_pulse(self: &Rc<Self>) {
        let silent = match &*self.state.borrow() {
            State::Open(socket) => socket.unanswered.replace(true) || !socket.send(PING),
            _ => false,
        };
        if silent {
            Self::lost(self, None);
        }
    }

    fn wake(self: &Rc<Self>) {
        if matches!(&*self.state.borrow(), State::Waiting(_)) {
            Self::connect(self);
        }
    }

    fn listen_to_the_network(self: &Rc<Self>) {
        let Some(window) = web_sys::window() else { return };
        let on = |event, act: fn(&Rc<Self>)| {
            let this = Rc::downgrade(self);
            Listener::on(&window, event, move |_| {
                if let Some(this) = this.upgrade() {
                    act(&this);
                }
            })
        };
        let mut wakers = vec![
            on("online", Self::wake),
            // A socket over a network that is gone would look open for minutes.
            on("offline", |this| {
                if matches!(&*this.state.borrow(), State::Open(_)) {
                    Self::lost(this, None);
                }
            }),
        ];
        if let Some(document) = window.document() {
            let this = Rc::downgrade(self);
            wakers.push(Listener::on(&document, "visibilitychange", move |_| {
                if let Some(this) = this.upgrade().filter(|_| page::is_visible()) {
                    Self::wake(&this);
                }
            }));
        }
        self.wakers.replace(wakers);
    }
}

/// Whether waiting cannot mend a refusal: the person has to do something first, or nothing can be done.
fn is_final(failure: &Failure) -> bool {
    let Failure::Refused(problem) = failure else { return false };
    !matches!(problem.kind, ProblemKind::Throttled | ProblemKind::Unavailable)
}

/// A socket whose handlers go when it goes.
struct Socket {
    socket: WebSocket,
    /// Whether a ping is out to which nothing has come back.
    unanswered: Rc<Cell<bool>>,
    _heartbeat: Option<Timer>,
    _opened: Closure<dyn FnMut(Event)>,
    _frame: Closure<dyn FnMut(MessageEvent)>,
    _closed: Closure<dyn FnMut(Event)>,
}

impl Socket {
    fn open(url: &str, owner: Weak<Inner>) -> Option<Self> {
        let socket = WebSocket::new(url).ok()?;
        let this = owner.clone();
        let opened = Closure::<dyn FnMut(Event)>::new(move |_| {
            if let Some(this) = this.upgrade() {
                (this.report)(LinkEvent::Up);
            }
        });
        let unanswered = Rc::new(Cell::new(false));
        let (this, silent) = (owner.clone(), unanswered.clone());
        let frame = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            silent.set(false);
            if let (Some(this), Some(text)) = (this.upgrade(), event.data().as_string()) {
                // An open socket alone proves little: a frame shows that the other end works.
                this.backoff.set(Backoff::default());
                if text != PONG {
                    (this.report)(LinkEvent::Frame(text));
                }
            }
        });
        let this = owner.clone();
        let heartbeat = Timer::every(HEARTBEAT, move || {
            if let Some(this) = this.upgrade() {
                Inner::check_pulse(&this);
            }
        });
        let closed = Closure::<dyn FnMut(Event)>::new(move |_| {
            if let Some(this) = owner.upgrade() {
                Inner::lost(&this, None);
            }
        });
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(frame.as_ref().unchecked_ref()));
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        Some(Self {
            socket,
            unanswered,
            _heartbeat: heartbeat,
            _opened: opened,
            _frame: frame,
            _closed: closed,
        })
    }

    fn send(&self, frame: &str) -> bool {
        self.socket.ready_state() == WebSocket::OPEN && self.socket.send_with_str(frame).is_ok()
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        // It fails only for a close code that is not allowed, and none is given.
        let _ = self.socket.close();
    }
}
