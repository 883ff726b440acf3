//! What a conversation knows about itself beside its messages, and how it changes. No storage, no sockets:
//! every rule here can be tested natively.

use deskbell_shared::{
    guard::conduct::Conduct,
    throttle::{Gcra, Pace},
    wire::{
        Body, ConversationId, Customer, Email, Event, HandoffReason, Likelihood, Line, Message, MessageId,
        Millis, Priority, ProblemKind, Sender, Seq, SiteId, Status, Subject, Summary, Teammate, Text,
        TurnSender, Via, VisitorContext,
    },
};
use serde::{Deserialize, Serialize};

use super::{
    calls::{BanVisitor, Open, Speaker, UnbanVisitor, VisitorKeys},
    closing::BeforeClosing,
    guarding::Pending,
};
use crate::refusal::{Outcome, Refusal};

/// The conversation's own record. One row of SQLite; memory has a copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Head {
    pub(crate) site: SiteId,
    pub(crate) conversation: ConversationId,
    pub(crate) visitor: VisitorKeys,
    pub(crate) reasons: Vec<HandoffReason>,
    #[serde(default)]
    pub(crate) priority: Priority,
    pub(crate) context: VisitorContext,
    #[serde(default)]
    pub(crate) subject: Option<Subject>,
    #[serde(default)]
    pub(crate) customer: Option<Customer>,
    /// Through which channel it goes, where that is not the site's pages.
    #[serde(default)]
    pub(crate) via: Option<Via>,
    pub(crate) status: Status,
    pub(crate) last_seq: Seq,
    pub(crate) preview: Line,
    pub(crate) opened: Millis,
    pub(crate) updated: Millis,
    /// When somebody last said something; of older records it is not known.
    #[serde(default)]
    pub(crate) last_said: Option<Millis>,
    pub(crate) waiting_since: Option<Millis>,
    /// How it stood when it was closed, for whoever takes that back.
    #[serde(default)]
    pub(crate) before_closing: Option<BeforeClosing>,
    /// When a person first replied, and how often the visitor came again after it was closed.
    #[serde(default)]
    pub(crate) first_reply: Option<Millis>,
    #[serde(default)]
    pub(crate) reopened: u32,
    /// Whether it was good, as the visitor last said, and whether it is closed and they have not said so since.
    #[serde(default)]
    pub(crate) rated_good: Option<bool>,
    #[serde(default)]
    pub(crate) unrated: bool,
    /// How likely the visitor is to recommend the site, as they have said.
    #[serde(default)]
    pub(crate) recommends: Option<Likelihood>,
    /// Who looks after it; `None` for nobody in particular.
    #[serde(default)]
    pub(crate) assignee: Option<Teammate>,
    /// The last message that the visitor has seen, and that any agent has.
    pub(crate) visitor_read: Seq,
    pub(crate) agents_read: Seq,
    /// The visitor's messages after `agents_read`.
    pub(crate) unread: u32,
    pub(crate) online: bool,
    pub(crate) bans: Vec<BanVisitor>,
    /// What the visitor, and each agent by address, has used of its quota.
    #[serde(default)]
    pub(crate) pace: Pace,
    pub(crate) agent_rates: Vec<(String, Gcra)>,
    /// How the visitor behaves, and the challenge that is set.
    #[serde(default)]
    pub(crate) conduct: Conduct,
    #[serde(default)]
    pub(crate) pending: Option<Pending>,
    /// Bans of the guard that the site does not know of yet.
    #[serde(default)]
    pub(crate) stopped: Vec<BanVisitor>,
    /// Counts the changes that the desk should know; `noted` it has, and, by `asked_told`, what was asked before people came.
    pub(crate) version: u64,
    pub(crate) noted: u64,
    #[serde(default)]
    pub(crate) asked_told: bool,
}

/// Where ids of messages come from that nobody wrote.
pub(crate) type NewId<'a> = &'a mut dyn FnMut() -> Outcome<MessageId>;

impl Head {
    /// A new conversation, with what was said before and the note that it was handed over.
    pub(crate) fn open(call: Open, now: Millis, new_id: NewId<'_>) -> Outcome<(Self, Vec<Message>)> {
        let mut head = Self {
            site: call.site,
            conversation: call.conversation,
            visitor: call.visitor,
            reasons: call.reasons.clone(),
            priority: call.priority,
            context: call.context,
            subject: call.subject,
            customer: call.customer,
            via: call.via,
            status: Status::Open,
            last_seq: 0,
            preview: Line::new("…").map_err(Refusal::failed)?,
            opened: now,
            updated: now,
            last_said: Some(now),
            waiting_since: Some(now),
            before_closing: None,
            first_reply: None,
            reopened: 0,
            rated_good: None,
            unrated: false,
            recommends: None,
            assignee: None,
            visitor_read: 0,
            agents_read: 0,
            unread: 0,
            online: false,
            bans: Vec::new(),
            pace: Pace::default(),
            agent_rates: Vec::new(),
            conduct: call.conduct,
            pending: None,
            stopped: Vec::new(),
            version: 0,
            noted: 0,
            asked_told: false,
        };
        let mut messages = Vec::with_capacity(call.transcript.len() + 1);
        for turn in call.transcript {
            let from = match turn.from {
                TurnSender::Visitor => Sender::Visitor,
                TurnSender::Bot => Sender::Bot,
            };
            let body = Body::Text { text: turn.text, entry: turn.entry };
            // The browser's clock is only its own word: nothing was said after it was sent.
            messages.push(head.append(turn.id, from, body, turn.at.min(now)));
        }
        // Whoever writes on a channel writes to people from the beginning.
        if head.via.is_none() {
            let handed_over = Event::HandedOver { reasons: call.reasons };
            messages.push(head.happened(handed_over, now, new_id)?);
        }
        head.visitor_read = head.last_seq;
        head.updated = now;
        Ok((head, messages))
    }

    /// Takes words that were admitted. A visitor's words open a closed conversation again.
    pub(crate) fn say(
        &mut self,
        speaker: &Speaker,
        id: MessageId,
        text: Text,
        now: Millis,
        new_id: NewId<'_>,
    ) -> Outcome<Vec<Message>> {
        let mut messages = Vec::with_capacity(2);
        if *speaker == Speaker::Visitor && self.status == Status::Closed {
            self.status = Status::Open;
            if self.comes_to_people(now) {
                self.reopened = self.reopened.saturating_add(1);
            }
            self.unrated = false;
            self.before_closing = None;
            messages.push(self.happened(Event::Reopened, now, new_id)?);
        }
        messages.push(self.append(id, speaker.sender(), Body::Text { text, entry: None }, now));
        if let Speaker::Agent { person, name } = speaker {
            self.first_reply.get_or_insert(now);
            // Whoever answers what nobody looks after does from then on.
            self.assignee.get_or_insert_with(|| Teammate { email: person.clone(), name: name.clone() });
            self.comes_to_people(now);
            if let Some(via) = &mut self.via {
                via.said = self.last_seq;
            }
        }
        match speaker {
            Speaker::Visitor => {
                // On a channel, what is on its way to them may not have arrived.
                if self.via.is_none() {
                    self.visitor_read = self.last_seq;
                }
                self.waiting_since.get_or_insert(now);
            }
            Speaker::Agent { .. } if self.unread == 0 => {
                self.agents_read = self.last_seq;
                self.is_answered();
            }
            // What the visitor wrote meanwhile is neither read nor answered by words that were on their way.
            Speaker::Agent { .. } => {}
        }
        Ok(messages)
    }

    /// Somebody looks after it from now on, or nobody in particular.
    ///
    /// # Errors
    /// *Conflict*, when it was not `instead_of` who did so far.
    pub(crate) fn assign(&mut self, to: Option<Teammate>, instead_of: Option<&Email>) -> Outcome<()> {
        let email = |teammate: &Option<Teammate>| teammate.as_ref().map(|teammate| teammate.email.clone());
        let (now, new) = (email(&self.assignee), email(&to));
        // Asked again, because the answer did not arrive, it is done already.
        if now.as_ref() != instead_of && now != new {
            return Err(Refusal::new(
                ProblemKind::Conflict,
                "Somebody else has taken or given it meanwhile.",
            ));
        }
        self.assignee = to;
        Ok(())
    }

    /// A ban now holds, or ends at another time. `None` when it did already, when a longer one holds, or when the talk shows
    /// nothing of it.
    pub(crate) fn put_ban(
        &mut self,
        ban: BanVisitor,
        now: Millis,
        new_id: NewId<'_>,
    ) -> Outcome<Option<Message>> {
        match self.bans.iter_mut().find(|held| held.id == ban.id) {
            Some(held) if held.until == ban.until => return Ok(None),
            // An agent has decided when it ends.
            Some(held) => held.until = ban.until,
            None => self.bans.push(ban.clone()),
        }
        // What the visitor waits for is the end of the longest.
        match self.ban(now) {
            Some(longer) if longer.id != ban.id => Ok(None),
            _ => self.show(&ban, ban.event(), now, new_id),
        }
    }

    /// A ban holds no more: what is shown then is the next that still does, or that none does. `None` when it did not hold, when
    /// a longer one does, or when the talk shows nothing of it.
    pub(crate) fn lift_ban(
        &mut self,
        call: &UnbanVisitor,
        now: Millis,
        new_id: NewId<'_>,
    ) -> Outcome<Option<Message>> {
        let before = self.ban(now).map(|ban| ban.id);
        let lifted = self.bans.iter().position(|ban| ban.id == call.id).map(|at| self.bans.remove(at));
        if call.forgiven {
            self.conduct.forgive();
            self.pending = None;
        }
        let Some(lifted) = lifted else { return Ok(None) };
        match self.ban(now).cloned() {
            Some(other) if Some(other.id) == before => Ok(None),
            Some(other) if self.is_shown(&other) => self.happened(other.event(), now, new_id).map(Some),
            _ => self.show(&lifted, Event::Unbanned, now, new_id),
        }
    }

    /// Shows what becomes of a ban, if it is shown.
    fn show(
        &mut self,
        ban: &BanVisitor,
        event: Event,
        now: Millis,
        new_id: NewId<'_>,
    ) -> Outcome<Option<Message>> {
        if self.is_shown(ban) { self.happened(event, now, new_id).map(Some) } else { Ok(None) }
    }

    /// Whether the talk shows this ban: not if it is one of a range or a country, and nobody is here whom it stops.
    fn is_shown(&self, ban: &BanVisitor) -> bool {
        !ban.wide || self.online
    }

    /// The ban in force that lasts longest.
    pub(crate) fn ban(&self, now: Millis) -> Option<&BanVisitor> {
        let in_force = self.bans.iter().filter(|ban| {
            let is_there = ban.place.as_ref().is_none_or(|place| self.visitor.is_at(place));
            is_there && ban.until.is_none_or(|until| until > now)
        });
        in_force.max_by_key(|ban| ban.until.unwrap_or(Millis(u64::MAX)))
    }

    /// Whether it knows something that the desk, or the site, has not heard.
    pub(crate) fn is_ahead(&self) -> bool {
        self.noted < self.version || !self.stopped.is_empty()
    }

    /// When somebody last said something, or, of older records, something last happened.
    pub(crate) fn last_said(&self) -> Millis {
        self.last_said.unwrap_or(self.updated)
    }

    /// When the next ban ends by itself.
    pub(crate) fn next_ban_end(&self, now: Millis) -> Option<Millis> {
        self.bans.iter().filter_map(|ban| ban.until).filter(|until| *until > now).min()
    }

    /// The other side of this speaker has seen everything up to here.
    pub(crate) fn read_by_other(&self, speaker: &Speaker) -> Seq {
        match speaker {
            Speaker::Visitor => self.agents_read,
            Speaker::Agent { .. } => self.visitor_read,
        }
    }

    /// The conversation as the list shows it.
    pub(crate) fn summary(&self, now: Millis) -> Summary {
        Summary {
            conversation: self.conversation,
            status: self.status,
            last_seq: self.last_seq,
            preview: self.preview.clone(),
            reasons: self.reasons.clone(),
            priority: self.priority,
            context: self.context.clone(),
            subject: self.subject.clone(),
            customer: self.customer.clone(),
            via: self.via.clone(),
            opened: self.opened,
            updated: self.updated,
            last_said: self.last_said,
            waiting_since: self.waiting_since,
            first_reply: self.first_reply,
            reopened: self.reopened,
            rated_good: self.rated_good,
            recommends: self.recommends,
            assignee: self.assignee.clone(),
            unread: self.unread,
            online: self.online,
            banned: self.ban(now).is_some(),
        }
    }

    pub(super) fn happened(&mut self, event: Event, now: Millis, new_id: NewId<'_>) -> Outcome<Message> {
        Ok(self.append(new_id()?, Sender::System, Body::Event { event }, now))
    }

    pub(super) fn append(&mut self, id: MessageId, from: Sender, body: Body, at: Millis) -> Message {
        self.last_seq += 1;
        self.updated = self.updated.max(at);
        // What the FAQ said tells nobody what it is about.
        if let Body::Text { text, .. } = &body
            && from != Sender::Bot
        {
            self.last_said = self.last_said.max(Some(at));
            let line: Vec<&str> = text.as_str().split_whitespace().collect();
            self.preview = Line::cut(&line.join(" ")).unwrap_or_else(|| self.preview.clone());
        }
        if from == Sender::Visitor {
            self.unread = self.unread.saturating_add(1);
        }
        Message { seq: self.last_seq, id, at, from, body }
    }
}

impl Speaker {
    /// The tag of the sockets of the site's people.
    pub(crate) const AGENTS: &str = "agent";

    /// How its messages are signed.
    pub(crate) fn sender(&self) -> Sender {
        match self {
            Self::Visitor => Sender::Visitor,
            Self::Agent { name, .. } => Sender::Agent { name: name.clone() },
        }
    }

    /// The tag of its sockets.
    pub(crate) fn tag(&self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::Agent { .. } => Self::AGENTS,
        }
    }

    /// The tag of the sockets on the other side.
    pub(crate) fn other_tag(&self) -> &'static str {
        match self {
            Self::Visitor => Self::AGENTS,
            Self::Agent { .. } => "visitor",
        }
    }
}

#[cfg(test)]
mod tests;
