//! Asks conversations to be looked after by whom they are given to.

use deskbell_shared::wire::{Millis, ProblemKind};

use super::{DeskDo, routing::Given};
use crate::{
    conversation::{self, calls::Assign},
    desk::calls::GiveOut,
    platform::{
        now,
        object::{self, ask},
        patience::within,
    },
    refusal::{Outcome, Refusal},
};

/// The most talks that are given in one go.
const MOST_AT_ONCE: u32 = 50;
/// How long a conversation may take to answer, in milliseconds.
const PATIENCE_MS: u64 = 5_000;
/// So often it is looked whether somebody has time for whoever waits, or has gone, in milliseconds: neither tells of itself.
const LOOK_MS: u64 = 30_000;
/// For whoever has waited longer than this it is looked only when something happens, in milliseconds.
const LOOKED_FOR_MS: u64 = 60 * 60_000;
/// After this long, giving talks that has not come to an end is given up, in milliseconds.
const GIVE_UP_MS: u64 = 60_000;

impl DeskDo {
    /// Has those who wait given to people in an event of its own: whoever has told the desk something does not wait for that.
    pub(super) fn give_out_soon(&self) {
        match self.rules() {
            Ok(Some((site, _))) => {
                let env = self.env.clone();
                self.state.wait_until(async move {
                    let asked =
                        async { ask(&object::named(&env, object::DESK, site.as_str())?, &GiveOut {}).await };
                    if let Err(refusal) = asked.await {
                        refusal.log("having talks given out");
                    }
                });
            }
            Ok(None) => {}
            Err(refusal) => refusal.log("looking whether talks are given out"),
        }
    }

    /// Gives those who wait to those who are there.
    pub(super) async fn give_out(&self) {
        let busy = self.giving_since.get().is_some_and(|since| now().since(since) < GIVE_UP_MS);
        if busy {
            return;
        }
        self.giving_since.set(Some(now()));
        self.given_out.set(now());
        if let Err(refusal) = self.try_to_give().await {
            refusal.log("giving out talks");
        }
        self.giving_since.set(None);
    }

    async fn try_to_give(&self) -> Outcome<()> {
        let Some((site, _)) = self.rules()? else { return Ok(()) };
        self.forget_people()?;
        for _ in 0..MOST_AT_ONCE {
            let Some(Given { talk, to, instead_of }) = self.take_given()? else { break };
            let object = conversation::object(&self.env, &site, talk)?;
            match within(PATIENCE_MS, ask(&object, &Assign { to: Some(to), instead_of, while_waiting: true }))
                .await
            {
                Some(Ok(())) => {}
                // Somebody was faster, or nothing is left of it.
                Some(Err(why)) if is_settled(&why) => self.settle_given(talk)?,
                // What has not arrived is given anew after a while.
                Some(Err(refusal)) => refusal.log("giving a talk to somebody"),
                None => Refusal::failed("no answer in time").log("giving a talk to somebody"),
            }
        }
        Ok(())
    }

    /// When it is to be looked again whether somebody is there for whoever waits.
    pub(super) fn next_giving(&self) -> Outcome<Option<Millis>> {
        let waits = self.waits_since(Millis(now().0.saturating_sub(LOOKED_FOR_MS)))?;
        let next = self.given_out.get().plus(LOOK_MS);
        let busy_until = self.giving_since.get().map_or(next, |since| since.plus(GIVE_UP_MS));
        Ok(waits.then_some(next.max(busy_until)))
    }
}

fn is_settled(refusal: &Refusal) -> bool {
    matches!(refusal.problem().kind, ProblemKind::Conflict | ProblemKind::ConversationUnknown)
}
