//! Who looks after a conversation.

use std::sync::Arc;

use deskbell_shared::wire::{AssignRequest, ConversationId, Email, Role, Summary, Teammate};
use leptos::{prelude::*, task::spawn_local};

use super::history::History;
use crate::{
    session::{Session, session},
    team::team,
    ui::{
        field::focus,
        notice::{Notice, notice},
        settling::Settling,
    },
    words::{t, words},
};

/// The id of the button that takes what nobody looks after.
pub const TAKE: &str = "take";

const ASSIGNEE: &str = "assignee";

/// Who looks after a conversation, to be changed by those who answer.
#[component]
pub fn AssignedSection(
    /// Which conversation.
    id: ConversationId,
    /// What is known of it.
    summary: Memo<Option<Arc<Summary>>>,
    /// What else its visitor has talked about.
    history: History,
) -> impl IntoView {
    let (words, session, notice, team) = (words(), session(), notice(), team());
    // Somebody may have come since the console was opened.
    team.load();
    // Who is named, also somebody who cannot answer any more: that one still stands there, to be replaced.
    let held = Memo::new(move |_| summary.get().and_then(|summary| summary.assignee.clone()));
    let has_left = Memo::new(move |_| {
        let row = summary.get().filter(|row| row.assignee.is_some());
        row.is_some_and(|row| team.assignee(&row).is_none())
    });
    let is_held_by =
        move |email: &Email| held.with(|held| held.as_ref().is_some_and(|held| held.email == *email));
    // What was asked for and refused must not go on standing there.
    let asked = RwSignal::new(0_u32);
    let choose = move |(to, instead_of): (Option<Email>, Option<Teammate>)| {
        spawn_local(async move {
            assign(session, notice, id, to, instead_of).await;
            asked.try_update(|asked| *asked += 1);
            // The list tells of what it has; of others this does.
            history.load(id);
        });
    };
    let settling = Settling::new(choose);
    let take = move |_| {
        choose((untrack(|| session.who()).map(|who| who.email), held.get_untracked()));
        // The button goes.
        focus(document().get_element_by_id(ASSIGNEE));
    };
    let name = move |teammate: &Teammate| {
        if team.is_me(&teammate.email) {
            words.fill("assign.me", &[("name", teammate.name.as_str())])
        } else {
            teammate.name.to_string()
        }
    };
    let left = move |teammate: &Teammate| words.fill("assign.left", &[("name", teammate.name.as_str())]);
    let options = move || {
        let mut teammates = team.teammates();
        teammates.sort_by_key(|teammate| !team.is_me(&teammate.email));
        let option = |teammate: Teammate| {
            let email = teammate.email.as_str().to_owned();
            let selected = is_held_by(&teammate.email);
            view! { <option value=email selected=selected>{name(&teammate)}</option> }
        };
        teammates.into_iter().map(option).collect_view()
    };
    let former = move || {
        held.get().filter(|_| has_left.get()).map(|held| {
            let email = held.email.as_str().to_owned();
            view! { <option value=email selected=true disabled=true>{left(&held)}</option> }
        })
    };
    let said = move || match held.get() {
        Some(held) if has_left.get() => left(&held),
        Some(held) => name(&held),
        None => words.text("assign.nobody"),
    };
    view! {
        <section>
            <h3 id="assignee-label">{t("assign.title")}</h3>
            <Show when=move || session.may(Role::Agent) fallback=move || view! { <p dir="auto">{said}</p> }>
                <select
                    id=ASSIGNEE
                    aria-labelledby="assignee-label"
                    prop:value=move || {
                        asked.track();
                        held.get().map(|held| held.email.as_str().to_owned()).unwrap_or_default()
                    }
                    on:change=move |event| {
                        let to = Email::try_from(event_target_value(&event)).ok();
                        settling.choose((to, held.get_untracked()));
                    }
                    on:blur=move |_| settling.settle()
                >
                    <option value="">{t("assign.nobody")}</option>
                    {options}
                    {former}
                </select>
                <Show when=move || summary.with(Option::is_some) && (held.with(Option::is_none) || has_left.get())>
                    <button type="button" class="link" id=TAKE on:click=take>{t("assign.take")}</button>
                </Show>
            </Show>
        </section>
    }
}

/// Has somebody look after a conversation, or says why not.
pub async fn assign(
    session: Session,
    notice: Notice,
    id: ConversationId,
    to: Option<Email>,
    instead_of: Option<Teammate>,
) {
    let request = AssignRequest { to, instead_of: instead_of.map(|teammate| teammate.email) };
    if let Err(failure) = session.api().assign(id, &request).await {
        notice.say(session.heed(failure));
    }
}
