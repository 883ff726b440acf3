//! The chain that holds the record of privileged acts together: each entry carries the hash of the one before it, so
//! that nothing can be changed, taken out or put in without every later hash being wrong.
//!
//! An export is one entry a line, as JSON. `cargo xtask audit verify FILE` checks it with what stands here.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::wire::Millis;

/// The hash that the first entry follows.
pub const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Something that somebody did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its place: 1, 2, 3, … without gaps.
    pub n: u64,
    /// When.
    pub at: Millis,
    /// Who: an e-mail address, `operator`, `guard`, or `retention`.
    pub who: String,
    /// What: `ban`, `unban`, `rules`, `sign-in`, `erase`, …
    pub what: String,
    /// With what: an id, or what was set.
    pub detail: String,
    /// The hash of the entry before.
    pub before: String,
    /// The hash of all of this.
    pub hash: String,
}

/// Where a chain is broken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Broken {
    /// A line that is no entry.
    #[error("line {0} is not an entry of the record")]
    Unreadable(usize),
    /// An entry is missing, or stands elsewhere.
    #[error("entry {expected} is missing: {found} stands in its place")]
    Missing {
        /// Which should stand there.
        expected: u64,
        /// Which does.
        found: u64,
    },
    /// An entry does not follow the one before it.
    #[error("entry {0} does not follow the one before it: one of the two was changed")]
    DoesNotFollow(u64),
    /// An entry was changed.
    #[error("entry {0} was changed after it was written")]
    Changed(u64),
}

impl Entry {
    /// The entry that follows the one of this number and hash.
    pub fn following(last: (u64, &str), at: Millis, who: &str, what: &str, detail: &str) -> Self {
        let (n, before) = (last.0 + 1, last.1.to_owned());
        let mut entry = Self {
            n,
            at,
            who: who.to_owned(),
            what: what.to_owned(),
            detail: detail.to_owned(),
            before,
            hash: String::new(),
        };
        entry.hash = entry.true_hash();
        entry
    }

    fn true_hash(&self) -> String {
        let mut hash = Sha256::new();
        for part in
            [&self.n.to_string(), &self.at.0.to_string(), &self.who, &self.what, &self.detail, &self.before]
        {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Checks a record, one entry a line; how many entries it has, and the hash of the last.
///
/// # Errors
/// [`Broken`], at the first place where it is.
pub fn verify(lines: &str) -> Result<(u64, String), Broken> {
    let (mut n, mut before) = (0, BEGINNING.to_owned());
    for (line, text) in lines.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
        let entry: Entry = serde_json::from_str(text).map_err(|_| Broken::Unreadable(line + 1))?;
        if entry.n != n + 1 {
            return Err(Broken::Missing { expected: n + 1, found: entry.n });
        }
        if entry.before != before {
            return Err(Broken::DoesNotFollow(entry.n));
        }
        if entry.true_hash() != entry.hash {
            return Err(Broken::Changed(entry.n));
        }
        (n, before) = (entry.n, entry.hash);
    }
    Ok((n, before))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Vec<String> {
        let mut entries: Vec<Entry> = Vec::new();
        for (at, what, detail) in
            [(5, "sign-in", ""), (6, "ban", "0a"), (9, "unban", "0a"), (12, "rules", "{}")]
        {
            let last = entries.last().map_or((0, BEGINNING), |entry| (entry.n, entry.hash.as_str()));
            entries.push(Entry::following(last, Millis(at), "mei@shop.example", what, detail));
        }
        entries.iter().map(|entry| serde_json::to_string(entry).unwrap()).collect()
    }

    #[test]
    fn a_record_as_it_was_written_is_whole() {
        let lines = record();
        let (entries, last) = verify(&lines.join("\n")).unwrap();
        assert_eq!(entries, 4);
        assert!(lines[3].contains(&last));
        assert_eq!(verify(""), Ok((0, BEGINNING.to_owned())));
    }

    #[test]
    fn whatever_is_done_to_it_is_found() {
        let lines = record();
        let changed = |n: usize, from: &str, to: &str| {
            let mut lines = lines.clone();
            lines[n] = lines[n].replace(from, to);
            verify(&lines.join("\n"))
        };
        assert_eq!(changed(1, "\"ban\"", "\"sign-in\""), Err(Broken::Changed(2)));
        assert_eq!(changed(1, "mei@", "ana@"), Err(Broken::Changed(2)));
        assert_eq!(changed(2, "\"at\":9", "\"at\":8"), Err(Broken::Changed(3)));
        let without = |n: usize| {
            lines.iter().enumerate().filter(move |(at, _)| *at != n).map(|(_, line)| line.as_str())
        };
        assert_eq!(
            verify(&without(1).collect::<Vec<_>>().join("\n")),
            Err(Broken::Missing { expected: 2, found: 3 })
        );
        let swapped = [&lines[0], &lines[2], &lines[1], &lines[3]].map(String::as_str).join("\n");
        assert_eq!(verify(&swapped), Err(Broken::Missing { expected: 2, found: 3 }));
        assert_eq!(verify("{}"), Err(Broken::Unreadable(1)));
        let forged = Entry::following((1, BEGINNING), Millis(6), "x", "ban", "");
        let forged = format!("{}\n{}", lines[0], serde_json::to_string(&forged).unwrap());
        assert_eq!(verify(&forged), Err(Broken::DoesNotFollow(2)));
    }
}
