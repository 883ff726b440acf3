//! Rules about every text in the repository.

use anyhow::Result;

use super::{Breach, Sources};

/// No notes to oneself.
pub(super) fn notes(sources: &Sources) -> Result<Vec<Breach>> {
    // Written in two parts, or this file would break its own rule.
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X"), concat!("HA", "CK")];
    let is_word = |line: &str, mark: &str| {
        line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| word == mark)
    };
    Ok(found(sources, |line| marks.iter().find(|mark| is_word(line, mark)).map(|mark| (*mark).to_owned())))
}

/// Nothing works only where it was written.
pub(super) fn machine_paths(sources: &Sources) -> Result<Vec<Breach>> {
    let roots = [concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/Us", "ers/"), concat!("C:", "\\\\")];
    Ok(found(sources, |line| {
        let root = roots.iter().find(|root| {
            line.match_indices(**root)
                .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-}".contains(c)))
        })?;
        Some(format!("a path below `{root}`"))
    }))
}

fn found(sources: &Sources, fault: impl Fn(&str) -> Option<String>) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for source in sources.all().filter(|source| !source.path.ends_with("lock.json")) {
        for (number, line) in source.lines() {
            if let Some(what) = fault(line) {
                breaches.push(Breach::at(source, number, what));
            }
        }
    }
    breaches
}
