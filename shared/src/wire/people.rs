use core::fmt;

use serde::{Deserialize, Serialize};

use super::{Credential, Email, Line, Role};

/// `GET /v1/sites/{site}/people`: who may sign in; also the answer to a [`PersonRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// In the order of their addresses.
    pub people: Vec<Colleague>,
    /// The password that was just made, which is shown once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<NewPassword>,
}

/// Somebody who may sign in to the inbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleague {
    /// The address they sign in with.
    pub email: Email,
    /// The name visitors see.
    pub name: Line,
    /// What they may do.
    pub role: Role,
    /// Whether they sign in with a second factor.
    pub second_factor: bool,
}

/// A password that the edge made for somebody; it is in no log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NewPassword(String);

impl NewPassword {
    /// This one.
    pub fn new(password: String) -> Self {
        Self(password)
    }

    /// The password itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword(…)")
    }
}

/// `POST /v1/sites/{site}/people`: an owner decides about somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRequest {
    /// About whom.
    pub email: Email,
    /// What.
    pub act: PersonAct,
    /// The owner who asks, once more: an inbox that was left open must not be enough. The operator needs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<Credential>,
}

/// What is decided about somebody. A site never loses its last owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonAct {
    /// They may sign in from now on, with a password that the answer has.
    Add {
        /// The name visitors see.
        name: Line,
        /// What they may do.
        role: Role,
    },
    /// They are called so, and may do that; what is not named stays. Whoever may do less than before is signed out.
    Change {
        /// The name visitors see.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<Line>,
        /// What they may do.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<Role>,
    },
    /// They get another password, which the answer has, and are signed out. Nobody decides it about themselves.
    NewPassword,
    /// Their second factor is taken off them, and they are signed out. Nobody decides it about themselves.
    NoSecondFactor,
    /// They may not sign in any more, and are signed out.
    Remove,
}

/// The most people of a site.
pub const MAX_PEOPLE: usize = 500;
