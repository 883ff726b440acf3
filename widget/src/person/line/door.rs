//! The door: a session, by handing over or by coming back, and a ticket for each socket.

use std::{
    rc::{Rc, Weak},
    time::Duration,
};

use deskbell_browser::{
    clock::{self, Timer},
    http::{Call, Failure},
    random,
};
use deskbell_shared::throttle::Backoff;
use deskbell_shared::wire::{
    ConversationId, HandoffAccepted, Millis, Problem, ProblemKind, ResumeRequest, Resumed, Session, Ticket,
};
use wasm_bindgen_futures::spawn_local;

use super::{Ban, Inner, LineState, Opening, Report};

impl Inner {
    pub(super) fn enter(self: &Rc<Self>) {
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
                    if matches!(opening, Opening::HandOver { .. }) {
                        this.memory.accepted(this.resume);
                        (this.report)(Report::Accepted(conversation));
                    }
                    this.connect();
                }
                Err(failure) => this.not_entered(failure),
            }
        });
    }

    pub(super) fn enter_if_waiting(self: &Rc<Self>) {
        if self.timers.borrow().retry.is_some() {
            self.enter();
        }
    }

    fn first_call(
        &self,
    ) -> impl Future<Output = Result<(ConversationId, Session), Failure>> + 'static + use<> {
        let handoff = match &*self.opening.borrow() {
            Opening::HandOver { request, .. } => Some(request.clone()),
            Opening::Resume => None,
        };
        let handing_over = handoff.map(|request| {
            self.with_proof(Call::post(self.path("/conversations")).body("application/json", request.into()))
        });
        let resumed = self.resumed();
        async move {
            match handing_over {
                Some(call) => {
                    let accepted: HandoffAccepted = call.answer().await?;
                    if let Some(fault) = accepted.customer_fault {
                        leptos::logging::error!("Deskbell('identify', …): {fault}.");
                    }
                    Ok((accepted.conversation, accepted.session))
                }
                None => resumed.await,
            }
        }
    }

    fn resumed(&self) -> impl Future<Output = Result<(ConversationId, Session), Failure>> + 'static + use<> {
        let call = Call::post(self.path("/sessions"))
            .json(&ResumeRequest { resume: self.resume, visitor: self.visitor });
        let call = self.with_proof(call);
        async move {
            let resumed: Resumed = call.answer().await?;
            Ok((resumed.conversation, resumed.session))
        }
    }

    fn not_entered(self: &Rc<Self>, failure: Failure) {
        let mut backoff = self.backoff.get();
        let mut wait = backoff.failed(random::fraction());
        self.backoff.set(backoff);
        if let Failure::Refused(mut problem) = failure {
            // A puzzle helps, also where only too many came at once: no need to wait then.
            if let Some(challenge) = problem.challenge.take() {
                return self.solve(challenge, problem.signals);
            }
            match problem.kind {
                ProblemKind::Throttled => {
                    wait = wait.max(problem.retry_after_s.unwrap_or(0).saturating_mul(1_000));
                    self.shut_until.set(clock::now().plus(wait));
                    (self.report)(Report::Throttled(self.shut_until.get(), problem.signals));
                }
                ProblemKind::Unavailable => {}
                _ => return self.turned_away(*problem),
            }
        }
        (self.report)(Report::State(LineState::Down { retry: clock::now().plus(wait) }));
        // The time has passed, also where somebody has set the clock back meanwhile.
        let again = self.weakly(|this| {
            this.shut_until.set(Millis(0));
            this.enter_if_waiting();
        });
        self.timers.borrow_mut().retry = Timer::after(Duration::from_millis(wait), again);
    }

    /// The edge refuses: a challenge is solved, a ban is waited for, and everything else is the end.
    pub(super) fn turned_away(self: &Rc<Self>, mut problem: Problem) {
        self.up.set(false);
        if let Some(challenge) = problem.challenge.take() {
            return self.solve(challenge, problem.signals);
        }
        if problem.kind != ProblemKind::Banned {
            return (self.report)(Report::Over(problem));
        }
        let ban = Ban::told(problem);
        if let Some(until) = ban.until {
            let wait = until.since(clock::now()) + 1_000;
            self.timers.borrow_mut().retry =
                Timer::after(Duration::from_millis(wait), self.weakly(Self::come_back));
        }
        self.barred.set(true);
        (self.report)(Report::State(LineState::Barred));
        (self.report)(Report::Banned(Some(ban)));
    }

    /// The door is open. The log says nothing of a ban that was made and lifted elsewhere.
    pub(super) fn let_in(&self) {
        if self.barred.replace(false) {
            (self.report)(Report::Banned(None));
        }
    }

    fn come_back(self: &Rc<Self>) {
        if self.session.borrow().is_some() { self.connect() } else { self.enter() }
    }
}

/// A one-time ticket for the socket, with a new session first where the old one has ended.
pub(super) async fn ticket(line: Weak<Inner>) -> Result<Ticket, Failure> {
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
        let call = line.upgrade().and_then(|this| Some(this.with_proof(this.call(Call::post, "/ticket")?)));
        let Some(call) = call else {
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
