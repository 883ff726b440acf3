//! A conversation's socket as its reader knows it: what has to come next on it, and the ways to lose it.

use std::{
    io::{ErrorKind, Write},
    net::{Shutdown, TcpStream},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use deskbell_shared::wire::{Message, Seq, TalkEvent, TalkRequest};
use tungstenite::{Error, stream::MaybeTlsStream};

use super::{super::party::Socket, audit::Seen};

/// How long one look for a frame takes: short, so that whoever waits for several things notices each.
pub(super) const GLANCE: Duration = Duration::from_millis(50);

/// An open socket.
pub(super) struct Line {
    socket: Socket,
    /// What its reader had when they last asked for what they have missed.
    asked: Seq,
    /// The last message that came, once everything before it has.
    follows: Option<Seq>,
}

impl Line {
    /// Says hello on a new socket, of somebody who has everything up to `last`.
    ///
    /// # Errors
    /// The socket is lost.
    pub(super) fn greet(socket: Socket, last: Seq) -> Result<Self> {
        let mut line = Self { socket, asked: last, follows: None };
        line.send(&TalkRequest::Hello { after: last })?;
        Ok(line)
    }

    /// Sends a frame.
    ///
    /// # Errors
    /// The socket is lost.
    pub(super) fn send(&mut self, request: &TalkRequest) -> Result<()> {
        Ok(self.socket.send(tungstenite::Message::text(serde_json::to_string(request)?))?)
    }

    /// The next event; `None` when there is none until then.
    ///
    /// # Errors
    /// The socket is lost.
    pub(super) fn next(&mut self, until: Instant) -> Result<Option<TalkEvent>> {
        loop {
            match self.socket.read() {
                Ok(tungstenite::Message::Text(text)) => {
                    return Ok(Some(
                        serde_json::from_str(&text).with_context(|| format!("the frame {text}"))?,
                    ));
                }
                Ok(tungstenite::Message::Close(_)) => bail!("the edge has closed the socket"),
                Ok(_) => {}
                Err(Error::Io(fault))
                    if matches!(fault.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) =>
                {
                    if Instant::now() >= until {
                        return Ok(None);
                    }
                }
                Err(fault) => return Err(fault.into()),
            }
        }
    }

    /// Takes a page of what was missed, and asks for the next one where there is one.
    ///
    /// # Errors
    /// The socket is lost.
    pub(super) fn catch_up(&mut self, messages: &[Message], more: bool, seen: &mut Seen) -> Result<()> {
        if messages.iter().zip(self.asked + 1..).any(|(message, expected)| message.seq != expected) {
            seen.note_disorder();
        }
        messages.iter().for_each(|message| seen.show(message));
        let last = messages.last().map_or(self.asked, |message| message.seq);
        if more {
            self.asked = last;
            return self.send(&TalkRequest::Hello { after: last });
        }
        self.follows = Some(last);
        Ok(())
    }

    /// Takes a new message. Before everything that was missed has come, others may come in between.
    pub(super) fn take(&mut self, message: &Message, seen: &mut Seen) {
        if let Some(last) = &mut self.follows {
            if message.seq != *last + 1 {
                seen.note_disorder();
            }
            *last = message.seq;
        }
        seen.show(message);
    }

    /// Breaks off in the middle of a frame, as when the network goes.
    pub(super) fn cut(mut self) {
        // The head of a masked frame of 200 bytes, and a few of them: whole frames that were sent before may still arrive.
        const BEGUN: [u8; 12] =
            [0x81, 0x80 | 126, 0, 200, 1, 2, 3, 4, b'{' ^ 1, b'"' ^ 2, b's' ^ 3, b'a' ^ 4];
        if let Some(stream) = self.stream() {
            let _ = stream.write_all(&BEGUN);
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Goes without having read anything, after a while.
    pub(super) fn abandon(self, after: Duration) {
        thread::sleep(after);
        drop(self);
    }

    /// Closes it as browsers do.
    pub(super) fn close(mut self) {
        let _ = self.socket.close(None);
        let until = Instant::now() + Duration::from_secs(1);
        // What still comes is caught up with by the next one.
        while Instant::now() < until && matches!(self.next(until), Ok(Some(_))) {}
    }

    fn stream(&mut self) -> Option<&mut TcpStream> {
        match self.socket.get_mut() {
            MaybeTlsStream::Plain(stream) => Some(stream),
            _ => None,
        }
    }
}
