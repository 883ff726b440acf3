//! Says that visitors were given to whoever is signed in: one line, which goes when the talks are opened or need nobody any more.

use leptos::prelude::*;

use super::{live::live_desk, nav::nav};
use crate::{
    place::Screen,
    team::team,
    words::{t, words},
};

/// The talks that were given, while their visitors wait.
#[component]
pub fn GivenBanner() -> impl IntoView {
    let (live, nav, team, words) = (live_desk(), nav(), team(), words());
    Effect::new(move || {
        if let Some(open) = nav.screen().talk()
            && live.given().with(|given| given.contains(&open))
        {
            live.given().update(|given| _ = given.remove(&open));
        }
    });
    let waiting = Memo::new(move |_| {
        let given = live.given().get();
        let rows = live.desk().with(|desk| given.iter().filter_map(|id| desk.get(*id)).collect::<Vec<_>>());
        let is_mine = |assignee: &deskbell_shared::wire::Teammate| team.is_me(&assignee.email);
        let mut waiting: Vec<_> = rows
            .into_iter()
            .filter(|row| row.assignee.as_ref().is_some_and(is_mine))
            .filter_map(|row| Some((row.waiting_since?, row.conversation)))
            .collect();
        waiting.sort_unstable();
        waiting.into_iter().map(|(_, id)| id).collect::<Vec<_>>()
    });
    let said = move || {
        let count = waiting.with(Vec::len);
        (count > 0).then(|| words.count("duty.given", count as u64))
    };
    // It is there all the time, so that what comes into it is read out.
    view! {
        <p class="given" role="status">
            {said}
            " "
            {move || {
                let longest = waiting.with(|waiting| waiting.first().copied())?;
                Some(view! { <a href=Screen::Talk(longest).hash()>{t("duty.open")}</a> })
            }}
        </p>
    }
}
