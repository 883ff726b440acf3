//! As many messages as one object takes: several sockets at once, each with everything it may send in flight.
//!
//! On a machine of two cores whoever measures must cost next to nothing. So frames are made before, and what comes is not
//! read as messages: a byte behind each frame's head tells an acknowledgement from the rest.

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, bail};
use deskbell_shared::wire::{MessageId, TalkRequest, Text};
use tungstenite::stream::MaybeTlsStream;

use super::super::{crowd::random, party::Socket};

/// Sends so many messages over each socket without waiting for any, and reads until all are acknowledged; how many were
/// in a second.
///
/// # Errors
/// A socket is lost, or a message is not taken.
pub(super) fn messages_per_s(sockets: Vec<Socket>, each: usize) -> Result<f64> {
    let total = sockets.len() * each;
    let written: Vec<Vec<u8>> = sockets.iter().map(|_| frames(each)).collect::<Result<_>>()?;
    let start = &Barrier::new(sockets.len());
    let times: Vec<(Instant, Instant, Socket)> = thread::scope(|scope| {
        let talking: Vec<_> = sockets
            .into_iter()
            .zip(written)
            .map(|(socket, written)| scope.spawn(move || converse(socket, &written, each, start)))
            .collect();
        let joined = talking.into_iter().map(|one| one.join().map_err(|_| anyhow!("a thread panicked"))?);
        joined.collect::<Result<_>>()
    })?;
    let began = times.iter().map(|(began, ..)| *began).min().context("nobody has sent anything")?;
    let ended = times.iter().map(|(_, ended, _)| *ended).max().unwrap_or(began);
    Ok(total as f64 / (ended - began).max(Duration::from_micros(1)).as_secs_f64())
}

/// Messages of the length that people write, as they go over the network.
fn frames(many: usize) -> Result<Vec<u8>> {
    let mut written = Vec::new();
    for number in 0..many {
        let text =
            format!("{number}. Your parcel left our warehouse this morning, and will be there on Monday.");
        let say = TalkRequest::Say { id: MessageId(random()), text: Text::new(&text)? };
        frame(&serde_json::to_string(&say)?, &mut written)?;
    }
    Ok(written)
}

/// One frame of text, whole and masked as clients have to, here with zeros.
fn frame(text: &str, written: &mut Vec<u8>) -> Result<()> {
    const WHOLE_TEXT: u8 = 0x81;
    const MASKED: u8 = 0x80;
    match u16::try_from(text.len()).context("a message is longer than any here")? {
        length @ 0..126 => written.extend([WHOLE_TEXT, MASKED | length as u8]),
        length => {
            written.extend([WHOLE_TEXT, MASKED | 126]);
            written.extend(length.to_be_bytes());
        }
    }
    written.extend([0; 4]);
    written.extend(text.as_bytes());
    Ok(())
}

/// From the first byte sent to the last acknowledgement read. The socket comes back, so that none closes while others read.
fn converse(
    mut socket: Socket,
    written: &[u8],
    each: usize,
    start: &Barrier,
) -> Result<(Instant, Instant, Socket)> {
    let MaybeTlsStream::Plain(stream) = socket.get_mut() else { bail!("the socket is not a plain one") };
    start.wait();
    let began = Instant::now();
    stream.write_all(written)?;
    read_acknowledgements(stream, each)?;
    Ok((began, Instant::now(), socket))
}

fn read_acknowledgements(stream: &mut TcpStream, mut left: usize) -> Result<()> {
    let mut buffer = vec![0; 256 * 1024];
    let mut end = 0;
    loop {
        let mut at = 0;
        while let Some((head, length)) = next_frame(&buffer[at..end]) {
            let content = &buffer[at + head..at + head + length];
            if content.starts_with(br#"{"refused""#) {
                bail!("a message was not taken: {}", String::from_utf8_lossy(content));
            }
            left -= usize::from(content.starts_with(br#"{"ack""#)).min(left);
            at += head + length;
        }
        if left == 0 {
            return Ok(());
        }
        buffer.copy_within(at..end, 0);
        end -= at;
        match stream.read(&mut buffer[end..]).context("an acknowledgement does not come")? {
            0 => bail!("the socket is lost"),
            more => end += more,
        }
    }
}

/// How long the head of the frame is that these bytes begin with, and how long what follows; `None` when it is not whole.
fn next_frame(bytes: &[u8]) -> Option<(usize, usize)> {
    let (head, length) = match *bytes.get(1)? {
        126 => (4, usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?]))),
        // Nothing that is sent here is longer than sixteen bits can say.
        length => (2, usize::from(length & 127)),
    };
    (bytes.len() >= head + length).then_some((head, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_told_apart_however_they_come() {
        let mut written = Vec::new();
        for text in ["short", &"long".repeat(100)] {
            frame(text, &mut written).unwrap();
        }
        // As a server sends them: without the mask.
        written[1] &= 127;
        written.drain(2..6);
        assert_eq!(next_frame(&written), Some((2, 5)));
        assert_eq!(next_frame(&written[..6]), None);
        let mut long = written[7..].to_vec();
        long[1] &= 127;
        long.drain(4..8);
        assert_eq!(next_frame(&long), Some((4, 400)));
        assert_eq!(next_frame(&long[..3]), None);
    }
}
