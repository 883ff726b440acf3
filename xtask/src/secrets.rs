//! The secrets of development, in the ignored `.dev.vars` that wrangler reads too.

use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};
use deskbell_shared::wire::token::base64url;

use crate::{files, repo::Repo};

/// The operator's token.
pub(crate) const ADMIN_TOKEN: &str = "DESKBELL_ADMIN_TOKEN";

/// Lets webhooks go to programs on this machine, to try them.
const LOCAL_WEBHOOKS: &str = "DESKBELL_LOCAL_WEBHOOKS";

/// Makes the secrets that are not there yet, once and at random; what a person has written stays.
///
/// # Errors
/// The file cannot be read or written.
pub(crate) fn ensure(repo: &Repo) -> Result<()> {
    let mut text = if file(repo).exists() { files::read_text(&file(repo))? } else { String::new() };
    for (name, is_secret) in [("DESKBELL_KEY", true), (ADMIN_TOKEN, true), (LOCAL_WEBHOOKS, false)] {
        if value(&text, name).is_none() {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
            let made = if is_secret { random()? } else { "1".to_owned() };
            text += &format!("{name}=\"{made}\"\n");
        }
    }
    files::write(&file(repo), text)
}

/// The operator's token of this machine.
///
/// # Errors
/// There is none yet.
pub(crate) fn admin_token(repo: &Repo) -> Result<String> {
    let text = files::read_text(&file(repo)).unwrap_or_default();
    value(&text, ADMIN_TOKEN).map(ToOwned::to_owned).with_context(|| {
        format!("no operator's token: pass --token, set {ADMIN_TOKEN}, or start `cargo xtask dev` once")
    })
}

/// 32 random bytes as text.
///
/// # Errors
/// The system has no randomness to give.
pub(crate) fn random() -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|fault| anyhow!("the system gives no random bytes: {fault}"))?;
    Ok(base64url(&bytes))
}

fn file(repo: &Repo) -> PathBuf {
    repo.at(".dev.vars")
}

/// The value of `NAME="value"` or `NAME=value`.
fn value<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let line =
        text.lines().find_map(|line| line.trim().strip_prefix(name)?.trim_start().strip_prefix('='))?;
    Some(line.trim().trim_matches('"')).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_with_quotes_and_without() {
        let text = "# comment\nA=\"one\"\n B = two\nAB=three\nEMPTY=\n";
        assert_eq!(value(text, "A"), Some("one"));
        assert_eq!(value(text, "B"), Some("two"));
        assert_eq!(value(text, "AB"), Some("three"));
        assert_eq!(value(text, "EMPTY"), None);
        assert_eq!(value(text, "C"), None);
    }

    #[test]
    fn random_values_differ() {
        assert_ne!(random().unwrap(), random().unwrap());
    }
}
