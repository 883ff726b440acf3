//! Who is signed in to which inbox.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{ProblemKind, Role, SignedIn, SiteId};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{Api, Pass},
    talk::drafts::Drafts,
};

/// Where the session stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The edge has not said yet.
    Asking,
    /// It could not be asked.
    Failed(Failure),
    /// Nobody is signed in.
    Out,
    /// Somebody is.
    In(SignedIn),
    /// Somebody was, and the session ended while they worked. What they see stays where it is.
    Ended(SignedIn),
}

/// Who is signed in, for every part of the console.
#[derive(Clone, Copy)]
pub struct Session {
    site: StoredValue<SiteId>,
    standing: RwSignal<Standing>,
}

impl Session {
    /// Asks the edge who is signed in.
    pub fn begin(site: SiteId) -> Self {
        let session = Self { site: StoredValue::new(site), standing: RwSignal::new(Standing::Asking) };
        session.ask();
        session
    }

    /// Asks the edge again.
    pub fn ask(self) {
        self.standing.set(Standing::Asking);
        let site = self.site();
        spawn_local(async move {
            let standing = match Api::me(&site).await {
                Ok(who) => Standing::In(who),
                Err(failure) if needs_sign_in(&failure) => Standing::Out,
                Err(failure) => Standing::Failed(failure),
            };
            self.standing.try_set(standing);
        });
    }

    /// The site whose inbox this is.
    pub fn site(self) -> SiteId {
        self.site.get_value()
    }

    /// Where it stands. Reading it in a view makes it follow.
    pub fn standing(self) -> Standing {
        self.standing.get()
    }

    /// Whoever is signed in, or was when the session ended.
    pub fn who(self) -> Option<SignedIn> {
        self.standing.with(|standing| match standing {
            Standing::In(who) | Standing::Ended(who) => Some(who.clone()),
            _ => None,
        })
    }

    /// Which session it is, while there is one; another one has to be connected anew.
    pub fn current(self) -> Memo<Option<String>> {
        let standing = self.standing;
        Memo::new(move |_| {
            standing.with(|standing| match standing {
                Standing::In(who) => Some(who.csrf.clone()),
                _ => None,
            })
        })
    }

    /// Whether whoever is signed in may do what this role may.
    pub fn may(self, role: Role) -> bool {
        self.who().is_some_and(|who| who.role >= role)
    }

    /// Somebody has signed in.
    pub fn signed_in(self, who: SignedIn) {
        self.standing.set(Standing::In(who));
    }

    /// Loads at once, and again when somebody signs in anew, for as long as what was asked for is not known.
    pub fn load_until_known<T: Send + Sync + 'static>(
        self,
        state: RwSignal<Option<Result<T, Failure>>>,
        load: impl Fn() + 'static,
    ) {
        let current = self.current();
        Effect::new(move |_| {
            if current.get().is_some() && !state.with_untracked(|state| matches!(state, Some(Ok(_)))) {
                load();
            }
        });
    }

    /// Does something at once, and again whenever somebody signs in anew, for as long as the owner that calls lives.
    pub fn in_each_session(self, does: impl Fn() + 'static) {
        let current = self.current();
        Effect::new(move |_| {
            if current.get().is_some() {
                does();
            }
        });
    }

    /// Whether whoever is signed in has a passkey, from now on.
    pub fn has_passkeys(self, has_passkey: bool) {
        if let Some(Standing::In(who)) = self.standing.try_get_untracked()
            && who.has_passkey != has_passkey
        {
            self.standing.try_set(Standing::In(SignedIn { has_passkey, ..who }));
        }
    }

    /// The edge in the name of whoever is signed in.
    pub fn api(self) -> Api {
        let csrf = untrack(|| self.who()).map(|who| who.csrf).unwrap_or_default();
        Api::new(self.site(), Pass::Csrf(csrf))
    }

    /// What this browser keeps of what they wrote.
    pub fn drafts(self) -> Option<Drafts> {
        untrack(|| self.who()).as_ref().map(Drafts::of)
    }

    /// Notes a failure that ends the session; the failure itself comes back for words.
    ///
    /// The same person may have signed in anew in another tab: then this one goes on with that session.
    pub fn heed(self, failure: Failure) -> Failure {
        let before = self.standing.try_get_untracked();
        if let (true, Some(Standing::In(who))) = (needs_sign_in(&failure), before) {
            spawn_local(async move {
                let renewed = Api::me(&who.site).await.ok();
                let renewed = renewed.filter(|now| now.email == who.email && now.csrf != who.csrf);
                self.standing.try_update(|standing| {
                    if *standing == Standing::In(who.clone()) {
                        *standing = renewed.map_or(Standing::Ended(who), Standing::In);
                    }
                });
            });
        }
        failure
    }

    /// Signs out, and leaves nothing of theirs in this browser.
    pub async fn sign_out(self) -> Result<(), Failure> {
        let mut outcome = self.api().sign_out().await;
        if outcome.as_ref().is_err_and(needs_sign_in)
            && let Ok(who) = Api::me(&self.site()).await
        {
            // Another tab has begun a session since: that is the one to end.
            outcome = Api::new(self.site(), Pass::Csrf(who.csrf)).sign_out().await;
        }
        match outcome {
            Ok(()) => {}
            Err(failure) if needs_sign_in(&failure) => {}
            Err(failure) => return Err(failure),
        }
        if let Some(drafts) = self.drafts() {
            drafts.clear();
        }
        self.standing.try_set(Standing::Out);
        Ok(())
    }
}

/// Whether only signing in helps.
pub fn needs_sign_in(failure: &Failure) -> bool {
    matches!(failure, Failure::Refused(problem) if problem.kind == ProblemKind::SignInNeeded)
}

/// Who is signed in.
pub fn session() -> Session {
    expect_context()
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
impl Session {
    /// A session that is there already.
    pub(crate) fn of(who: SignedIn) -> Self {
        Self { site: StoredValue::new(who.site.clone()), standing: RwSignal::new(Standing::In(who)) }
    }
}
