//! The solver of challenges alone, as a WebAssembly module: how long a browser needs, without the widget around it.
//!
//! A host calls [`begin`] with a puzzle and [`work`] until it is solved, in the slices that the widget makes. Nothing
//! here is deployed: the widget calls `shared` itself.

// What is exported under its own name might collide with another export. Nothing else in the crate needs the licence.
#![expect(unsafe_code, reason = "an export needs `#[unsafe(no_mangle)]`")]

use std::cell::Cell;

use deskbell_shared::guard::pow::{self, Puzzle, Solver};

thread_local! {
    static SOLVER: Cell<Option<Solver>> = const { Cell::new(None) };
}

/// Begins with the puzzle of this number, so hard.
#[unsafe(no_mangle)]
pub extern "C" fn begin(number: u32, bits: u8) {
    SOLVER.set(Some(Solver::new(Puzzle::new(&format!("challenge {number}"), bits))));
}

/// Tries some numbers; 1 when the puzzle is solved.
#[unsafe(no_mangle)]
pub extern "C" fn work() -> u32 {
    let mut solver = SOLVER.take();
    let solved = solver.as_mut().is_none_or(|solver| solver.work(pow::TRIES).is_some());
    SOLVER.set(solver);
    u32::from(solved)
}

/// How long the widget works at a time, in milliseconds.
#[unsafe(no_mangle)]
pub extern "C" fn slice_ms() -> u32 {
    pow::SLICE_MS as u32
}

/// How long it pauses in between, in milliseconds.
#[unsafe(no_mangle)]
pub extern "C" fn pause_ms() -> u32 {
    pow::PAUSE_MS as u32
}
