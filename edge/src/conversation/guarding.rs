//! Who may say something now in a conversation: bans, pace, words, and what the guard makes of the visitor's conduct.

use deskbell_shared::{
    guard::{conduct::Verdict, ladder::Rung, signal::Signal, spam::Baggage},
    throttle::{self, Decision, Gcra},
    wire::{
        BanId, Challenge, ChallengeId, Event, Message, MessageId, Millis, Problem, Proof, TalkEvent,
        TurnstileKey,
        token::{ChallengeClaims, Key},
    },
};
use serde::{Deserialize, Serialize};

use super::{
    calls::BanVisitor,
    head::{Head, NewId},
    watch::Watcher,
};
use crate::{
    guard::{is_answer, sealed},
    limits::Limit,
    refusal::{Outcome, Refusal},
};

/// How long somebody waits who would have to solve a puzzle and cannot, in milliseconds.
const INSTEAD_OF_A_PUZZLE_MS: u64 = 60 * 1000;

/// A challenge that was set and not answered yet. It is answered once: then it is not pending any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pending {
    id: ChallengeId,
    challenge: Challenge,
}

/// What is made of something that was said.
pub(crate) enum Admission {
    /// It is taken; the visitor may be told something, and strangers' texts may be compared with it.
    Taken(Option<TalkEvent>, Option<[u64; 2]>),
    /// It is not. What happened beside is told everybody, and the refusal the writer.
    Refused(Box<Refusal>, Option<Message>),
}

/// What the visitor says, and by what it is judged.
pub(crate) struct Spoken<'a> {
    pub(crate) id: MessageId,
    pub(crate) text: &'a str,
    pub(crate) watcher: &'a Watcher,
    pub(crate) key: &'a Key,
}

impl Head {
    /// Whether an agent may say something now; counts it when so.
    ///
    /// # Errors
    /// *Throttled.*
    pub(crate) fn admit_agent(&mut self, person: &str, now: Millis) -> Outcome<()> {
        self.agent_rates.retain(|(who, rate)| who == person || !rate.is_idle(now));
        let known = self.agent_rates.iter().position(|(who, _)| who == person);
        let at = known.unwrap_or_else(|| {
            self.agent_rates.push((person.to_owned(), Gcra::default()));
            self.agent_rates.len() - 1
        });
        let quota = throttle::AGENT_MESSAGES;
        let decision = self.agent_rates[at].1.decide(quota, 1, now);
        match decision {
            Decision::Admitted { .. } => Ok(()),
            Decision::Refused { retry_after_ms } => Err(Refusal::throttled(
                "Too many messages in a short time.",
                retry_after_ms.unwrap_or(quota.window_ms()),
                vec![Limit::of("agent-messages", quota, decision)],
            )),
        }
    }

    /// Whether the visitor may say something now. Whatever the answer, it may have changed what is known of them.
    ///
    /// # Errors
    /// When something fails on our side.
    pub(crate) fn admit_visitor(
        &mut self,
        spoken: &Spoken<'_>,
        now: Millis,
        new_id: NewId<'_>,
    ) -> Outcome<Admission> {
        let refused = |refusal| Ok(Admission::Refused(Box::new(refusal), None));
        if let Some(ban) = self.ban(now) {
            return refused(ban.refusal(now));
        }
        if let Err(refusal) = spoken.watcher.admit_words(spoken.text, now) {
            self.conduct.note(Signal::Blocked, 1, now);
            return refused(refusal);
        }
        let thresholds = spoken.watcher.watch.thresholds;
        let weight = if Baggage::of(spoken.text).is_any() { throttle::MESSAGE_WITH_LINKS } else { 1 };
        let mut pace = self.pace;
        let decision = pace.decide(weight, now);
        if let Decision::Refused { retry_after_ms } = decision {
            self.conduct.note(Signal::Rate, 1, now);
            if self.conduct.rung(thresholds, now) == Rung::Ban {
                let ms = self.conduct.stop(thresholds, now);
                return self.stop(ms, now, new_id);
            }
            let limits = vec![Limit::of("messages", throttle::MESSAGES, decision)];
            let wait = retry_after_ms.unwrap_or(throttle::MESSAGES.window_ms());
            return refused(Refusal::throttled("Too many messages in a short time.", wait, limits));
        }
        if matches!(decision, Decision::Admitted { remaining: 0, .. }) {
            self.conduct.note(Signal::Burst, 1, now);
        }
        let evidence = spoken.watcher.weigh(spoken.text);
        match self.conduct.say(spoken.id, &evidence, thresholds, now) {
            verdict @ (Verdict::Take | Verdict::Hint) => {
                self.pace = pace;
                let (rung, signals) = (self.conduct.rung(thresholds, now), self.conduct.reasons(now));
                let noticed = TalkEvent::Noticed { rung, signals };
                let told = (verdict == Verdict::Hint).then_some(noticed);
                Ok(Admission::Taken(told, evidence.sketch.names()))
            }
            Verdict::Wait { ms } => refused(Refusal::slowed(ms, self.conduct.reasons(now))),
            // Nothing on a channel solves a puzzle. Waiting helps as well, only later.
            Verdict::Challenge { .. } if self.via.is_some() => {
                refused(Refusal::slowed(INSTEAD_OF_A_PUZZLE_MS, self.conduct.reasons(now)))
            }
            Verdict::Challenge { bits } => {
                let turnstile = spoken.watcher.watch.turnstile.as_ref();
                refused(self.challenge(bits, turnstile, spoken.key, now, new_id)?)
            }
            Verdict::Ban { ms } => self.stop(ms, now, new_id),
        }
    }

    /// The guard stops the visitor for a while. The site is told, so that people can see and undo it.
    fn stop(&mut self, ms: u64, now: Millis, new_id: NewId<'_>) -> Outcome<Admission> {
        let ban = BanVisitor {
            id: BanId(new_id()?.0),
            reason: None,
            signals: self.conduct.reasons(now),
            until: Some(now.plus(ms)),
            place: None,
            wide: false,
        };
        let refusal = ban.refusal(now);
        self.stopped.push(ban.clone());
        let told = self.put_ban(ban, now, new_id)?;
        Ok(Admission::Refused(Box::new(refusal), told))
    }

    /// The challenge that is set now: the one that is pending, unless it is too easy or about to end.
    fn challenge(
        &mut self,
        bits: u8,
        turnstile: Option<&TurnstileKey>,
        key: &Key,
        now: Millis,
        new_id: NewId<'_>,
    ) -> Outcome<Refusal> {
        let bits = Challenge::difficulty(bits, turnstile);
        let usable = |pending: &&Pending| {
            pending.challenge.bits >= bits && pending.challenge.expires > now.plus(Challenge::LIFETIME_MS / 2)
        };
        let challenge = match self.pending.as_ref().filter(usable) {
            Some(pending) => pending.challenge.clone(),
            None => {
                let (id, expires) = (ChallengeId(new_id()?.0), now.plus(Challenge::LIFETIME_MS));
                let subject = self.visitor.visitor.clone();
                let claims = ChallengeClaims { id, site: self.site.clone(), subject, bits, expires };
                let challenge = sealed(key, &claims, turnstile);
                self.pending = Some(Pending { id, challenge: challenge.clone() });
                challenge
            }
        };
        Ok(Problem::challenged(challenge, self.conduct.reasons(now)).into())
    }

    /// The visitor answers a challenge. A right answer is worth something once.
    ///
    /// # Errors
    /// *Challenge needed*, with another challenge, when the answer is wrong, late, or was used before.
    pub(crate) fn prove(
        &mut self,
        proof: &Proof,
        watcher: &Watcher,
        key: &Key,
        now: Millis,
        new_id: NewId<'_>,
    ) -> Outcome<()> {
        let thresholds = watcher.watch.thresholds;
        let claims = key.open::<ChallengeClaims>(&proof.token, now).ok();
        let pending =
            self.pending.take_if(|pending| claims.as_ref().is_some_and(|claims| claims.id == pending.id));
        let solved = pending.is_some_and(|pending| is_answer(key, proof, pending.challenge.bits));
        if solved {
            self.conduct.solved(thresholds, now);
            return Ok(());
        }
        self.conduct.failed(now);
        let bits = self.conduct.difficulty(thresholds, now);
        Err(self.challenge(bits, watcher.watch.turnstile.as_ref(), key, now, new_id)?)
    }
}

impl BanVisitor {
    /// The refusal of somebody whom it stops.
    pub(crate) fn refusal(&self, now: Millis) -> Refusal {
        let reason = self.reason.as_ref().map(|reason| reason.as_str().to_owned());
        Refusal::banned(reason, self.signals.clone(), self.until, now)
    }

    /// What happened, as the talk shows it.
    pub(crate) fn event(&self) -> Event {
        Event::Banned { until: self.until, reason: self.reason.clone(), signals: self.signals.clone() }
    }
}
