use serde::{Deserialize, Serialize};

use super::{MessageId, Millis, Seq, Teammate, Text};

/// The most notes in a conversation.
pub const MAX_NOTES: usize = 200;

/// Something that the site's people tell each other about a conversation. The visitor never sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InternalNote {
    /// The id its writer gave it.
    pub id: MessageId,
    /// The last message there was when it was written.
    pub after: Seq,
    /// When it was written.
    pub at: Millis,
    /// Who wrote it.
    pub by: Teammate,
    /// What it says.
    pub text: Text,
}

/// `POST /v1/sites/{site}/conversations/{id}/notes` → [`InternalNote`]. Repeating it with the same id is harmless.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteRequest {
    /// The writer's id for it.
    pub id: MessageId,
    /// The words.
    pub text: Text,
}

/// What the edge sends over a conversation's socket to the site's people alone, beside what everybody gets. A type of its own,
/// so that a widget cannot even read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteEvent {
    /// What has been noted so far, oldest first, where there is any; before the last of what was said.
    Notes {
        /// The notes.
        notes: Vec<InternalNote>,
    },
    /// Somebody has noted something.
    Noted {
        /// What.
        note: InternalNote,
    },
}
