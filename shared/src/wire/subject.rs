//! What talks are about, in the words of the site's FAQ.

use serde::{Deserialize, Serialize};

use super::BoundedText;

/// What an entry of the FAQ, and so a talk, is about: *Billing*. Whoever owns the FAQ gives the names.
pub type Subject = BoundedText<40>;

/// The most subjects that an FAQ may have, and that anything is chosen by.
pub const MAX_SUBJECTS: usize = 100;

/// `GET /v1/sites/{site}/subjects`: what the site's talks may be about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subjects {
    /// Those of the FAQ in force, each once, in alphabetical order.
    pub subjects: Vec<Subject>,
}

/// `PUT /v1/sites/{site}/conversations/{id}/subject`: what a talk is about, as an agent sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectRequest {
    /// One of the site's; `None` for none of them.
    pub subject: Option<Subject>,
}
