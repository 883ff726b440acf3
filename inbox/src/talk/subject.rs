//! What a conversation is about.

use std::sync::Arc;

use deskbell_shared::wire::{ConversationId, Role, Subject, SubjectRequest, Summary};
use leptos::{prelude::*, task::spawn_local};

use super::history::History;
use crate::{
    session::session,
    subjects::subjects,
    ui::{notice::notice, settling::Settling},
    words::{t, words},
};

/// What a conversation is about, to be changed by those who answer. Nothing where the site has no subjects.
#[component]
pub fn SubjectSection(
    /// Which conversation.
    id: ConversationId,
    /// What is known of it.
    summary: Memo<Option<Arc<Summary>>>,
    /// What else its visitor has talked about.
    history: History,
) -> impl IntoView {
    let (words, session, notice, subjects) = (words(), session(), notice(), subjects());
    // Another FAQ may be in force since the console was opened.
    subjects.load();
    let held = Memo::new(move |_| summary.get().and_then(|summary| summary.subject.clone()));
    // Also one that no entry is about any more still stands there.
    let there_are = Memo::new(move |_| subjects.all_and(held.get().as_slice()));
    // What was asked for and refused must not go on standing there.
    let asked = RwSignal::new(0_u32);
    let choose = move |subject: Option<Subject>| {
        spawn_local(async move {
            if let Err(failure) = session.api().set_subject(id, &SubjectRequest { subject }).await {
                notice.say(session.heed(failure));
            }
            asked.try_update(|asked| *asked += 1);
            // The list tells of what it has; of others this does.
            history.load(id);
        });
    };
    let settling = Settling::new(choose);
    let option = move |subject: Subject| {
        let (value, name) = (subject.to_string(), subject.to_string());
        view! {
            <option value=value selected=move || held.with(|held| held.as_ref() == Some(&subject))>{name}</option>
        }
    };
    let said = move || held.get().map_or_else(|| words.text("subject.none"), |subject| subject.to_string());
    view! {
        <Show when=move || !there_are.with(Vec::is_empty)>
            <section>
                <h3 id="subject-label">{t("subject.title")}</h3>
                <Show when=move || session.may(Role::Agent) fallback=move || view! { <p dir="auto">{said}</p> }>
                    <select
                        id="subject"
                        aria-labelledby="subject-label"
                        prop:value=move || {
                            asked.track();
                            there_are.track();
                            held.get().map(|held| held.to_string()).unwrap_or_default()
                        }
                        on:change=move |event| settling.choose(Subject::new(&event_target_value(&event)).ok())
                        on:blur=move |_| settling.settle()
                    >
                        <option value="">{t("subject.none")}</option>
                        <For each=move || there_are.get() key=Clone::clone children=option/>
                    </select>
                </Show>
            </section>
        </Show>
    }
}
