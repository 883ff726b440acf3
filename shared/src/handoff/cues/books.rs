//! The books that cues are learned from: messages, and what each shows.
//!
//! Their format is described beside them, in `shared/cues/README.md`.

use sha2::{Digest, Sha256};
use thiserror::Error;

use super::{Cue, Cues};
use crate::faq::compile::phrasebook::Intent;

/// A message, and what it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// What was typed.
    pub text: String,
    /// Nothing for an ordinary message.
    pub cues: Cues,
}

/// A fault of a book, and its line, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {what}")]
pub struct BookFault {
    /// Where.
    pub line: usize,
    /// What is wrong.
    pub what: String,
}

/// Reads a book.
///
/// # Errors
/// The first fault of it.
pub fn parse(text: &str) -> Result<Vec<Example>, BookFault> {
    let mut examples = Vec::new();
    let mut heading = None;
    for (place, line) in text.lines().enumerate() {
        let line = line.trim();
        let fault = |what: String| BookFault { line: place + 1, what };
        if let Some(names) = line.strip_prefix("## ") {
            heading = Some(cues_named(names).map_err(fault)?);
        } else if !line.is_empty() && !line.starts_with("# ") {
            let cues = heading.ok_or_else(|| fault("a message before the first heading".to_owned()))?;
            examples.push(Example { text: line.to_owned(), cues });
        }
    }
    Ok(examples)
}

fn cues_named(names: &str) -> Result<Cues, String> {
    if names.trim() == "none" {
        return Ok(Cues::default());
    }
    names.split_whitespace().map(|name| named(name).ok_or_else(|| format!("`{name}` is no cue"))).collect()
}

fn named(name: &str) -> Option<Cue> {
    Some(match name {
        "wish" => Cue::Wish,
        "upset" => Cue::Upset,
        "threat" => Cue::Threat,
        "sensitive" => Cue::Sensitive,
        "crisis" => Cue::Crisis,
        "insult" => Cue::Insult,
        "spam" => Cue::Spam,
        "again" => Cue::Again,
        _ => return None,
    })
}

/// Names what the cues of a language are learned from as it is: its books, in the order of their files' names, and the intents
/// of the phrasebooks. Other texts, another name.
pub fn name_of<'a>(books: impl IntoIterator<Item = &'a str>, intents: &[Intent]) -> String {
    let mut digest = Sha256::new();
    let mut add = |text: &str| {
        digest.update(text);
        digest.update([0]);
    };
    books.into_iter().for_each(&mut add);
    for intent in intents {
        add(&intent.name());
        intent.phrasings.iter().map(String::as_str).for_each(&mut add);
    }
    digest.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_book_is_its_messages_under_their_headings() {
        let book =
            "# About nothing.\n\n## wish upset\nget me a human, now\n\n## none\n#1 in the queue, nice\n";
        let both = [Cue::Wish, Cue::Upset].into_iter().collect();
        assert_eq!(
            parse(book),
            Ok(vec![
                Example { text: "get me a human, now".to_owned(), cues: both },
                Example { text: "#1 in the queue, nice".to_owned(), cues: Cues::default() },
            ])
        );
    }

    #[test]
    fn faults_have_their_lines() {
        assert_eq!(parse("hello\n").unwrap_err().to_string(), "line 1: a message before the first heading");
        assert_eq!(parse("\n## wsh\n").unwrap_err().to_string(), "line 2: `wsh` is no cue");
    }

    #[test]
    fn other_books_have_another_name() {
        assert_ne!(name_of(["a", "b"], &[]), name_of(["ab"], &[]));
        assert_eq!(name_of(["a", "b"], &[]), name_of(["a", "b"], &[]));
        assert_eq!(name_of([], &[]).len(), 16);
    }
}
