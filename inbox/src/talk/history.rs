//! What else the visitor of a conversation has talked about.

use std::sync::Arc;

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{ConversationId, Status, Summary, TalkHistory};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    desk::row::moment,
    place::Screen,
    session::{Session, session},
    ui::{clock::now, refusal::Refusal},
    words::{t, words},
};

/// A conversation's history, as far as the edge has said.
#[derive(Clone, Copy)]
pub struct History {
    answer: RwSignal<Option<Result<TalkHistory, Failure>>>,
    /// How often it was asked for: only the last answer counts.
    asked: StoredValue<u32>,
    session: Session,
}

impl History {
    /// Nothing yet.
    pub fn start() -> Self {
        Self { answer: RwSignal::new(None), asked: StoredValue::new(0), session: session() }
    }

    /// Asks for it, also when it is known: it may have changed.
    pub fn load(self, id: ConversationId) {
        self.asked.try_update_value(|asked| *asked += 1);
        let asked = self.asked.try_get_value();
        spawn_local(async move {
            let answer = self.session.api().history(id).await.map_err(|why| self.session.heed(why));
            // What is known already holds on where nothing newer can be had.
            let is_news = answer.is_ok()
                || self.answer.try_with_untracked(|known| matches!(known, Some(Ok(_)))) == Some(false);
            if is_news && self.asked.try_get_value() == asked {
                self.answer.try_set(Some(answer));
            }
        });
    }

    /// How the conversation itself stood then: for one that the list is too short for.
    pub fn summary(self) -> Option<Arc<Summary>> {
        self.answer.with(|answer| match answer {
            Some(Ok(history)) => Some(Arc::new(history.conversation.clone())),
            _ => None,
        })
    }
}

/// The other conversations, where there are any.
#[component]
pub fn HistorySection(
    /// Which conversation.
    id: ConversationId,
    /// Its history.
    history: History,
) -> impl IntoView {
    move || match history.answer.get() {
        Some(Ok(TalkHistory { others, .. })) if !others.is_empty() => view! {
            <section id="history">
                <h3>{t("history.title")}</h3>
                <ul class="history">
                    {others.into_iter().map(|other| view! { <Other other/> }).collect_view()}
                </ul>
            </section>
        }
        .into_any(),
        Some(Err(failure)) => view! {
            <section>
                <h3>{t("history.title")}</h3>
                <Refusal failure/>
                <button type="button" class="link" on:click=move |_| history.load(id)>
                    {t("app.retry")}
                </button>
            </section>
        }
        .into_any(),
        _ => ().into_any(),
    }
}

/// Another conversation of the visitor's.
#[component]
fn Other(
    /// How it stands.
    other: Summary,
) -> impl IntoView {
    let (words, now) = (words(), now());
    let Summary { conversation, status, preview, opened, rated_good, .. } = other;
    let state = if status == Status::Open { "status.open" } else { "status.closed" };
    let rated = rated_good.map(|good| if good { "event.rated_good" } else { "event.rated_bad" });
    view! {
        <li>
            <a href=Screen::Talk(conversation).hash() dir="auto">{preview.to_string()}</a>
            <p class="hint">
                {move || moment(words, opened, now.now())} " · " {t(state)}
                {rated.map(|rated| view! { " · " {t(rated)} })}
            </p>
        </li>
    }
}
