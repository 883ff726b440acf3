//! The way to talks that the list is too short for: those of a search, and what was closed longer ago.

use deskbell_browser::http::Failure;
use leptos::{prelude::*, task::spawn_local};

use super::{live::live_desk, pane::choice, wanted::Filter};
use crate::{connection::Connection, session::session, ui::refusal::Refusal, words::t};

/// The id of the button that looks further back.
pub const OLDER: &str = "older";

/// How far back was looked.
#[derive(Clone, PartialEq, Eq)]
enum Back {
    /// No further than the list goes.
    Nowhere,
    /// To this place.
    To(String),
    /// To the first talk there is.
    All,
}

/// Looks further back, where the list may not show all there is.
#[component]
pub fn Older() -> impl IntoView {
    let (live, session, choice) = (live_desk(), session(), choice());
    let desk = live.desk();
    let back = RwSignal::new(Back::Nowhere);
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let words = Memo::new(move |_| choice.searched());
    let up = Memo::new(move |_| live.connection() == Connection::Up);
    // Other words are looked for from the beginning; and what was found is not kept beyond a connection.
    Effect::new(move || {
        words.track();
        up.track();
        back.set(Back::Nowhere);
        failure.set(None);
    });
    let look = move |_| {
        let searched = words.get_untracked();
        let before = match back.get_untracked() {
            Back::To(place) => Some(place),
            // The list has the latest of those that are closed, and, where it is long enough, all that are open.
            Back::Nowhere if searched.is_empty() => {
                let of_closed = untrack(|| choice.filter()) == Filter::Closed;
                desk.with_untracked(|desk| {
                    (of_closed || desk.open_beyond() == 0).then(|| desk.closed_to()).flatten()
                })
            }
            Back::Nowhere => None,
            Back::All => return,
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let answer = session.api().search(&searched, before.as_deref()).await;
            busy.try_set(false);
            // Somebody may have typed other words meanwhile.
            if words.try_get_untracked().as_ref() != Some(&searched) {
                return;
            }
            match answer {
                Ok(found) => {
                    desk.try_update(|desk| desk.add(found.conversations));
                    back.try_set(found.next.map_or(Back::All, Back::To));
                }
                Err(why) => _ = failure.try_set(Some(session.heed(why))),
            }
        });
    };
    let may_lack = move || {
        let of_closed = matches!(choice.filter(), Filter::Closed | Filter::All);
        live.is_loaded() && (of_closed || words.with(|words| !words.is_empty()))
    };
    view! {
        <Show when=may_lack>
            {move || failure.get().map(|failure| view! { <Refusal failure/> })}
            {move || match back.get() {
                Back::All => view! { <p class="list-nothing" role="status">{t("list.all_there_is")}</p> }.into_any(),
                _ => view! {
                    <button
                        type="button"
                        class="button wide"
                        id=OLDER
                        aria-busy=move || busy.get().to_string()
                        on:click=look
                    >
                        {t("list.older")}
                    </button>
                }
                .into_any(),
            }}
        </Show>
    }
}
