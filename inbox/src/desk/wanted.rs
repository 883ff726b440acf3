//! Which conversations the list is wanted to show.

use deskbell_shared::wire::{Email, Status, Subject, Summary};

use super::list::is_of;

/// Which conversations are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// Those somebody may have to do something about.
    #[default]
    Open,
    /// Of these, those that whoever looks at the list looks after.
    Mine,
    /// Those that are done.
    Closed,
    /// All.
    All,
}

impl Filter {
    /// All filters, as the list offers them, with the keys of their words.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Open, "list.open"),
        (Self::Mine, "list.mine"),
        (Self::Closed, "list.closed"),
        (Self::All, "list.all"),
    ];

    /// Whether a conversation is among them, for somebody.
    pub fn wants(self, row: &Summary, me: Option<&Email>) -> bool {
        match self {
            Self::Open => row.status == Status::Open,
            Self::Mine => row.status == Status::Open && is_of(row, me),
            Self::Closed => row.status == Status::Closed,
            Self::All => true,
        }
    }
}

/// About what conversations are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum About {
    /// Anything.
    #[default]
    Anything,
    /// Nothing that has a name.
    Nothing,
    /// This.
    Subject(Subject),
}

impl About {
    /// Whether a conversation is about that.
    pub fn wants(&self, row: &Summary) -> bool {
        match self {
            Self::Anything => true,
            Self::Nothing => row.subject.is_none(),
            Self::Subject(subject) => row.subject.as_ref() == Some(subject),
        }
    }
}
