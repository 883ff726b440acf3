//! `tidy`: the house rules that a machine can check, each with what to do about a breach.

mod locales;
mod manifests;
mod rust;
mod sources;
mod text;

use std::time::Instant;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use self::sources::{Source, Sources};
use crate::{progress::seconds, repo::Repo};

/// A place where a rule is broken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Breach {
    path: String,
    line: usize,
    what: String,
}

impl Breach {
    /// On a line of a file, counted from 1; 0 is the whole file.
    fn at(source: &Source, line: usize, what: impl Into<String>) -> Self {
        Self { path: source.path.clone(), line, what: what.into() }
    }
}

/// A house rule.
struct Rule {
    /// What it asks for, as a statement that holds.
    says: &'static str,
    /// What to do where it does not.
    remedy: &'static str,
    /// Files where it does not and need not, each with the reason.
    exceptions: &'static [(&'static str, &'static str)],
    /// Where it does not.
    breaches: fn(&Sources) -> Result<Vec<Breach>>,
}

/// The rules, those about Rust first.
const RULES: [Rule; 15] = [
    Rule {
        says: "every Rust file opens with why it exists",
        remedy: "begin with `//!`, or document its one item",
        exceptions: &[],
        breaches: rust::headers,
    },
    Rule {
        says: "no file is longer than 400 lines",
        remedy: "ask whether it is two things; if it is not, say why among the exceptions of this rule",
        exceptions: &[],
        breaches: rust::sizes,
    },
    Rule {
        says: "nothing that ships can panic on what came from outside",
        remedy: "return an error, or a default that is right",
        exceptions: &[(
            "shared/src/throttle/quota.rs",
            "a const fn that only constants call: it stops the compiler, not a program",
        )],
        breaches: rust::panics,
    },
    Rule {
        says: "`shared` knows no clock, randomness, I/O, browser or worker",
        remedy: "take it as an argument; the callers have it",
        exceptions: &[],
        breaches: rust::purity,
    },
    Rule {
        says: "a durable object's file says so: `*_do.rs`",
        remedy: "rename the file, or move the object out of it",
        exceptions: &[],
        breaches: rust::roles,
    },
    Rule {
        says: "words for people are in www/locales, not in code",
        remedy: "move them to the locale files and look them up by key",
        exceptions: &[(
            "inbox/src/words.rs",
            "the names of languages, each in itself: the same in every locale",
        )],
        breaches: rust::words,
    },
    Rule {
        says: "every crate has the workspace's lints",
        remedy: "add `[lints]` with `workspace = true`",
        exceptions: &[],
        breaches: manifests::lints,
    },
    Rule {
        says: "a dependency of two crates has its version in the workspace",
        remedy: "move the version to the root's [workspace.dependencies] and write `workspace = true`",
        exceptions: &[],
        breaches: manifests::versions,
    },
    Rule {
        says: "npm packages have exact versions",
        remedy: "write the version without `^`, `~` or a range",
        exceptions: &[],
        breaches: manifests::exact_packages,
    },
    Rule {
        says: "the lock files name no place to download from",
        remedy: "write the lock anew with the repository's .npmrc",
        exceptions: &[],
        breaches: manifests::lock_files,
    },
    Rule {
        says: "every locale has every key, in the plural forms of its language and with the same places to fill",
        remedy: "add what is missing, or remove what is left over",
        exceptions: &[],
        breaches: locales::same_keys,
    },
    Rule {
        says: "every language of the widget is spoken, from the button on",
        remedy: "name it where CONTRIBUTING says that a language goes",
        exceptions: &[],
        breaches: locales::spoken,
    },
    Rule {
        says: "every key of a locale is used, and every key used is there",
        remedy: "remove the key from every locale, or add it to every locale",
        exceptions: &[],
        breaches: locales::used_keys,
    },
    Rule {
        says: "nothing is left for later",
        remedy: "do it, or open an issue and remove the note",
        exceptions: &[],
        breaches: text::notes,
    },
    Rule {
        says: "no path of somebody's machine",
        remedy: "make it relative to the repository",
        exceptions: &[],
        breaches: text::machine_paths,
    },
];

/// Checks every rule; returns how many hold and how many do not.
///
/// # Errors
/// The sources cannot be read.
pub(crate) fn check(repo: &Repo) -> Result<(usize, usize)> {
    let sources = Sources::read(repo)?;
    let mut broken = 0;
    for rule in &RULES {
        let breaches = judge(rule, (rule.breaches)(&sources)?);
        broken += usize::from(!breaches.is_empty());
        for breach in breaches {
            eprintln!("{}:{}: {} ({}) — {}", breach.path, breach.line, breach.what, rule.says, rule.remedy);
        }
    }
    Ok((RULES.len() - broken, broken))
}

/// The breaches that are no exceptions, and the exceptions that are none.
fn judge(rule: &Rule, breaches: Vec<Breach>) -> Vec<Breach> {
    let (excused, mut rest): (Vec<_>, Vec<_>) =
        breaches.into_iter().partition(|breach| rule.exceptions.iter().any(|(path, _)| *path == breach.path));
    for (path, _) in rule.exceptions {
        if !excused.iter().any(|breach| breach.path == *path) {
            let what = "is an exception that is no longer needed".to_owned();
            rest.push(Breach { path: (*path).to_owned(), line: 0, what });
        }
    }
    rest
}

/// Checks every rule.
///
/// # Errors
/// A rule is broken, or the sources cannot be read.
pub(crate) fn run(repo: &Repo) -> Result<Value> {
    let start = Instant::now();
    let (kept, broken) = check(repo)?;
    if broken > 0 {
        bail!("{broken} of {} house rules are broken", kept + broken);
    }
    eprintln!("{kept} house rules hold, {}", seconds(start.elapsed()));
    Ok(json!({ "rules": kept, "broken": broken }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_lasts_as_long_as_its_breach() {
        let rule = Rule {
            says: "",
            remedy: "",
            exceptions: &[("a", "why"), ("b", "why")],
            breaches: |_| Ok(Vec::new()),
        };
        let breach = |path: &str| Breach { path: path.to_owned(), line: 1, what: "x".to_owned() };
        let left = judge(&rule, vec![breach("a"), breach("c")]);
        assert_eq!(left.iter().map(|breach| breach.path.as_str()).collect::<Vec<_>>(), ["c", "b"]);
    }
}
