//! From one side to the other at the pace of people: several talks at once, in each of which a visitor writes now and then.

use std::{
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, anyhow, ensure};
use deskbell_shared::wire::{MessageId, TalkEvent, TalkRequest, Text};
use tungstenite::Message;

use super::super::{
    clerk::Clerk,
    crowd::{Outcome, Shop, Visitor, random},
    party::Socket,
};

/// Talks at once.
const TALKS: usize = 40;
/// What each visitor writes: fewer than a visitor may write at once.
const WRITTEN: [&str; 8] = [
    "Hello, is somebody there?",
    "I ordered a teapot two weeks ago",
    "It was promised for Monday",
    "Now it is Thursday",
    "Could you have a look where it is?",
    "The street is the same as last time",
    "I would rather not wait another week",
    "Thank you for your help",
];
/// How often a visitor writes.
const EVERY: Duration = Duration::from_millis(1_500);
/// How long a frame may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long each message took from a visitor's sending to an agent's having it, in milliseconds.
///
/// # Errors
/// A visitor is not served, or a message does not arrive.
pub(super) fn measure(shop: &Shop, agent: &Clerk) -> Result<Vec<f64>> {
    let talk = |number: usize| -> Result<(Socket, Socket)> {
        let mut visitor = Visitor::new(shop, &format!("198.18.4.{number}"));
        visitor.words = format!("Where is my order {number}?");
        ensure!(visitor.hand_over()? == Outcome::Served, "a visitor was not handed over");
        let reader = agent.party(visitor.conversation).connect(PATIENCE)?.granted()?;
        Ok((visitor.party().connect(PATIENCE)?.granted()?, reader))
    };
    let talks = (0..TALKS).map(talk).collect::<Result<Vec<_>>>()?;
    thread::scope(|scope| {
        let talking: Vec<_> = talks
            .into_iter()
            .zip(0_u32..)
            .map(|((writer, reader), number)| {
                // Nobody writes at the same moment as everybody else.
                let first = EVERY * number / TALKS as u32;
                scope.spawn(move || converse(writer, reader, number, first))
            })
            .collect();
        let mut all = Vec::new();
        for one in talking {
            all.extend(one.join().map_err(|_| anyhow!("a thread panicked"))??);
        }
        Ok(all)
    })
}

fn converse(mut writer: Socket, mut reader: Socket, number: u32, first: Duration) -> Result<Vec<f64>> {
    let (began, mut took) = (Instant::now(), Vec::new());
    for (words, turn) in WRITTEN.iter().zip(0..) {
        thread::sleep((first + EVERY * turn).saturating_sub(began.elapsed()));
        let id = MessageId(random());
        // Not what strangers write as well: that would be noticed.
        let text = Text::new(&format!("{words} ({number})"))?;
        let frame = serde_json::to_string(&TalkRequest::Say { id, text })?;
        let sent = Instant::now();
        writer.send(Message::text(frame))?;
        until(&mut reader, |event| matches!(event, TalkEvent::Message { message } if message.id == id))?;
        took.push(sent.elapsed().as_secs_f64() * 1_000.0);
        until(&mut writer, |event| matches!(event, TalkEvent::Ack { id: stored, .. } if *stored == id))?;
    }
    Ok(took)
}

fn until(socket: &mut Socket, is_it: impl Fn(&TalkEvent) -> bool) -> Result<()> {
    loop {
        let Message::Text(text) = socket.read()? else { continue };
        let event = serde_json::from_str(&text)?;
        ensure!(!matches!(event, TalkEvent::Refused { .. }), "a message was not taken: {text}");
        if is_it(&event) {
            return Ok(());
        }
    }
}
