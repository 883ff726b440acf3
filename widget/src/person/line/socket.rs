//! The socket: what it brings, and how it is.

use std::rc::Rc;

use deskbell_browser::{
    clock::{self, Timer},
    http::Failure,
    link::{Link, LinkEvent},
};
use deskbell_shared::wire::{Body, Event, Message, Millis, Missed, Sender, TalkEvent, TalkRequest};
use wasm_bindgen_futures::spawn_local;

use super::{Ban, Inner, LineState, Report, door::ticket, outbox::POLL_EVERY};

/// Lost sockets in a row, each with a good ticket, after which plain requests take over.
const SOCKETS_GIVEN: u32 = 3;

impl Inner {
    pub(super) fn connect(self: &Rc<Self>) {
        let Some(conversation) = self.session.borrow().as_ref().map(|(conversation, _)| *conversation) else {
            return;
        };
        let (for_ticket, for_events) = (Rc::downgrade(self), Rc::downgrade(self));
        let link = Link::start(
            self.path(&format!("/conversations/{conversation}/socket")),
            move || ticket(for_ticket.clone()),
            move |event| {
                if let Some(this) = for_events.upgrade() {
                    this.linked(event);
                }
            },
        );
        self.link.replace(Some(link));
    }

    fn linked(self: &Rc<Self>, event: LinkEvent) {
        match event {
            LinkEvent::Up => {
                self.hello();
            }
            LinkEvent::Frame(frame) => {
                self.lost_sockets.set(0);
                self.timers.borrow_mut().poll = None;
                // A frame that this version does not know says nothing it could act on.
                if let Ok(event) = serde_json::from_str(&frame) {
                    self.heard(event);
                }
            }
            LinkEvent::Down { retry, failure } => {
                self.in_flight.replace(None);
                if failure.is_none() {
                    self.lost_sockets.set(self.lost_sockets.get() + 1);
                }
                if self.lost_sockets.get() >= SOCKETS_GIVEN && self.timers.borrow().poll.is_none() {
                    self.timers.borrow_mut().poll = Timer::every(POLL_EVERY, self.weakly(|this| this.poll()));
                }
                if self.timers.borrow().poll.is_none() {
                    self.up.set(false);
                    (self.report)(Report::State(LineState::Down { retry }));
                }
            }
            LinkEvent::Refused(failure) => {
                self.in_flight.replace(None);
                if let Failure::Refused(problem) = failure {
                    // Not from inside the link's own report: it is still in use there.
                    let this = self.clone();
                    spawn_local(async move {
                        this.link.replace(None);
                        this.turned_away(*problem);
                    });
                }
            }
        }
    }

    fn heard(self: &Rc<Self>, event: TalkEvent) {
        match event {
            TalkEvent::CatchUp { messages, more, status, now } => {
                self.let_in();
                self.caught_up(Missed { messages, more, status, now });
                if more {
                    self.hello();
                } else {
                    self.is_up();
                }
            }
            TalkEvent::Message { message } => {
                self.landed(message.id);
                let next = by_our_clock(message.clone(), message.at);
                let is_news = message.seq > self.log.borrow().last_seq();
                if self.log.borrow_mut().take(message) {
                    if is_news {
                        self.act_on(&[next]);
                    }
                    (self.report)(Report::Changed);
                    self.flush();
                } else {
                    self.hello();
                }
            }
            TalkEvent::Ack { id, seq, at } => self.acknowledged(id, seq, at),
            TalkEvent::Refused { id, problem } => self.refused(id, problem),
            TalkEvent::Read { seq } => {
                self.log.borrow_mut().they_read(seq);
                (self.report)(Report::Changed);
            }
            TalkEvent::Typing { from: Sender::Agent { name } } => {
                (self.report)(Report::Typing(name.as_str().to_owned()));
            }
            TalkEvent::Typing { .. } => {}
            TalkEvent::Noticed { signals, .. } => (self.report)(Report::Noticed(signals)),
            TalkEvent::Proven => self.proven(),
        }
    }

    pub(super) fn caught_up(self: &Rc<Self>, Missed { messages, status, now, .. }: Missed) {
        for message in &messages {
            self.landed(message.id);
        }
        let before = self.log.borrow().last_seq();
        let now = now.unwrap_or_else(clock::now);
        let news = messages.iter().filter(|message| message.seq > before).cloned();
        let news: Vec<Message> = news.map(|message| by_our_clock(message, now)).collect();
        self.log.borrow_mut().catch_up(messages, status);
        self.act_on(&news);
        (self.report)(Report::Changed);
    }

    /// Does what messages that were not here before mean beside their words.
    fn act_on(self: &Rc<Self>, news: &[Message]) {
        // A page that is loaded anew is given all of the talk: what was read there before is not news to it.
        let read = self.log.borrow().read_by_us();
        let is_heard = |message: &&Message| {
            let from_agent = matches!(message.from, Sender::Agent { .. });
            from_agent && matches!(message.body, Body::Text { .. }) && message.seq > read
        };
        news.iter().filter(is_heard).for_each(|_| (self.report)(Report::Heard));
        let of_ban = news.iter().rev().find_map(|message| match &message.body {
            Body::Event { event: event @ (Event::Banned { .. } | Event::Unbanned) } => Some(event),
            _ => None,
        });
        match of_ban {
            Some(Event::Banned { until, reason, signals }) => {
                // What waits for the end of a ban waits no longer for one that ends sooner.
                if let Some(until) = until.filter(|until| *until < self.held_until.get()) {
                    self.hold(until);
                }
                let over = until.is_some_and(|until| until <= clock::now());
                let reason = reason.as_ref().map(|reason| reason.as_str().to_owned());
                let ban = Ban { until: *until, reason, signals: signals.clone() };
                (self.report)(Report::Banned((!over).then_some(ban)));
            }
            Some(Event::Unbanned) => {
                self.held_until.set(Millis(0));
                (self.report)(Report::Banned(None));
            }
            _ => {}
        }
    }

    pub(super) fn is_up(self: &Rc<Self>) {
        self.up.set(true);
        (self.report)(Report::State(LineState::Up));
        if self.held_for_puzzle.get() && self.solving.borrow().is_none() {
            // It is solved, and nobody knows whether that arrived. If it did not, the edge asks once more.
            self.held_until.set(Millis(0));
        }
        self.tell_what_was_read();
        self.flush();
    }

    /// Tells the site's people up to where the visitor has read. What no socket takes now is told when one is up.
    pub(super) fn tell_what_was_read(&self) {
        let seq = self.log.borrow().read_by_us();
        if seq > 0 {
            self.send(&TalkRequest::Read { seq });
        }
    }

    /// Asks for what is missing; whether there is a socket to ask by.
    pub(super) fn hello(&self) -> bool {
        let after = self.log.borrow().last_seq();
        self.send(&TalkRequest::Hello { after })
    }

    pub(super) fn send(&self, request: &TalkRequest) -> bool {
        let Ok(frame) = serde_json::to_string(request) else { return false };
        self.link.borrow().as_ref().is_some_and(|link| link.send(&frame))
    }
}

/// A message with the end of a ban as the visitor's clock counts, which may be wrong. `now` is what the edge's shows.
fn by_our_clock(mut message: Message, now: Millis) -> Message {
    if let Body::Event { event: Event::Banned { until: Some(until), .. } } = &mut message.body {
        *until = clock::now().plus(until.since(now));
    }
    message
}
