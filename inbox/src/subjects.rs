//! What talks may be about: the subjects of the FAQ.

use deskbell_shared::wire::Subject;
use leptos::prelude::*;

use crate::ui::{listed::Listed, names::Names};

/// The subjects of the FAQ in force, as far as the edge has said.
#[derive(Clone, Copy)]
pub struct LiveSubjects(Listed<Subject>);

impl LiveSubjects {
    /// Asks for them now, and again in every new session, for as long as the owner that calls lives.
    pub fn start() -> Self {
        Self(Listed::in_each_session(|session| {
            Box::pin(async move { Ok(session.api().subjects().await?.subjects) })
        }))
    }

    /// Asks for them again: another FAQ may be in force. Where there is no answer, what was known holds on.
    pub fn load(self) {
        self.0.ask();
    }

    /// All of them, in alphabetical order; none as long as none are known.
    pub fn all(self) -> Vec<Subject> {
        self.0.items().unwrap_or_default()
    }

    /// All of them, and those of `chosen` that no entry is about any more, at the end.
    pub fn all_and(self, chosen: &[Subject]) -> Vec<Subject> {
        let mut all = self.all();
        let gone: Vec<_> = chosen.iter().filter(|subject| !all.contains(subject)).cloned().collect();
        all.extend(gone);
        all
    }

    /// Whether there is anything to choose, or to take back of what was chosen at first.
    pub fn has_any(self, at_first: Vec<Subject>) -> Memo<bool> {
        Memo::new(move |_| !self.all_and(&at_first).is_empty())
    }
}

/// Check boxes for subjects.
#[component]
pub fn SubjectNames(
    /// Those that are chosen.
    #[prop(into)]
    chosen: Signal<Vec<Subject>>,
    /// Called when one is chosen, or not any more.
    on_change: Callback<(Subject, bool)>,
) -> impl IntoView {
    let subjects = subjects();
    // What was chosen at first stays to be taken back, also when no entry is about it any more.
    let at_first = chosen.get_untracked();
    let named = move || {
        let named = |subject: Subject| (subject.clone(), subject.to_string());
        subjects.all_and(&at_first).into_iter().map(named).collect::<Vec<_>>()
    };
    view! {
        <Names options=Signal::derive(named) chosen on_change/>
    }
}

/// What talks may be about.
pub fn subjects() -> LiveSubjects {
    expect_context()
}
