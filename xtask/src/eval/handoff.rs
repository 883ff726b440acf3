//! `eval handoff`: how well it is told who needs a person, why, and how soon.
//!
//! A file of conversations, one a line: `turns` (what the visitor wrote; what the bot said, and whether it `matched` an entry;
//! what the site claims of the visitor), and `expect` (`handoff`, `triggers`, `priority`). Each is read by the same watch that
//! runs in the widget.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use anyhow::{Context, Result, ensure};
use deskbell_shared::{
    faq::compile::phrasebook::Library,
    handoff::{Cue, CueReader, Heard, Watch, triage},
    wire::{HandoffReason, Priority},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{cues, files, progress, repo::Repo};

#[derive(Deserialize)]
struct Conversation {
    id: String,
    /// As a BCP 47 tag: the language of the FAQ, and so of what the widget knows.
    lang: String,
    turns: Vec<Turn>,
    expect: Expected,
}

#[derive(Deserialize)]
struct Turn {
    from: From,
    #[serde(default)]
    text: String,
    #[serde(default)]
    matched: bool,
    #[serde(default)]
    claims: Claims,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum From {
    Visitor,
    Bot,
    System,
}

/// What the site's backend vouches for.
#[derive(Default, Deserialize)]
struct Claims {
    #[serde(default)]
    vip: bool,
}

#[derive(Deserialize)]
struct Expected {
    handoff: bool,
    triggers: BTreeSet<String>,
    priority: String,
}

/// What is told of a conversation, in the words of the labels.
struct Told {
    handoff: bool,
    triggers: BTreeSet<&'static str>,
    priority: &'static str,
}

/// How often a trigger was told rightly, was told, and was there.
#[derive(Default)]
struct Tally {
    right: u32,
    told: u32,
    there: u32,
}

/// Measures on a file; with `wrong`, shows each conversation that is told otherwise than it is labelled.
///
/// # Errors
/// The file cannot be read, or a line of it is no conversation.
pub(crate) fn run(repo: &Repo, file: &Path, wrong: bool) -> Result<Value> {
    let readers = cues::readers(repo)?;
    let without = CueReader::default();
    let text = files::read_text(file)?;
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    let (mut needed, mut false_handoffs, mut missed, mut agreed, mut count) =
        (0_u32, 0_u32, 0_u32, 0_u32, 0_u32);
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let talk: Conversation =
            serde_json::from_str(line).with_context(|| format!("{}:{}", file.display(), number + 1))?;
        let reader = readers.get(Library::language_of(&talk.lang)).unwrap_or(&without);
        let told = tell(&talk.turns, reader);
        for trigger in
            told.triggers.iter().map(ToString::to_string).chain(talk.expect.triggers.iter().cloned())
        {
            tallies.entry(trigger).or_default();
        }
        for (name, tally) in &mut tallies {
            let (is_told, is_there) =
                (told.triggers.contains(name.as_str()), talk.expect.triggers.contains(name));
            tally.right += u32::from(is_told && is_there);
            tally.told += u32::from(is_told);
            tally.there += u32::from(is_there);
        }
        count += 1;
        needed += u32::from(talk.expect.handoff);
        false_handoffs += u32::from(told.handoff && !talk.expect.handoff);
        missed += u32::from(!told.handoff && talk.expect.handoff);
        agreed += u32::from(told.priority == talk.expect.priority);
        if wrong {
            show(&talk, &told);
        }
    }
    ensure!(count > 0, "{}: there is no conversation", file.display());
    let triggers: BTreeMap<&String, Value> =
        tallies.iter().map(|(name, tally)| (name, tally.measures())).collect();
    Ok(json!({
        "conversations": count,
        "triggers": triggers,
        "false_handoff_rate": share(false_handoffs, count - needed),
        "missed_handoff_rate": share(missed, needed),
        "priority_agreement": share(agreed, count),
    }))
}

impl Tally {
    fn measures(&self) -> Value {
        json!({
            "precision": share(self.right, self.told),
            "recall": share(self.right, self.there),
            "n": self.there,
        })
    }
}

/// `None` where there is nothing to have a share of.
fn share(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| f64::from(part) / f64::from(whole))
}

fn tell(turns: &[Turn], reader: &CueReader) -> Told {
    let heard = turns.iter().filter_map(|turn| match turn.from {
        From::Visitor => Some(Heard::Visitor(&turn.text)),
        From::Bot => Some(Heard::Bot(turn.matched.then_some(&turn.text))),
        From::System => None,
    });
    let watch = triage(heard, reader);
    let vip = turns.iter().any(|turn| turn.claims.vip);
    let mut triggers: BTreeSet<_> = watch.reasons().into_iter().filter_map(trigger_of).collect();
    if watch.seen().has(Cue::Insult) || watch.seen().has(Cue::Spam) {
        triggers.insert("abuse");
    }
    if vip {
        triggers.insert("vip");
    }
    Told { handoff: vip || watch.priority().is_some(), priority: priority_of(&watch, vip), triggers }
}

fn trigger_of(reason: HandoffReason) -> Option<&'static str> {
    Some(match reason {
        HandoffReason::ExplicitWish => "explicit_request",
        HandoffReason::NoAnswer => "no_answer",
        HandoffReason::RepeatedQuestion => "repeated_question",
        HandoffReason::Upset => "negative_sentiment",
        HandoffReason::Sensitive => "sensitive_topic",
        HandoffReason::Crisis => "crisis",
        // Nobody presses it here.
        HandoffReason::Button => return None,
    })
}

fn priority_of(watch: &Watch, vip: bool) -> &'static str {
    match watch.priority().max(vip.then_some(Priority::High)) {
        None => "low",
        Some(Priority::Normal) => "normal",
        Some(Priority::High) => "high",
        Some(Priority::Urgent) => "urgent",
    }
}

fn show(talk: &Conversation, told: &Told) {
    let triggers: BTreeSet<&str> = talk.expect.triggers.iter().map(String::as_str).collect();
    if told.triggers == triggers
        && told.priority == talk.expect.priority
        && told.handoff == talk.expect.handoff
    {
        return;
    }
    let words: Vec<&str> =
        talk.turns.iter().filter(|turn| turn.from == From::Visitor).map(|turn| turn.text.as_str()).collect();
    progress::announce(&format!(
        "{}: told {:?} {}, labelled {triggers:?} {}: {}",
        talk.id,
        told.triggers,
        told.priority,
        talk.expect.priority,
        words.join(" / ")
    ));
}
