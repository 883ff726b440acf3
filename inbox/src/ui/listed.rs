//! What the edge keeps a list of, as far as it has said.

use deskbell_browser::http::Failure;
use leptos::{prelude::*, task::spawn_local};

use super::refusal::Retry;
use crate::{
    session::{Session, session},
    words::t,
};

/// A list that the edge keeps.
pub struct Listed<T: Send + Sync + 'static> {
    items: RwSignal<Option<Vec<T>>>,
    failure: RwSignal<Option<Failure>>,
    session: Session,
}

impl<T: Send + Sync + 'static> Clone for Listed<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Listed<T> {}

impl<T: Clone + PartialEq + Send + Sync + 'static> Listed<T> {
    /// One of which the edge has said nothing yet.
    pub fn unknown() -> Self {
        Self { items: RwSignal::new(None), failure: RwSignal::new(None), session: session() }
    }

    /// In whose name it is asked for.
    pub fn session(self) -> Session {
        self.session
    }

    /// Takes what the edge is being asked.
    pub fn load(self, asked: impl Future<Output = Result<Vec<T>, Failure>> + 'static) {
        self.failure.set(None);
        spawn_local(async move {
            if let Err(why) = self.take(asked.await) {
                self.failure.try_set(Some(why));
            }
        });
    }

    /// All of them; `None` before the edge has said.
    pub fn items(self) -> Option<Vec<T>> {
        self.items.get()
    }

    /// Takes what the edge has answered.
    ///
    /// # Errors
    /// Why it gave no list.
    pub fn take(self, answer: Result<Vec<T>, Failure>) -> Result<(), Failure> {
        let answer = answer.map_err(|why| self.session.heed(why))?;
        // Where nothing has changed, nothing on the screen does.
        if self.items.try_with_untracked(|known| known.as_ref() != Some(&answer)) == Some(true) {
            self.items.try_set(Some(answer));
        }
        Ok(())
    }

    /// Whether the edge has said.
    pub fn is_here(self) -> Memo<bool> {
        Memo::new(move |_| self.items.with(Option::is_some))
    }

    /// What stands in its place until the edge has said; `ask` asks once more.
    pub fn waiting(self, ask: impl Fn() + Copy + Send + Sync + 'static) -> impl IntoView {
        let is_here = self.is_here();
        move || match (is_here.get(), self.failure.get()) {
            (true, _) => ().into_any(),
            (false, Some(failure)) => view! {
                <Retry failure on_retry=move |()| ask()/>
            }
            .into_any(),
            (false, None) => view! { <p class="loading" role="status">{t("app.loading")}</p> }.into_any(),
        }
    }
}
