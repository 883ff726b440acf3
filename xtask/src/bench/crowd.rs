//! Visitors: honest ones, who do what the widget does, and others, who do not.

use std::{thread, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use deskbell_shared::{
    guard::pow::Solver,
    wire::{
        Challenge, ConversationId, HandoffAccepted, HandoffReason, HandoffRequest, MessageId, Millis,
        Priority, Problem, ProblemKind, Proof, ResumeKey, SayRequest, SiteId, Text, Ticket, Turn, TurnSender,
        VisitorContext, VisitorId,
    },
};
use serde::Serialize;
use ureq::{Agent, Body, http::Response};

use super::party::{Party, place};

/// The page that the site allows.
pub(super) const PAGE: &str = "https://shop.example.com";

/// How often an honest browser comes back when it is told to wait or to solve something.
const TRIES: usize = 4;

thread_local! {
    /// Each thread keeps its connections: addresses are a header here.
    static AGENT: Agent = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(60)))
        .build()
        .into();
}

/// This thread's connections.
pub(super) fn agent() -> Agent {
    AGENT.with(Agent::clone)
}

/// Where they meet.
#[derive(Clone)]
pub(super) struct Shop {
    pub(super) address: String,
    pub(super) site: SiteId,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Served,
    Refused,
}

/// Somebody with a browser, or without one.
pub(super) struct Visitor<'a> {
    shop: &'a Shop,
    address: String,
    pub(super) id: VisitorId,
    pub(super) words: String,
    pub(super) session: String,
    pub(super) conversation: ConversationId,
}

impl<'a> Visitor<'a> {
    /// Somebody new at this address.
    pub(super) fn new(shop: &'a Shop, address: &str) -> Self {
        Self {
            shop,
            address: address.to_owned(),
            id: VisitorId(random()),
            words: "Where is my order?".to_owned(),
            session: String::new(),
            conversation: ConversationId([0; 16]),
        }
    }

    /// Asks for a person once, and takes no for an answer.
    pub(super) fn try_to_hand_over(&mut self) -> Result<Outcome> {
        let request = self.request()?;
        let mut response = self.post("conversations", &request, None)?;
        if response.status().is_success() {
            return Ok(Outcome::Served);
        }
        let problem: Problem = read(&mut response)?;
        ensure!(is_of_the_guard(problem.kind), "the worker failed as {:?}: {}", problem.kind, problem.detail);
        Ok(Outcome::Refused)
    }

    /// Asks for a person as the widget does: solves what is to be solved, and waits as long as it is told.
    pub(super) fn hand_over(&mut self) -> Result<Outcome> {
        let request = self.request()?;
        let mut proof = None;
        for _ in 0..TRIES {
            let mut response = self.post("conversations", &request, proof.take().as_ref())?;
            if response.status().is_success() {
                let accepted: HandoffAccepted = read(&mut response)?;
                self.session = accepted.session.token;
                self.conversation = accepted.conversation;
                return Ok(Outcome::Served);
            }
            proof = after(&mut response)?;
        }
        Ok(Outcome::Refused)
    }

    /// Says something as the widget does.
    pub(super) fn say(&self, words: &str) -> Result<Outcome> {
        let say = SayRequest { id: MessageId(random()), text: text(words)? };
        let path = format!("conversations/{}/messages", self.conversation);
        let mut proof = None;
        for _ in 0..TRIES {
            let mut response = self.post(&path, &say, proof.take().as_ref())?;
            if response.status().is_success() {
                return Ok(Outcome::Served);
            }
            proof = after(&mut response)?;
        }
        Ok(Outcome::Refused)
    }

    /// The visitor in the conversation.
    pub(super) fn party(&self) -> Party {
        let headers = vec![
            ("CF-Connecting-IP", self.address.clone()),
            ("Authorization", format!("Bearer {}", self.session)),
        ];
        Party::new(self.shop, self.conversation, PAGE, headers)
    }

    /// A ticket for a socket.
    pub(super) fn ticket(&self) -> Result<Ticket> {
        let path = format!("conversations/{}/ticket", self.conversation);
        let mut response = self.post(&path, &(), None)?;
        read(&mut response)
    }

    /// Where a socket with this ticket opens.
    pub(super) fn socket(&self, ticket: &Ticket) -> String {
        let place = place(self.shop, self.conversation).replacen("http", "ws", 1);
        format!("{place}/socket?ticket={}", ticket.ticket)
    }

    /// Sends a request with whatever is given, and gives what came back.
    pub(super) fn post(
        &self,
        path: &str,
        body: &impl Serialize,
        proof: Option<&Proof>,
    ) -> Result<Response<Body>> {
        let Shop { address, site } = self.shop;
        let mut request = agent()
            .post(format!("{address}/v1/sites/{site}/{path}"))
            .header("Origin", PAGE)
            .header("CF-Connecting-IP", &self.address);
        if !self.session.is_empty() {
            request = request.header("Authorization", format!("Bearer {}", self.session));
        }
        if let Some(proof) = proof {
            request = request.header(Proof::HEADER, proof.to_string());
        }
        Ok(request.send_json(body)?)
    }

    /// What is sent to be handed over.
    pub(super) fn request(&self) -> Result<HandoffRequest> {
        let turn = Turn {
            id: MessageId(random()),
            at: Millis(1),
            from: TurnSender::Visitor,
            text: text(&self.words)?,
            entry: None,
        };
        Ok(HandoffRequest {
            resume: ResumeKey(random()),
            visitor: self.id,
            reasons: vec![HandoffReason::Button],
            priority: Priority::default(),
            transcript: vec![turn],
            context: VisitorContext {
                language: "en".to_owned().try_into()?,
                page: None,
                title: None,
                utc_offset_minutes: 0,
            },
            customer: None,
        })
    }
}

/// Whether the guard refuses so: everything else is a failure, and stops nobody.
fn is_of_the_guard(kind: ProblemKind) -> bool {
    use ProblemKind::{Banned, ChallengeNeeded, Throttled, WordsBlocked};
    matches!(kind, Throttled | ChallengeNeeded | Banned | WordsBlocked)
}

/// What the widget does after a refusal: the solution of a challenge, or nothing after the wait it was told.
fn after(response: &mut Response<Body>) -> Result<Option<Proof>> {
    let problem: Problem = read(response)?;
    if let Some(challenge) = &problem.challenge {
        return Ok(Some(solve(challenge)));
    }
    match (problem.kind, problem.retry_after_s) {
        (ProblemKind::Throttled | ProblemKind::Unavailable, Some(seconds)) if seconds <= 20 => {
            thread::sleep(Duration::from_secs(seconds));
            Ok(None)
        }
        // An honest visitor who is told to come back in minutes was not served.
        (ProblemKind::Throttled | ProblemKind::Unavailable | ProblemKind::Banned, _) => Ok(None),
        _ => bail!("an honest request was refused as {:?}: {}", problem.kind, problem.detail),
    }
}

/// Solves a challenge.
pub(super) fn solve(challenge: &Challenge) -> Proof {
    let mut solver = Solver::new(challenge.puzzle());
    loop {
        if let Some(nonces) = solver.work(100_000) {
            return challenge.solved_by(nonces);
        }
    }
}

/// Reads an answer.
pub(super) fn read<T: serde::de::DeserializeOwned>(response: &mut Response<Body>) -> Result<T> {
    let text = response.body_mut().read_to_string()?;
    serde_json::from_str(&text).with_context(|| format!("the answer {text}"))
}

fn text(words: &str) -> Result<Text> {
    Ok(Text::new(words)?)
}

/// Sixteen random bytes.
pub(super) fn random() -> [u8; 16] {
    let mut bytes = [0; 16];
    // Without entropy the machine has other worries; names that are alike are refused as such.
    let _ = getrandom::fill(&mut bytes);
    bytes
}
