//! What is looked for on a page, and what is found.

use std::{collections::BTreeMap, fmt};

use chromiumoxide::cdp::browser_protocol::dom::BackendNodeId;
use serde_json::Value;

/// What to look for: a role, as assistive technology tells it, and perhaps a name.
#[derive(Clone, Debug)]
pub struct By {
    role: String,
    name: Option<Name>,
    within: Option<Box<By>>,
}

#[derive(Clone, Debug)]
enum Name {
    Is(String),
    Contains(String),
}

/// Anything of this role: `button`, `textbox`, `link`, `heading`, `log`, `dialog`, `listitem`, …
pub fn role(role: &str) -> By {
    By { role: role.to_owned(), name: None, within: None }
}

/// A button by its whole name.
pub fn button(name: &str) -> By {
    role("button").named(name)
}

/// A link by its whole name.
pub fn link(name: &str) -> By {
    role("link").named(name)
}

/// A field for text by its whole name.
pub fn textbox(name: &str) -> By {
    role("textbox").named(name)
}

impl By {
    /// Only with exactly this name.
    pub fn named(mut self, name: &str) -> Self {
        self.name = Some(Name::Is(name.to_owned()));
        self
    }

    /// Only with a name that has this in it.
    pub fn name_containing(mut self, part: &str) -> Self {
        self.name = Some(Name::Contains(part.to_owned()));
        self
    }

    /// Only inside of something else.
    pub fn within(mut self, outer: By) -> Self {
        self.within = Some(Box::new(outer));
        self
    }

    pub(super) fn outer(&self) -> Option<&By> {
        self.within.as_deref()
    }

    pub(super) fn matches(&self, role: &str, name: &str) -> bool {
        role == self.role
            && match &self.name {
                None => true,
                // By the standard a name is without blanks at its ends; some versions of Chromium leave one there.
                Some(Name::Is(whole)) => name.trim() == whole,
                Some(Name::Contains(part)) => name.contains(part),
            }
    }
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.role)?;
        match &self.name {
            None => {}
            Some(Name::Is(whole)) => write!(f, " “{whole}”")?,
            Some(Name::Contains(part)) => write!(f, " “…{part}…”")?,
        }
        match &self.within {
            None => Ok(()),
            Some(outer) => write!(f, " in {outer}"),
        }
    }
}

/// Something found on a page, as it was at that moment.
#[derive(Clone, Debug)]
pub struct Element {
    /// Its role.
    pub role: String,
    /// Its accessible name.
    pub name: String,
    /// What explains it further.
    pub description: String,
    /// What a field holds.
    pub value: String,
    /// All text in it, as shown.
    pub text: String,
    pub(super) states: BTreeMap<String, Value>,
    pub(super) handle: Option<BackendNodeId>,
}

impl Element {
    /// Whether it cannot be used now.
    pub fn is_disabled(&self) -> bool {
        self.is("disabled")
    }

    /// Whether the keyboard goes to it.
    pub fn is_focused(&self) -> bool {
        self.is("focused")
    }

    /// Whether it says of itself that what it opens is open.
    pub fn is_expanded(&self) -> bool {
        self.is("expanded")
    }

    /// A state as the accessibility tree has it, such as `checked`, `live`, `invalid`, `level`.
    pub fn state(&self, name: &str) -> Option<&Value> {
        self.states.get(name)
    }

    fn is(&self, state: &str) -> bool {
        self.state(state).is_some_and(|value| *value == Value::Bool(true) || *value == "true")
    }
}
