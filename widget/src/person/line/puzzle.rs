//! The puzzle that the edge may set before it goes on: solved a little at a time, so that the panel stays alive, and
//! with nothing for the visitor to do.

use std::{rc::Rc, time::Duration};

use deskbell_browser::clock::{self, Timer};
use deskbell_shared::{
    guard::{
        pow::{PAUSE_MS, SLICE_MS, Solver, TRIES},
        signal::Signal,
    },
    wire::{Challenge, Proof, TalkRequest},
};

use super::{Inner, Report};

impl Inner {
    /// Begins to solve a challenge, unless that one is being solved already.
    pub(super) fn solve(self: &Rc<Self>, challenge: Challenge, signals: Vec<Signal>) {
        if self.solves(&challenge) {
            return;
        }
        self.solving.replace(Some(challenge.token.clone()));
        match challenge.turnstile.clone() {
            Some(key) => {
                (self.report)(Report::Solving(Some((None, signals.clone()))));
                self.ask_turnstile(key, challenge, signals);
            }
            None => self.work_on(challenge, signals),
        }
    }

    /// Begins to solve the puzzle.
    pub(super) fn work_on(self: &Rc<Self>, challenge: Challenge, signals: Vec<Signal>) {
        if self.solves(&challenge) {
            (self.report)(Report::Solving(Some((Some(0), signals.clone()))));
            self.go_on(Solver::new(challenge.puzzle()), challenge, signals);
        }
    }

    /// Whether this is the challenge that is being answered.
    pub(super) fn solves(&self, challenge: &Challenge) -> bool {
        self.solving.borrow().as_ref() == Some(&challenge.token)
    }

    fn go_on(self: &Rc<Self>, mut solver: Solver, challenge: Challenge, signals: Vec<Signal>) {
        if !self.solves(&challenge) {
            return;
        }
        let (begun, before) = (clock::now(), solver.solved());
        let solution = loop {
            match solver.work(TRIES) {
                None if clock::now().since(begun) < SLICE_MS => {}
                outcome => break outcome,
            }
        };
        if let Some(nonces) = solution {
            return self.solved(challenge.solved_by(nonces));
        }
        if solver.solved() != before {
            (self.report)(Report::Solving(Some((Some(solver.solved()), signals.clone()))));
        }
        let (this, mut rest) = (Rc::downgrade(self), Some((solver, challenge, signals)));
        self.timers.borrow_mut().puzzle = Timer::after(Duration::from_millis(PAUSE_MS), move || {
            if let (Some(this), Some((solver, challenge, signals))) = (this.upgrade(), rest.take()) {
                this.go_on(solver, challenge, signals);
            }
        });
    }

    pub(super) fn solved(self: &Rc<Self>, proof: Proof) {
        self.solving.replace(None);
        (self.report)(Report::Solving(None));
        if self.up.get() && self.send(&TalkRequest::Prove { proof: proof.clone() }) {
            return;
        }
        self.proof.replace(Some(proof));
        if self.session.borrow().is_none() {
            self.enter();
        } else if self.link.borrow().is_none() {
            self.connect();
        } else {
            self.proven();
        }
    }

    /// What waits can be sent.
    pub(super) fn proven(self: &Rc<Self>) {
        self.held_until.set(Default::default());
        self.flush();
    }
}
