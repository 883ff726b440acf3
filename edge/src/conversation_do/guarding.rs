//! A conversation's part of the guard: what it looks out for, challenges that are answered, and bans of the guard that
//! the site has to know of.

use std::rc::Rc;

use deskbell_shared::{
    guard::{ladder::Rung, record::Decision, signal::Signal},
    wire::{BanScope, Body, Message, Millis, Proof, Sender, TalkEvent},
};

use super::{ConversationDo, new_id};
use crate::{
    conversation::{
        calls::{BanVisitor, LookOutFor, Say, UnbanVisitor},
        guarding::{Admission, Spoken},
        head::Head,
        watch::{Watch, Watcher},
    },
    desk::calls::TurnedAway,
    guard::records,
    keys::Keys,
    platform::{
        now,
        object::{self, ask},
        socket,
    },
    refusal::Outcome,
    site::calls::GuardBan,
    watch::calls::{Consider, Keep, Kept, SentText},
};

/// The most decisions that wait to be told.
const MOST_UNTOLD: usize = 500;

impl ConversationDo {
    pub(super) fn put_ban(&self, call: BanVisitor) -> Outcome<()> {
        let mut head = self.head()?;
        let message = head.put_ban(call, now(), &mut new_id)?;
        self.commit_event(head, message)
    }

    pub(super) fn lift_ban(&self, call: UnbanVisitor) -> Outcome<()> {
        let mut head = self.head()?;
        let message = head.lift_ban(&call, now(), &mut new_id)?;
        self.commit_event(head, message)
    }

    /// What it looks out for, with its words made ready.
    pub(super) fn watcher(&self) -> Outcome<Rc<Watcher>> {
        if let Some(watcher) = self.watcher.borrow().clone() {
            return Ok(watcher);
        }
        let watcher = Watcher::of(&self.head()?.site, &self.store.watch()?.unwrap_or_default());
        self.watcher.replace(Some(watcher.clone()));
        Ok(watcher)
    }

    /// Takes what to look out for, unless something newer is known.
    pub(super) fn look_out_for(&self, LookOutFor { watch }: LookOutFor) -> Outcome<()> {
        self.head()?;
        self.keep_watch(watch)
    }

    pub(super) fn keep_watch(&self, watch: Watch) -> Outcome<()> {
        if self.store.watch()?.is_none_or(|known| known.version < watch.version) {
            self.store.put_watch(&watch)?;
            self.watcher.replace(None);
        }
        Ok(())
    }

    /// Judges what the visitor says. What is known of the visitor is stored also when it is refused.
    pub(super) fn admit_visitor(&self, head: &mut Head, call: &Say, now: Millis) -> Outcome<()> {
        if let Some(watch) = &call.watch {
            self.keep_watch(watch.clone())?;
        }
        let (keys, watcher) = (Keys::of(&self.env)?, self.watcher()?);
        if let Some(proof) = &call.proof {
            self.try_proof(head, proof, now)?;
        }
        let text = call.text.as_str();
        let spoken = Spoken { id: call.id, text, watcher: &watcher, key: &keys.challenge };
        let admission = head.admit_visitor(&spoken, now, &mut new_id)?;
        let decided = match &admission {
            Admission::Taken(Some(TalkEvent::Noticed { rung, signals }), _) => (*rung, signals.clone()),
            Admission::Taken(..) => (Rung::Clear, head.conduct.reasons(now)),
            Admission::Refused(refusal, _) => records::of_refusal(refusal),
        };
        self.note(records::decision(&keys, &head.visitor, Some(head.conversation), decided, text, now));
        match admission {
            Admission::Taken(told, names) => {
                self.note_sent(&head.visitor.visitor, names);
                if let Some(event) = told {
                    socket::send_all(self.state.get_websockets_with_tag("visitor"), &event);
                }
                Ok(())
            }
            Admission::Refused(refusal, told) => {
                self.keep(head.clone(), told)?;
                Err(*refusal)
            }
        }
    }

    /// The visitor answers a challenge.
    pub(super) fn prove(&self, proof: &Proof) -> Outcome<()> {
        let mut head = self.head()?;
        self.try_proof(&mut head, proof, now())
    }

    fn try_proof(&self, head: &mut Head, proof: &Proof, now: Millis) -> Outcome<()> {
        let (keys, watcher) = (Keys::of(&self.env)?, self.watcher()?);
        let outcome = head.prove(proof, &watcher, &keys.challenge, now, &mut new_id);
        self.keep(head.clone(), None)?;
        outcome
    }

    /// Stores what the desk need not know, or what happened, which it does.
    pub(super) fn keep(&self, head: Head, told: Option<Message>) -> Outcome<()> {
        if told.is_some() {
            return self.commit_event(head, told);
        }
        self.store.commit(&head, &[])?;
        self.head.replace(Some(head));
        Ok(())
    }

    /// What was said before the handoff is part of the record too.
    pub(super) fn note_opening(&self, messages: &[Message]) -> Outcome<()> {
        let (keys, head, now) = (Keys::of(&self.env)?, self.head()?, now());
        let watcher = self.watcher()?;
        for message in messages.iter().filter(|message| message.from == Sender::Visitor) {
            if let Body::Text { text, .. } = &message.body {
                let decided = (Rung::Clear, Vec::new());
                let id = Some(head.conversation);
                self.note(records::decision(&keys, &head.visitor, id, decided, text.as_str(), now));
                self.note_sent(&head.visitor.visitor, watcher.weigh(text.as_str()).sketch.names());
            }
        }
        Ok(())
    }

    /// An agent who closes a talk and stops nobody considers the visitor honest.
    pub(super) fn note_closing(&self, head: &Head) {
        self.untold.borrow_mut().honest |= head.ban(now()).is_none();
    }

    fn note(&self, decision: Decision) {
        let untold = &mut *self.untold.borrow_mut();
        if untold.decisions.len() < MOST_UNTOLD {
            untold.decisions.push(decision);
        }
    }

    fn note_sent(&self, visitor: &str, names: Option<[u64; 2]>) {
        let untold = &mut *self.untold.borrow_mut();
        if untold.sent.len() < MOST_UNTOLD {
            untold.sent.extend(names.map(|names| SentText { visitor: visitor.to_owned(), names }));
        }
    }

    /// Several strangers are sending what this visitor has sent. It was taken; they are told, and it counts from now on.
    fn found_copied(&self, times: u32) -> Outcome<()> {
        let (mut head, watcher, now) = (self.head()?, self.watcher()?, now());
        let rung = head.conduct.note_late(Signal::Copied, times, watcher.watch.thresholds, now);
        let signals = head.conduct.reasons(now);
        self.keep(head, None)?;
        if let Some(rung) = rung {
            let event = TalkEvent::Noticed { rung, signals };
            socket::send_all(self.state.get_websockets_with_tag("visitor"), &event);
        }
        Ok(())
    }

    /// Tells the watch what was decided, everything that has come up meanwhile in one call.
    pub(super) async fn tell_watch(&self) {
        if std::mem::replace(&mut self.untold.borrow_mut().telling, true) {
            return;
        }
        loop {
            let (decisions, sent, honest) = {
                let untold = &mut *self.untold.borrow_mut();
                let decisions = std::mem::take(&mut untold.decisions);
                (decisions, std::mem::take(&mut untold.sent), std::mem::take(&mut untold.honest))
            };
            // What was sent was decided on.
            if decisions.is_empty() && !honest {
                break;
            }
            if let Err(refusal) = self.tell_watch_of(decisions, sent, honest).await {
                refusal.log("telling the watch");
                break;
            }
        }
        self.untold.borrow_mut().telling = false;
    }

    async fn tell_watch_of(
        &self,
        decisions: Vec<Decision>,
        sent: Vec<SentText>,
        honest: bool,
    ) -> Outcome<()> {
        let head = self.head()?;
        let watch = object::named(&self.env, object::WATCH, head.site.as_str())?;
        if honest {
            ask(&watch, &Consider { visitor: head.visitor.visitor.clone(), honest }).await?;
        }
        if !decisions.is_empty() {
            // A conversation from before there were rules keeps the least.
            let keep_days = self.watcher()?.watch.keep_days.max(1);
            let stopped = |decision: &&Decision| {
                decision.rung >= Rung::Slow && decision.signals.contains(&Signal::Copied)
            };
            let count = u32::try_from(decisions.iter().filter(stopped).count()).unwrap_or(u32::MAX);
            let Kept { copied } = ask(&watch, &Keep { decisions, keep_days, sent }).await?;
            if copied > 0 {
                self.found_copied(copied)?;
            }
            // One visitor's flood is nobody else's business. Many with one text are an attack.
            if count > 0 {
                let desk = object::named(&self.env, object::DESK, head.site.as_str())?;
                ask(&desk, &TurnedAway { site: head.site, count }).await?;
            }
        }
        Ok(())
    }

    /// Tells the site of the guard's bans: there they are seen, carried to the visitor's other talks, and undone.
    pub(super) async fn tell_site(&self) -> Outcome<()> {
        while let Some(head) = self.find()?
            && let Some(ban) = head.stopped.first().cloned()
        {
            let site = object::named(&self.env, object::SITE, head.site.as_str())?;
            let BanVisitor { id, signals, until, .. } = ban;
            let key = head.visitor.visitor.clone();
            let conversation = Some(head.conversation);
            ask(&site, &GuardBan { id, conversation, scope: BanScope::Visitor, key, signals, until }).await?;
            if let Some(mut head) = self.find()? {
                head.stopped.retain(|told| told.id != id);
                self.keep(head, None)?;
            }
        }
        Ok(())
    }
}
