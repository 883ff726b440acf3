//! What is used twice, and what comes over sockets.

use std::{thread, time::Duration};

use anyhow::{Result, ensure};
use deskbell_shared::wire::{MAX_FRAME_BYTES, Problem, ProblemKind, TalkRequest};
use serde_json::{Value, json};
use tungstenite::Message;

use super::super::{
    crowd::{Outcome, PAGE, Shop, Visitor, read, solve},
    party::{self, Socket},
};

/// Frames of a flood.
const FRAMES: usize = 5_000;

/// Tickets, solutions and changed tokens, used again: how many of the tries worked.
pub(super) fn replays(shop: &Shop) -> Result<Value> {
    let mut visitor = Visitor::new(shop, "198.18.1.1");
    ensure!(visitor.hand_over()? == Outcome::Served, "the visitor was not served");
    let ticket = visitor.ticket()?;
    let url = visitor.socket(&ticket);
    let _first = open(&url)?;
    let mut worked = (0..20).filter(|_| open(&url).is_ok()).count();

    // A session changed in any place.
    let session = visitor.session.clone();
    for place in 0..20 {
        let mut forged = session.clone().into_bytes();
        let at = place * session.len() / 20;
        forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
        visitor.session = String::from_utf8(forged)?;
        let path = format!("conversations/{}/ticket", visitor.conversation);
        worked += usize::from(visitor.post(&path, &(), None)?.status().is_success());
    }

    // One solution for many requests.
    let flooded = Visitor::new(shop, "198.18.1.2");
    let mut challenge = None;
    while challenge.is_none() {
        let mut other = Visitor::new(shop, "198.18.1.2");
        other.id = flooded.id;
        let mut response =
            Visitor::new(shop, "198.18.1.2").post("conversations", &flooded.request()?, None)?;
        if response.status() == 429 {
            challenge = read::<Problem>(&mut response)?.challenge;
            if challenge.is_none() {
                break;
            }
        } else {
            super::at_once(40, |_| Visitor::new(shop, "198.18.1.2").try_to_hand_over())?;
        }
    }
    let mut proofs = 0;
    if let Some(challenge) = challenge {
        let proof = solve(&challenge);
        for _ in 0..10 {
            // What comes free of the address's quota meanwhile is used up, so that nothing but the solution helps. The
            // worker remembers for a second that there was nothing.
            thread::sleep(Duration::from_millis(1_100));
            super::at_once(40, |_| Visitor::new(shop, "198.18.1.2").try_to_hand_over())?;
            let request = flooded.request()?;
            proofs +=
                usize::from(flooded.post("conversations", &request, Some(&proof))?.status().is_success());
        }
    }
    Ok(json!({ "tried": 50, "worked": worked + proofs.saturating_sub(1), "first_use_worked": proofs > 0 }))
}

/// Floods of frames, huge frames, empty frames: what is taken, and whether the talk survives.
pub(super) fn floods(shop: &Shop) -> Result<Value> {
    let mut visitor = Visitor::new(shop, "198.18.1.3");
    ensure!(visitor.hand_over()? == Outcome::Served, "the visitor was not served");
    let typing = serde_json::to_string(&TalkRequest::Typing)?;
    let huge = "x".repeat(MAX_FRAME_BYTES * 8);
    let mut outcomes = serde_json::Map::new();
    for (name, frame) in [("typing", typing.as_str()), ("huge", huge.as_str()), ("empty", "")] {
        let mut socket = open(&visitor.socket(&visitor.ticket()?))?;
        let sent = (0..FRAMES).take_while(|_| socket.send(Message::text(frame)).is_ok()).count();
        let (mut refused, mut closed) = (0, None);
        while let Ok(message) = socket.read() {
            match message {
                Message::Text(text) => refused += usize::from(text.contains(ProblemKind::Throttled.slug())),
                Message::Close(frame) => closed = frame.map(|frame| u16::from(frame.code)),
                _ => {}
            }
        }
        outcomes
            .insert(name.to_owned(), json!({ "sent": sent, "throttled": refused, "closed_with": closed }));
    }
    // The talk itself goes on.
    outcomes.insert("served_afterwards".to_owned(), json!(visitor.say("Are you there?")? == Outcome::Served));
    Ok(Value::Object(outcomes))
}

fn open(url: &str) -> Result<Socket> {
    party::open(url, PAGE, Duration::from_secs(5))
}
