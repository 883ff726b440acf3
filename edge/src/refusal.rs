//! A refusal on its way out: what the client may see, and what only the log keeps.

use std::fmt;

use deskbell_shared::{
    guard::signal::Signal,
    wire::{Challenge, Millis, Problem, ProblemKind},
};
use serde::{Deserialize, Serialize};

use crate::limits::Limit;

/// After this many seconds, what failed on our side is worth trying again.
const TRY_AGAIN_S: u64 = 2;
/// The most characters of a detail: it may quote what was sent, and that may be long.
const LONGEST_DETAIL: usize = 300;

/// What an operation gives, or why not.
pub(crate) type Outcome<T> = Result<T, Refusal>;

/// Why not. It crosses from a durable object to the worker whole, but for the cause, which the object logs.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Refusal(Box<Parts>);

#[derive(Debug, Serialize, Deserialize)]
struct Parts {
    problem: Problem,
    limits: Vec<Limit>,
    #[serde(skip)]
    cause: Option<String>,
}

impl Refusal {
    /// A refusal of this kind, with what was wrong this time, in English.
    pub(crate) fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        let mut detail: String = detail.into();
        if let Some((end, _)) = detail.char_indices().nth(LONGEST_DETAIL) {
            detail.truncate(end);
            detail.push('…');
        }
        Problem::new(kind, detail).into()
    }

    /// A person's role does not allow it.
    pub(crate) fn beyond_role() -> Self {
        Self::new(ProblemKind::NotAllowed, "Your role at this site does not allow this.")
    }

    /// Something failed on our side; `cause` is for the log alone.
    pub(crate) fn failed(cause: impl fmt::Display) -> Self {
        let detail = "Something failed on our side. Trying again is safe.";
        let problem =
            Problem { retry_after_s: Some(TRY_AGAIN_S), ..Problem::new(ProblemKind::Unavailable, detail) };
        Self::from(problem).because(cause)
    }

    /// Too fast, by this limit.
    pub(crate) fn throttled(detail: &str, retry_after_ms: u64, limits: Vec<Limit>) -> Self {
        let mut refusal = Self::from(Problem::throttled(detail, retry_after_ms));
        refusal.0.limits = limits;
        refusal
    }

    /// Too fast for somebody in slow mode.
    pub(crate) fn slowed(retry_after_ms: u64, signals: Vec<Signal>) -> Self {
        let detail = "Slow mode: one message at a time, with a wait in between.";
        Problem { signals, ..Problem::throttled(detail, retry_after_ms) }.into()
    }

    /// Stopped, by an agent or by the guard.
    pub(crate) fn banned(
        reason: Option<String>,
        signals: Vec<Signal>,
        until: Option<Millis>,
        now: Millis,
    ) -> Self {
        Problem::banned(reason, signals, until, now).into()
    }

    /// Words that agents have stopped.
    pub(crate) fn words_blocked(reason: Option<&str>, until: Option<Millis>) -> Self {
        let detail = "The site takes no messages with one of these words.";
        let reason = reason.map(str::to_owned);
        Problem { reason, until, ..Problem::new(ProblemKind::WordsBlocked, detail) }.into()
    }

    /// The same, with what the guard goes by.
    pub(crate) fn explained_by(mut self, signal: Signal) -> Self {
        self.0.problem.signals.push(signal);
        self
    }

    /// The same, with a puzzle that helps.
    pub(crate) fn or_solve(mut self, challenge: Challenge) -> Self {
        self.0.problem.challenge = Some(challenge);
        self
    }

    /// Adds what the log should know, and the client should not.
    pub(crate) fn because(mut self, cause: impl fmt::Display) -> Self {
        self.0.cause = Some(cause.to_string());
        self
    }

    /// What the client is told.
    pub(crate) fn problem(&self) -> &Problem {
        &self.0.problem
    }

    /// What the client is told, for a socket.
    pub(crate) fn into_problem(self) -> Problem {
        self.0.problem
    }

    /// Whether the guard turned somebody away, and not their own mistake.
    pub(crate) fn is_the_guards(&self) -> bool {
        use ProblemKind as P;
        matches!(self.problem().kind, P::Throttled | P::Banned | P::ChallengeNeeded)
    }

    /// The limits it ran into.
    pub(crate) fn limits(&self) -> &[Limit] {
        &self.0.limits
    }

    /// Writes the log line, when there is anything in it that the access log does not have.
    pub(crate) fn log(&self, place: &str) {
        #[derive(Serialize)]
        struct Line<'a> {
            at: &'a str,
            #[serde(rename = "type")]
            kind: &'static str,
            status: u16,
            detail: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            cause: Option<&'a str>,
        }
        let Parts { problem, cause, .. } = &*self.0;
        let line = Line {
            at: place,
            kind: problem.kind.slug(),
            status: problem.status,
            detail: &problem.detail,
            cause: cause.as_deref(),
        };
        let line = serde_json::to_string(&line).unwrap_or_default();
        if problem.status >= 500 {
            worker::console_error!("{line}");
        } else {
            worker::console_log!("{line}");
        }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self(Box::new(Parts { problem, limits: Vec::new(), cause: None }))
    }
}

impl From<worker::Error> for Refusal {
    fn from(error: worker::Error) -> Self {
        Self::failed(error)
    }
}

impl From<wasm_bindgen::JsValue> for Refusal {
    fn from(error: wasm_bindgen::JsValue) -> Self {
        Self::failed(worker::Error::from(error))
    }
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        Self::failed(error)
    }
}
