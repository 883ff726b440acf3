use deskbell_shared::wire::{ReplyId, SavedReplies, SavedReplyRequest, Teammate};
use serde::{Deserialize, Serialize};

use crate::platform::object::calls;

/// Everybody who can answer visitors.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ListTeam {}

/// All saved replies.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ListReplies {}

/// Makes a saved reply, or changes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PutReply {
    /// Which.
    pub(crate) id: ReplyId,
    /// What it is from now on.
    pub(crate) request: SavedReplyRequest,
}

/// Takes a saved reply away. Doing it again changes nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct DropReply {
    /// Which.
    pub(crate) id: ReplyId,
    /// The version that whoever asks has seen.
    pub(crate) version: u64,
}

calls! {
    ListTeam => Vec<Teammate>, "/team";
    ListReplies => SavedReplies, "/replies";
    PutReply => SavedReplies, "/put-reply";
    DropReply => SavedReplies, "/drop-reply";
}
