//! Carrying a site's bans, and what is looked out for, to where they are enforced.

use std::collections::HashSet;

use deskbell_shared::wire::{Ban, BanScope, ConversationId, Millis, ProblemKind, SiteId};
use worker::Env;

use super::{
    FRESH_MS,
    bans::{BanBook, Lifted},
};
use crate::{
    conversation::{
        self,
        calls::{BanVisitor, LookOutFor, UnbanVisitor},
        watch::Watch,
    },
    desk::calls::{Online, WithVisitor},
    guard::{
        self,
        calls::{LiftBan, PutBan},
    },
    platform::object::{self, Object, ask},
    refusal::{Outcome, Refusal},
};

/// A change of a ban that has not been carried everywhere yet.
pub(super) struct Pending {
    pub(super) site: SiteId,
    pub(super) ban: Ban,
    pub(super) key: String,
    pub(super) lifted: Lifted,
    /// Counts up with every change, so that one made meanwhile is not taken for carried.
    pub(super) change: u64,
}

impl Pending {
    pub(super) async fn carry(&self, bans: &BanBook<'_>, env: &Env) -> Outcome<()> {
        let Self { site, ban, key, lifted, .. } = self;
        let forgiven = *lifted == Lifted::Forgiven;
        // Words are carried with the site's rules; ranges and countries are stopped at the gate, and live talks here.
        if matches!(ban.scope, BanScope::Keyword(_) | BanScope::Email(_)) {
            return Ok(());
        }
        let Ban { id, until, reason, signals, .. } = ban.clone();
        if !self.is_wide() {
            let shard = guard::shard(env, key)?;
            if *lifted == Lifted::No {
                let (key, reason, signals) = (key.clone(), reason.clone(), signals.clone());
                ask(&shard, &PutBan { id, key, until, reason, signals }).await?;
            } else {
                ask(&shard, &LiftBan { id, forgiven: forgiven.then(|| key.clone()) }).await?;
            }
        }
        let desk = object::named(env, object::DESK, site.as_str())?;
        let mut telling = Telling::default();
        for conversation in self.whom(bans, &desk).await? {
            let talk = conversation::object(env, site, conversation)?;
            let told = if *lifted == Lifted::No {
                // Noted first: it may take the ban and its answer be lost.
                bans.took(id, conversation)?;
                let (reason, signals) = (reason.clone(), signals.clone());
                let place = (ban.scope != BanScope::Visitor).then(|| key.clone());
                let wide = self.is_wide();
                ask(&talk, &BanVisitor { id, reason, signals, until, place, wide }).await
            } else {
                ask(&talk, &UnbanVisitor { id, forgiven }).await
            };
            telling.note(told);
        }
        telling.outcome()
    }

    /// The conversations that have to hear of it, the one it was made in first: those whose visitor goes by the key now,
    /// and those that took the ban before, wherever their visitor is by now. Whoever comes back to a range or a country is
    /// stopped at the gate, so there only those count who are in a talk.
    async fn whom(&self, bans: &BanBook<'_>, desk: &Object) -> Outcome<Vec<ConversationId>> {
        let (took, are_all) = bans.takers(self.ban.id)?;
        let mut whom: Vec<ConversationId> = self.ban.conversation.into_iter().chain(took).collect();
        let key = self.key.clone();
        if self.lifted == Lifted::No && self.is_wide() {
            whom.extend(online(desk, Some(key)).await?);
        } else if self.lifted == Lifted::No || !are_all {
            whom.extend(ask(desk, &WithVisitor { key, is_around: self.is_wide() }).await?);
        }
        let mut known = HashSet::new();
        whom.retain(|conversation| known.insert(*conversation));
        Ok(whom)
    }

    /// Whether somebody may have been missed: for a moment an isolate that knows nothing of it yet lets people in at the gate.
    pub(super) fn is_early(&self, now: Millis) -> bool {
        self.lifted == Lifted::No && self.is_wide() && now.since(self.ban.since) < FRESH_MS
    }

    /// Whether it stops a range or a country.
    fn is_wide(&self) -> bool {
        matches!(self.ban.scope, BanScope::Range(_) | BanScope::Country(_))
    }
}

/// What telling one conversation after the other came to: one that fails keeps none of the others from hearing.
#[derive(Default)]
struct Telling {
    failed: Option<Refusal>,
}

impl Telling {
    fn note(&mut self, told: Outcome<()>) {
        match told {
            // Where nobody talks, nobody has to be told.
            Err(refusal) if refusal.problem().kind != ProblemKind::ConversationUnknown => {
                self.failed.get_or_insert(refusal);
            }
            Ok(()) | Err(_) => {}
        }
    }

    /// What the first of those failed with that did.
    fn outcome(self) -> Outcome<()> {
        self.failed.map_or(Ok(()), Err)
    }
}

/// Carries what to look out for into the conversations whose visitor is there now; the others hear of it when their
/// visitor comes back.
///
/// # Errors
/// What the first of those failed with that could not be told.
pub(crate) async fn carry_watch(env: &Env, site: &SiteId, watch: &Watch) -> Outcome<()> {
    let desk = object::named(env, object::DESK, site.as_str())?;
    let mut telling = Telling::default();
    for conversation in online(&desk, None).await? {
        let talk = conversation::object(env, site, conversation)?;
        telling.note(ask(&talk, &LookOutFor { watch: watch.clone() }).await);
    }
    telling.outcome()
}

/// The conversations whose visitor is there now: everywhere, or at a place.
async fn online(desk: &Object, at: Option<String>) -> Outcome<Vec<ConversationId>> {
    let mut all = Vec::new();
    loop {
        let page = ask(desk, &Online { at: at.clone(), after: all.last().copied() }).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}
