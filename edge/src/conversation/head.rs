//! What a conversation knows about itself beside its messages, and how it changes. No storage, no sockets:
//! every rule here can be tested natively.

use deskbell_shared::{
    throttle::{self, Decision, Gcra},
    wire::{
        BanId, Body, ConversationId, Event, HandoffReason, Line, Message, MessageId, Millis, Sender, Seq,
        SiteId, Status, Summary, Text, TurnSender, VisitorContext,
    },
};
use serde::{Deserialize, Serialize};

use super::calls::{BanVisitor, Open, Speaker, VisitorKeys};
use crate::{
    limits::Limit,
    refusal::{Outcome, Refusal},
};

/// The conversation's own record. One row of SQLite; memory has a copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Head {
    pub(crate) site: SiteId,
    pub(crate) conversation: ConversationId,
    pub(crate) visitor: VisitorKeys,
    pub(crate) reasons: Vec<HandoffReason>,
    pub(crate) context: VisitorContext,
    pub(crate) status: Status,
    pub(crate) last_seq: Seq,
    pub(crate) preview: Line,
    pub(crate) opened: Millis,
    pub(crate) updated: Millis,
    pub(crate) waiting_since: Option<Millis>,
    /// The last message that the visitor has seen, and that any agent has.
    pub(crate) visitor_read: Seq,
    pub(crate) agents_read: Seq,
    /// The visitor's messages after `agents_read`.
    pub(crate) unread: u32,
    pub(crate) online: bool,
    pub(crate) bans: Vec<BanVisitor>,
    /// What the visitor, and each agent by address, has used of its quota.
    pub(crate) visitor_rate: Gcra,
    pub(crate) agent_rates: Vec<(String, Gcra)>,
    /// Counts up with every change that the desk should know; `noted` is the last one it has confirmed.
    pub(crate) version: u64,
    pub(crate) noted: u64,
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
            context: call.context,
            status: Status::Open,
            last_seq: 0,
            preview: Line::new("…").map_err(Refusal::failed)?,
            opened: now,
            updated: now,
            waiting_since: Some(now),
            visitor_read: 0,
            agents_read: 0,
            unread: 0,
            online: false,
            bans: Vec::new(),
            visitor_rate: Gcra::default(),
            agent_rates: Vec::new(),
            version: 0,
            noted: 0,
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
        let handed_over = Event::HandedOver { reasons: call.reasons };
        messages.push(head.happened(handed_over, now, new_id)?);
        head.visitor_read = head.last_seq;
        head.updated = now;
        Ok((head, messages))
    }

    /// Whether this speaker may say something now; counts it when so.
    ///
    /// # Errors
    /// *Banned*, *throttled*.
    pub(crate) fn admit(&mut self, speaker: &Speaker, now: Millis) -> Outcome<()> {
        let (rate, quota, name) = match speaker {
            Speaker::Visitor => {
                if let Some(ban) = self.ban(now) {
                    return Err(Refusal::banned(ban.reason.as_str(), ban.until, now));
                }
                (&mut self.visitor_rate, throttle::MESSAGES, "messages")
            }
            Speaker::Agent { person, .. } => {
                self.agent_rates.retain(|(who, rate)| who == person || !rate.is_idle(now));
                let known = self.agent_rates.iter().position(|(who, _)| who == person);
                let at = known.unwrap_or_else(|| {
                    self.agent_rates.push((person.clone(), Gcra::default()));
                    self.agent_rates.len() - 1
                });
                (&mut self.agent_rates[at].1, throttle::AGENT_MESSAGES, "agent-messages")
            }
        };
        let decision = rate.decide(quota, 1, now);
        match decision {
            Decision::Admitted { .. } => Ok(()),
            Decision::Refused { retry_after_ms } => Err(Refusal::throttled(
                "Too many messages in a short time.",
                retry_after_ms.unwrap_or(quota.window_ms()),
                vec![Limit::of(name, quota, decision)],
            )),
        }
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
            messages.push(self.happened(Event::Reopened, now, new_id)?);
        }
        messages.push(self.append(id, speaker.sender(), Body::Text { text, entry: None }, now));
        match speaker {
            Speaker::Visitor => {
                self.visitor_read = self.last_seq;
                self.waiting_since.get_or_insert(now);
            }
            Speaker::Agent { .. } => {
                self.agents_read = self.last_seq;
                self.unread = 0;
                self.waiting_since = None;
            }
        }
        Ok(messages)
    }

    /// Closes it. `None` when it is closed already.
    pub(crate) fn close(&mut self, by: Line, now: Millis, new_id: NewId<'_>) -> Outcome<Option<Message>> {
        if self.status == Status::Closed {
            return Ok(None);
        }
        self.status = Status::Closed;
        self.waiting_since = None;
        self.happened(Event::Closed { by }, now, new_id).map(Some)
    }

    /// A ban now holds. `None` when it did already.
    pub(crate) fn put_ban(
        &mut self,
        ban: BanVisitor,
        now: Millis,
        new_id: NewId<'_>,
    ) -> Outcome<Option<Message>> {
        if self.bans.iter().any(|held| held.id == ban.id) {
            return Ok(None);
        }
        let event = Event::Banned { until: ban.until, reason: ban.reason.clone() };
        self.bans.push(ban);
        self.happened(event, now, new_id).map(Some)
    }

    /// A ban holds no more. `None` when it did not, or when another still does.
    pub(crate) fn lift_ban(&mut self, id: BanId, now: Millis, new_id: NewId<'_>) -> Outcome<Option<Message>> {
        let held = self.bans.len();
        self.bans.retain(|ban| ban.id != id);
        if self.bans.len() == held || self.ban(now).is_some() {
            return Ok(None);
        }
        self.happened(Event::Unbanned, now, new_id).map(Some)
    }

    /// The ban in force that lasts longest.
    pub(crate) fn ban(&self, now: Millis) -> Option<&BanVisitor> {
        let in_force = self.bans.iter().filter(|ban| ban.until.is_none_or(|until| until > now));
        in_force.max_by_key(|ban| ban.until.unwrap_or(Millis(u64::MAX)))
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
            context: self.context.clone(),
            opened: self.opened,
            updated: self.updated,
            waiting_since: self.waiting_since,
            unread: self.unread,
            online: self.online,
            banned: self.ban(now).is_some(),
        }
    }

    fn happened(&mut self, event: Event, now: Millis, new_id: NewId<'_>) -> Outcome<Message> {
        Ok(self.append(new_id()?, Sender::System, Body::Event { event }, now))
    }

    fn append(&mut self, id: MessageId, from: Sender, body: Body, at: Millis) -> Message {
        self.last_seq += 1;
        self.updated = self.updated.max(at);
        if let Body::Text { text, .. } = &body {
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
            Self::Agent { .. } => "agent",
        }
    }

    /// The tag of the sockets on the other side.
    pub(crate) fn other_tag(&self) -> &'static str {
        match self {
            Self::Visitor => "agent",
            Self::Agent { .. } => "visitor",
        }
    }
}

#[cfg(test)]
mod tests {
    use deskbell_shared::wire::{ProblemKind, Turn, VisitorContext};

    use super::*;

    const NOW: Millis = Millis(1_000_000);

    fn new_id() -> Outcome<MessageId> {
        Ok(MessageId([9; 16]))
    }

    fn text(text: &str) -> Text {
        Text::new(text).unwrap()
    }

    fn agent(name: &str) -> Speaker {
        Speaker::Agent { person: format!("{name}@shop.example"), name: Line::new(name).unwrap() }
    }

    fn opened() -> (Head, Vec<Message>) {
        let turn = |n, from, at| Turn {
            id: MessageId([n; 16]),
            at: Millis(at),
            from,
            text: text("Where\nis  it?"),
            entry: None,
        };
        let open = Open {
            site: "acme".parse().unwrap(),
            conversation: ConversationId([1; 16]),
            reasons: vec![HandoffReason::Button],
            transcript: vec![turn(1, TurnSender::Visitor, 5), turn(2, TurnSender::Bot, u64::MAX)],
            context: VisitorContext {
                language: "en".to_owned().try_into().unwrap(),
                page: None,
                title: None,
                utc_offset_minutes: 0,
            },
            visitor: VisitorKeys { visitor: "v".to_owned(), address: "a".to_owned() },
        };
        Head::open(open, NOW, &mut new_id).unwrap()
    }

    fn ban(n: u8, until: Option<u64>) -> BanVisitor {
        BanVisitor { id: BanId([n; 16]), reason: Line::new("calm down").unwrap(), until: until.map(Millis) }
    }

    #[test]
    fn what_was_said_before_is_numbered_and_nothing_of_it_lies_in_the_future() {
        let (head, messages) = opened();
        assert_eq!(messages.iter().map(|message| message.seq).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(messages.iter().map(|message| message.at).collect::<Vec<_>>(), [Millis(5), NOW, NOW]);
        assert_eq!(head.preview.as_str(), "Where is it?");
        assert_eq!((head.unread, head.waiting_since, head.visitor_read), (1, Some(NOW), 3));
    }

    #[test]
    fn whoever_waits_waits_since_the_first_unanswered_word() {
        let (mut head, _) = opened();
        head.say(&agent("Mei"), MessageId([3; 16]), text("Hi"), NOW.plus(10), &mut new_id).unwrap();
        assert_eq!((head.waiting_since, head.unread, head.agents_read), (None, 0, 4));
        for (n, wait) in [(4, 20), (5, 30)] {
            head.say(&Speaker::Visitor, MessageId([n; 16]), text("Hm"), NOW.plus(wait), &mut new_id).unwrap();
        }
        assert_eq!((head.waiting_since, head.unread), (Some(NOW.plus(20)), 2));
    }

    #[test]
    fn only_the_visitor_opens_a_closed_talk_again() {
        let (mut head, _) = opened();
        let by = Line::new("Mei").unwrap();
        assert!(head.close(by.clone(), NOW, &mut new_id).unwrap().is_some());
        assert!(head.close(by, NOW, &mut new_id).unwrap().is_none());
        head.say(&agent("Mei"), MessageId([3; 16]), text("Bye"), NOW, &mut new_id).unwrap();
        assert_eq!(head.status, Status::Closed);
        let messages =
            head.say(&Speaker::Visitor, MessageId([4; 16]), text("Wait"), NOW, &mut new_id).unwrap();
        assert_eq!((messages.len(), head.status, head.waiting_since), (2, Status::Open, Some(NOW)));
        assert_eq!(messages[0].body, Body::Event { event: Event::Reopened });
    }

    #[test]
    fn a_visitor_is_banned_until_the_last_ban_ends() {
        let (mut head, _) = opened();
        assert!(head.put_ban(ban(1, Some(NOW.0 + 10)), NOW, &mut new_id).unwrap().is_some());
        assert!(head.put_ban(ban(1, Some(NOW.0 + 10)), NOW, &mut new_id).unwrap().is_none());
        assert!(head.put_ban(ban(2, None), NOW, &mut new_id).unwrap().is_some());
        let refused = head.admit(&Speaker::Visitor, NOW).unwrap_err();
        assert_eq!((refused.problem().kind, refused.problem().until), (ProblemKind::Banned, None));
        assert!(head.admit(&agent("Mei"), NOW).is_ok(), "the ban is the visitor's");
        assert!(head.lift_ban(BanId([2; 16]), NOW, &mut new_id).unwrap().is_none(), "the first still holds");
        assert_eq!(head.next_ban_end(NOW), Some(NOW.plus(10)));
        assert!(head.admit(&Speaker::Visitor, NOW.plus(9)).is_err());
        assert!(head.admit(&Speaker::Visitor, NOW.plus(10)).is_ok());
        assert!(!head.summary(NOW.plus(10)).banned);
    }

    #[test]
    fn each_speaker_has_a_quota_of_their_own() {
        let (mut head, _) = opened();
        for _ in 0..throttle::MESSAGES.burst() {
            assert!(head.admit(&Speaker::Visitor, NOW).is_ok());
        }
        let refused = head.admit(&Speaker::Visitor, NOW).unwrap_err();
        assert_eq!(refused.problem().kind, ProblemKind::Throttled);
        for _ in 0..throttle::AGENT_MESSAGES.burst() {
            assert!(head.admit(&agent("Mei"), NOW).is_ok());
        }
        assert!(head.admit(&agent("Mei"), NOW).is_err());
        assert!(head.admit(&agent("Ana"), NOW).is_ok());
        assert!(head.admit(&agent("Ana"), NOW.plus(10 * throttle::AGENT_MESSAGES.window_ms())).is_ok());
        assert_eq!(head.agent_rates.len(), 1, "what is idle is not kept");
    }

    #[test]
    fn the_record_survives_its_storage() {
        let (mut head, _) = opened();
        head.put_ban(ban(1, None), NOW, &mut new_id).unwrap();
        let stored = serde_json::to_string(&head).unwrap();
        assert_eq!(serde_json::from_str::<Head>(&stored).unwrap(), head);
    }
}
