//! Who looks after a conversation.

use std::sync::Arc;

use deskbell_shared::wire::{AssignRequest, ConversationId, Email, Role, Summary, Teammate};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    session::{Session, session},
    team::team,
    ui::notice::{Notice, notice},
    words::{t, words},
};

/// Who looks after a conversation, to be changed by those who answer.
#[component]
pub fn AssignedSection(
    /// Which conversation.
    id: ConversationId,
    /// What is known of it.
    summary: Memo<Option<Arc<Summary>>>,
) -> impl IntoView {
    let (words, session, notice, team) = (words(), session(), notice(), team());
    // Somebody may have come since the console was opened.
    team.load();
    let held = Memo::new(move |_| summary.get().and_then(|summary| summary.assignee.clone()));
    let assignee = Memo::new(move |_| summary.get().and_then(|summary| team.assignee(&summary)));
    let chosen =
        move || assignee.get().map(|assignee| assignee.email.as_str().to_owned()).unwrap_or_default();
    // What was asked for and refused must not go on standing there.
    let asked = RwSignal::new(0_u32);
    let choose = move |address: String| {
        let to = Email::try_from(address).ok();
        spawn_local(async move {
            assign(session, notice, id, to, held.get_untracked()).await;
            asked.try_update(|asked| *asked += 1);
        });
    };
    let name = move |teammate: &Teammate| {
        if team.is_me(&teammate.email) {
            words.fill("assign.me", &[("name", teammate.name.as_str())])
        } else {
            teammate.name.to_string()
        }
    };
    let options = move || {
        let mut teammates = team.teammates();
        teammates.sort_by_key(|teammate| !team.is_me(&teammate.email));
        let option = |teammate: Teammate| {
            let email = teammate.email.as_str().to_owned();
            let selected = assignee.with(|assignee| assignee.as_ref() == Some(&teammate));
            view! { <option value=email selected=selected>{name(&teammate)}</option> }
        };
        teammates.into_iter().map(option).collect_view()
    };
    let picker = move || {
        view! {
            <select
                id="assignee"
                aria-labelledby="assignee-label"
                prop:value=move || {
                    asked.track();
                    chosen()
                }
                on:change=move |event| choose(event_target_value(&event))
            >
                <option value="">{t("assign.nobody")}</option>
                {options}
            </select>
        }
    };
    let said = move || assignee.get().map_or_else(|| words.text("assign.nobody"), |assignee| name(&assignee));
    view! {
        <section>
            <h3 id="assignee-label">{t("assign.title")}</h3>
            <Show when=move || session.may(Role::Agent) fallback=move || view! { <p dir="auto">{said}</p> }>
                {picker}
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
