//! Who can answer visitors, and who looks after what.

use deskbell_shared::wire::{Email, Summary, Teammate};
use leptos::{prelude::*, task::spawn_local};

use crate::session::{Session, session};

/// Who can answer visitors, as far as the edge has said.
#[derive(Clone, Copy)]
pub struct LiveTeam {
    known: RwSignal<Option<Vec<Teammate>>>,
    session: Session,
}

impl LiveTeam {
    /// Asks for them now, and again in every new session, for as long as the owner that calls lives.
    pub fn start() -> Self {
        let team = Self::of(session());
        team.session.in_each_session(move || team.load());
        team
    }

    /// Nobody is known yet.
    pub fn of(session: Session) -> Self {
        Self { known: RwSignal::new(None), session }
    }

    /// Asks for them again: somebody may have come or gone.
    pub fn load(self) {
        spawn_local(self.refresh());
    }

    /// As [`Self::load`], and waits for the answer.
    pub async fn refresh(self) {
        match self.session.api().team().await {
            Ok(team) => {
                let team = Some(team.teammates);
                // What is the same is not drawn again.
                if self.known.try_with_untracked(|known| *known != team) == Some(true) {
                    self.known.try_set(team);
                }
            }
            // What was known holds on; where nothing is, everybody is called as they were.
            Err(failure) => drop(self.session.heed(failure)),
        }
    }

    /// Everybody.
    pub fn teammates(self) -> Vec<Teammate> {
        self.known.with(|known| known.clone().unwrap_or_default())
    }

    /// Whether whoever is signed in should answer it: it is theirs, or nobody's who could answer.
    pub fn is_for_me(self, row: &Summary) -> bool {
        self.assignee(row).is_none_or(|assignee| self.is_me(&assignee.email))
    }

    /// Who looks after a conversation, as they are called now; `None` for nobody who could answer.
    pub fn assignee(self, row: &Summary) -> Option<Teammate> {
        let assignee = row.assignee.as_ref()?;
        self.known.try_with(|known| match known {
            Some(known) => known.iter().find(|teammate| teammate.email == assignee.email).cloned(),
            None => Some(assignee.clone()),
        })?
    }

    /// Whether this is the address of whoever is signed in.
    pub fn is_me(self, email: &Email) -> bool {
        self.session.who().is_some_and(|who| who.email == *email)
    }
}

/// Who can answer visitors.
pub fn team() -> LiveTeam {
    expect_context()
}
