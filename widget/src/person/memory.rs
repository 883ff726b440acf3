//! What this browser remembers: nothing before a handoff; then the visitor's name for itself, the key to the
//! talk, and what waits to be sent. Ninety days after the last change it is forgotten.
//!
//! Storage is shared by every tab, so each change reads what is there, changes its own part, and writes it back.
//! What was damaged, or written by somebody else, is no memory, and the next change starts a clean one.

use deskbell_browser::{clock, storage};
use deskbell_shared::wire::{
    AppealId, Line, MessageId, Millis, ResumeKey, SayRequest, Seq, SiteId, Text, VisitorId,
};
use serde::{Deserialize, Serialize};

/// Raised when the meaning of what is stored changes.
const VERSION: u8 = 1;
/// What nothing was done with for this long is forgotten, in milliseconds: a name that outlives its talk must have an end.
const KEPT_MS: u64 = 90 * 24 * 60 * 60 * 1000;
/// More than anybody writes while a line is down; what is beyond it was not written here.
const LONGEST_OUTBOX: usize = 200;

/// Where a site's visitor is remembered.
#[derive(Clone)]
pub(crate) struct Memory {
    key: String,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    version: u8,
    visitor: VisitorId,
    /// When it was last changed. What was stored without it counts from now on.
    #[serde(default = "clock::now")]
    at: Millis,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    talk: Option<Talk>,
    /// The appeal that the visitor made last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    appeal: Option<AppealId>,
}

/// A talk with a person that can be taken up again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Talk {
    /// The key to it.
    pub(crate) resume: ResumeKey,
    /// The request that the visitor agreed to, word for word, until the edge has taken it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) handoff: Option<String>,
    /// What the visitor wrote for the person beside it, as long as it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<Text>,
    /// Whose it is, when it was begun by somebody who was signed in at the site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) customer: Option<Line>,
    /// What waits to be sent.
    #[serde(default)]
    pub(crate) outbox: Vec<SayRequest>,
    /// Up to where the visitor has read.
    #[serde(default)]
    pub(crate) read: Seq,
}

impl Memory {
    pub(crate) fn of(site: &SiteId) -> Self {
        Self { key: format!("deskbell:{site}") }
    }

    /// Whether there may be something, told without reading it.
    pub(crate) fn is_there(&self) -> bool {
        storage::holds(&self.key)
    }

    /// The visitor's name for itself, and the talk to take up again.
    pub(crate) fn recall(&self) -> Option<(VisitorId, Option<Talk>)> {
        let stored = self.stored()?;
        let talk = stored.talk.map(|mut talk| {
            talk.outbox.truncate(LONGEST_OUTBOX);
            talk
        });
        Some((stored.visitor, talk))
    }

    fn stored(&self) -> Option<Stored> {
        let stored: Stored = storage::read(&self.key).filter(|stored: &Stored| stored.version == VERSION)?;
        if clock::now().since(stored.at) < KEPT_MS {
            return Some(stored);
        }
        storage::remove(&self.key);
        None
    }

    /// Whether the browser keeps it.
    fn store(&self, visitor: VisitorId, talk: Option<Talk>, appeal: Option<AppealId>) -> bool {
        storage::write(&self.key, &Stored { version: VERSION, visitor, at: clock::now(), talk, appeal })
    }

    /// Begins a talk. Whether the browser keeps it: if not, the talk goes on as long as the page stays.
    pub(crate) fn begin(&self, visitor: VisitorId, talk: Talk) -> bool {
        self.store(visitor, Some(talk), self.appeal())
    }

    /// The appeal that the visitor made last.
    pub(crate) fn appeal(&self) -> Option<AppealId> {
        self.stored()?.appeal
    }

    /// The visitor made an appeal, or has read what became of it.
    pub(crate) fn appealed(&self, appeal: Option<AppealId>) {
        if let Some(Stored { visitor, talk, .. }) = self.stored() {
            self.store(visitor, talk, appeal);
        }
    }

    /// Forgets this talk; another one, begun in another tab, stays. So does the visitor's name for itself, as a
    /// ban or a limit goes by it.
    pub(crate) fn end(&self, resume: ResumeKey) {
        if let Some((visitor, Some(talk))) = self.recall()
            && talk.resume == resume
        {
            self.store(visitor, None, self.appeal());
        }
    }

    /// The edge has taken the handoff.
    pub(crate) fn accepted(&self, resume: ResumeKey) {
        self.change(resume, |talk| (talk.handoff, talk.note) = (None, None));
    }

    /// Something waits to be sent.
    pub(crate) fn queue(&self, resume: ResumeKey, say: SayRequest) {
        self.change(resume, |talk| talk.outbox.push(say));
    }

    /// It waits no longer.
    pub(crate) fn settle(&self, resume: ResumeKey, id: MessageId) {
        self.change(resume, |talk| talk.outbox.retain(|waiting| waiting.id != id));
    }

    /// The visitor has read up to here.
    pub(crate) fn read(&self, resume: ResumeKey, seq: Seq) {
        self.change(resume, |talk| talk.read = talk.read.max(seq));
    }

    /// Another tab may have begun another talk by now: that one is left alone.
    fn change(&self, resume: ResumeKey, change: impl FnOnce(&mut Talk)) {
        if let Some((visitor, Some(mut talk))) = self.recall()
            && talk.resume == resume
        {
            change(&mut talk);
            self.begin(visitor, talk);
        }
    }
}
