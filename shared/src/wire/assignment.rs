use serde::{Deserialize, Serialize};

use super::{Email, Line};

/// Somebody who can answer visitors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Teammate {
    /// The address they sign in with.
    pub email: Email,
    /// The name visitors see.
    pub name: Line,
}

/// `GET /v1/sites/{site}/team`: everybody who can answer visitors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// In the order of their addresses.
    pub teammates: Vec<Teammate>,
}

/// `PUT /v1/sites/{site}/conversations/{id}/assignee`: who looks after a conversation from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignRequest {
    /// Who; `None` for nobody in particular.
    pub to: Option<Email>,
    /// Who does so far, as far as whoever asks knows: when it is somebody else by now, nothing changes, so that of two who
    /// take it at once the second hears of the first.
    pub instead_of: Option<Email>,
}
