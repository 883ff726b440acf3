//! The outbox: one message at a time, by the socket, or by plain requests where there is none.

use std::{rc::Rc, time::Duration};

use deskbell_browser::{
    clock::{self, Timer},
    http::{Call, Failure},
};
use deskbell_shared::wire::{
    Challenge, MessageId, Millis, Missed, Problem, ProblemKind, Said, SayRequest, TalkRequest,
};
use wasm_bindgen_futures::spawn_local;

use super::{Ban, Inner, LineState, Report};

/// Without an acknowledgement for this long, the socket is taken for dead.
const ACK_PATIENCE: Duration = Duration::from_secs(10);
/// How often plain requests look for news.
pub(super) const POLL_EVERY: Duration = Duration::from_secs(4);
/// Messages wait this long after the edge could not take one.
const UNAVAILABLE_MS: u64 = 3_000;

impl Inner {
    pub(super) fn flush(self: &Rc<Self>) {
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
    pub(super) fn post(self: &Rc<Self>, say: SayRequest) {
        let Some(call) = self.call(Call::post, "/messages") else { return };
        let call = self.with_proof(call);
        let this = Rc::downgrade(self);
        spawn_local(async move {
            let said: Result<Said, Failure> = call.json(&say).answer().await;
            let Some(this) = this.upgrade() else { return };
            match said {
                Ok(Said { id, seq, at }) => this.acknowledged(id, seq, at),
                Err(Failure::Refused(problem)) => this.refused(Some(say.id), *problem),
                // The next look for news tries again; a socket that has come up meanwhile looks for none.
                Err(_) => {
                    this.let_go(say.id);
                    if this.timers.borrow().poll.is_none() {
                        this.flush();
                    }
                }
            }
        });
    }

    /// Looks for news by a plain request.
    pub(super) fn poll(self: &Rc<Self>) {
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

    pub(super) fn call(&self, method: fn(String) -> Call, rest: &str) -> Option<Call> {
        let session = self.session.borrow();
        let (conversation, session) = session.as_ref()?;
        let path = self.path(&format!("/conversations/{conversation}{rest}"));
        Some(method(path).bearer(&session.token))
    }

    pub(super) fn acknowledged(self: &Rc<Self>, id: MessageId, seq: u64, at: Millis) {
        self.landed(id);
        self.log.borrow_mut().acknowledged(id, seq, at);
        (self.report)(Report::Changed);
        let lacks_something = self.log.borrow().outbox().first().is_some_and(|first| first.id == id);
        if !lacks_something {
            return self.flush();
        }
        // What came in between brings this message too: to send it again before that would be answered alike.
        if !self.hello() && self.timers.borrow().poll.is_some() {
            self.poll();
        }
    }

    /// The edge has this message, by whatever way that became known.
    pub(super) fn landed(&self, id: MessageId) {
        self.let_go(id);
        if self.log.borrow().outbox().iter().any(|waiting| waiting.id == id) {
            self.memory.settle(self.resume, id);
        }
    }

    /// Nothing is awaited any more for this message.
    fn let_go(&self, id: MessageId) {
        let awaited = self.in_flight.borrow().as_ref().is_some_and(|(awaited, _)| *awaited == id);
        if awaited {
            self.in_flight.replace(None);
        }
    }

    pub(super) fn refused(self: &Rc<Self>, id: Option<MessageId>, mut problem: Problem) {
        self.in_flight.replace(None);
        let now = clock::now();
        if let Some(challenge) = problem.challenge.take() {
            self.hold(now.plus(Challenge::LIFETIME_MS));
            self.held_for_puzzle.set(true);
            return self.solve(challenge, problem.signals);
        }
        match problem.kind {
            ProblemKind::Throttled => {
                let until = now.plus(problem.retry_after_s.unwrap_or(1).saturating_mul(1_000));
                self.hold(until);
                (self.report)(Report::Throttled(until, problem.signals));
            }
            ProblemKind::WordsBlocked => {
                (self.report)(Report::WordsBlocked(problem.reason));
                self.give_up(id);
            }
            ProblemKind::Unavailable => self.hold(now.plus(UNAVAILABLE_MS)),
            ProblemKind::Banned => {
                let ban = Ban::told(problem);
                self.hold(ban.until.unwrap_or(Millis(u64::MAX)));
                (self.report)(Report::Banned(Some(ban)));
            }
            ProblemKind::SignInNeeded => {
                self.session.borrow_mut().iter_mut().for_each(|(_, session)| session.expires = Millis(0));
                self.hold(now.plus(UNAVAILABLE_MS));
                if let Some(link) = &*self.link.borrow() {
                    link.suspect();
                }
            }
            _ => self.give_up(id),
        }
    }

    /// The edge will never take this message.
    fn give_up(self: &Rc<Self>, id: Option<MessageId>) {
        if let Some(id) = id {
            self.memory.settle(self.resume, id);
            self.log.borrow_mut().refused(id);
            (self.report)(Report::Changed);
        }
        self.flush();
    }

    /// Sends nothing until then.
    pub(super) fn hold(self: &Rc<Self>, until: Millis) {
        self.held_until.set(until);
        self.held_for_puzzle.set(false);
        let wait = Duration::from_millis(until.since(clock::now()).saturating_add(50));
        self.timers.borrow_mut().held = Timer::after(
            wait,
            self.weakly(|this| {
                // The time has passed, also where somebody has set the clock back meanwhile.
                this.held_until.set(Millis(0));
                this.flush();
            }),
        );
    }
}
