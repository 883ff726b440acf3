//! A conversation's sockets: who holds them, what comes over them, and who is told.

use deskbell_shared::{
    throttle::{self, Decision},
    wire::{MAX_FRAME_BYTES, Message, Missed, NoteEvent, ProblemKind, Said, Seq, TalkEvent, TalkRequest},
};
use worker::{Request, Response, WebSocket};

use super::{ConversationDo, Seat, new_id};
use crate::{
    conversation::{
        calls::{Holder, Say, Speaker},
        head::Head,
    },
    platform::{now, object, random, socket},
    refusal::{Outcome, Refusal},
    ticket::EndSession,
    visit,
};

/// The most sockets that a visitor has in a talk at once: each is a window that is told all that happens.
const MOST_OF_VISITOR: usize = 20;
/// How soon somebody who has too many may open another, in milliseconds.
const FEWER_MS: u64 = 60 * 1000;

impl ConversationDo {
    pub(super) fn open_socket(&self, request: &Request) -> worker::Result<Response> {
        match self.use_ticket(request) {
            Ok(Holder { speaker, session, looks_on }) => {
                let id = u64::from_be_bytes(random::bytes()?) >> 11;
                let tags: Vec<&str> = [speaker.tag()].into_iter().chain(session.as_deref()).collect();
                let response = socket::accept(
                    &self.state,
                    &tags,
                    &Seat { id, speaker: speaker.clone(), looks_on, opened: now() },
                )?;
                if let Err(refusal) = self.note_presence(None) {
                    refusal.log("presence");
                }
                Ok(response)
            }
            Err(refusal) => object::send("/socket", Err(refusal)),
        }
    }

    fn use_ticket(&self, request: &Request) -> Outcome<Holder> {
        self.head()?;
        let holder = self.store.use_ticket(request, now())?;
        let are_too_many = || {
            let sockets = self.state.get_websockets_with_tag(holder.speaker.tag());
            sockets.iter().filter(|socket| !self.is_silent(socket)).count() >= MOST_OF_VISITOR
        };
        if holder.speaker == Speaker::Visitor && are_too_many() {
            let detail = "This talk is open in too many windows.";
            return Err(Refusal::throttled(detail, FEWER_MS, Vec::new()));
        }
        Ok(holder)
    }

    /// An agent's session has ended. In a conversation that was never opened it had nothing.
    pub(super) fn end_session(&self, EndSession { session }: &EndSession) -> Outcome<()> {
        if self.find()?.is_some() {
            self.store.revoke_tickets(session, now())?;
            socket::end_all(&self.state, session);
        }
        Ok(())
    }

    /// Counts a frame, and refuses what cannot be read anyway.
    pub(super) fn admit_frame(&self, seat: &Seat, text: &str) -> Outcome<()> {
        let decision =
            self.frames.borrow_mut().entry(seat.id).or_default().decide(throttle::FRAMES, 1, now());
        if let Decision::Refused { retry_after_ms } = decision {
            let wait = retry_after_ms.unwrap_or_default();
            return Err(Refusal::throttled(
                "Too many frames in a short time. Connect again later.",
                wait,
                Vec::new(),
            ));
        }
        if text.len() > MAX_FRAME_BYTES {
            let detail = format!("A frame may have {MAX_FRAME_BYTES} bytes at most.");
            return Err(Refusal::new(ProblemKind::TooLarge, detail));
        }
        Ok(())
    }

    pub(super) fn frame(&self, socket: &WebSocket, seat: &Seat, text: &str) -> Outcome<()> {
        let request = visit::parse_json(text)?;
        if seat.looks_on && !matches!(request, TalkRequest::Hello { .. }) {
            return match request {
                TalkRequest::Say { .. } => Err(Refusal::beyond_role()),
                _ => Ok(()),
            };
        }
        match request {
            TalkRequest::Hello { after } => {
                let head = self.head()?;
                let Missed { messages, more, status, now } = self.store.missed(&head, after)?;
                if !more && matches!(seat.speaker, Speaker::Agent { .. }) {
                    let notes = self.store.notes().list()?;
                    if !notes.is_empty() {
                        socket::send(socket, &NoteEvent::Notes { notes });
                    }
                }
                socket::send(socket, &TalkEvent::CatchUp { messages, more, status, now });
                let seq = head.read_by_other(&seat.speaker);
                if seq > 0 {
                    socket::send(socket, &TalkEvent::Read { seq });
                }
                Ok(())
            }
            TalkRequest::Say { id, text } => {
                let call = Say::new(seat.speaker.clone(), id, text);
                let (Said { id, seq, at }, messages) = self.take(call)?;
                socket::send(socket, &TalkEvent::Ack { id, seq, at });
                self.broadcast(messages);
                Ok(())
            }
            TalkRequest::Read { seq } => self.mark_read(&seat.speaker, seq),
            // How it was is the visitor's alone to say.
            TalkRequest::Rate { .. } | TalkRequest::Recommend { .. } if seat.speaker != Speaker::Visitor => {
                Ok(())
            }
            TalkRequest::Rate { good } => {
                let mut head = self.head()?;
                let message = head.rate(good, now(), &mut new_id)?;
                self.commit_event(head, message)
            }
            TalkRequest::Recommend { likelihood } => {
                let mut head = self.head()?;
                let message = head.recommend(likelihood, now(), &mut new_id)?;
                self.commit_event(head, message)
            }
            TalkRequest::Prove { proof } => {
                if seat.speaker == Speaker::Visitor {
                    self.prove(&proof)?;
                }
                socket::send(socket, &TalkEvent::Proven);
                Ok(())
            }
            TalkRequest::Typing => {
                let now = now();
                let silenced = |head: Head| seat.speaker == Speaker::Visitor && head.ban(now).is_some();
                if self.find()?.is_some_and(silenced) {
                    return Ok(());
                }
                let others = self.state.get_websockets().into_iter().filter(|other| other != socket);
                socket::send_all(others, &TalkEvent::Typing { from: seat.speaker.sender() });
                Ok(())
            }
        }
    }

    fn mark_read(&self, speaker: &Speaker, seq: Seq) -> Outcome<()> {
        let mut head = self.head()?;
        let seq = seq.min(head.last_seq);
        let mark = match speaker {
            Speaker::Visitor => &mut head.visitor_read,
            Speaker::Agent { .. } => &mut head.agents_read,
        };
        if seq <= *mark {
            return Ok(());
        }
        *mark = seq;
        if matches!(speaker, Speaker::Agent { .. }) {
            head.unread = self.store.unread_after(seq)?;
        }
        self.commit(head, &[])?;
        let others = self.state.get_websockets_with_tag(speaker.other_tag());
        socket::send_all(others, &TalkEvent::Read { seq });
        Ok(())
    }

    pub(super) fn leave(&self, socket: &WebSocket) {
        if let Some(seat) = socket::seat::<Seat>(socket) {
            self.frames.borrow_mut().remove(&seat.id);
        }
        if let Err(refusal) = self.note_presence(Some(socket)) {
            refusal.log("presence");
        }
    }

    /// Whether it is nobody's any more: where a line is bad, some are left over of which nobody has said that they are closed.
    fn is_silent(&self, socket: &WebSocket) -> bool {
        socket::seat::<Seat>(socket).is_none_or(|seat| socket::is_silent(&self.state, socket, seat.opened))
    }

    /// Notes whether the visitor is there, leaving out a socket that is just closing.
    pub(super) fn note_presence(&self, leaving: Option<&WebSocket>) -> Outcome<()> {
        let Some(mut head) = self.find()? else { return Ok(()) };
        let there = self.state.get_websockets_with_tag(Speaker::Visitor.tag());
        let online = there.iter().any(|socket| Some(socket) != leaving && !self.is_silent(socket));
        if head.online != online {
            head.online = online;
            self.commit(head, &[])?;
        }
        Ok(())
    }

    pub(super) fn broadcast(&self, messages: Vec<Message>) {
        for message in messages {
            socket::send_all(self.state.get_websockets(), &TalkEvent::Message { message });
        }
    }
}
