//! The matcher alone, as a WebAssembly module: what it weighs and how fast it is without the widget around it.
//!
//! Without wasm-bindgen, so that nothing but the matcher is weighed. A host asks for [`room`], writes bytes there, and
//! calls [`load`] with a pack or [`ask`] with a question; what else there is to know about the last question has a
//! function of its own. Nothing here is deployed: the widget calls `shared` itself.

// What is exported under its own name might collide with another export. Nothing else in the crate needs the licence.
#![expect(unsafe_code, reason = "an export needs `#[unsafe(no_mangle)]`")]

use std::cell::Cell;

use deskbell_shared::faq::{Decision, Matcher, Verdict};

thread_local! {
    /// Bytes that the host wrote.
    static ROOM: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
    static MATCHER: Cell<Option<Matcher>> = const { Cell::new(None) };
    /// What was made of the last question.
    static VERDICT: Cell<Option<Verdict>> = const { Cell::new(None) };
}

/// Where the host may write so many bytes, until it next calls anything else.
#[unsafe(no_mangle)]
pub extern "C" fn room(bytes: usize) -> *mut u8 {
    let mut room = ROOM.take();
    if room.len() < bytes {
        room.resize(bytes, 0);
    }
    let at = room.as_mut_ptr();
    ROOM.set(room);
    at
}

/// Loads the pack in the room; returns how many entries it has, or -1 when it is refused.
#[unsafe(no_mangle)]
pub extern "C" fn load(bytes: usize) -> i32 {
    // The room of a pack is given back: questions need less.
    let pack = ROOM.take();
    let matcher = pack.get(..bytes).and_then(|pack| Matcher::load(pack).ok());
    let entries = matcher.as_ref().map_or(-1, |matcher| matcher.entries().len() as i32);
    MATCHER.set(matcher);
    entries
}

/// Asks the question in the room, in UTF-8; returns the place of the best entry, or -1 when there is none.
#[unsafe(no_mangle)]
pub extern "C" fn ask(bytes: usize) -> i32 {
    let room = ROOM.take();
    let question = room.get(..bytes).and_then(|question| core::str::from_utf8(question).ok());
    let matcher = MATCHER.take();
    let verdict = matcher.as_ref().zip(question).map(|(matcher, question)| matcher.ask(question));
    let best = verdict.as_ref().and_then(|verdict| verdict.ranked.first()).map(|best| best.entry as i32);
    MATCHER.set(matcher);
    ROOM.set(room);
    VERDICT.set(verdict);
    best.unwrap_or(-1)
}

/// How likely it is that the FAQ answers the last question at all, from 0 to 1.
#[unsafe(no_mangle)]
pub extern "C" fn confidence() -> f32 {
    of_verdict(|verdict| verdict.confidence)
}

/// What to do with the last question: 0 abstain, 1 to 3 offer so many, 4 answer.
#[unsafe(no_mangle)]
pub extern "C" fn decision() -> usize {
    of_verdict(|verdict| match verdict.decision {
        Decision::Abstain => 0,
        Decision::Offer(count) => count,
        Decision::Answer => 4,
    })
}

fn of_verdict<T: Default>(tell: impl FnOnce(&Verdict) -> T) -> T {
    let verdict = VERDICT.take();
    let told = verdict.as_ref().map(tell).unwrap_or_default();
    VERDICT.set(verdict);
    told
}
