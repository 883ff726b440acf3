//! What the edge keeps a list of, as far as it has said.

use std::pin::Pin;

use deskbell_browser::http::Failure;
use leptos::{prelude::*, task::spawn_local};

use super::refusal::Retry;
use crate::{
    session::{Session, session},
    words::t,
};

/// How the edge is asked for a list.
pub type Fetch<T> = fn(Session) -> Pin<Box<dyn Future<Output = Result<Vec<T>, Failure>>>>;

/// A list that the edge keeps.
pub struct Listed<T: Send + Sync + 'static> {
    items: RwSignal<Option<Vec<T>>>,
    failure: RwSignal<Option<Failure>>,
    session: Session,
    fetch: Fetch<T>,
}

impl<T: Send + Sync + 'static> Clone for Listed<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Listed<T> {}

impl<T: Clone + PartialEq + Send + Sync + 'static> Listed<T> {
    /// Asks for it.
    pub fn load(fetch: Fetch<T>) -> Self {
        let listed = Self::of(fetch);
        listed.ask();
        listed
    }

    /// Asks for it, and again in every new session, for as long as the owner that calls lives.
    pub fn in_each_session(fetch: Fetch<T>) -> Self {
        let listed = Self::of(fetch);
        listed.session.in_each_session(move || listed.ask());
        listed
    }

    fn of(fetch: Fetch<T>) -> Self {
        let (items, failure) = (RwSignal::new(None), RwSignal::new(None));
        Self { items, failure, session: session(), fetch }
    }

    /// In whose name it is asked for.
    pub fn session(self) -> Session {
        self.session
    }

    /// Asks for it once more.
    pub fn ask(self) {
        self.failure.set(None);
        spawn_local(async move {
            if let Err(why) = self.take((self.fetch)(self.session).await) {
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

    /// What stands in its place until the edge has said.
    pub fn waiting(self) -> impl IntoView {
        let is_here = self.is_here();
        move || match (is_here.get(), self.failure.get()) {
            (true, _) => ().into_any(),
            (false, Some(failure)) => view! {
                <Retry failure on_retry=move |()| self.ask()/>
            }
            .into_any(),
            (false, None) => view! { <p class="loading" role="status">{t("app.loading")}</p> }.into_any(),
        }
    }
}
