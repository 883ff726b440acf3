//! What a person sees while a chore runs: one line a step, with its duration, on stderr.

use std::{
    io::{self, IsTerminal},
    time::{Duration, Instant},
};

use anyhow::Result;

/// Whether a step had anything to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It did its work.
    Done,
    /// Nothing had changed since the last time.
    Unchanged,
}

/// Runs a step and says how it went.
///
/// # Errors
/// Those of the step.
pub(crate) fn step(name: &str, work: impl FnOnce() -> Result<Outcome>) -> Result<Outcome> {
    let start = Instant::now();
    // On a terminal the line says what is going on until it says how it went.
    let lively = io::stderr().is_terminal();
    if lively {
        eprint!("  … {name}\r");
    }
    let outcome = work();
    let took = seconds(start.elapsed());
    if lively {
        eprint!("\x1b[K");
    }
    match &outcome {
        Ok(Outcome::Done) => eprintln!("  ✓ {name}  {took}"),
        Ok(Outcome::Unchanged) => eprintln!("  · {name}  unchanged, {took}"),
        Err(_) => eprintln!("  ✗ {name}  {took}"),
    }
    outcome
}

/// Announces a step that takes long enough to wonder about.
pub(crate) fn announce(what: &str) {
    eprintln!("  … {what}");
}

/// A duration as people read it.
pub(crate) fn seconds(duration: Duration) -> String {
    match duration.as_secs() {
        0..60 => format!("{:.1} s", duration.as_secs_f64()),
        whole => format!("{} min {:02} s", whole / 60, whole % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_at_a_glance() {
        assert_eq!(seconds(Duration::from_millis(40)), "0.0 s");
        assert_eq!(seconds(Duration::from_millis(12_340)), "12.3 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2 min 05 s");
    }
}
