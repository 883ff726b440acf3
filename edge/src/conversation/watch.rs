//! What a conversation looks out for: its site's thresholds, blocked words, and the words that agents have stopped.

use std::{
    cell::{LazyCell, RefCell},
    collections::HashMap,
    rc::Rc,
};

use deskbell_shared::{
    guard::{
        conduct::Evidence,
        ladder::Thresholds,
        rules::{GuardRules, Keyword},
        words::WordList,
    },
    text::HanPairs,
    wire::{Ban, BanId, BanScope, Email, Line, Millis, SiteId, TurnstileKey},
};
use serde::{Deserialize, Serialize};

use crate::refusal::{Outcome, Refusal};

/// What is looked out for, as the site carries it to its conversations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Watch {
    /// Counts up with every change.
    pub(crate) version: u64,
    /// From how many points on each rung answers.
    pub(crate) thresholds: Thresholds,
    /// Words that count against whoever writes them.
    pub(crate) blocked: Vec<Keyword>,
    /// Words that are not taken at all.
    pub(crate) stopped: Vec<StoppedWords>,
    /// For how many days decisions are kept.
    pub(crate) keep_days: u16,
    /// The site's key of Turnstile, when that is asked, and can be.
    #[serde(default)]
    pub(crate) turnstile: Option<TurnstileKey>,
}

/// Words that agents have stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoppedWords {
    /// The ban.
    pub(crate) id: BanId,
    /// A word or phrase, or an e-mail address.
    pub(crate) words: Words,
    /// What the visitor is told.
    pub(crate) reason: Option<Line>,
    /// When it ends.
    pub(crate) until: Option<Millis>,
}

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Words {
    /// However it is written
    Keyword(Keyword),
    /// As a whole: another address that has it in it is somebody else's
    Email(Email),
}

impl Watch {
    /// What follows from a site's rules, its bans in force and the key of Turnstile that can be asked.
    pub(crate) fn of(
        version: u64,
        rules: &GuardRules,
        bans: &[Ban],
        turnstile: Option<&TurnstileKey>,
    ) -> Self {
        let stopped = bans.iter().filter_map(|ban| {
            let words = match &ban.scope {
                BanScope::Keyword(keyword) => Words::Keyword(keyword.clone()),
                BanScope::Email(email) => Words::Email(email.clone()),
                _ => return None,
            };
            Some(StoppedWords { id: ban.id, words, reason: ban.reason.clone(), until: ban.until })
        });
        let blocked = rules.blocked.clone();
        Self {
            version,
            thresholds: rules.thresholds,
            blocked,
            stopped: stopped.collect(),
            keep_days: rules.keep_days,
            turnstile: turnstile.cloned(),
        }
    }
}

/// The most sites whose words an isolate keeps ready.
const MOST_READY: usize = 100;

thread_local! {
    static READY: RefCell<HashMap<SiteId, Rc<Watcher>>> = RefCell::default();
}

/// A [`Watch`] with its words made ready.
pub(crate) struct Watcher {
    pub(crate) watch: Watch,
    words: WordList,
    /// The words that agents have stopped, in one list: a text is read once, however many there are.
    stopped: WordList,
    pairs: HanPairs,
}

impl Watcher {
    /// What a site looks out for, made ready once an isolate and change.
    pub(crate) fn of(site: &SiteId, watch: &Watch) -> Rc<Self> {
        let known = READY.with_borrow(|ready| ready.get(site).cloned());
        if let Some(known) = known.filter(|known| known.watch == *watch) {
            return known;
        }
        let made = Self::new(watch.clone());
        READY.with_borrow_mut(|ready| {
            if ready.len() >= MOST_READY {
                ready.clear();
            }
            ready.insert(site.clone(), made.clone());
        });
        made
    }

    fn new(watch: Watch) -> Rc<Self> {
        let words = WordList::new(watch.blocked.iter().map(Keyword::as_str));
        let stopped = WordList::only(watch.stopped.iter().filter_map(|stopped| match &stopped.words {
            Words::Keyword(keyword) => Some(keyword.as_str()),
            Words::Email(_) => None,
        }));
        Rc::new(Self { stopped, watch, words, pairs: HanPairs::all() })
    }

    /// What a text says against whoever wrote it.
    pub(crate) fn weigh(&self, text: &str) -> Evidence {
        Evidence::of(text, &self.words, &self.pairs)
    }

    /// Refuses a text with words that agents have stopped.
    ///
    /// # Errors
    /// *Words blocked*, with what the agent wrote.
    pub(crate) fn admit_words(&self, text: &str, now: Millis) -> Outcome<()> {
        let lower = LazyCell::new(|| text.to_lowercase());
        let found = LazyCell::new(|| self.stopped.find(text));
        let meets = |words: &Words| match words {
            Words::Keyword(keyword) => found.iter().any(|hit| hit.word == keyword.as_str().trim()),
            Words::Email(email) => has_address(&lower, email.as_str()),
        };
        let holds = |until: Option<Millis>| until.is_none_or(|until| until > now);
        match self.watch.stopped.iter().find(|stopped| holds(stopped.until) && meets(&stopped.words)) {
            Some(StoppedWords { reason, until, .. }) => {
                Err(Refusal::words_blocked(reason.as_ref().map(Line::as_str), *until))
            }
            None => Ok(()),
        }
    }
}

/// Whether an e-mail address stands in a text, both in small letters, and not as a part of a longer one.
fn has_address(text: &str, email: &str) -> bool {
    let goes_on = |c: &char| c.is_ascii_alphanumeric() || ".-_+%".contains(*c);
    text.match_indices(email).any(|(at, _)| {
        let before = text[..at].chars().rev().take_while(goes_on);
        let after = text[at + email.len()..].chars().take_while(goes_on);
        // A dash or a full stop alone is the text's.
        !before.chain(after).any(|c| c.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use deskbell_shared::wire::ProblemKind;

    use super::*;

    fn stopped(words: Words, until: Option<u64>) -> StoppedWords {
        let reason = Line::new("not here").ok();
        StoppedWords { id: BanId([1; 16]), words, reason, until: until.map(Millis) }
    }

    #[test]
    fn stopped_words_are_found_however_they_are_written_and_until_they_end() {
        let keyword = Words::Keyword(Keyword::new("cheap watches").unwrap());
        let email = Words::Email("spam@evil.example".to_owned().try_into().unwrap());
        let watch =
            Watch { stopped: vec![stopped(keyword, Some(100)), stopped(email, None)], ..Watch::default() };
        let watcher = Watcher::new(watch);
        let refused = |text, now| watcher.admit_words(text, Millis(now)).err();
        let refusal = refused("CHEAP   w4tches!", 99).unwrap();
        assert_eq!(refusal.problem().kind, ProblemKind::WordsBlocked);
        assert_eq!(refusal.problem().reason.as_deref(), Some("not here"));
        assert!(refused("cheap watches", 100).is_none());
        for text in ["write to SPAM@evil.example", "-spam@evil.example.", "写信给spam@evil.example吧"] {
            assert!(refused(text, 500).is_some(), "{text}");
        }
        for text in
            ["nospam@evil.example", "no.spam@evil.example", "spam@evil.example.com", "spam@evil.examples"]
        {
            assert!(refused(text, 500).is_none(), "{text} is somebody else's");
        }
        assert!(refused("you bastard", 0).is_none(), "what counts against somebody is taken nevertheless");
    }
}
