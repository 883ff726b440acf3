//! Somebody in a schedule: has messages in an outbox, as the widget and the inbox have, and sends them in their order until
//! each is acknowledged, over a network and with habits that are drawn at random.

use std::{
    ops::Range,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use deskbell_shared::wire::{MessageId, Problem, ProblemKind, Said, Seq, TalkEvent, TalkRequest, Text};
use fastrand::Rng;

use super::{
    super::party::{Answer, Party},
    audit::{Record, Seen, Sent},
    counts::Counts,
    line::{GLANCE, Line},
    upset::Upsetter,
};

/// How long somebody goes on sending what is not acknowledged.
const PATIENCE: Duration = Duration::from_secs(120);
/// Without an answer for this long, a socket is taken for dead.
const ACK_PATIENCE: Duration = Duration::from_secs(8);
/// The most messages in flight at once.
const IN_FLIGHT: usize = 12;
/// The longest wait that is waited, in seconds.
const LONGEST_WAIT_S: u64 = 20;

/// On which side somebody is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Says few things: a visitor's pace is ten messages in half a minute.
    Visitor,
    /// Says more: an agent's is sixty.
    Agent,
}

/// Somebody.
pub(super) struct Person<'a> {
    role: Role,
    party: Party,
    upsetter: &'a Upsetter,
    /// How many in the conversation still have something to say.
    speaking: &'a AtomicUsize,
    rng: Rng,
    sent: Vec<Sent>,
    seen: Seen,
    line: Option<Line>,
    /// Messages that were acknowledged or refused since they were last sent.
    answered: Vec<MessageId>,
    held_until: Instant,
    counts: Counts,
}

impl<'a> Person<'a> {
    /// Somebody with something to say.
    pub(super) fn new(
        role: Role,
        party: Party,
        upsetter: &'a Upsetter,
        speaking: &'a AtomicUsize,
        mut rng: Rng,
    ) -> Result<Self> {
        let many = match role {
            Role::Visitor => rng.usize(5..9),
            Role::Agent => rng.usize(15..45),
        };
        let message = |_| {
            let id = MessageId(rng.u128(..).to_be_bytes());
            let long = role == Role::Agent && rng.u8(..20) == 0;
            let text = words(&mut rng, if long { 200..400 } else { 2..20 });
            Ok(Sent::new(id, Text::new(&text)?))
        };
        let sent = (0..many).map(message).collect::<Result<_>>()?;
        let (held_until, counts) = (Instant::now(), Counts::default());
        let (seen, line, answered) = (Seen::default(), None, Vec::new());
        Ok(Self { role, party, upsetter, speaking, rng, sent, seen, line, answered, held_until, counts })
    }

    /// Sends and reads until everybody has said everything, or for two minutes.
    pub(super) fn act_until_done(mut self) -> (Record, Counts) {
        let (until, mut speaks) = (Instant::now() + PATIENCE, true);
        while self.speaking.load(Ordering::Relaxed) > 0 && Instant::now() < until {
            if self.act().is_err() {
                self.line = None;
                self.counts.note("sockets lost");
                self.pause(20..120);
            }
            if speaks && self.sent.iter().all(|message| message.acknowledged.is_some()) {
                speaks = false;
                self.speaking.fetch_sub(1, Ordering::Relaxed);
            }
        }
        let waiting = self.sent.iter().filter(|message| message.acknowledged.is_none());
        self.counts.undelivered = waiting.count() as u64;
        (Record { sent: self.sent, seen: self.seen }, self.counts)
    }

    fn act(&mut self) -> Result<()> {
        let batch = self.next_to_send();
        if batch.is_empty() && self.rng.u8(..10) > 0 {
            return self.listen(Duration::from_millis(100));
        }
        match self.rng.u8(..100) {
            0..36 => self.say(&batch, 1)?,
            36..46 => {
                self.counts.note("sent twice");
                self.say(&batch, 2)?;
            }
            46..56 => return self.break_off(&batch),
            56..64 => {
                self.counts.note("acknowledgements never read");
                self.send(&batch, 1)?;
                let after = Duration::from_millis(self.rng.u64(0..200));
                self.line.take().into_iter().for_each(|line| line.abandon(after));
                return Ok(());
            }
            64..80 => return self.say_at_once(&batch, true),
            80..86 => return self.say_at_once(&batch, false),
            86..90 => {
                self.counts.note("read slowly");
                self.send(&batch, 1)?;
                self.pause(300..1_500);
            }
            90..93 => return self.catch_up_by_request(),
            93 => {
                self.counts.note("sockets closed");
                self.line.take().into_iter().for_each(Line::close);
                return Ok(());
            }
            95..97 => {
                self.counts.note("objects aborted");
                self.send(&batch, 1)?;
                self.upsetter.abort();
            }
            97..99 => {
                self.counts.note("objects put to sleep");
                self.send(&batch, 1)?;
                self.upsetter.forget();
            }
            99 if self.role == Role::Agent => {
                self.counts.note("talks closed");
                self.send(&batch, 1)?;
                // Refused or not: what counts is that it happens between messages.
                let _ = self.party.close();
            }
            _ => {
                self.counts.note("read marks in between");
                self.line()?.send(&TalkRequest::Typing)?;
                let seq = self.seen.last();
                self.line()?.send(&TalkRequest::Read { seq })?;
                self.send(&batch, 1)?;
            }
        }
        self.wait_for(&batch)
    }

    /// The first of what is not acknowledged, in its order: where in the outbox.
    fn next_to_send(&mut self) -> Vec<usize> {
        if Instant::now() < self.held_until {
            return Vec::new();
        }
        let many = self.rng.usize(1..=IN_FLIGHT);
        let waiting = self.sent.iter().enumerate().filter(|(_, message)| message.acknowledged.is_none());
        waiting.map(|(at, _)| at).take(many).collect()
    }

    fn say(&mut self, batch: &[usize], times: usize) -> Result<()> {
        self.send(batch, times)?;
        self.wait_for(batch)
    }

    /// Sends without waiting for anything, each so many times.
    fn send(&mut self, batch: &[usize], times: usize) -> Result<()> {
        self.answered.clear();
        for at in batch {
            let Sent { id, text, first, .. } = &mut self.sent[*at];
            if first.is_some() {
                self.counts.note("sent again");
            }
            let say = TalkRequest::Say { id: *id, text: text.clone() };
            for _ in 0..times {
                self.line()?;
                self.sent[*at].first.get_or_insert_with(Instant::now);
                self.line()?.send(&say)?;
            }
        }
        Ok(())
    }

    /// Sends some of it and a part of the next frame, and is gone.
    fn break_off(&mut self, batch: &[usize]) -> Result<()> {
        self.counts.note("sockets cut");
        let whole = self.rng.usize(0..=batch.len());
        self.send(&batch[..whole], 1)?;
        self.line()?;
        self.pause(0..20);
        self.line.take().into_iter().for_each(Line::cut);
        Ok(())
    }

    /// Sends each by plain requests, all of them at once, some twice; and over the socket meanwhile, if so.
    fn say_at_once(&mut self, batch: &[usize], also_by_socket: bool) -> Result<()> {
        self.counts.note(if also_by_socket { "socket and requests at once" } else { "requests at once" });
        let mut posts = Vec::new();
        for at in batch {
            let message = &mut self.sent[*at];
            message.out_of_line = true;
            message.first.get_or_insert_with(Instant::now);
            for _ in 0..self.rng.usize(1..=2) {
                posts.push((message.id, message.text.clone()));
            }
        }
        let party = &self.party.clone();
        let (answers, sent) = thread::scope(|scope| {
            let posting: Vec<_> =
                posts.into_iter().map(|(id, text)| (id, scope.spawn(move || party.say(id, text)))).collect();
            let sent = if also_by_socket { self.send(batch, 1) } else { Ok(()) };
            let join = |(id, posted): (_, thread::ScopedJoinHandle<'_, _>)| Some((id, posted.join().ok()?));
            (posting.into_iter().filter_map(join).collect::<Vec<_>>(), sent)
        });
        for (id, answer) in answers {
            match answer {
                Ok(Answer::Done(Said { id, seq, .. })) => self.acknowledged(id, seq),
                Ok(Answer::Refused(problem)) => self.refused(Some(id), &problem),
                // It may have been taken or not: so it is sent again.
                Err(_) => self.counts.note("requests lost"),
            }
        }
        sent?;
        if also_by_socket { self.wait_for(batch) } else { Ok(()) }
    }

    /// Reads a page by a plain request, from any place up to the last that is known.
    fn catch_up_by_request(&mut self) -> Result<()> {
        self.counts.note("caught up by a request");
        let after = self.rng.u64(0..=self.seen.last());
        match self.party.missed(after)? {
            Answer::Done(missed) => {
                let in_order = missed
                    .messages
                    .iter()
                    .zip(after + 1..)
                    .all(|(message, expected)| message.seq == expected);
                if !in_order {
                    self.seen.note_disorder();
                }
                missed.messages.iter().for_each(|message| self.seen.show(message));
            }
            Answer::Refused(problem) => self.refused(None, &problem),
        }
        Ok(())
    }

    /// Reads until all of these are answered.
    fn wait_for(&mut self, batch: &[usize]) -> Result<()> {
        let until = Instant::now() + ACK_PATIENCE;
        while batch.iter().any(|at| !self.answered.contains(&self.sent[*at].id)) {
            if Instant::now() >= until {
                bail!("no answer");
            }
            self.listen(GLANCE)?;
        }
        Ok(())
    }

    /// Reads what comes until there is nothing for a while.
    fn listen(&mut self, while_: Duration) -> Result<()> {
        let until = Instant::now() + while_;
        while let Some(event) = self.line()?.next(until)? {
            self.hear(event)?;
        }
        Ok(())
    }

    fn hear(&mut self, event: TalkEvent) -> Result<()> {
        let Some(line) = &mut self.line else { return Ok(()) };
        match event {
            TalkEvent::CatchUp { messages, more, .. } => line.catch_up(&messages, more, &mut self.seen)?,
            TalkEvent::Message { message } => line.take(&message, &mut self.seen),
            TalkEvent::Ack { id, seq, .. } => self.acknowledged(id, seq),
            TalkEvent::Refused { id, problem } => self.refused(id, &problem),
            TalkEvent::Noticed { .. }
            | TalkEvent::Proven
            | TalkEvent::Read { .. }
            | TalkEvent::Typing { .. } => {}
        }
        Ok(())
    }

    fn acknowledged(&mut self, id: MessageId, seq: Seq) {
        self.answered.push(id);
        if let Some(message) = self.sent.iter_mut().find(|message| message.id == id) {
            message.acknowledged.get_or_insert_with(Instant::now);
            message.places.insert(seq);
        }
    }

    fn refused(&mut self, id: Option<MessageId>, problem: &Problem) {
        self.counts.note(problem.kind.slug());
        let wait = match problem.kind {
            ProblemKind::Throttled => problem.retry_after_s.unwrap_or(1).min(LONGEST_WAIT_S),
            _ => 1,
        };
        self.held_until = self.held_until.max(Instant::now() + Duration::from_secs(wait));
        if let Some(message) = self.sent.iter_mut().find(|message| Some(message.id) == id) {
            self.answered.push(message.id);
            message.out_of_line = true;
        }
    }

    /// The socket; a new one, on which hello was said, when there is none.
    fn line(&mut self) -> Result<&mut Line> {
        if self.line.is_none() {
            match self.party.connect(GLANCE)? {
                Answer::Done(socket) => self.line = Some(Line::greet(socket, self.seen.last())?),
                Answer::Refused(problem) => self.refused(None, &problem),
            }
        }
        self.line.as_mut().ok_or_else(|| anyhow::anyhow!("no socket was given"))
    }

    fn pause(&mut self, ms: Range<u64>) {
        thread::sleep(Duration::from_millis(self.rng.u64(ms)));
    }
}

/// So many words that nobody else says in this order.
pub(super) fn words(rng: &mut Rng, many: Range<usize>) -> String {
    const WORDS: [&str; 40] = [
        "parcel",
        "teapot",
        "Tuesday",
        "invoice",
        "blue",
        "green",
        "size",
        "where",
        "when",
        "how",
        "order",
        "the",
        "a",
        "my",
        "your",
        "is",
        "was",
        "will",
        "not",
        "arrived",
        "broken",
        "lovely",
        "street",
        "number",
        "colour",
        "wool",
        "return",
        "label",
        "print",
        "shop",
        "träge",
        "größer",
        "où",
        "déjà",
        "包裹",
        "什么时候",
        "订单",
        "שלום",
        "🙂",
        "\"quoted\"",
    ];
    let mut text = rng.u32(..).to_string();
    for _ in 0..rng.usize(many) {
        text += " ";
        text += rng.choice(WORDS).unwrap_or_default();
    }
    text
}
