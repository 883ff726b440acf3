//! What one message says about whether a person should take it.
//!
//! A linear model over the same features that questions are matched by: eight small sums, one for each [`Cue`]. They are learned
//! from the books in `shared/cues` by `cargo xtask cues`, a [`CueTable`] for each language. A widget fetches those of its FAQ's
//! languages once there is time; until then it knows wishes alone, by rules that it has anyway.
//! What is taken no account of is the talk before: that is [`super::Watch`]'s.

mod table;

#[cfg(feature = "compile")]
pub mod books;

pub use table::{CUES, CueTable, LARGEST, PLACES, TableFault, vector};
#[cfg(feature = "compile")]
pub use table::{Learned, is_of};

use super::wish::wants_person;
use crate::wire::{HandoffReason, Priority};

/// Reads messages for their cues, in the languages whose tables it was given.
#[derive(Clone, Debug, Default)]
pub struct CueReader(Vec<CueTable>);

impl CueReader {
    /// Reads this language too from now on.
    pub fn add(&mut self, table: CueTable) {
        self.0.retain(|known| known.lang() != table.lang());
        self.0.push(table);
    }

    /// Whether it reads a language, given as a primary subtag.
    pub fn reads(&self, lang: &str) -> bool {
        self.0.iter().any(|table| table.lang() == lang)
    }

    /// What a message shows.
    pub fn read(&self, text: &str) -> Cues {
        let wish = wants_person(text).then_some(Cue::Wish).into_iter().collect();
        self.0.iter().fold(wish, |cues: Cues, table| cues.and(table.read(text)))
    }
}

/// What a message may show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cue {
    /// It asks for a human being.
    Wish,
    /// Anger, disappointment or bitterness about the company, its service or what it sells.
    Upset,
    /// The same with consequences: publicity, authorities, leaving for good, an accusation of fraud.
    Threat,
    /// Money taken wrongly, an account broken into, personal data, the law, harm to health: for somebody with authority.
    Sensitive,
    /// Danger now, to a life or to the whole of a business.
    Crisis,
    /// Abuse of whoever reads it.
    Insult,
    /// Advertising, or fraud aimed at the company.
    Spam,
    /// The last answer was not the one, or did not help.
    Again,
}

impl Cue {
    /// All of them, in the order of the model's sums.
    pub const ALL: [Self; 8] = [
        Self::Wish,
        Self::Upset,
        Self::Threat,
        Self::Sensitive,
        Self::Crisis,
        Self::Insult,
        Self::Spam,
        Self::Again,
    ];
}

/// The cues of one message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cues(u8);

impl Cues {
    /// Whether this one is among them.
    pub fn has(self, cue: Cue) -> bool {
        self.0 & bit(cue) != 0
    }

    /// These and the others.
    pub fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Whether it is abuse and nothing else: no reason to call a person.
    pub fn is_abuse(self) -> bool {
        (self.has(Cue::Insult) || self.has(Cue::Spam)) && self.reasons().next().is_none()
    }

    /// Why a person should take who shows this, whatever came before.
    pub fn reasons(self) -> impl Iterator<Item = HandoffReason> {
        let reasons = [
            (self.has(Cue::Crisis), HandoffReason::Crisis),
            (self.has(Cue::Sensitive), HandoffReason::Sensitive),
            (self.has(Cue::Wish), HandoffReason::ExplicitWish),
            (self.has(Cue::Upset) || self.has(Cue::Threat), HandoffReason::Upset),
        ];
        reasons.into_iter().filter_map(|(shows, reason)| shows.then_some(reason))
    }

    /// How soon a person should come to who shows this, if one has to.
    pub fn priority(self) -> Priority {
        let is_bitter = self.has(Cue::Upset) && (self.has(Cue::Insult) || self.has(Cue::Wish));
        if self.has(Cue::Crisis) {
            Priority::Urgent
        } else if self.has(Cue::Sensitive) || self.has(Cue::Threat) || is_bitter {
            Priority::High
        } else {
            Priority::Normal
        }
    }
}

impl FromIterator<Cue> for Cues {
    fn from_iter<I: IntoIterator<Item = Cue>>(cues: I) -> Self {
        Self(cues.into_iter().fold(0, |bits, cue| bits | bit(cue)))
    }
}

fn bit(cue: Cue) -> u8 {
    1 << cue as u8
}
