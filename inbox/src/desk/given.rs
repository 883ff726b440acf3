//! Says that visitors were given to whoever is signed in: one line, which goes when the talks are opened or need nobody any more.

use leptos::prelude::*;

use super::{list::is_of, live::live_desk, nav::nav};
use crate::{
    place::Screen,
    session::session,
    words::{t, words},
};

/// The talks that were given, while their visitors wait.
#[component]
pub fn GivenBanner() -> impl IntoView {
    let (live, nav, session, words) = (live_desk(), nav(), session(), words());
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
        let me = session.who().map(|who| who.email);
        let mut waiting: Vec<_> = rows
            .into_iter()
            .filter(|row| is_of(row, me.as_ref()))
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
